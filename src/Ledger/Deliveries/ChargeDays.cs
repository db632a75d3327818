using System.Buffers.Binary;
using CiCost.Domain.Periods;
using Dapper;

namespace CiCost.Ledger.Deliveries;

/// <summary>The rows of a delivery on one charge day.</summary>
/// <param name="ChargeDay">Days since 1970-01-01.</param>
/// <param name="LineCount">Lines, without those of rounding.</param>
/// <param name="Digest">Of the lines, whatever their order: equal digests mean equal lines.</param>
/// <param name="HasCost">Is any sum of the day's four costs not 0?</param>
public sealed record DeliveredDay(int ChargeDay, long LineCount, UInt128 Digest, bool HasCost);

/// <summary>A charge day of another current delivery of a source.</summary>
/// <param name="DeliveryId">The delivery.</param>
/// <param name="BillingMonth">Its scope's billing period.</param>
/// <param name="Part">Its scope's part.</param>
/// <param name="Day">The day.</param>
public sealed record DayElsewhere(int DeliveryId, BillingMonth BillingMonth, string Part, DeliveredDay Day);

/// <summary>The charge days of deliveries: what a new delivery is compared with.</summary>
public sealed class ChargeDays(Books books)
{
    private const string HasCost = """
        EXISTS (SELECT 1 FROM delivery_day_total t WHERE t.delivery_id = dd.delivery_id AND t.charge_day = dd.charge_day
          AND (t.billed_nanos <> 0 OR t.effective_nanos <> 0 OR t.list_nanos <> 0 OR t.contracted_nanos <> 0))
        """;

    private const string SelectCurrent = """
        SELECT d.delivery_id AS DeliveryId, d.row_count AS RowCount
        FROM source s JOIN scope sc ON sc.source_id = s.source_id JOIN delivery d ON d.scope_id = sc.scope_id
        WHERE s.source_key = @source AND sc.billing_month = @month AND sc.part = @part ORDER BY d.delivery_id DESC LIMIT 1
        """;

    private const string SelectDays = $"""
        SELECT dd.charge_day AS ChargeDay, dd.line_count AS LineCount, dd.digest AS Digest, {HasCost} AS HasCost
        FROM delivery_day dd WHERE dd.delivery_id = @id ORDER BY 1
        """;

    private const string SelectElsewhere = $"""
        SELECT dd.delivery_id AS DeliveryId, sc.billing_month AS BillingMonth, sc.part AS Part, dd.charge_day AS ChargeDay,
               dd.line_count AS LineCount, dd.digest AS Digest, {HasCost} AS HasCost
        FROM source s JOIN scope sc ON sc.source_id = s.source_id
        JOIN delivery d ON d.delivery_id = (SELECT MAX(x.delivery_id) FROM delivery x WHERE x.scope_id = sc.scope_id)
        JOIN delivery_day dd ON dd.delivery_id = d.delivery_id
        WHERE s.source_key = @source AND NOT (sc.billing_month = @month AND sc.part = @part)
          AND dd.charge_day BETWEEN @first AND @last
        ORDER BY 1, 4
        """;

    /// <summary>The current delivery of a scope and its rows, set-aside ones included; null without one.</summary>
    public (int DeliveryId, long RowCount)? CurrentOf(string source, BillingMonth month, string part)
    {
        using var connection = books.OpenReader();
        return connection.QuerySingleOrDefault<Row>(SelectCurrent, new { source, month = month.Index, part }) is { } row
            ? (row.DeliveryId, row.RowCount)
            : null;
    }

    /// <summary>The charge days of a delivery, in order.</summary>
    public IReadOnlyList<DeliveredDay> Of(int deliveryId)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<Row>(SelectDays, new { id = deliveryId }).Select(r => r.ToDay())];
    }

    /// <summary>The charge days from first to last of the current deliveries of a source in all scopes but one.</summary>
    public IReadOnlyList<DayElsewhere> Elsewhere(string source, BillingMonth month, string part, int first, int last)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<Row>(SelectElsewhere, new { source, month = month.Index, part, first, last })
            .Select(r => new DayElsewhere(r.DeliveryId, BillingMonth.FromIndex(r.BillingMonth), r.Part, r.ToDay()))];
    }

    private sealed record Row
    {
        public int DeliveryId { get; init; }

        public long RowCount { get; init; }

        public int BillingMonth { get; init; }

        public string Part { get; init; } = "";

        public int ChargeDay { get; init; }

        public long LineCount { get; init; }

        public byte[] Digest { get; init; } = [];

        public long HasCost { get; init; }

        public DeliveredDay ToDay() => new(ChargeDay, LineCount, BinaryPrimitives.ReadUInt128BigEndian(Digest), HasCost != 0);
    }
}

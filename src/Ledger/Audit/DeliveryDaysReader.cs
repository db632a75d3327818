using CiCost.Domain.Periods;
using CiCost.Ledger.BookVersions;
using Dapper;

namespace CiCost.Ledger.Audit;

/// <summary>Lines of a source on a charge day of a billing period, in its current deliveries.</summary>
/// <param name="SourceKey">The source.</param>
/// <param name="BillingMonth">The billing period.</param>
/// <param name="ChargeDay">Days since 1970-01-01.</param>
/// <param name="LineCount">Lines.</param>
public sealed record DeliveryDayCount(string SourceKey, BillingMonth BillingMonth, int ChargeDay, long LineCount);

/// <summary>How many lines each source has on which day: what is compared with the usual.</summary>
public sealed class DeliveryDaysReader(Books books)
{
    private const string Select = """
        SELECT s.source_key AS SourceKey, sc.billing_month AS BillingMonth, dd.charge_day AS ChargeDay, SUM(dd.line_count) AS LineCount
        FROM scope sc JOIN source s ON s.source_id = sc.source_id
        JOIN delivery d ON d.delivery_id = (SELECT MAX(x.delivery_id) FROM delivery x WHERE x.scope_id = sc.scope_id
          AND x.book_version_id <= @version)
        JOIN delivery_day dd ON dd.delivery_id = d.delivery_id
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """;

    /// <summary>All of them, by source, billing period and day.</summary>
    /// <param name="version">As of this book version; null for the newest.</param>
    public IReadOnlyList<DeliveryDayCount> Read(BookVersion? version = null)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<Row>(Select, new { version = version?.Id ?? long.MaxValue }).Select(r => new DeliveryDayCount(r.SourceKey,
            Domain.Periods.BillingMonth.FromIndex(r.BillingMonth), r.ChargeDay, r.LineCount))];
    }

    private sealed record Row
    {
        public string SourceKey { get; init; } = "";

        public int BillingMonth { get; init; }

        public int ChargeDay { get; init; }

        public long LineCount { get; init; }
    }
}

using Dapper;

namespace CiCost.Ledger.Deliveries;

/// <summary>What a delivery changed in one group of its scope, against the delivery whose place it took.</summary>
/// <param name="ChargeDay">Days since 1970-01-01.</param>
/// <param name="DimensionSetId">The dimension set.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Description">Service and charge description.</param>
/// <param name="Lines">Lines after minus before.</param>
/// <param name="BilledNanos">BilledCost after minus before.</param>
/// <param name="EffectiveNanos">EffectiveCost after minus before.</param>
/// <param name="ListNanos">ListCost after minus before.</param>
/// <param name="ContractedNanos">ContractedCost after minus before.</param>
public sealed record DeliveryDifference(
    int ChargeDay,
    long DimensionSetId,
    string Currency,
    string Description,
    long Lines,
    long BilledNanos,
    long EffectiveNanos,
    long ListNanos,
    long ContractedNanos);

/// <summary>A charge day whose lines a delivery changed, told by the days' digests.</summary>
/// <param name="ChargeDay">Days since 1970-01-01.</param>
/// <param name="LinesBefore">Lines before.</param>
/// <param name="LinesAfter">Lines after.</param>
public sealed record ChangedDay(int ChargeDay, long LinesBefore, long LinesAfter);

/// <summary>
/// What a delivery changed. The rollup's intervals say it for ever, also when the lines are gone: groups that it closed and groups that it
/// opened.
/// </summary>
public sealed class DeliveryDifferences(Books books)
{
    private const string SelectDifferences = """
        SELECT x.charge_day AS ChargeDay, x.dimension_set_id AS DimensionSetId, d.BillingCurrency AS Currency,
               COALESCE(d.ServiceName, '') || ' | ' || COALESCE(d.ChargeDescription, '') AS Description,
               SUM(x.sign * x.line_count) AS Lines, SUM(x.sign * x.billed_nanos) AS BilledNanos,
                 SUM(x.sign * x.effective_nanos) AS EffectiveNanos,
               SUM(x.sign * x.list_nanos) AS ListNanos, SUM(x.sign * x.contracted_nanos) AS ContractedNanos
        FROM (
          SELECT 1 AS sign, charge_day, dimension_set_id, line_count, billed_nanos, effective_nanos, list_nanos, contracted_nanos
          FROM rollup WHERE scope_id = @scopeId AND from_delivery = @deliveryId
          UNION ALL
          SELECT -1, charge_day, dimension_set_id, line_count, billed_nanos, effective_nanos, list_nanos, contracted_nanos
          FROM rollup WHERE scope_id = @scopeId AND to_delivery = @deliveryId) x
        JOIN dimension_set d ON d.dimension_set_id = x.dimension_set_id
        GROUP BY x.charge_day, x.dimension_set_id
        ORDER BY x.charge_day, x.dimension_set_id
        """;

    private const string SelectDays = """
        SELECT y.charge_day AS ChargeDay, COALESCE(b.line_count, 0) AS LinesBefore, COALESCE(a.line_count, 0) AS LinesAfter
        FROM (SELECT charge_day FROM delivery_day WHERE delivery_id IN (@before, @after) GROUP BY charge_day) y
        LEFT JOIN delivery_day b ON b.delivery_id = @before AND b.charge_day = y.charge_day
        LEFT JOIN delivery_day a ON a.delivery_id = @after AND a.charge_day = y.charge_day
        WHERE b.digest IS NOT a.digest
        ORDER BY y.charge_day
        """;

    private const string SelectScope = "SELECT scope_id FROM delivery WHERE delivery_id = @deliveryId";

    /// <summary>The groups whose sums a delivery changed, by day and dimension set. Empty for the first delivery of a scope that has no
    /// lines.</summary>
    public IReadOnlyList<DeliveryDifference> Of(int deliveryId)
    {
        using var connection = books.OpenReader();
        var scopeId = connection.ExecuteScalar<long>(SelectScope, new { deliveryId });
        return [.. connection.Query<Row>(SelectDifferences, new { scopeId, deliveryId }).Select(r => r.ToDifference())];
    }

    /// <summary>The charge days with other lines than in an earlier delivery; equal sums do not hide a change.</summary>
    public IReadOnlyList<ChangedDay> ChangedDays(int before, int after)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<DayRow>(SelectDays, new { before, after }).Select(r
            => new ChangedDay(r.ChargeDay, r.LinesBefore, r.LinesAfter))];
    }

    private sealed record Row
    {
        public int ChargeDay { get; init; }

        public long DimensionSetId { get; init; }

        public string Currency { get; init; } = "";

        public string Description { get; init; } = "";

        public long Lines { get; init; }

        public long BilledNanos { get; init; }

        public long EffectiveNanos { get; init; }

        public long ListNanos { get; init; }

        public long ContractedNanos { get; init; }

        public DeliveryDifference ToDifference() =>
            new(ChargeDay, DimensionSetId, Currency, Description, Lines, BilledNanos, EffectiveNanos, ListNanos, ContractedNanos);
    }

    private sealed record DayRow
    {
        public int ChargeDay { get; init; }

        public long LinesBefore { get; init; }

        public long LinesAfter { get; init; }
    }
}

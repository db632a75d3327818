using CiCost.Ledger.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

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
    Int128 BilledNanos,
    Int128 EffectiveNanos,
    Int128 ListNanos,
    Int128 ContractedNanos);

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
    private const string SelectChanged = """
        SELECT r.charge_day, r.dimension_set_id, d.BillingCurrency,
               COALESCE(d.ServiceName, '') || ' | ' || COALESCE(d.ChargeDescription, ''), SUM(r.line_count), {1}
        FROM rollup r JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
        WHERE r.scope_id = ?1 AND r.{0} = ?2
        GROUP BY r.charge_day, r.dimension_set_id
        """;

    private const string SelectHighs = """
        SELECT r.charge_day, r.dimension_set_id, {1}
        FROM rollup_high h JOIN rollup r ON {2}
        WHERE h.scope_id = ?1 AND r.{0} = ?2
        GROUP BY r.charge_day, r.dimension_set_id
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
        SortedDictionary<(int, long), DeliveryDifference> changed = [];
        Add(connection, changed, scopeId, deliveryId, "from_delivery", sign: 1);
        Add(connection, changed, scopeId, deliveryId, "to_delivery", sign: -1);
        return [.. changed.Values];
    }

    /// <summary>The charge days with other lines than in an earlier delivery; equal sums do not hide a change.</summary>
    public IReadOnlyList<ChangedDay> ChangedDays(int before, int after)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<DayRow>(SelectDays, new { before, after }).Select(r
            => new ChangedDay(r.ChargeDay, r.LinesBefore, r.LinesAfter))];
    }

    /// <summary>Adds the groups that a delivery opened, or takes off those that it closed.</summary>
    private static void Add(SqliteConnection connection, SortedDictionary<(int, long), DeliveryDifference> changed, long scopeId, int deliveryId,
        string boundary, int sign)
    {
        using var query = new HotQuery(connection, SelectChanged.Replace("{0}", boundary, StringComparison.Ordinal)
            .Replace("{1}", WideSql.Sums, StringComparison.Ordinal));
        query.Bind(1, scopeId);
        query.Bind(2, deliveryId);
        while (query.Read())
        {
            var key = (query.Int32(0), query.Int64(1));
            var sum = changed.GetValueOrDefault(key)
                ?? new DeliveryDifference(key.Item1, key.Item2, query.Text(2)!, query.Text(3)!, 0, 0, 0, 0, 0);
            changed[key] = Add(sum, WideSql.Costs(query, 5), sign) with { Lines = sum.Lines + (sign * query.Int64(4)) };
        }

        using var highs = new HotQuery(connection, SelectHighs.Replace("{0}", boundary, StringComparison.Ordinal)
            .Replace("{1}", WideSql.Highs, StringComparison.Ordinal)
            .Replace("{2}", WideSql.OnKey.Replace("{0}", "charge_day", StringComparison.Ordinal), StringComparison.Ordinal));
        highs.Bind(1, scopeId);
        highs.Bind(2, deliveryId);
        while (highs.Read())
        {
            var key = (highs.Int32(0), highs.Int64(1));
            changed[key] = Add(changed[key], WideSql.HighCosts(highs, 2), sign);
        }
    }

    private static DeliveryDifference Add(DeliveryDifference sum, WideCosts costs, int sign) => sum with
    {
        BilledNanos = sum.BilledNanos + (sign * costs.Billed),
        EffectiveNanos = sum.EffectiveNanos + (sign * costs.Effective),
        ListNanos = sum.ListNanos + (sign * costs.List),
        ContractedNanos = sum.ContractedNanos + (sign * costs.Contracted),
    };

    private sealed record DayRow
    {
        public int ChargeDay { get; init; }

        public long LinesBefore { get; init; }

        public long LinesAfter { get; init; }
    }
}

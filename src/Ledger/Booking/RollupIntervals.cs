using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Ledger.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Booking;

/// <summary>
/// Keeps the rollup's intervals: a booking closes the groups that it changes or drops, opens the changed and new ones, and leaves the
/// others as they are. So every past book version stays readable, at the price of what changed.
/// </summary>
internal sealed class RollupIntervals
{
    /// <summary>The <c>to_delivery</c> of a row that still holds.</summary>
    public const int Open = int.MaxValue;

    private readonly SqliteConnection _connection;
    private readonly string _selectOpen;
    private readonly string _selectHighs;
    private readonly string _close;
    private readonly string _table;
    private readonly string _period;

    private RollupIntervals(SqliteConnection connection, string table, string period)
    {
        _connection = connection;
        _selectOpen = $"""
            SELECT {period} AS Period, dimension_set_id AS DimensionSetId, billing_month AS BillingMonth, from_delivery AS FromDelivery,
                   line_count AS LineCount, billed_nanos AS BilledNanos, effective_nanos AS EffectiveNanos, list_nanos AS ListNanos,
                   contracted_nanos AS ContractedNanos, pricing_units AS PricingUnits, pricing_nanos AS PricingNanos,
                   consumed_units AS ConsumedUnits, consumed_nanos AS ConsumedNanos
            FROM {table} WHERE scope_id = @scopeId AND to_delivery = {Open}
            ORDER BY {period}, dimension_set_id, billing_month
            """;
        _selectHighs = $"""
            SELECT r.{period} AS Period, r.dimension_set_id AS DimensionSetId, r.billing_month AS BillingMonth, h.billed_high AS Billed,
                   h.effective_high AS Effective, h.list_high AS List, h.contracted_high AS Contracted, h.pricing_high AS Pricing,
                   h.consumed_high AS Consumed
            FROM {table}_high h JOIN {table} r ON {WideSql.OnKey.Replace("{0}", period, StringComparison.Ordinal)}
            WHERE h.scope_id = @scopeId AND r.to_delivery = {Open}
            """;
        _close = $"""
            UPDATE {table} SET to_delivery = ?1
            WHERE scope_id = ?2 AND {period} = ?3 AND dimension_set_id = ?4 AND billing_month = ?5 AND from_delivery = ?6
            """;
        _table = table;
        _period = period;
    }

    public static RollupIntervals ByDay(SqliteConnection connection) => new(connection, "rollup", "charge_day");

    public static RollupIntervals ByMonth(SqliteConnection connection) => new(connection, "rollup_month", "charge_month");

    /// <summary>Makes the open rows of a scope those of a delivery.</summary>
    /// <param name="scopeId">The scope.</param>
    /// <param name="deliveryId">The delivery that now holds.</param>
    /// <param name="groups">Its groups in key order.</param>
    public void Replace(long scopeId, int deliveryId, IReadOnlyList<KeyValuePair<RollupKey, RollupGroup>> groups)
    {
        List<OpenRow> closing = [];
        List<KeyValuePair<RollupKey, RollupGroup>> opening = [];
        var highs = _connection.Query<HighRow>(_selectHighs, new { scopeId })
            .ToDictionary(h => new RollupKey(h.Period, h.DimensionSetId, h.BillingMonth));
        var next = 0;
        foreach (var row in _connection.Query<OpenRow>(_selectOpen, new { scopeId }, buffered: false))
        {
            var key = new RollupKey(row.Period, row.DimensionSetId, row.BillingMonth);
            for (; next < groups.Count && groups[next].Key.CompareTo(key) < 0; next++)
            {
                opening.Add(groups[next]);
            }

            var isStillThere = next < groups.Count && groups[next].Key == key;
            if (isStillThere && row.Holds(groups[next].Value, highs.GetValueOrDefault(key, HighRow.None)))
            {
                next++;
                continue;
            }

            closing.Add(row);
            if (isStillThere)
            {
                opening.Add(groups[next++]);
            }
        }

        opening.AddRange(groups.Skip(next));
        Close(scopeId, deliveryId, closing);
        Insert(scopeId, deliveryId, opening);
    }

    private void Close(long scopeId, int deliveryId, List<OpenRow> rows)
    {
        using var close = new HotStatement(_connection, _close);
        foreach (var row in rows)
        {
            close.Bind(1, deliveryId);
            close.Bind(2, scopeId);
            close.Bind(3, row.Period);
            close.Bind(4, row.DimensionSetId);
            close.Bind(5, row.BillingMonth);
            close.Bind(6, row.FromDelivery);
            close.Run();
        }
    }

    private void Insert(long scopeId, int deliveryId, List<KeyValuePair<RollupKey, RollupGroup>> groups)
    {
        using var insert = new HotInsert(
            _connection,
            _table,
            "scope_id",
            _period,
            "dimension_set_id",
            "billing_month",
            "from_delivery",
            "line_count",
            "billed_nanos",
            "effective_nanos",
            "list_nanos",
            "contracted_nanos",
            "pricing_units",
            "pricing_nanos",
            "consumed_units",
            "consumed_nanos");
        List<(RollupKey Key, HighRow Highs)> wide = [];
        foreach (var (key, group) in groups)
        {
            var highs = new HighRow();
            (highs.Billed, var billed) = WideNanos.Split(group.BilledNanos);
            (highs.Effective, var effective) = WideNanos.Split(group.EffectiveNanos);
            (highs.List, var list) = WideNanos.Split(group.ListNanos);
            (highs.Contracted, var contracted) = WideNanos.Split(group.ContractedNanos);
            (highs.Pricing, var pricingUnits, var pricingNanos) = PartsOf(group.PricingNanos);
            (highs.Consumed, var consumedUnits, var consumedNanos) = PartsOf(group.ConsumedNanos);
            if (!highs.AreZero)
            {
                wide.Add((key, highs));
            }

            insert.Set(0, scopeId);
            insert.Set(1, key.Period);
            insert.Set(2, key.DimensionSetId);
            insert.Set(3, key.BillingMonth);
            insert.Set(4, deliveryId);
            insert.Set(5, group.LineCount);
            insert.Set(6, billed);
            insert.Set(7, effective);
            insert.Set(8, list);
            insert.Set(9, contracted);
            insert.Set(10, pricingUnits);
            insert.Set(11, pricingNanos);
            insert.Set(12, consumedUnits);
            insert.Set(13, consumedNanos);
            insert.EndRow();
        }

        insert.Flush();
        InsertHighs(scopeId, deliveryId, wide);
    }

    private void InsertHighs(long scopeId, int deliveryId, List<(RollupKey Key, HighRow Highs)> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        using var insert = new HotInsert(
            _connection,
            _table + "_high",
            "scope_id",
            _period,
            "dimension_set_id",
            "billing_month",
            "from_delivery",
            "billed_high",
            "effective_high",
            "list_high",
            "contracted_high",
            "pricing_high",
            "consumed_high");
        foreach (var (key, highs) in rows)
        {
            insert.Set(0, scopeId);
            insert.Set(1, key.Period);
            insert.Set(2, key.DimensionSetId);
            insert.Set(3, key.BillingMonth);
            insert.Set(4, deliveryId);
            insert.Set(5, highs.Billed);
            insert.Set(6, highs.Effective);
            insert.Set(7, highs.List);
            insert.Set(8, highs.Contracted);
            insert.Set(9, highs.Pricing);
            insert.Set(10, highs.Consumed);
            insert.EndRow();
        }

        insert.Flush();
    }

    /// <summary>A quantity in its columns: 1e18 units, units and 1e-9, all with its sign.</summary>
    private static (long High, long Units, long Nanos) PartsOf(Int128 nanos)
    {
        var (whole, rest) = Int128.DivRem(nanos, Money.NanosPerUnit);
        var (high, units) = WideNanos.Split(whole);
        return (high, units, (long)rest);
    }

    private sealed record HighRow
    {
        public static readonly HighRow None = new();

        public int Period { get; init; }

        public long DimensionSetId { get; init; }

        public int BillingMonth { get; init; }

        public long Billed { get; set; }

        public long Effective { get; set; }

        public long List { get; set; }

        public long Contracted { get; set; }

        public long Pricing { get; set; }

        public long Consumed { get; set; }

        public bool AreZero => (Billed | Effective | List | Contracted | Pricing | Consumed) == 0;
    }

    private sealed record OpenRow
    {
        public int Period { get; init; }

        public long DimensionSetId { get; init; }

        public int BillingMonth { get; init; }

        public int FromDelivery { get; init; }

        public long LineCount { get; init; }

        public long BilledNanos { get; init; }

        public long EffectiveNanos { get; init; }

        public long ListNanos { get; init; }

        public long ContractedNanos { get; init; }

        public long PricingUnits { get; init; }

        public long PricingNanos { get; init; }

        public long ConsumedUnits { get; init; }

        public long ConsumedNanos { get; init; }

        public bool Holds(RollupGroup group, HighRow highs) => LineCount == group.LineCount
            && WideNanos.Join(highs.Billed, BilledNanos) == group.BilledNanos
            && WideNanos.Join(highs.Effective, EffectiveNanos) == group.EffectiveNanos
            && WideNanos.Join(highs.List, ListNanos) == group.ListNanos
            && WideNanos.Join(highs.Contracted, ContractedNanos) == group.ContractedNanos
            && QuantityOf(highs.Pricing, PricingUnits, PricingNanos) == group.PricingNanos
            && QuantityOf(highs.Consumed, ConsumedUnits, ConsumedNanos) == group.ConsumedNanos;

        private static Int128 QuantityOf(long high, long units, long nanos) =>
            (WideNanos.Join(high, units) * Money.NanosPerUnit) + nanos;
    }
}

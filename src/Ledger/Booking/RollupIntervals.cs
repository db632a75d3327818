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
        var next = 0;
        foreach (var row in _connection.Query<OpenRow>(_selectOpen, new { scopeId }, buffered: false))
        {
            var key = new RollupKey(row.Period, row.DimensionSetId, row.BillingMonth);
            for (; next < groups.Count && groups[next].Key.CompareTo(key) < 0; next++)
            {
                opening.Add(groups[next]);
            }

            var isStillThere = next < groups.Count && groups[next].Key == key;
            if (isStillThere && row.Holds(groups[next].Value))
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
        foreach (var (key, group) in groups)
        {
            var pricing = new Quantity(group.PricingNanos);
            var consumed = new Quantity(group.ConsumedNanos);
            insert.Set(0, scopeId);
            insert.Set(1, key.Period);
            insert.Set(2, key.DimensionSetId);
            insert.Set(3, key.BillingMonth);
            insert.Set(4, deliveryId);
            insert.Set(5, group.LineCount);
            insert.Set(6, group.BilledNanos);
            insert.Set(7, group.EffectiveNanos);
            insert.Set(8, group.ListNanos);
            insert.Set(9, group.ContractedNanos);
            insert.Set(10, pricing.Units);
            insert.Set(11, pricing.SubunitNanos);
            insert.Set(12, consumed.Units);
            insert.Set(13, consumed.SubunitNanos);
            insert.EndRow();
        }

        insert.Flush();
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

        public bool Holds(RollupGroup group) => LineCount == group.LineCount && BilledNanos == group.BilledNanos
            && EffectiveNanos == group.EffectiveNanos && ListNanos == group.ListNanos && ContractedNanos == group.ContractedNanos
            && Quantity.FromParts(PricingUnits, PricingNanos).Nanos == group.PricingNanos
            && Quantity.FromParts(ConsumedUnits, ConsumedNanos).Nanos == group.ConsumedNanos;
    }
}

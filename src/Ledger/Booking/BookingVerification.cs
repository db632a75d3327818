using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Ledger.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Booking;

/// <summary>
/// The pair assertion of a booking, read back from the tables inside its transaction: the open rollup rows of the scope are, per currency
/// and cost, the exact total of the delivery rounded once to nanos, and as many lines as there are rows and rounding lines.
/// </summary>
internal static class BookingVerification
{
    // By currency and not grouped by it: a delivery has one or two, and grouping would sort every row of the rollup.
    private const string SelectOpen = """
        SELECT COUNT(*) AS RowCount, SUM(CASE WHEN d.origin = 0 THEN r.line_count ELSE 0 END) AS LineCount,
               SUM(billed_nanos / 1000000000) AS BilledUnits, SUM(billed_nanos % 1000000000) AS BilledNanos,
               SUM(effective_nanos / 1000000000) AS EffectiveUnits, SUM(effective_nanos % 1000000000) AS EffectiveNanos,
               SUM(list_nanos / 1000000000) AS ListUnits, SUM(list_nanos % 1000000000) AS ListNanos,
               SUM(contracted_nanos / 1000000000) AS ContractedUnits, SUM(contracted_nanos % 1000000000) AS ContractedNanos
        FROM {0} r JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
        WHERE r.scope_id = @scopeId AND r.to_delivery = 2147483647 AND d.BillingCurrency = @currency
        """;

    private static readonly string SelectHighs = $$"""
        SELECT COALESCE(SUM(h.billed_high), 0) AS Billed, COALESCE(SUM(h.effective_high), 0) AS Effective,
               COALESCE(SUM(h.list_high), 0) AS List, COALESCE(SUM(h.contracted_high), 0) AS Contracted
        FROM {0}_high h JOIN {0} r ON {{WideSql.OnKey.Replace("{0}", "{1}", StringComparison.Ordinal)}}
        JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
        WHERE h.scope_id = @scopeId AND r.to_delivery = 2147483647 AND d.BillingCurrency = @currency
        """;

    private const string CountOpen = "SELECT COUNT(*) FROM {0} WHERE scope_id = @scopeId AND to_delivery = 2147483647";

    private static readonly (string Name, string Period)[] Tables = [("rollup", "charge_day"), ("rollup_month", "charge_month")];

    public static void Verify(SqliteConnection connection, long scopeId, int deliveryId, EncodedDelivery encoded)
    {
        foreach (var (table, period) in Tables)
        {
            var rows = 0L;
            foreach (var exact in encoded.Totals.GroupBy(t => t.Currency.Code))
            {
                var open = connection.QuerySingle<OpenTotals>(
                    SelectOpen.Replace("{0}", table, StringComparison.Ordinal),
                    new { scopeId, currency = exact.Key });
                var highs = connection.QuerySingle<HighTotals>(
                    SelectHighs.Replace("{0}", table, StringComparison.Ordinal).Replace("{1}", period, StringComparison.Ordinal),
                    new { scopeId, currency = exact.Key });
                Compare(deliveryId, exact.Key, open, highs, [.. exact]);
                rows += open.RowCount;
            }

            var all = connection.QuerySingle<long>(CountOpen.Replace("{0}", table, StringComparison.Ordinal), new { scopeId });
            if (rows != all)
            {
                throw new InvariantException($"Delivery {deliveryId}: {all - rows} rows of {table} are in currencies that no row has.");
            }
        }
    }

    private static void Compare(int deliveryId, string currency, OpenTotals open, HighTotals highs, List<ExactTotals> exact)
    {
        var lines = exact.Sum(t => t.RowCount);
        if (open.LineCount != lines)
        {
            throw new InvariantException(
                $"Delivery {deliveryId}, {currency}: the rollup counts {open.LineCount} lines, {lines} were read.");
        }

        foreach (var column in Enum.GetValues<CostColumn>())
        {
            var expected = exact.Aggregate(default(ExactAmount), (sum, t) => sum + t.Exact(column)).RoundHalfEven();
            var actual = open.Nanos(column) + highs.Nanos(column);
            if (actual != expected)
            {
                throw new InvariantException(
                    $"Delivery {deliveryId}, {currency}, {column}: the rollup holds {DecimalText.OfNanos(actual)}, the exact total is "
                        + $"{DecimalText.OfNanos(expected)}.");
            }
        }
    }

    private sealed record HighTotals
    {
        public long Billed { get; init; }

        public long Effective { get; init; }

        public long List { get; init; }

        public long Contracted { get; init; }

        public Int128 Nanos(CostColumn column) => WideNanos.PerHigh * (Int128)(column switch
        {
            CostColumn.Billed => Billed,
            CostColumn.Effective => Effective,
            CostColumn.List => List,
            _ => Contracted,
        });
    }

    private sealed record OpenTotals
    {
        public long RowCount { get; init; }

        public long LineCount { get; init; }

        public long BilledUnits { get; init; }

        public long BilledNanos { get; init; }

        public long EffectiveUnits { get; init; }

        public long EffectiveNanos { get; init; }

        public long ListUnits { get; init; }

        public long ListNanos { get; init; }

        public long ContractedUnits { get; init; }

        public long ContractedNanos { get; init; }

        public Int128 Nanos(CostColumn column) => column switch
        {
            CostColumn.Billed => Quantity.FromParts(BilledUnits, BilledNanos).Nanos,
            CostColumn.Effective => Quantity.FromParts(EffectiveUnits, EffectiveNanos).Nanos,
            CostColumn.List => Quantity.FromParts(ListUnits, ListNanos).Nanos,
            _ => Quantity.FromParts(ContractedUnits, ContractedNanos).Nanos,
        };
    }
}

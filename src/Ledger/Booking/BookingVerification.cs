using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Booking;

/// <summary>
/// The pair assertion of a booking, read back from the tables inside its transaction: the open rollup rows of the scope are, per currency
/// and cost, the exact total of the delivery rounded once to nanos, and as many lines as there are rows and rounding lines.
/// </summary>
internal static class BookingVerification
{
    private const string SelectOpen = """
        SELECT d.BillingCurrency AS Currency, SUM(CASE WHEN d.origin = 0 THEN r.line_count ELSE 0 END) AS LineCount,
               SUM(billed_nanos / 1000000000) AS BilledUnits, SUM(billed_nanos % 1000000000) AS BilledNanos,
               SUM(effective_nanos / 1000000000) AS EffectiveUnits, SUM(effective_nanos % 1000000000) AS EffectiveNanos,
               SUM(list_nanos / 1000000000) AS ListUnits, SUM(list_nanos % 1000000000) AS ListNanos,
               SUM(contracted_nanos / 1000000000) AS ContractedUnits, SUM(contracted_nanos % 1000000000) AS ContractedNanos
        FROM {0} r JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
        WHERE r.scope_id = @scopeId AND r.to_delivery = 2147483647
        GROUP BY d.BillingCurrency
        """;

    private static readonly string SelectDays = SelectOpen.Replace("{0}", "rollup", StringComparison.Ordinal);
    private static readonly string SelectMonths = SelectOpen.Replace("{0}", "rollup_month", StringComparison.Ordinal);

    public static void Verify(SqliteConnection connection, long scopeId, int deliveryId, EncodedDelivery encoded)
    {
        foreach (var sql in new[] { SelectDays, SelectMonths })
        {
            var open = connection.Query<OpenTotals>(sql, new { scopeId }).ToDictionary(r => r.Currency, StringComparer.Ordinal);
            foreach (var currency in encoded.Totals.GroupBy(t => t.Currency.Code))
            {
                Compare(deliveryId, currency.Key, open.GetValueOrDefault(currency.Key, new OpenTotals()), [.. currency]);
                open.Remove(currency.Key);
            }

            if (open.Count > 0)
            {
                throw new InvariantException($"Delivery {deliveryId}: the rollup has currencies that no row has: "
                    + $"{string.Join(", ", open.Keys)}.");
            }
        }
    }

    private static void Compare(int deliveryId, string currency, OpenTotals open, List<ExactTotals> exact)
    {
        var lines = exact.Sum(t => t.RowCount);
        if (open.LineCount != lines)
        {
            throw new InvariantException(
                $"Delivery {deliveryId}, {currency}: the rollup counts {open.LineCount} lines, {lines} were read.");
        }

        foreach (var column in Enum.GetValues<CostColumn>())
        {
            var expected = FocusDecimal.RoundHalfEven(exact.Aggregate((Int128)0, (sum, t) => sum + t.ExactAttos(column)));
            var actual = open.Nanos(column);
            if (actual != expected)
            {
                throw new InvariantException(
                    $"Delivery {deliveryId}, {currency}, {column}: the rollup holds {DecimalText.OfNanos(actual)}, the exact total is "
                        + $"{DecimalText.OfNanos(expected)}.");
            }
        }
    }

    private sealed record OpenTotals
    {
        public string Currency { get; init; } = "";

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

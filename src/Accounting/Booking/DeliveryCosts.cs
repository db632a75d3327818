using CiCost.Domain.Money;
using CiCost.Ledger.Deliveries;

namespace CiCost.Accounting.Booking;

/// <summary>Puts the totals of a delivery together: credits and all other rows, by currency.</summary>
public static class DeliveryCosts
{
    /// <summary>Exact totals by currency, in ordinal order.</summary>
    public static IReadOnlyDictionary<string, ExactCosts> Of(IReadOnlyList<DeliveryTotal> totals)
    {
        ArgumentNullException.ThrowIfNull(totals);
        SortedDictionary<string, ExactCosts> costs = new(StringComparer.Ordinal);
        foreach (var currency in totals.GroupBy(t => t.Currency))
        {
            string Exact(string column) => Sum(currency.Where(t => t.Column == column).Select(t => t.Exact));
            string Residue(string column) => Sum(currency.Where(t => t.Column == column).Select(t => t.Residue));
            costs.Add(currency.Key, new ExactCosts(
                Exact("BilledCost"),
                Exact("EffectiveCost"),
                Exact("ListCost"),
                Exact("ContractedCost"),
                new ExactCosts(Residue("BilledCost"), Residue("EffectiveCost"), Residue("ListCost"), Residue("ContractedCost"), null)));
        }

        return costs;
    }

    private static string Sum(IEnumerable<string> decimals)
    {
        var sum = default(ExactAmount);
        foreach (var text in decimals)
        {
            sum += ExactAmount.TryParse(text, out var amount)
                ? amount
                : throw new FormatException($"The books hold '{text}' as an exact total, which is no decimal. Run 'cicost check'.");
        }

        return sum.ToString();
    }
}

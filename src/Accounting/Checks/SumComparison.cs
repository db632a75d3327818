using CiCost.Domain.Money;
using CiCost.Ledger.Audit;

namespace CiCost.Accounting.Checks;

/// <summary>Compares two lists of group sums, both in key order.</summary>
internal static class SumComparison
{
    /// <summary>The names of the cost columns, as totals spell them.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"];

    /// <summary>The groups that differ or that one side lacks.</summary>
    public static IEnumerable<(SumFact? Left, SumFact? Right)> Differences(IReadOnlyList<SumFact> left, IReadOnlyList<SumFact> right)
    {
        int l = 0, r = 0;
        while (l < left.Count || r < right.Count)
        {
            var order = l == left.Count ? 1 : r == right.Count ? -1 : Key(left[l]).CompareTo(Key(right[r]));
            if (order < 0)
            {
                yield return (left[l++], null);
            }
            else if (order > 0)
            {
                yield return (null, right[r++]);
            }
            else
            {
                if (left[l] != right[r])
                {
                    yield return (left[l], right[r]);
                }

                l++;
                r++;
            }
        }
    }

    public static SumFact Sum(int period, long dimensionSetId, int billingMonth, IEnumerable<SumFact> facts)
    {
        var sum = new SumFact { Period = period, DimensionSetId = dimensionSetId, BillingMonth = billingMonth };
        return facts.Aggregate(sum, (s, f) => s with
        {
            LineCount = s.LineCount + f.LineCount,
            BilledNanos = s.BilledNanos + f.BilledNanos,
            EffectiveNanos = s.EffectiveNanos + f.EffectiveNanos,
            ListNanos = s.ListNanos + f.ListNanos,
            ContractedNanos = s.ContractedNanos + f.ContractedNanos,
        });
    }

    public static Int128 Nanos(SumFact fact, string column) => column switch
    {
        "BilledCost" => fact.BilledNanos,
        "EffectiveCost" => fact.EffectiveNanos,
        "ListCost" => fact.ListNanos,
        _ => fact.ContractedNanos,
    };

    public static string Text(SumFact? fact) => fact is null
        ? "nothing"
        : $"{fact.LineCount} lines, billed {DecimalText.OfNanos(fact.BilledNanos)}, effective {DecimalText.OfNanos(fact.EffectiveNanos)}, "
            + $"list {DecimalText.OfNanos(fact.ListNanos)}, contracted {DecimalText.OfNanos(fact.ContractedNanos)}";

    private static (int Period, long DimensionSetId, int BillingMonth) Key(SumFact fact)
        => (fact.Period, fact.DimensionSetId, fact.BillingMonth);
}

using CiCost.Domain.Allocation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;

namespace CiCost.Domain.Sharing;

/// <summary>The weights of a split's participants on some days (accounting.md, 12): of what is in the pool, dated, pro-rated by day, never
/// below zero.</summary>
internal static class SplitWeights
{
    /// <summary>A hundred percent in 1e-9 of a percent.</summary>
    private const long WholePercentNanos = 100_000_000_000;

    public static IReadOnlyDictionary<string, Int128> Of(
        SplitPeriod period,
        SplitPolicy policy,
        IReadOnlyList<(SharedCell Cell, Int128 Nanos)> pool,
        Func<SplitPolicy, IReadOnlyDictionary<string, Int128>?> previousWeights,
        List<string> notes)
    {
        var (firstDay, lastDay) = (period.FirstDay, period.LastDay);
        var even = Even(policy, firstDay, lastDay);
        if (even.Count == 0)
        {
            notes.Add("Nobody takes part: what is common is shared with nobody.");
            return even;
        }

        if (policy.Method == SplitMethod.FixedPercent)
        {
            return Percentages(policy, firstDay, lastDay, notes);
        }

        var weights = policy.Method == SplitMethod.Even
            ? even
            : even.ToDictionary(e => e.Key, e => NotBelowZero(MetricOf(policy.Metric, e.Key, pool) * e.Value, e.Key, notes),
                StringComparer.Ordinal);
        if (weights.Values.Any(w => w > 0))
        {
            return weights;
        }

        switch (policy.Fallback)
        {
            case SplitFallback.Even:
                notes.Add("No participant has a weight: divided evenly.");
                return even;
            case SplitFallback.Previous when previousWeights(policy) is { } previous:
                notes.Add("No participant has a weight: divided as in the last month that had weights.");
                return even.ToDictionary(e => e.Key, e => previous.GetValueOrDefault(e.Key), StringComparer.Ordinal);
            default:
                notes.Add("No participant has a weight: nothing is divided.");
                return weights;
        }
    }

    /// <summary>The days of each participant in the month.</summary>
    public static IReadOnlyDictionary<string, Int128> Even(SplitPolicy policy, int firstDay, int lastDay) => policy.Participants
        .GroupBy(p => p.Organisation, StringComparer.Ordinal)
        .Select(g => (Organisation: g.Key, Days: (Int128)g.Sum(p => p.DaysIn(firstDay, lastDay))))
        .Where(p => p.Days > 0)
        .ToDictionary(p => p.Organisation, p => p.Days, StringComparer.Ordinal);

    /// <summary>What the percentages of the days leave of a hundred is Unallocated.</summary>
    private static Dictionary<string, Int128> Percentages(SplitPolicy policy, int firstDay, int lastDay, List<string> notes)
    {
        var weights = policy.Participants.GroupBy(p => p.Organisation, StringComparer.Ordinal).ToDictionary(
            g => g.Key,
            g => g.Aggregate((Int128)0, (sum, p) => sum + ((Int128)p.PercentNanos * p.DaysIn(firstDay, lastDay))),
            StringComparer.Ordinal);
        var rest = ((Int128)WholePercentNanos * (lastDay - firstDay + 1)) - weights.Values.Aggregate((Int128)0, (sum, w) => sum + w);
        if (rest < 0)
        {
            throw new InvalidOperationException(
                $"The percentages of {policy.Id} are above 100 in the month of {ChargeDay.ToText(firstDay)}.");
        }

        if (rest > 0)
        {
            notes.Add("The percentages leave a part that is Unallocated.");
            weights.Add(Allocator.Unallocated, rest);
        }

        return weights;
    }

    private static Int128 MetricOf(SplitMetric metric, string organisation, IReadOnlyList<(SharedCell Cell, Int128 Nanos)> pool) => pool
        .Where(c => metric switch
        {
            SplitMetric.Used => c.Cell[AttributeName.Beneficiary] == organisation,
            SplitMetric.Given => c.Cell.Funder.Organisation == organisation,
            _ => c.Cell[AttributeName.ChipVendor] == organisation,
        })
        .Aggregate((Int128)0, (sum, c) => sum + c.Nanos);

    private static Int128 NotBelowZero(Int128 weight, string organisation, List<string> notes)
    {
        if (weight >= 0)
        {
            return weight;
        }

        notes.Add($"The weight of {organisation} is below zero and counts as zero.");
        return 0;
    }
}

using CiCost.Domain.Lines;
using CiCost.Domain.Periods;

namespace CiCost.Ledger.Booking;

/// <summary>The key of a rollup row within a scope, in the order of the table's primary key.</summary>
/// <param name="Period">Charge day, or charge month.</param>
internal readonly record struct RollupKey(int Period, long DimensionSetId, int BillingMonth) : IComparable<RollupKey>
{
    public int CompareTo(RollupKey other)
    {
        var byPeriod = Period.CompareTo(other.Period);
        if (byPeriod != 0)
        {
            return byPeriod;
        }

        var bySet = DimensionSetId.CompareTo(other.DimensionSetId);
        return bySet != 0 ? bySet : BillingMonth.CompareTo(other.BillingMonth);
    }
}

/// <summary>The groups of one delivery under the ledger's own ids, by day and by month, each in key order.</summary>
internal sealed class RollupGroups
{
    private RollupGroups(IReadOnlyList<KeyValuePair<RollupKey, RollupGroup>> days, IReadOnlyList<KeyValuePair<RollupKey,
        RollupGroup>> months) =>
        (Days, Months) = (days, months);

    public IReadOnlyList<KeyValuePair<RollupKey, RollupGroup>> Days { get; }

    public IReadOnlyList<KeyValuePair<RollupKey, RollupGroup>> Months { get; }

    public static RollupGroups Of(IEnumerable<(RollupGroup Group, long DimensionSetId)> groups)
    {
        Dictionary<RollupKey, RollupGroup> days = [];
        Dictionary<RollupKey, RollupGroup> months = [];
        foreach (var (group, dimensionSetId) in groups)
        {
            Merge(days, new RollupKey(group.ChargeDay, dimensionSetId, group.BillingMonthIndex), group, keep: true);
            var month = BillingMonth.Of(ChargeDay.ToDate(group.ChargeDay)).Index;
            Merge(months, new RollupKey(month, dimensionSetId, group.BillingMonthIndex), group, keep: false);
        }

        return new RollupGroups([.. days.OrderBy(g => g.Key)], [.. months.OrderBy(g => g.Key)]);
    }

    /// <summary>Two ordinals of a delivery may be one dimension set, and a month has many days: sums are joined here.</summary>
    private static void Merge(Dictionary<RollupKey, RollupGroup> target, RollupKey key, RollupGroup group, bool keep)
    {
        if (!target.TryGetValue(key, out var existing))
        {
            if (keep)
            {
                target.Add(key, group);
                return;
            }

            target.Add(key, existing = new RollupGroup(group.DimensionSet, group.ChargeDay, group.BillingMonthIndex));
        }

        existing.Add(group);
    }
}

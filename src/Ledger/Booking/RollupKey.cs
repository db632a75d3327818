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

    public static RollupGroups Of(IReadOnlyCollection<(RollupGroup Group, long DimensionSetId)> groups)
    {
        var keys = new RollupKey[groups.Count];
        var values = new RollupGroup[groups.Count];
        Dictionary<RollupKey, RollupGroup> months = [];
        var count = 0;
        foreach (var (group, dimensionSetId) in groups)
        {
            keys[count] = new RollupKey(group.ChargeDay, dimensionSetId, group.BillingMonthIndex);
            values[count++] = group;
            var month = BillingMonth.Of(ChargeDay.ToDate(group.ChargeDay)).Index;
            var key = new RollupKey(month, dimensionSetId, group.BillingMonthIndex);
            if (!months.TryGetValue(key, out var sum))
            {
                months.Add(key, sum = new RollupGroup(group.DimensionSet, group.ChargeDay, group.BillingMonthIndex));
            }

            sum.Add(group);
        }

        Array.Sort(keys, values);
        return new RollupGroups(Joined(keys, values), [.. months.OrderBy(g => g.Key)]);
    }

    /// <summary>Two ordinals of a delivery may be one dimension set: neighbours of one key become one group.</summary>
    private static List<KeyValuePair<RollupKey, RollupGroup>> Joined(RollupKey[] keys, RollupGroup[] values)
    {
        List<KeyValuePair<RollupKey, RollupGroup>> joined = new(keys.Length);
        for (var i = 0; i < keys.Length; i++)
        {
            if (i > 0 && keys[i] == keys[i - 1])
            {
                joined[^1].Value.Add(values[i]);
            }
            else
            {
                joined.Add(new KeyValuePair<RollupKey, RollupGroup>(keys[i], values[i]));
            }
        }

        return joined;
    }
}

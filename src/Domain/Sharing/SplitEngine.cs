using System.Collections.Immutable;
using CiCost.Domain.Allocation;
using CiCost.Domain.Funding;
using CiCost.Domain.Periods;

namespace CiCost.Domain.Sharing;

/// <summary>
/// Divides the consumption of a charge month among organisations, in the fixed order of accounting.md, 12: excluded, directed, common
/// direct, common overhead; what nothing takes is Unallocated. Free terms stand outside, and unused reserved capacity goes to who reserved
/// it. Conserves every nano.
/// </summary>
public static class SplitEngine
{
    /// <summary>Stands for Unallocated among the parties: a key that no id can have, and the last in their order.</summary>
    private const string Rest = "\uffff";

    /// <summary>The name of what is not shared because a donor gave more hardware than was accepted.</summary>
    public const string InKindAboveAccepted = "in-kind-above-accepted";

    /// <summary>The name of what is not shared because the donor's rate is above the reference rate.</summary>
    public const string InKindAboveReference = "in-kind-above-reference";

    /// <summary>The name of what is not shared because its rate has no approver that is not of the donor, or no reference rate.</summary>
    public const string InKindNotApproved = "in-kind-not-approved";

    /// <summary>Divides a month whose every day has one policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="month">The charge month.</param>
    /// <param name="cells">All funded consumption of the month, in the policy's currency.</param>
    /// <param name="paidAhead">What was paid ahead, by organisation.</param>
    /// <param name="previousWeights">The weights of the last month that had any; null when there is none.</param>
    public static SplitStatement Divide(
        SplitPolicy policy,
        BillingMonth month,
        IReadOnlyList<SharedCell> cells,
        IReadOnlyDictionary<string, Int128> paidAhead,
        IReadOnlyDictionary<string, Int128>? previousWeights) => Divide(
            month, [new SplitPeriod(policy, ChargeDay.Of(month.FirstDay), ChargeDay.Of(month.LastDay), cells)], paidAhead, _ => previousWeights);

    /// <summary>Divides a month whose days have policies of their own.</summary>
    /// <param name="month">The charge month.</param>
    /// <param name="periods">Its days in order, each once; at least one has a policy, and all policies one currency.</param>
    /// <param name="paidAhead">What was paid ahead, by organisation.</param>
    /// <param name="previousWeights">The weights of the last month that a policy had any in; null when there is none.</param>
    public static SplitStatement Divide(
        BillingMonth month,
        IReadOnlyList<SplitPeriod> periods,
        IReadOnlyDictionary<string, Int128> paidAhead,
        Func<SplitPolicy, IReadOnlyDictionary<string, Int128>?> previousWeights)
    {
        ArgumentNullException.ThrowIfNull(periods);
        ArgumentNullException.ThrowIfNull(paidAhead);
        ArgumentNullException.ThrowIfNull(previousWeights);
        var cells = periods.SelectMany(p => p.Cells).ToList();
        var rows = new StatementRows();
        foreach (var cell in cells)
        {
            rows.Take(cell);
        }

        foreach (var (organisation, nanos) in paidAhead)
        {
            rows.Of(organisation).PaidAhead += nanos;
        }

        var (direct, overhead) = ((Int128)0, (Int128)0);
        List<string> notes = [];
        List<StatedPeriod> stated = [];
        foreach (var period in periods)
        {
            var pool = PoolSorter.Sort(period, month, rows);
            stated.Add(new StatedPeriod(period.Policy, period.FirstDay, period.LastDay, Share(period, pool, previousWeights, rows, notes)));
            (direct, overhead) = (direct + pool.DirectNanos, overhead + pool.OverheadNanos);
        }

        rows.Of(Allocator.Unallocated);
        rows.Of(FundingKinds.Unfunded);
        var statement = new SplitStatement
        {
            Periods = [.. stated],
            Rows = rows.Build(),
            CommonDirectNanos = direct,
            CommonOverheadNanos = overhead,
            ReservedNanos = rows.ReservedNanos,
            DirectedNanos = rows.DirectedNanos,
            FreeTermsNanos = rows.FreeTermsNanos,
            Excluded = [.. rows.Excluded],
            ConsumptionNanos = cells.Aggregate((Int128)0, (sum, c) => sum + c.Nanos),
            Notes = [.. notes],
        };
        Verify(statement);
        return statement;
    }

    private static ImmutableSortedDictionary<string, Int128> Share(SplitPeriod period, PoolSorter pool,
        Func<SplitPolicy, IReadOnlyDictionary<string, Int128>?> previousWeights, StatementRows rows, List<string> notes)
    {
        if (period.Policy is not { } policy)
        {
            notes.Add($"No split policy holds from {ChargeDay.ToText(period.FirstDay)} to {ChargeDay.ToText(period.LastDay)}: what was "
                + "consumed then is shared with nobody.");
            rows.Of(Allocator.Unallocated).Shared += pool.DirectNanos + pool.OverheadNanos;
            return ImmutableSortedDictionary<string, Int128>.Empty;
        }

        var weights = SplitWeights.Of(period, policy, pool.Pool, previousWeights, notes);
        Share(pool.DirectNanos, weights, rows);
        Share(pool.OverheadNanos,
            policy.OverheadBase == OverheadBase.Even ? SplitWeights.Even(policy, period.FirstDay, period.LastDay) : weights, rows);
        return weights.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private static void Share(Int128 pool, IReadOnlyDictionary<string, Int128> weights, StatementRows rows)
    {
        var parties = weights.Select(w => new AllocationWeight(w.Key == Allocator.Unallocated ? Rest : w.Key, w.Value)).ToList();
        foreach (var share in Allocator.Allocate(pool, parties).Shares)
        {
            rows.Of(share.Key == Rest ? Allocator.Unallocated : share.Key).Shared += share.AmountNanos;
        }
    }

    private static void Verify(SplitStatement statement)
    {
        var excluded = statement.Excluded.Aggregate((Int128)0, (sum, e) => sum + e.Nanos);
        var shared = statement.Rows.Aggregate((Int128)0, (sum, r) => sum + r.SharedNanos);
        var net = statement.Rows.Aggregate((Int128)0, (sum, r) => sum + r.NetNanos);
        var pool = statement.CommonDirectNanos + statement.CommonOverheadNanos + statement.ReservedNanos;
        if (shared != pool || net != 0
            || pool + statement.DirectedNanos + excluded + statement.FreeTermsNanos != statement.ConsumptionNanos)
        {
            throw new InvalidOperationException(
                $"The split {statement.Policy.Id} does not conserve: shared {shared} of {pool}, net {net}, directed "
                + $"{statement.DirectedNanos}, excluded {excluded}, free terms {statement.FreeTermsNanos}, consumption "
                + $"{statement.ConsumptionNanos} nanos.");
        }
    }
}

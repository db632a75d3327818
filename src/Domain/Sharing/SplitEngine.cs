using System.Collections.Immutable;
using CiCost.Domain.Allocation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Periods;

namespace CiCost.Domain.Sharing;

/// <summary>
/// Divides the consumption of a charge month among organisations, in the fixed order of accounting.md, 12: excluded, directed, common
/// direct, common overhead; what nothing takes is Unallocated. Conserves every nano.
/// </summary>
public static class SplitEngine
{
    /// <summary>Stands for Unallocated among the parties: a key that no id can have, and the last in their order.</summary>
    private const string Rest = "\uffff";

    /// <summary>The name of what is not shared because a donor gave more hardware than was accepted.</summary>
    public const string InKindAboveAccepted = "in-kind-above-accepted";

    /// <summary>Divides.</summary>
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
        IReadOnlyDictionary<string, Int128>? previousWeights)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(paidAhead);
        var (firstDay, lastDay) = (ChargeDay.Of(month.FirstDay), ChargeDay.Of(month.LastDay));
        var rows = new StatementRows();
        foreach (var cell in cells)
        {
            rows.Give(cell.Funder, cell.Nanos);
            if (cell[AttributeName.Beneficiary] is { } beneficiary)
            {
                rows.Of(beneficiary).Used += cell.Nanos;
            }
        }

        foreach (var (organisation, nanos) in paidAhead)
        {
            rows.Of(organisation).PaidAhead += nanos;
        }

        var pool = PoolSorter.Sort(policy, firstDay, lastDay, cells, rows);
        List<string> notes = [];
        var weights = SplitWeights.Of(policy, firstDay, lastDay, cells, previousWeights, notes);
        Share(pool.DirectNanos, weights, rows);
        Share(pool.OverheadNanos, policy.OverheadBase == OverheadBase.Even ? SplitWeights.Even(policy, firstDay, lastDay) : weights, rows);
        rows.Of(Allocator.Unallocated);
        rows.Of(FundingKinds.Unfunded);
        var statement = new SplitStatement
        {
            Policy = policy,
            Rows = rows.Build(),
            CommonDirectNanos = pool.DirectNanos,
            CommonOverheadNanos = pool.OverheadNanos,
            DirectedNanos = pool.DirectedNanos,
            Excluded = [.. pool.Excluded.OrderBy(e => e.Id, StringComparer.Ordinal)],
            ConsumptionNanos = cells.Aggregate((Int128)0, (sum, c) => sum + c.Nanos),
            Weights = weights.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Notes = [.. notes],
        };
        Verify(statement);
        return statement;
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
        var pool = statement.CommonDirectNanos + statement.CommonOverheadNanos;
        if (shared != pool || net != 0 || pool + statement.DirectedNanos + excluded != statement.ConsumptionNanos)
        {
            throw new InvalidOperationException(
                $"The split {statement.Policy.Id} does not conserve: shared {shared} of {pool}, net {net}, directed "
                + $"{statement.DirectedNanos}, excluded {excluded}, consumption {statement.ConsumptionNanos} nanos.");
        }
    }
}

using CiCost.Domain.Allocation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;

namespace CiCost.Domain.Sharing;

/// <summary>Sorts consumption into what is excluded, directed and common (accounting.md, 12).</summary>
internal sealed class PoolSorter
{
    private readonly SplitPolicy _policy;
    private readonly StatementRows _rows;
    private readonly SortedDictionary<string, ExcludedAmount> _excluded = new(StringComparer.Ordinal);

    private PoolSorter(SplitPolicy policy, StatementRows rows) => (_policy, _rows) = (policy, rows);

    public IEnumerable<ExcludedAmount> Excluded => _excluded.Values;

    public Int128 DirectedNanos { get; private set; }

    public Int128 DirectNanos { get; private set; }

    public Int128 OverheadNanos { get; private set; }

    public static PoolSorter Sort(SplitPolicy policy, int firstDay, int lastDay, IReadOnlyList<SharedCell> cells, StatementRows rows)
    {
        var sorter = new PoolSorter(policy, rows);
        List<SharedCell> inKind = [];
        foreach (var cell in cells)
        {
            if (policy.Exclusions.FirstOrDefault(e => cell[e.Attribute] is { } value && e.Values.Contains(value)) is { } exclusion)
            {
                sorter.Exclude(exclusion.Id, exclusion.Reason, cell, cell.Nanos);
            }
            else if (cell[AttributeName.Beneficiary] is { } beneficiary && beneficiary == cell.Funder.Organisation)
            {
                sorter.DirectedNanos += cell.Nanos;
                rows.Of(cell.Funder.Organisation).Directed += cell.Nanos;
            }
            else if (cell.Funder.Kind == FundingKind.InKind)
            {
                inKind.Add(cell);
            }
            else
            {
                sorter.Common(cell, cell.Nanos);
            }
        }

        foreach (var donor in inKind.GroupBy(c => c.Funder.Organisation, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            sorter.Accept(donor.Key, [.. donor], firstDay, lastDay);
        }

        return sorter;
    }

    /// <summary>A donor's hardware enters the pool up to the accepted amount, cut evenly over what it gave; the rest is reported.</summary>
    private void Accept(string donor, List<SharedCell> cells, int firstDay, int lastDay)
    {
        var given = cells.Aggregate((Int128)0, (sum, c) => sum + c.Nanos);
        var accepted = _policy.InKind.Where(a => a.Organisation == donor)
            .Aggregate((Int128)0, (sum, a) => sum + (a.NanosPerMonth * a.DaysIn(firstDay, lastDay))) / (lastDay - firstDay + 1);
        if (given <= accepted)
        {
            cells.ForEach(c => Common(c, c.Nanos));
            return;
        }

        var weights = cells.Where(c => c.Nanos > 0).Select(c => new AllocationWeight(c.Key, c.Nanos)).ToList();
        var common = Allocator.Allocate(accepted, weights).Shares.ToDictionary(s => s.Key, s => s.AmountNanos, StringComparer.Ordinal);
        foreach (var cell in cells)
        {
            var part = common.GetValueOrDefault(cell.Key);
            Common(cell, part);
            Exclude(SplitEngine.InKindAboveAccepted, "donated hardware above the accepted amount", cell, cell.Nanos - part);
        }
    }

    private void Common(SharedCell cell, Int128 nanos)
    {
        if (cell[AttributeName.Component] is { } component && _policy.OverheadComponents.Contains(component))
        {
            OverheadNanos += nanos;
        }
        else
        {
            DirectNanos += nanos;
        }
    }

    /// <summary>What is not shared stays with who gave it.</summary>
    private void Exclude(string id, string reason, SharedCell cell, Int128 nanos)
    {
        if (nanos == 0)
        {
            return;
        }

        var before = _excluded.GetValueOrDefault(id) ?? new ExcludedAmount(id, reason, 0);
        _excluded[id] = before with { Nanos = before.Nanos + nanos };
        _rows.Of(cell.Funder.Organisation).Excluded += nanos;
    }
}

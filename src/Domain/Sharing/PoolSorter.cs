using CiCost.Domain.Allocation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Periods;

namespace CiCost.Domain.Sharing;

/// <summary>Sorts the consumption of some days into free terms, excluded, directed, reserved and common (accounting.md, 12).</summary>
internal sealed class PoolSorter
{
    private readonly SplitPeriod _period;
    private readonly int _monthDays;
    private readonly StatementRows _rows;
    private readonly List<(SharedCell Cell, Int128 Nanos)> _pool = [];

    private PoolSorter(SplitPeriod period, int monthDays, StatementRows rows) => (_period, _monthDays, _rows) = (period, monthDays, rows);

    /// <summary>The parts of cells that are shared, direct and overhead: what weights are taken from.</summary>
    public IReadOnlyList<(SharedCell Cell, Int128 Nanos)> Pool => _pool;

    public Int128 DirectNanos { get; private set; }

    public Int128 OverheadNanos { get; private set; }

    /// <summary>Sorts.</summary>
    /// <param name="period">The days.</param>
    /// <param name="month">Their month: accepted amounts are those of a whole one.</param>
    /// <param name="rows">The rows that what is not shared goes to.</param>
    public static PoolSorter Sort(SplitPeriod period, BillingMonth month, StatementRows rows)
    {
        var sorter = new PoolSorter(period, month.LastDay.Day, rows);
        List<SharedCell> inKind = [];
        foreach (var cell in period.Cells)
        {
            sorter.Sort(cell, inKind);
        }

        foreach (var donor in inKind.GroupBy(c => c.Funder.Organisation, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            sorter.Accept(donor.Key, [.. donor]);
        }

        return sorter;
    }

    private void Sort(SharedCell cell, List<SharedCell> inKind)
    {
        if (!cell.Funder.IsContribution)
        {
            _rows.FreeTermsNanos += cell.Nanos;
        }
        else if (_period.Policy?.Exclusions.FirstOrDefault(e => cell[e.Attribute] is { } value && e.Values.Contains(value)) is { } exclusion)
        {
            _rows.Exclude(exclusion.Id, exclusion.Reason, cell, cell.Nanos);
        }
        else if (cell[AttributeName.Beneficiary] is { } beneficiary && beneficiary == cell.Funder.Organisation)
        {
            _rows.Of(cell.Funder.Organisation).Directed += cell.Nanos;
        }
        else if (cell.ReservedBy is { } owner)
        {
            _rows.ReservedNanos += cell.Nanos;
            _rows.Of(owner).Shared += cell.Nanos;
        }
        else if (cell.Funder.Kind == FundingKind.InKind)
        {
            inKind.Add(cell);
        }
        else
        {
            Common(cell, cell.Nanos);
        }
    }

    /// <summary>
    /// A donor's hardware enters the pool at the lower of its rate and the reference rate, up to the accepted amount, cut evenly over what it
    /// gave; the rest is reported by its reason.
    /// </summary>
    private void Accept(string donor, List<SharedCell> cells)
    {
        foreach (var cell in cells)
        {
            _rows.Exclude(SplitEngine.InKindNotApproved, "donated hardware whose rate has no approver or no reference rate", cell,
                cell.NotApprovedNanos);
            _rows.Exclude(SplitEngine.InKindAboveReference, "donated hardware above its reference rate", cell, cell.AboveReferenceNanos);
        }

        var given = cells.Aggregate((Int128)0, (sum, c) => sum + c.AcceptableNanos);
        var acceptances = _period.Policy?.InKind.Where(a => a.Organisation == donor) ?? [];
        var accepted = acceptances.Aggregate((Int128)0, (sum, a) =>
            sum + (a.NanosPerMonth * a.DaysIn(_period.FirstDay, _period.LastDay))) / _monthDays;
        if (given <= accepted)
        {
            cells.ForEach(c => Common(c, c.AcceptableNanos));
            return;
        }

        var weights = cells.Where(c => c.AcceptableNanos > 0).Select(c => new AllocationWeight(c.Key, c.AcceptableNanos)).ToList();
        var common = Allocator.Allocate(accepted, weights).Shares.ToDictionary(s => s.Key, s => s.AmountNanos, StringComparer.Ordinal);
        foreach (var cell in cells)
        {
            var part = common.GetValueOrDefault(cell.Key);
            Common(cell, part);
            _rows.Exclude(SplitEngine.InKindAboveAccepted, "donated hardware above the accepted amount", cell, cell.AcceptableNanos - part);
        }
    }

    private void Common(SharedCell cell, Int128 nanos)
    {
        if (nanos == 0)
        {
            return;
        }

        _pool.Add((cell, nanos));
        if (cell[AttributeName.Component] is { } component && _period.Policy is { } policy && policy.OverheadComponents.Contains(component))
        {
            OverheadNanos += nanos;
        }
        else
        {
            DirectNanos += nanos;
        }
    }
}

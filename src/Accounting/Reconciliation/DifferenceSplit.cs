using CiCost.Accounting.Jobs;
using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Policy;

namespace CiCost.Accounting.Reconciliation;

/// <summary>
/// Splits the difference between the books and one control source by cause, per account and currency; the parts add up to the difference
/// of the payable, or of the estimate. What was booked after the source was last asked is <c>late</c>; the rest is compared as the books
/// were then.
/// </summary>
/// <param name="policy">The policy, which knows what runner labels mean.</param>
/// <param name="month">The billing period.</param>
/// <param name="now">The bills as the books have them now.</param>
internal sealed class DifferenceSplit(PolicySet policy, BillingMonth month, IReadOnlyList<BilledCell> now)
{
    /// <summary>The differences to a source by cause, largest grain first: account, currency, cause.</summary>
    /// <param name="source">The control source.</param>
    /// <param name="stated">What it states.</param>
    /// <param name="then">The bills as the books had them when it was last asked.</param>
    public IEnumerable<CausedDifference> Of(string source, IReadOnlyList<ControlFigure> stated, IReadOnlyList<BilledCell> then)
    {
        foreach (var account in stated.GroupBy(f => (f.PayerAccount, f.Currency)).OrderBy(g => g.Key.PayerAccount, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Currency, StringComparer.Ordinal))
        {
            bool IsOf(BilledCell c) => c.Key.PayerAccount == account.Key.PayerAccount && c.Key.Currency == account.Key.Currency;
            List<BilledCell> ledger = [.. then.Where(IsOf)];
            var estimated = account.Where(f => f.Measure == ControlMeasure.EstimatedListUsage).ToList();

            // An invoice's type is no kind of charge: its total says nothing of causes.
            var billed = account.Where(f => f is { RecordType: not null, Breakdown: not ControlBreakdown.Invoice }).ToList();
            var parts = estimated.Count > 0 ? ByLabel(ledger, estimated) : billed.Count > 0 ? ByRecordType(ledger, billed) : Whole(ledger, [.. account]);
            Func<BilledCell, Int128> amount = estimated.Count > 0 ? c => c.ListOfMachinesNanos : c => c.BilledNanos;
            var late = Total(now.Where(IsOf).Select(amount)) - Total(ledger.Select(amount));
            if (late != 0)
            {
                parts = parts.Append((DifferenceCause.Late, late, 0));
            }
            else if (estimated.Count == 0 && billed.Count == 0)
            {
                continue;
            }

            foreach (var (cause, books, control) in parts.OrderBy(p => p.Cause))
            {
                yield return new CausedDifference(account.Key.PayerAccount, account.Key.Currency, source, cause, books, control);
            }
        }
    }

    /// <summary>One breakdown is enough: the others are the same money. By service, support can be told from usage.</summary>
    private static IEnumerable<(DifferenceCause Cause, Int128 Books, Int128 Control)> ByRecordType(List<BilledCell> ledger,
        List<ControlFigure> stated)
    {
        var breakdown = stated.Select(f => f.Breakdown).Distinct().OrderBy(b => b == ControlBreakdown.Service ? 0 : 1).ThenBy(b => b).First();
        var control = stated.Where(f => f.Breakdown == breakdown).ToLookup(DifferenceCauses.Of, f => (Int128)f.AmountNanos);
        var books = ledger.ToLookup(c => c.Cause, c => (Int128)c.BilledNanos);
        return Enum.GetValues<DifferenceCause>().Where(c => control.Contains(c) || books.Contains(c))
            .Select(c => (c, Total(books[c]), Total(control[c])));
    }

    /// <summary>A source that tells nothing apart, such as a net invoice.</summary>
    private static IEnumerable<(DifferenceCause Cause, Int128 Books, Int128 Control)> Whole(List<BilledCell> ledger,
        IReadOnlyList<ControlFigure> stated) =>
        [(DifferenceCause.Other, Total(ledger.Select(c => (Int128)c.BilledNanos)), TieOutEngine.PayableOf(stated) ?? 0)];

    /// <summary>An estimate by runner label: what neither side can place stands apart.</summary>
    private IEnumerable<(DifferenceCause Cause, Int128 Books, Int128 Control)> ByLabel(List<BilledCell> ledger, List<ControlFigure> stated)
    {
        var labelled = stated.Where(f => f.Breakdown == ControlBreakdown.Runner).ToList();
        var control = labelled.Count > 0 ? labelled : stated;
        var known = control.Where(f => f.Breakdown != ControlBreakdown.Runner || IsKnown(f.Item)).ToHashSet();
        var machines = ledger.Where(c => c.ListOfMachinesNanos != 0).ToList();
        yield return (DifferenceCause.Usage, Total(machines.Where(c => c.HasArchitecture).Select(c => c.ListOfMachinesNanos)),
            Total(known.Select(f => (Int128)f.AmountNanos)));
        if (machines.Any(c => !c.HasArchitecture) || known.Count < control.Count)
        {
            yield return (DifferenceCause.MissingLabel, Total(machines.Where(c => !c.HasArchitecture).Select(c => c.ListOfMachinesNanos)),
                Total(control.Where(f => !known.Contains(f)).Select(f => (Int128)f.AmountNanos)));
        }
    }

    /// <summary>Does a rule give a runner label an architecture at any time of the billing period?</summary>
    private bool IsKnown(string label)
    {
        var (first, last) = (ChargeDay.Of(month.FirstDay), ChargeDay.Of(month.LastDay));
        return policy.Attributor.Attribute(JobDimensions.Of(label, "", policy))
            .Any(d => d.ValidFromDay <= last && d.ValidToDay > first && d.Result[AttributeName.Architecture] is not null);
    }

    private static Int128 Total(IEnumerable<Int128> nanos) => nanos.Aggregate((Int128)0, (sum, n) => sum + n);
}

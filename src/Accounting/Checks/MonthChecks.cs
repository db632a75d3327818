using CiCost.Accounting.Freshness;
using CiCost.Accounting.Jobs;
using CiCost.Domain.Checks;
using CiCost.Domain.Periods;
using CiCost.Ledger.Audit;

namespace CiCost.Accounting.Checks;

/// <summary>The part that the checks on whole months share.</summary>
/// <param name="name">The stable name.</param>
/// <param name="claim">The claim.</param>
/// <param name="gap">What a month lacks when the check fails for it.</param>
public abstract class MonthCheck(string name, string claim, MonthGap gap) : Check(name, claim)
{
    /// <summary>What to do when it fails.</summary>
    protected abstract string Advice { get; }

    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var run in Runs(context.Months.Gaps.Where(g => g.Gap == gap)))
        {
            var last = run[^1];
            yield return Failure(run.Count == 1 ? $"{last.Source} {last.Month}" : $"{last.Source} {run[0].Month} to {last.Month}", Advice,
                last.Expected, last.Found);
        }
    }

    /// <inheritdoc/>
    public override bool HasAnything(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Months.Judged > 0;
    }

    /// <summary>Months in a row of one source that lack the same are one failure; another day is another finding.</summary>
    private static IEnumerable<List<IncompleteMonth>> Runs(IEnumerable<IncompleteMonth> gaps)
    {
        List<IncompleteMonth> run = [];
        foreach (var gap in gaps)
        {
            if (run.Count > 0 && (run[^1].Source != gap.Source || run[^1].Month.Next != gap.Month || run[^1].Found != gap.Found
                || run[^1].Expected != gap.Expected))
            {
                yield return run;
                run = [];
            }

            run.Add(gap);
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }
}

/// <summary>No ended month lacks a ledger source (accounting.md, completeness).</summary>
public sealed class EveryMonthHasItsBill() : MonthCheck(
    "EveryMonthHasItsBill", "For every ledger source of the coverage table and every ended month, the books have a delivery.", MonthGap.NoBill)
{
    /// <inheritdoc/>
    protected override string Advice => "The books have no bill of this ledger source for an ended month: figures of the month lack it. Deliver it; "
        + "where the source began later or ended, say from or to in policy/coverage.yaml.";

    /// <inheritdoc/>
    public override IEnumerable<string> Notices(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Months.Gaps.Where(g => g.Gap == MonthGap.NotFinal)
            .Select(g => $"{g.Source} {g.Month} is not final yet: {g.Found}; expected: {g.Expected}.");
    }
}

/// <summary>No ended month is cut short (accounting.md, completeness).</summary>
public sealed class EveryMonthIsComplete() : MonthCheck(
    "EveryMonthIsComplete", "The deliveries of every ended month reach its end, as the cadence of their coverage asks.", MonthGap.NotComplete)
{
    /// <inheritdoc/>
    protected override string Advice => "The month ended, and its bill is not whole. Deliver the rest; when nothing more comes, book the delivery again "
        + "with 'cicost ingest --ends-month'.";
}

/// <summary>No fleet that worked in a month is without cost in it (accounting.md, completeness).</summary>
public sealed class EveryFleetHasItsBill() : Check(
    "EveryFleetHasItsBill", "A fleet on which jobs ran in an ended month has its bill, or its value, for that month.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var now = context.Books.Time.GetUtcNow();
        var delivered = new DeliveredMonthsReader(context.Books).Read(context.Version).Where(m => m.RowCount > 0 || m.IsSaidToEnd)
            .Select(m => (m.SourceKey, m.BillingMonth)).ToHashSet();
        foreach (var month in Months(context).Where(m => now >= new DateTimeOffset(m.Next.FirstDay, TimeOnly.MinValue, TimeSpan.Zero)))
        {
            var fleets = context.HoursOf(month).Select(h => (Hours: h, Entry: ValueJobs.EntryOf(context.Policy.Set, h)))
                .Where(h => h.Entry is not null && now >= EndOf(month).AddDays(h.Entry.FinalAfterDays)).GroupBy(h => h.Entry!.LedgerSource);
            foreach (var fleet in fleets.Where(f => !delivered.Contains((f.Key, month))).OrderBy(f => f.Key, StringComparer.Ordinal))
            {
                var isValued = fleet.First().Entry!.IsValuedFromJobs;
                yield return Failure($"{fleet.Key} {month}",
                    $"Jobs ran on this fleet for {CheckWords.Hours(fleet.Sum(f => f.Hours.Seconds))}, and the month has no "
                        + (isValued ? "value. Run 'cicost value --month " + month + "'." : "bill. Deliver it."),
                    isValued ? "a value" : "a bill", "none");
            }
        }
    }

    /// <inheritdoc/>
    public override bool HasAnything(CheckContext context) => Months(context).Any(m => context.HoursOf(m).Count > 0);

    private static DateTimeOffset EndOf(BillingMonth month) => new(month.Next.FirstDay, TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>Job runs are no bill: they may lie in months that have no scope at all.</summary>
    private static IEnumerable<BillingMonth> Months(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Month is { } month ? [month]
            : context.Scopes.Select(s => s.BillingMonth).Concat(new Ledger.Jobs.JobRunReader(context.Books).Months()).Distinct().Order();
    }
}

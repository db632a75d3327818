using CiCost.Accounting.Jobs;
using CiCost.Accounting.Presentation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.Reports.Models;

namespace CiCost.Reports.Board;

/// <summary>The table of hours, and its comparison with one that was published.</summary>
internal static class HoursTables
{
    public const int SecondsPerHour = 3_600;

    public static RuntimeHours Of(BoardFigures figures, IReadOnlyDictionary<BillingMonth, IReadOnlyList<JobHours>> jobs, PublishedTable? published)
    {
        var months = figures.Months;
        var byMonth = months.Select(m => Hours(figures, jobs[m])).ToList();
        var names = byMonth.SelectMany(m => m.Keys).Distinct(StringComparer.Ordinal).ToList();
        var rows = names.Select(n => Row(n, [.. byMonth.Select(m => m.GetValueOrDefault(n))]))
            .OrderByDescending(r => r.Hours[^1]).ThenBy(r => r.Name, StringComparer.Ordinal).ToList();
        var total = Row("Total", [.. Enumerable.Range(0, months.Count).Select(i => rows.Sum(r => r.Hours[i]))]);
        return new RuntimeHours { Say = Findings.Hours(rows, total), Months = months, Rows = rows, Total = total, Published = Compare(published, months) };
    }

    /// <summary>
    /// Do the published totals foot? A remark on somebody else's table, and no check on these books. It names the row that would explain the
    /// difference, in whole.
    /// </summary>
    public static string PublishedRemark(PublishedTable published)
    {
        ArgumentNullException.ThrowIfNull(published);
        var missing = Enumerable.Range(0, published.Months.Count).Select(i => published.Rows.Sum(r => r.Hours[i]) - published.Total.Hours[i]).ToArray();
        var wrong = missing.Count(m => m != 0);

        // Every published figure was rounded to hours, so a sum of them is off by up to half an hour each.
        var rounding = (published.Rows.Count + 1) / 2;
        var omitted = published.Rows.FirstOrDefault(
            r => wrong > 0 && r.Hours.Any(h => h > rounding) && r.Hours.Zip(missing).All(p => Math.Abs(p.First - p.Second) <= rounding)).Name;
        return wrong == 0 ? $"The totals of {published.Name} are the sums of its rows."
            : $"The total row of {published.Name} is not the sum of its rows in {wrong} of {published.Months.Count} months"
                + (omitted is null ? "." : $": it omits the row {omitted}.");
    }

    private static PublishedHours? Compare(PublishedTable? published, IReadOnlyList<BillingMonth> months)
    {
        if (published is null || months.Any(m => !published.Months.Contains(m)))
        {
            return null;
        }

        var hours = months.Select(m => published.Total.Hours[published.Months.ToList().IndexOf(m)]).ToList();
        return new PublishedHours(published.Total.Name, hours, hours.Sum(), PublishedRemark(published));
    }

    /// <summary>Whole hours by largest remainder, so that the month's total is its exact hours rounded once.</summary>
    private static Dictionary<string, long> Hours(BoardFigures figures, IReadOnlyList<JobHours> jobs)
    {
        var sums = jobs.GroupBy(j => NameOf(figures, j), StringComparer.Ordinal).Select(g => (g.Key, Seconds: g.Sum(j => j.Seconds)))
            .OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        var hours = PresentationCube.StepsOf([.. sums.Select(s => (Int128)s.Seconds)], SecondsPerHour);
        return sums.Select((s, i) => (s.Key, Hours: hours[i])).ToDictionary(s => s.Key, s => s.Hours, StringComparer.Ordinal);
    }

    private static string NameOf(BoardFigures figures, JobHours job) => job.Attribution[AttributeName.Architecture] is { } id
        ? figures.Policy.Architectures.FirstOrDefault(a => a.Id == id)?.Name ?? id
        : ReaderWords.NotAssigned;

    private static HoursRow Row(string name, IReadOnlyList<long> hours) => new(name, hours, hours.Sum());
}

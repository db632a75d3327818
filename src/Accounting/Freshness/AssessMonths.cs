using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Audit;
using CiCost.Ledger.BookVersions;
using CiCost.Policy;

namespace CiCost.Accounting.Freshness;

/// <summary>What is missing of an ended month.</summary>
public enum MonthGap
{
    /// <summary>The ledger source has no delivery with rows.</summary>
    NoBill,

    /// <summary>The deliveries do not reach the month's end, as the cadence asks.</summary>
    NotComplete,

    /// <summary>The month ended a short while ago; the days that it may still lack something are not over.</summary>
    NotFinal,
}

/// <summary>A month of a ledger source that lacks something.</summary>
/// <param name="Source">The ledger source's key.</param>
/// <param name="Month">The month.</param>
/// <param name="Gap">What it lacks.</param>
/// <param name="Found">What there is, in words.</param>
/// <param name="Expected">What there should be, in words.</param>
public sealed record IncompleteMonth(string Source, BillingMonth Month, MonthGap Gap, string Found, string Expected);

/// <summary>What was judged.</summary>
/// <param name="Gaps">The ended months that lack something, by source and month.</param>
/// <param name="Judged">How many months of sources were looked at.</param>
public sealed record MonthAssessment(IReadOnlyList<IncompleteMonth> Gaps, int Judged);

/// <summary>
/// Says of every ledger source of the coverage table and every ended month whether the books have it, and whole (accounting.md,
/// completeness). Sources that are valued from jobs are another matter: they have a month when jobs ran in it.
/// </summary>
public sealed class AssessMonths(Books books, PolicySet policy)
{
    /// <summary>The ended months that lack something, by source and month.</summary>
    /// <param name="only">Only this month; null for all from the first one that any ledger source has in the books.</param>
    /// <param name="version">As of this book version.</param>
    public MonthAssessment Run(BillingMonth? only, BookVersion version)
    {
        var now = books.Time.GetUtcNow();
        var ledgers = policy.CoverageEntries.Where(e => !e.IsValuedFromJobs).ToLookup(e => e.LedgerSource, StringComparer.Ordinal);
        var delivered = new DeliveredMonthsReader(books).Read(version).Where(m => ledgers.Contains(m.SourceKey)).ToList();
        if (delivered.Count == 0)
        {
            return new MonthAssessment([], 0);
        }

        var first = delivered.Min(m => m.BillingMonth);
        var ended = BillingMonth.Of(DateOnly.FromDateTime(now.UtcDateTime)).Index - 1;
        var months = Enumerable.Range(first.Index, Math.Max(0, ended - first.Index + 1)).Select(BillingMonth.FromIndex)
            .Where(m => only is null || m == only).ToList();
        var byMonth = delivered.ToDictionary(m => (m.SourceKey, m.BillingMonth));
        var days = new DeliveryDaysReader(books).Read(version).GroupBy(d => d.SourceKey, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(d => d.ChargeDay).Distinct().Order().ToList(), StringComparer.Ordinal);
        var judged = ledgers.OrderBy(l => l.Key, StringComparer.Ordinal)
            .SelectMany(source => months.Select(month => (Entry: EntryOf(source, month), Month: month))).Where(j => j.Entry is not null).ToList();
        return new MonthAssessment(
            [
                .. judged.Select(j => Judge(j.Entry!, j.Month, byMonth.GetValueOrDefault((j.Entry!.LedgerSource, j.Month)),
                    days.GetValueOrDefault(j.Entry.LedgerSource, []), now)).OfType<IncompleteMonth>(),
            ],
            judged.Count);
    }

    /// <summary>The entry that asks most of a month; null when none asks for any of its days.</summary>
    private static CoverageEntry? EntryOf(IEnumerable<CoverageEntry> entries, BillingMonth month) => entries
        .Where(e => e.Cadence != Cadence.Irregular && e.FromDay <= ChargeDay.Of(month.LastDay) && e.ToDay > ChargeDay.Of(month.FirstDay))
        .OrderByDescending(e => e.Cadence is Cadence.Daily or Cadence.Append).ThenBy(e => e.FinalAfterDays).FirstOrDefault();

    private static IncompleteMonth? Judge(CoverageEntry entry, BillingMonth month, DeliveredMonth? delivered, List<int> days, DateTimeOffset now)
    {
        var source = entry.LedgerSource;
        var gap = delivered is null ? (MonthGap.NoBill, "no delivery", "a delivery")
            : delivered.IsSaidToEnd ? null
            : delivered.RowCount == 0 ? (MonthGap.NoBill, "a delivery without a row", "rows, or a word that there are none")
            : Completeness(entry, month, days);
        if (gap is not var (what, found, expected))
        {
            return null;
        }

        var final = month.Next.FirstDay.AddDays(entry.FinalAfterDays);
        return now < new DateTimeOffset(final, TimeOnly.MinValue, TimeSpan.Zero)
            ? new IncompleteMonth(source, month, MonthGap.NotFinal, found, $"{expected} by {ChargeDay.ToText(ChargeDay.Of(final))}")
            : new IncompleteMonth(source, month, what, found, expected);
    }

    private static (MonthGap, string, string)? Completeness(CoverageEntry entry, BillingMonth month, List<int> days)
    {
        var (first, last) = (ChargeDay.Of(month.FirstDay), Math.Min(ChargeDay.Of(month.LastDay), entry.ToDay - 1));
        switch (entry.Cadence)
        {
            case Cadence.Daily when days.BinarySearch(last) < 0:
                var newest = days.FindLast(d => d >= first && d <= last);
                return (MonthGap.NotComplete, newest == 0 ? "no row of the month's days" : $"rows up to {ChargeDay.ToText(newest)}",
                    $"rows on {ChargeDay.ToText(last)}");
            case Cadence.Daily when days.BinarySearch(Math.Max(first, entry.FromDay)) < 0 && days[0] < first:
                return (MonthGap.NotComplete, $"rows from {ChargeDay.ToText(days.Find(d => d >= first))}",
                    $"rows on {ChargeDay.ToText(Math.Max(first, entry.FromDay))}");
            case Cadence.Append when days.Count == 0 || days[^1] <= last:
                return (MonthGap.NotComplete, days.Count == 0 ? "no row" : $"rows up to {ChargeDay.ToText(days[^1])}",
                    $"a row after {ChargeDay.ToText(last)}");
            default:
                return null;
        }
    }
}

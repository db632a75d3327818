using System.Globalization;
using CiCost.Accounting.Policies;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Audit;
using CiCost.Ledger.Sources;

namespace CiCost.Accounting.Freshness;

/// <summary>
/// Says of every configured source, and of every ledger source of the coverage table, how fresh and how complete it is. A source that
/// stopped is named; it never just grows old. Fresh is what has new data in the books, not what was asked for some.
/// </summary>
public sealed class AssessSources(Books books, PolicyShelf policies)
{
    private const int UsualMonths = 3;

    /// <summary>All of them, by key, as of the books' clock.</summary>
    public IReadOnlyList<SourceFreshness> Run()
    {
        var days = new DeliveryDaysReader(books).Read().ToLookup(d => d.SourceKey, StringComparer.Ordinal);
        return Assess(source => Completeness([.. days[source]]));
    }

    /// <summary>The same without <see cref="SourceFreshness.Newest"/>: it reads the newest days only, so that every answer can afford it.</summary>
    public IReadOnlyList<SourceFreshness> RunInShort() => Assess(_ => null);

    private IReadOnlyList<SourceFreshness> Assess(Func<string, SourceCompleteness?> completeness)
    {
        var now = books.Time.GetUtcNow();
        var newest = new DeliveredMonthsReader(books).Newest().ToDictionary(n => n.SourceKey, StringComparer.Ordinal);
        var entries = policies.TryCurrent()?.Set.CoverageEntries ?? [];
        var age = new DataAge(entries, newest, now);
        var feeds = Feeds(now).ToDictionary(f => f.SourceKey, StringComparer.Ordinal);
        var ledgers = entries.Where(age.IsExpected).GroupBy(e => e.LedgerSource, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, age.Judge, StringComparer.Ordinal);
        return
        [
            .. feeds.Keys.Union(ledgers.Keys).Order(StringComparer.Ordinal).Select(key =>
            {
                var feed = feeds.GetValueOrDefault(key);
                var old = ledgers.GetValueOrDefault(key);
                var all = feed ?? new SourceFreshness { SourceKey = key, State = FreshnessState.Fresh, Message = age.Text(key) };
                return (old is null || all.IsOverdue ? all : all with { State = FreshnessState.Old, Message = old }) with
                {
                    DataUntil = age.Until(key),
                    AssessedOn = DateOnly.FromDateTime(now.UtcDateTime),
                    Newest = completeness(key),
                };
            }),
        ];
    }

    private IEnumerable<SourceFreshness> Feeds(DateTimeOffset now)
    {
        var runs = new SourceRunDirectory(books);
        var (last, ended, succeeded) = (runs.LastOfEach(null), runs.LastEndedOfEach(), runs.LastOfEach(RunOutcome.Succeeded));
        var taken = new PullDirectory(books).List(null).GroupBy(t => t.SourceKey, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Max(t => t.TakenAt), StringComparer.Ordinal);
        return new FeedDirectory(books).List().Select(feed =>
        {
            var success = succeeded.GetValueOrDefault(feed.SourceKey)?.EndedAt;
            var run = last.GetValueOrDefault(feed.SourceKey);
            DateTimeOffset? delivery = taken.TryGetValue(feed.SourceKey, out var at) ? at : null;
            var expectedBy = (success ?? feed.ConfiguredAt).AddHours(feed.FreshHours);
            var (state, message) = Judge(feed, ended.GetValueOrDefault(feed.SourceKey), success, delivery, expectedBy, now);
            return new SourceFreshness
            {
                SourceKey = feed.SourceKey,
                Feed = feed,
                State = state,
                Message = message,
                LastRun = run,
                LastSuccess = success,
                LastDelivery = delivery,
                ExpectedBy = expectedBy,
            };
        });
    }

    private static (FreshnessState State, string Message) Judge(Feed feed, SourceRun? run, DateTimeOffset? success, DateTimeOffset? delivery,
        DateTimeOffset expectedBy, DateTimeOffset now)
    {
        var failure = run?.Outcome is RunOutcome.Failed or RunOutcome.Abandoned ? $" The last run failed: {run.ErrorMessage}" : "";
        if (now > expectedBy)
        {
            var since = success is { } at ? $"since {Text(at)}" : $"ever; it is configured since {Text(feed.ConfiguredAt)}";
            return (FreshnessState.Stale, $"No run succeeded {since}, and {feed.FreshHours} hours are allowed.{failure}");
        }

        if (success is null)
        {
            return failure.Length > 0
                ? (FreshnessState.Failing, $"No run succeeded yet; a first success is expected by {Text(expectedBy)}.{failure}")
                : (FreshnessState.Waiting, $"It was not pulled yet; a first success is expected by {Text(expectedBy)}.");
        }

        if (feed.DataHours is { } hours && now > (delivery ?? feed.ConfiguredAt).AddHours(hours))
        {
            var since = delivery is { } at ? $"since {Text(at)}" : "ever";
            return (FreshnessState.Silent, $"Runs succeed, and nothing new came {since}; {hours} hours are usual. Ask the provider.");
        }

        return failure.Length > 0
            ? (FreshnessState.Failing, failure.TrimStart())
            : (FreshnessState.Fresh, $"The next success is expected by {Text(expectedBy)}.");
    }

    private static SourceCompleteness? Completeness(IReadOnlyList<DeliveryDayCount> days)
    {
        if (days.Count == 0)
        {
            return null;
        }

        var month = days.Max(d => d.BillingMonth);
        var newest = days.Where(d => d.BillingMonth == month).ToList();
        var before = days.Where(d => d.BillingMonth < month && d.BillingMonth.Index >= month.Index - UsualMonths).ToList();
        var present = newest.Select(d => d.ChargeDay).ToHashSet();
        return new SourceCompleteness(
            month,
            newest.Sum(d => d.LineCount),
            present.Count,
            before.Count == 0 ? null : before.Sum(d => d.LineCount) / before.Count,
            ChargeDay.ToDate(present.Max()),
            [.. Enumerable.Range(present.Min(), present.Max() - present.Min() + 1).Where(d => !present.Contains(d)).Select(ChargeDay.ToDate)]);
    }

    private static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
}

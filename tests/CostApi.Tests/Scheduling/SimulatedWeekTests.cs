using System.Globalization;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Freshness;
using CiCost.Accounting.Reconciliation;
using CiCost.CostApi.Documents;
using CiCost.CostApi.Scheduling;
using CiCost.CostIngest.Formats;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Domain.Periods;
using CiCost.Ledger.Deliveries;
using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostApi.Tests.Scheduling;

/// <summary>
/// A week of the real scheduler, the real pulls and real books on an injected clock. Only the providers are played: one is late, one
/// restates, one fails and recovers, one loses its permission, one falls silent. The server stops over a night and is started again.
/// </summary>
public sealed class SimulatedWeekTests
{
    private const string Sources = """
        sources:
          - {key: steady, connector: scripted, script: steady, schedule: '0 30 5 * * ?', jitterMinutes: 30, freshWithinHours: 30,
             newDataWithinHours: 48}
          - {key: late, connector: scripted, script: late, schedule: '0 0 */6 * * ?', jitterMinutes: 20, freshWithinHours: 30,
             newDataWithinHours: 96}
          - {key: restated, connector: scripted, script: restated, schedule: '0 15 6 * * ?', freshWithinHours: 30, newDataWithinHours: 96}
          - {key: failing, connector: scripted, script: failing, schedule: '0 0 7 * * ?', freshWithinHours: 30}
          - {key: barred, connector: scripted, script: barred, schedule: '0 0 8 * * ?', freshWithinHours: 48}
          - {key: silent, connector: scripted, script: silent, schedule: '0 0 9 * * ?', freshWithinHours: 48, newDataWithinHours: 48}
          - {key: asked, connector: scripted, script: steady, freshWithinHours: 2000}
        """;

    private static readonly DateTimeOffset Start = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, Script> Scripts = new(StringComparer.Ordinal)
    {
        // A line of a dollar per day so far: every day's bill takes the place of the one before.
        ["steady"] = (now, _) => Bill(now, "1"),

        // Today's bill comes two days later.
        ["late"] = (now, _) => now < Start.AddDays(2) ? null : Bill(now.AddDays(-2), "1"),

        // Three dollars a day until the third day; then the provider finds that it was two.
        ["restated"] = (now, _) => now < Start.AddDays(3) ? Bill(now, "3") : Bill(now, "2") with { Version = $"corrected {now:MM-dd}" },

        // Every other question meets a provider that is down.
        ["failing"] = (now, asked) => asked % 2 == 1
            ? throw new SourceException("provider-unavailable", "The provider answers 503 at the moment.")
            : Bill(now, "1"),

        ["barred"] = (now, _) => now < Start.AddDays(3)
            ? Bill(now, "1")
            : throw new SourceException("access-denied", "The key may no longer read the bucket."),

        ["silent"] = (now, _) => Bill(now < Start.AddDays(3) ? now : Start.AddDays(2), "1"),
    };

    [Test]
    public async Task Week_EndsWithEverySourceFreshOrNamed()
    {
        using var books = await BookFixture.OpenAsync();
        var pulls = Pulls(books);
        await pulls.RegisterAsync(CancellationToken.None);
        await using (var timed = await TimedSchedule.OpenAsync(books.Books.Path, new BookedPulls(pulls), books.Time))
        {
            await timed.AdvanceToAsync(Start.AddDays(3).AddHours(22));
            await timed.Schedule.RequestRunAsync("asked", null, PullCause.Api, CancellationToken.None);
            await timed.SettleAsync();
        }

        // From ten in the evening to ten in the morning nothing runs: every source misses its time once.
        books.Time.Advance(Start.AddDays(4).AddHours(10) - books.Time.GetUtcNow());
        await using var again = await TimedSchedule.OpenAsync(books.Books.Path, new BookedPulls(Pulls(books)), books.Time);
        await again.AdvanceToAsync(Start.AddDays(7));

        AssertRuns(new SourceRunDirectory(books.Books));
        AssertFreshness(books);
        AssertBooks(books);
        await AssertNextRunsAsync(again);
    }

    [Test]
    public async Task Run_LongerThanItsBudget_EndsAsFailedAndIsRepeated()
    {
        using var books = await BookFixture.OpenAsync();
        var slow = new SlowConnector();
        var pulls = Pulls(books, slow, """
            sources:
              - {key: slow, connector: slow, schedule: '0 0 6 * * ?', timeBudgetMinutes: 7}
            """);
        await using var timed = await TimedSchedule.OpenAsync(books.Books.Path, new BookedPulls(pulls), books.Time);
        books.Time.Advance(TimeSpan.FromHours(6));
        await slow.Begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        books.Time.Advance(TimeSpan.FromMinutes(7));
        await timed.SettleAsync();
        var run = new SourceRunDirectory(books.Books).List("slow", 1)[0];
        Assert.That((run.Outcome, run.ErrorCode), Is.EqualTo((RunOutcome.Failed, "time-budget")));
        Assert.That((await timed.SourceAsync("slow")).NextRunAt, Is.EqualTo(books.Time.GetUtcNow().AddMinutes(5)).Within(1.5).Minutes);
    }

    private static void AssertRuns(SourceRunDirectory runs)
    {
        IReadOnlyList<SourceRun> Of(string key) => [.. runs.List(key, 1000).Reverse()];
        Assert.Multiple(() =>
        {
            foreach (var key in new[] { "steady", "restated", "silent" })
            {
                Assert.That(Of(key).Select(r => r.Outcome), Is.EqualTo(Enumerable.Repeat(RunOutcome.Succeeded, 7)), $"{key}: once a day");
                Assert.That(Of(key).Select(r => r.StartedAt.Date), Is.Unique, key);
            }

            // Four times a day, twice of them while the server was down: one makes up for both.
            Assert.That(Of("late"), Has.Count.InRange(26, 28));
            Assert.That(Of("failing").Select(r => (r.Cause, r.Outcome)), Is.EqualTo(Enumerable.Repeat(
                new[] { (PullCause.Schedule, RunOutcome.Failed), (PullCause.Retry, RunOutcome.Succeeded) }, 7).SelectMany(r => r)));
            Assert.That(Of("barred").Select(r => r.Outcome),
                Is.EqualTo(Enumerable.Repeat(RunOutcome.Succeeded, 3).Concat(Enumerable.Repeat(RunOutcome.Failed, 4))),
                "what no repetition mends is not repeated");
            Assert.That(Of("asked").Select(r => r.Cause), Is.EqualTo(new[] { PullCause.Api }));
            Assert.That(runs.List(null, 1000).Where(r => r.Outcome is RunOutcome.Running or RunOutcome.Abandoned), Is.Empty);
        });
    }

    private static void AssertFreshness(BookFixture books)
    {
        var states = new AssessSources(books.Books, books.Policies).Run().ToDictionary(s => s.SourceKey);
        Assert.Multiple(() =>
        {
            foreach (var key in new[] { "steady", "late", "restated", "failing", "asked" })
            {
                Assert.That(states[key].State, Is.EqualTo(FreshnessState.Fresh), $"{key}: {states[key].Message}");
            }

            Assert.That(states["barred"].State, Is.EqualTo(FreshnessState.Stale));
            Assert.That(states["barred"].Message, Does.Contain("may no longer read the bucket"));
            Assert.That(states["silent"].State, Is.EqualTo(FreshnessState.Silent));
            Assert.That(states, Has.Count.EqualTo(7));
            Assert.That(books.FailingChecks(), Does.Contain("SourcesAreFresh"));
        });

        // The reconciliation page names what is missing.
        var page = ReconciliationDocument.Of(new ReconcileMonth(books.Books, books.Costs).Run(BillingMonth.Of(DateOnly.FromDateTime(Start.Date)), null),
            new AssessSources(books.Books, books.Policies).Run(), ChecksInShort.NotRun);
        Assert.Multiple(() =>
        {
            Assert.That(page.Sources.Where(s => s.State is "stale" or "silent").Select(s => s.Source), Is.EqualTo(new[] { "barred", "silent" }));
            Assert.That(page.Sources.Single(s => s.Source == "barred").Message, Does.Contain("No run succeeded since 2026-05-03"));
            Assert.That(page.Sources.Select(s => s.Newest!.Days), Has.All.GreaterThan(2), "charge days of the newest month");
        });
    }

    private static void AssertBooks(BookFixture books)
    {
        // The last bill of each: days times dollars a day.
        var expected = new Dictionary<string, decimal>
        {
            ["steady"] = 7,
            ["late"] = 5,
            ["restated"] = 14,
            ["failing"] = 7,
            ["barred"] = 3,
            ["silent"] = 3,
            ["asked"] = 4,
        };
        var directory = new DeliveryDirectory(books.Books);
        var current = directory.List().Where(d => d.SupersededBy is null).ToList();
        Assert.That(current.ToDictionary(d => d.SourceKey, d => decimal.Parse(DeliveryCosts.Of(directory.TotalsOf(d.Id))["USD"].Billed,
            CultureInfo.InvariantCulture)), Is.EquivalentTo(expected));
    }

    private static async Task AssertNextRunsAsync(TimedSchedule timed)
    {
        var sources = (await timed.Schedule.ListAsync(CancellationToken.None)).ToDictionary(s => s.Key);
        Assert.Multiple(() =>
        {
            Assert.That(sources["restated"].NextRunAt, Is.EqualTo(Start.AddDays(7).AddHours(6.25)));
            Assert.That(sources["failing"].NextRunAt, Is.EqualTo(Start.AddDays(7).AddHours(7)));
            Assert.That(sources["barred"].NextRunAt, Is.EqualTo(Start.AddDays(7).AddHours(8)));
            Assert.That(sources["asked"].NextRunAt, Is.Null);
            Assert.That(sources.Values.Where(s => s.IsRunning || s.IsPaused), Is.Empty);
        });
    }

    private static PullSources Pulls(BookFixture books) => Pulls(books, new ScriptedConnector(Scripts), Sources);

    private static PullSources Pulls(BookFixture books, ISourceConnector connector, string sources) => new(
        books.Books,
        SourceCatalogue.Read(SourcesFile.Parse("sources.yaml", sources), [connector],
            key => new SourceServices(books.Time, SourceFolder.State(books.Books.Path, key))),
        new BookDelivery(books.Books, books.Policies, LineFormats.All(), LineFormats.Jobs(), new BookDeliveryOptions()));

    private static ScriptedBill Bill(DateTimeOffset until, string dollarsADay) => new(
        until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        [.. Enumerable.Range(1, until.Day).Select(day => BillLine.ALine().On($"2026-05-{day:00}").Costing(dollarsADay))]);
}

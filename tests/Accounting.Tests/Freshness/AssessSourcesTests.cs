using CiCost.Accounting.Freshness;
using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Freshness;

/// <summary>A source that stopped is named: stale, silent or failing, and what is missing is counted.</summary>
public sealed class AssessSourcesTests
{
    private static readonly MonthRange March = new(new BillingMonth(2026, 3), new BillingMonth(2026, 3));

    [Test]
    public async Task Source_OverItsLife_IsWaiting_Fresh_Failing_AndStale()
    {
        using var books = await BookFixture.OpenAsync();
        await ConfigureAsync(books, new Feed("aws", "aws-data-exports", 24, null, default));
        List<FreshnessState> states = [State(books)];
        await RunAsync(books, RunOutcome.Succeeded);
        states.Add(State(books));
        await RunAsync(books, RunOutcome.Failed);
        states.Add(State(books));
        books.Time.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        states.Add(State(books));
        await RunAsync(books, RunOutcome.Succeeded);
        states.Add(State(books));
        Assert.Multiple(() =>
        {
            Assert.That(states, Is.EqualTo(new[]
            {
                FreshnessState.Waiting, FreshnessState.Fresh, FreshnessState.Failing, FreshnessState.Stale, FreshnessState.Fresh,
            }));
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task Source_WhoseOnlyRunFailed_IsFailingAndNotWaiting()
    {
        using var books = await BookFixture.OpenAsync();
        await ConfigureAsync(books, new Feed("aws", "aws-data-exports", 24, null, default));
        await RunAsync(books, RunOutcome.Failed);
        var source = new AssessSources(books.Books, books.Policies).Run().Single();
        Assert.That(source.State, Is.EqualTo(FreshnessState.Failing));
        Assert.That(source.Message, Does.StartWith("No run succeeded yet; a first success is expected by ").And.Contain(" The last run failed: "));
        Assert.That(source.IsOverdue, Is.False);
    }

    [Test]
    public async Task Source_ThatNeverDelivered_IsStaleAfterItsHours_AndFailsTheCheck()
    {
        using var books = await BookFixture.OpenAsync();
        await ConfigureAsync(books, new Feed("aws", "aws-data-exports", 24, null, default));
        books.Time.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        Assert.Multiple(() =>
        {
            Assert.That(State(books), Is.EqualTo(FreshnessState.Stale));
            Assert.That(books.FailingChecks(), Is.EqualTo(new[] { "SourcesAreFresh" }));
        });
    }

    [Test]
    public async Task Source_WhoseRunsSucceedWithNothingNew_IsSilent()
    {
        using var books = await BookFixture.OpenAsync();
        await ConfigureAsync(books, new Feed("aws", "aws-data-exports", 24, 36, default));
        await RunAsync(books, RunOutcome.Succeeded);
        await new PullDirectory(books.Books).TakeAsync(new TakenOffer
        {
            SourceKey = "aws",
            BillingMonth = March.First,
            Part = "*",
            Version = "1",
            RunId = 1,
            Description = "export of March",
        }, CancellationToken.None);
        books.Time.Advance(TimeSpan.FromHours(37));
        await RunAsync(books, RunOutcome.Succeeded);
        Assert.Multiple(() =>
        {
            Assert.That(State(books), Is.EqualTo(FreshnessState.Silent));
            Assert.That(books.FailingChecks(), Is.EqualTo(new[] { "SourcesAreFresh" }));
        });
    }

    [Test]
    public async Task Completeness_ComparesWithTheUsual_AndNamesMissingDays()
    {
        using var books = await BookFixture.OpenAsync();
        await ConfigureAsync(books, new Feed("bill", "drop-folder", 24, null, default));
        await books.DeliverAsync("bill", "2026-02", Days("2026-02-01", "2026-02-02").SelectMany(d => Enumerable.Repeat(d, 4)));
        await books.DeliverAsync("bill", "2026-03", Days("2026-03-01", "2026-03-02", "2026-03-05"));
        var newest = new AssessSources(books.Books, books.Policies).Run().Single().Newest!;
        Assert.Multiple(() =>
        {
            Assert.That((newest.Month.ToString(), newest.Rows, newest.Days), Is.EqualTo(("2026-03", 3L, 3)));
            Assert.That((newest.UsualRowsPerDay, newest.PercentOfUsual), Is.EqualTo(((long?)4, (long?)25)), "one row a day, four are usual");
            Assert.That(newest.MissingDays, Is.EqualTo(new[] { new DateOnly(2026, 3, 3), new DateOnly(2026, 3, 4) }));
        });
    }

    [Test]
    public async Task Source_ThatLeftTheConfiguration_IsNoLongerExpected_AndBeginsAnewWhenItReturns()
    {
        using var books = await BookFixture.OpenAsync();
        var feed = new Feed("aws", "aws-data-exports", 24, null, default);
        await ConfigureAsync(books, feed);
        await ConfigureAsync(books);
        books.Time.Advance(TimeSpan.FromHours(100));
        Assert.That(new AssessSources(books.Books, books.Policies).Run(), Is.Empty);
        await ConfigureAsync(books, feed);
        Assert.That(State(books), Is.EqualTo(FreshnessState.Waiting));
    }

    [Test]
    public async Task Run_WhoseProcessDied_IsAbandonedByTheNext()
    {
        using var books = await BookFixture.OpenAsync();
        var runs = new SourceRunDirectory(books.Books);
        await runs.BeginAsync("aws", PullCause.Schedule, March, CancellationToken.None);
        await runs.BeginAsync("aws", PullCause.Schedule, March, CancellationToken.None);
        Assert.That(runs.List("aws", 10).Select(r => (r.Outcome, r.ErrorCode)),
            Is.EqualTo(new[] { (RunOutcome.Running, null), (RunOutcome.Abandoned, "run-abandoned") }));
    }

    private static IEnumerable<BillLine> Days(params string[] days) => days.Select(d => ALine().On(d));

    private static Task ConfigureAsync(BookFixture books, params Feed[] feeds) =>
        new FeedDirectory(books.Books).ReplaceAsync(feeds, CancellationToken.None);

    private static FreshnessState State(BookFixture books) => new AssessSources(books.Books, books.Policies).Run().Single().State;

    private static async Task RunAsync(BookFixture books, RunOutcome outcome)
    {
        var runs = new SourceRunDirectory(books.Books);
        var id = await runs.BeginAsync("aws", PullCause.Schedule, March, CancellationToken.None);
        await runs.EndAsync(id, outcome, default, outcome == RunOutcome.Failed ? "http-500" : null, "The provider failed.", CancellationToken.None);
    }
}

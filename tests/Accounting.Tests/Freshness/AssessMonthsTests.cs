using CiCost.Accounting.Booking;
using CiCost.Accounting.Checks;
using CiCost.Accounting.Freshness;
using CiCost.Domain.Checks;
using CiCost.Domain.Periods;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Freshness;

/// <summary>What ended months lack is said of the books, by source and month (accounting.md, completeness).</summary>
public sealed class AssessMonthsTests
{
    private static readonly string[] Months = ["2026-01", "2026-02", "2026-03"];

    /// <summary>The clock stands at 2026-05-01: April ended, and is not final before the 6th.</summary>
    [Test]
    public async Task MissingMonth_IsNamed_OnceItShouldBeThere()
    {
        using var books = await BookFixture.OpenAsync(With("monthly"));
        await books.DeliverAsync("bill", "2026-01", ALine().On("2026-01-05"));
        await books.DeliverAsync("bill", "2026-03", ALine().On("2026-03-05"));
        var before = Failures(books, "EveryMonthHasItsBill");
        var notice = books.Check().Single(c => c.Check == "EveryMonthHasItsBill").Notices.Single();
        books.Time.Advance(TimeSpan.FromDays(5));
        var after = Failures(books, "EveryMonthHasItsBill");
        Assert.Multiple(() =>
        {
            Assert.That(before, Is.EqualTo(new[] { "bill 2026-02: no delivery" }));
            Assert.That(notice, Is.EqualTo("bill 2026-04 is not final yet: no delivery; expected: a delivery by 2026-05-06."));
            Assert.That(after, Is.EqualTo(new[] { "bill 2026-02: no delivery", "bill 2026-04: no delivery" }));
            Assert.That(books.FailingChecks(), Does.Contain("SourcesAreFresh"), "its newest month is March, and April should be there");
        });
    }

    [Test]
    public async Task MonthsThatFollowEachOther_AreOneFailure_AndAMonthsListHasItsOwn()
    {
        using var books = await BookFixture.OpenAsync(With("monthly"));
        await books.DeliverAsync("bill", "2026-01", ALine().On("2026-01-05"));
        books.Time.Advance(TimeSpan.FromDays(40));
        IReadOnlyList<CheckOutcome> Of(string month) => new RunChecks(books.Books, books.Policies).Run(BillingMonth.Parse(month));
        Assert.Multiple(() =>
        {
            Assert.That(Failures(books, "EveryMonthHasItsBill"), Is.EqualTo(new[] { "bill 2026-02 to 2026-05: no delivery" }));
            Assert.That(Of("2026-01").Where(o => o.State == CheckState.Fails).Select(o => o.Check), Is.Empty);
            Assert.That(Of("2026-03").Where(o => o.State == CheckState.Fails).Select(o => o.Check), Does.Contain("EveryMonthHasItsBill"));
            Assert.That(Of("2027-01").Where(o => o.State == CheckState.Holds).Select(o => o.Check),
                Does.Not.Contain("LinesEqualRollup").And.Not.Contain("EveryMonthHasItsBill"), "nothing was looked at");
        });
    }

    [Test]
    public async Task DailyMonth_IsComplete_WithItsLastDay_OrAWord()
    {
        using var books = await BookFixture.OpenAsync(With("daily"));
        await books.DeliverAsync("bill", "2026-01", Days("2026-01", 1, 31));
        await books.DeliverAsync("bill", "2026-02", Days("2026-02", 1, 27));
        await books.DeliverAsync("bill", "2026-03", Days("2026-03", 2, 31));
        var cut = Failures(books, "EveryMonthIsComplete");
        var said = await books.DeliverAsync(
            new BookDeliveryRequest { SourceKey = "bill", BillingMonth = BillingMonth.Parse("2026-02"), EndsMonth = true },
            BillLine.File(Days("2026-02", 1, 27)));
        Assert.Multiple(() =>
        {
            Assert.That(cut, Is.EqualTo(new[] { "bill 2026-02: rows up to 2026-02-27", "bill 2026-03: rows from 2026-03-02" }));
            Assert.That(said.IsUnchanged, "the word is recorded all the same");
            Assert.That(Failures(books, "EveryMonthIsComplete"), Is.EqualTo(new[] { "bill 2026-03: rows from 2026-03-02" }));
        });
    }

    [Test]
    public async Task AppendedMonth_IsComplete_WithARowAfterItsEnd()
    {
        using var books = await BookFixture.OpenAsync(With("append"));
        foreach (var month in Months)
        {
            await books.DeliverAsync(BookFixture.Part("bill", month, "part"), BillLine.File([ALine().On(month + "-05")]));
        }

        var open = Failures(books, "EveryMonthIsComplete");
        await books.DeliverAsync(BookFixture.Part("bill", "2026-04", "part"), BillLine.File([ALine().On("2026-04-01")]));
        Assert.Multiple(() =>
        {
            Assert.That(open, Is.EqualTo(new[] { "bill 2026-03: rows up to 2026-03-05" }));
            Assert.That(Failures(books, "EveryMonthIsComplete"), Is.Empty);
        });
    }

    [Test]
    public async Task IrregularSource_IsExpectedNever_AndAnEmptyDeliveryIsNoBill()
    {
        using var books = await BookFixture.OpenAsync(With("irregular"));
        await books.DeliverAsync("bill", "2026-01", ALine().On("2026-01-05"));
        var irregular = books.FailingChecks();
        await books.AttributeAsync(With("monthly").Read());
        await books.DeliverAsync("bill", "2026-02", Array.Empty<BillLine>());
        await books.DeliverAsync("bill", "2026-03", ALine().On("2026-03-05"));
        Assert.Multiple(() =>
        {
            Assert.That(irregular, Is.Empty);
            Assert.That(Failures(books, "EveryMonthHasItsBill"), Is.EqualTo(new[] { "bill 2026-02: a delivery without a row" }));
        });
    }

    [Test]
    public async Task LedgerSourceThatNeverDelivered_IsMissing_AndNotFresh()
    {
        using var books = await BookFixture.OpenAsync(PolicyText.Boring with
        {
            MainCoverage = "      - {ledger: other, basis: billed, evidence: [{source: bill, basis: billed}]}",
        });
        await books.DeliverAsync("bill", "2026-03", ALine().From("acct-2"));
        var sources = new AssessSources(books.Books, books.Policies).RunInShort();
        Assert.Multiple(() =>
        {
            Assert.That(Failures(books, "EveryMonthHasItsBill"), Is.EqualTo(new[] { "other 2026-03: no delivery" }));
            Assert.That(sources.Select(s => (s.SourceKey, s.State)),
                Is.EqualTo(new[] { ("bill", FreshnessState.Fresh), ("other", FreshnessState.Old) }));
        });
    }

    [Test]
    public async Task NewestData_OfADailySource_GrowsOld()
    {
        using var books = await BookFixture.OpenAsync(With("daily"));
        await books.DeliverAsync("bill", "2026-04", Days("2026-04", 1, 30));
        SourceFreshness Bill() => new AssessSources(books.Books, books.Policies).RunInShort().Single();
        var fresh = Bill();
        books.Time.Advance(TimeSpan.FromDays(10));
        var old = Bill();
        Assert.Multiple(() =>
        {
            Assert.That((fresh.State, fresh.Message), Is.EqualTo((FreshnessState.Fresh, "Its newest data is of 2026-04-30.")));
            Assert.That(old.State, Is.EqualTo(FreshnessState.Old));
            Assert.That(old.Message, Does.StartWith("Its newest data is of 2026-04-30. That is 11 days ago; data of every day"));
            Assert.That((old.IsOverdueFor(null), old.IsOverdueFor(BillingMonth.Parse("2026-04")), old.IsOverdueFor(BillingMonth.Parse("2026-05"))),
                Is.EqualTo((true, false, true)), "April is all there");
        });
    }

    private static PolicyText With(string cadence) => PolicyText.Boring with
    {
        MainCoverage = $"      - {{ledger: bill, basis: billed, cadence: {cadence}}}",
        SecondCoverage = $"      - {{ledger: bill, basis: billed, cadence: {cadence}}}",
    };

    private static IEnumerable<BillLine> Days(string month, int from, int to) =>
        Enumerable.Range(from, to - from + 1).Select(day => ALine().On($"{month}-{day:00}"));

    private static string[] Failures(BookFixture books, string check) =>
        [.. books.Check().Single(c => c.Check == check).Failures.Select(f => $"{f.Where}: {f.Actual}")];
}

using CiCost.Accounting.Checks;
using CiCost.Domain.Checks;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Checks;

/// <summary>A check does not stay red over a provider's habit, is not green over nothing, and says figures in the words of people.</summary>
public sealed class TruthfulCheckTests
{
    /// <summary>
    /// Oracle's cost reports (Cost and Usage Reports Overview): a file has six hours, late rows come in later files, and files reach over the
    /// month's end.
    /// </summary>
    [Test]
    public async Task PartsOverTheMonthsEnd_AndLateRows_AreANotice_WithWhatTheAxesDo()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync(BookFixture.Part("bill", "2026-04", "a.csv"), BillLine.File(
            [ALine().On("2026-03-31").Costing("1500"), ALine().On("2026-04-02"), ALine().On("2026-04-03")]));
        await books.DeliverAsync(BookFixture.Part("bill", "2026-04", "b.csv"), BillLine.File(
            [ALine().On("2026-03-02").Costing("3"), ALine().On("2026-04-01"), ALine().On("2026-04-04")]));

        var period = books.Check().Single(c => c.Check == "PeriodMatchesScope");
        Assert.Multiple(() =>
        {
            Assert.That(books.FailingChecks(), Is.Empty, "the 1st and the 4th are in the other part");
            Assert.That(period.Notices, Is.EqualTo(new[]
            {
                "bill 2026-04, 2 deliveries with rows of 2026-03: 2 rows with 1,503.00 USD billed are of another billing period, 2026-03. By charge "
                    + "month they count on their own days; by billing month they count in 2026-04, that of the delivery.",
            }));
            Assert.That(books.Total(Costs.CostMetric.Payable, "2026-03"), Is.EqualTo(1503m), "as it says: by charge month");
            Assert.That(books.Total(Costs.CostMetric.Payable, "2026-04", Costs.TimeAxis.Billing), Is.EqualTo(1507m), "and by billing month");
        });
    }

    [Test]
    public async Task Part_WithRowsOfALaterMonth_StillFails()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync(BookFixture.Part("bill", "2026-04", "a.csv"), BillLine.File([ALine().On("2026-04-01"), ALine().On("2026-06-01")]));
        Assert.That(books.FailingChecks(), Is.EqualTo(new[] { "PeriodMatchesScope" }));
    }

    [Test]
    public async Task GapInDays_OfAllParts_StillFails()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync(BookFixture.Part("bill", "2026-04", "a.csv"), BillLine.File([ALine().On("2026-04-01"), ALine().On("2026-04-02")]));
        await books.DeliverAsync(BookFixture.Part("bill", "2026-04", "b.csv"), BillLine.File([ALine().On("2026-04-04")]));
        var failure = books.Check().Single(c => c.Check == "NoGapInDays").Failures.Single();
        Assert.That((failure.Where, failure.Actual), Is.EqualTo(("bill 2026-04 (2 parts)", "3 days; missing 2026-04-03")));
    }

    [Test]
    public async Task TieOut_OfNothing_IsNothingToCompare_AndNoFailure()
    {
        using var books = await SoundBooks.OpenAsync();
        var tie = books.Check().Single(c => c.Check == "BooksTieOut");
        Assert.Multiple(() =>
        {
            Assert.That(tie.State, Is.EqualTo(CheckState.NothingToCompare));
            Assert.That(tie.Notices, Is.EqualTo(new[]
            {
                "Of 3 account months, 0 are compared with a provider's figures, and 3 are not provable: acct-1 2026-03, acct-2 2026-03, acct-1 2026-04.",
            }));
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task TieOut_OfOneAccount_Holds_AndCountsTheOthers()
    {
        using var books = await SoundBooks.OpenAsync();
        books.Execute("""
            INSERT INTO evidence (evidence_id, source_key, billing_month, part, version, recorded_at_ms) VALUES (1, 'ce', 675, '*', '1', 0);
            INSERT INTO control_figure (evidence_id, ordinal, payer_account, billing_month, currency, measure, breakdown, item, amount_nanos,
              is_estimated)
            SELECT 1, 0, 'acct-1', 675, 'USD', 'ChargesWithoutTax', 'Total', '', 7000000000, 0
            """);
        var tie = books.Check().Single(c => c.Check == "BooksTieOut");
        Assert.That((tie.State, tie.Notices[0]), Is.EqualTo((CheckState.Holds,
            "Of 3 account months, 1 are compared with a provider's figures, and 2 are not provable: acct-1 2026-03, acct-2 2026-03.")));
    }

    [Test]
    public async Task UnclassifiedCredit_IsSaidWithItsAmount_AndHoursAreHours()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("1000"), ACredit("surprise").Costing("-500.004"));
        books.Execute("""
            INSERT INTO job_run (system, host, job_id, attempt, run_id, repository, name, status, started_s, completed_s, run_seconds, labels, conclusion,
              event_s, event_hash, delivery_id, row_number)
            VALUES ('github', 'github.com', 1, 1, 1, 'a/b', 'job', 3, 20513 * 86400, 20513 * 86400 + 5580, 5580, 'who', 'success', 0, zeroblob(16), 1, 1)
            """);
        var failures = books.Check().SelectMany(c => c.Failures).ToDictionary(f => f.Check);
        Assert.Multiple(() =>
        {
            Assert.That(failures["NoUnclassifiedCredit"].Message, Does.StartWith("Credit rows of -500.00 USD, described as 'surprise', are neither"));
            Assert.That(failures["JobHoursHaveAValue"].Actual, Is.EqualTo("1.6 hours of 1 run without one"));
        });
    }

    [Test]
    public async Task AnOlderBookVersion_IsCheckedByItsRollup_WhereItsLinesAreGone()
    {
        using var books = await SoundBooks.OpenAsync();
        var second = new Ledger.BookVersions.BookVersionDirectory(books.Books).ById(3);
        var outcomes = new RunChecks(books.Books, books.Policies).Run(null, second);
        Assert.Multiple(() =>
        {
            Assert.That(outcomes.Where(o => o.State == CheckState.Fails).SelectMany(o => o.Failures), Is.Empty);
            Assert.That(outcomes.Single(o => o.Check == "BooksTieOut").Notices.Single(), Does.StartWith("Of 2 account months"), "April was not there");
        });
    }
}

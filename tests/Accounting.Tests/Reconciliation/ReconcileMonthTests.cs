using CiCost.Accounting.Reconciliation;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Ledger.Evidence;
using CiCost.Ledger.Sources;
using CiCost.Policy;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Reconciliation;

/// <summary>A bill against what the provider's usage interface and invoice say of it (accounting.md, 2).</summary>
public sealed class ReconcileMonthTests
{
    private static readonly BillingMonth March = new(2026, 3);

    [Test]
    public async Task Bill_AgainstCostExplorer_TiesByMeasure_AndSplitsTheDifferenceByCause()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100"), ALine().Costing("50.5"), ACredit("gift").Costing("-40"));

        // 10 of usage are missing in the books; the credit is there.
        await StateAsync(books, "ce", "1",
            Figure(ControlMeasure.ChargesWithoutTax, "Usage", "160.5"), Figure(ControlMeasure.Credits, "Credit", "-40"));
        var answer = Run(books);
        Assert.Multiple(() =>
        {
            Assert.That(answer.TieOuts.Select(Text), Is.EqualTo(new[]
            {
                "ChargesWithoutTax 150.5 160.5 -10 Differs", "Tax 0 0 0 Ties", "Credits -40 -40 0 Ties", "Payable 110.5 120.5 -10 Differs",
            }));
            Assert.That(answer.TieOuts[0].DifferenceBasisPoints, Is.EqualTo(-623), "10 of 160.5 is 6.23 %");
            Assert.That(answer.Causes.Select(c => $"{c.Cause} {Usd(c.LedgerNanos)} {Usd(c.ControlNanos)} {Usd(c.DifferenceNanos)}"),
                Is.EqualTo(new[] { "Usage 150.5 160.5 -10", "Credits -40 -40 0" }));
            Assert.That(books.FailingChecks(), Is.EqualTo(new[] { "BooksTieOut" }));
        });
    }

    [Test]
    public async Task Figures_ThatAreRestated_CountFromThenOn_AndAreKeptAsTheyWereKnown()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100"));
        await StateAsync(books, "ce", "1", Figure(ControlMeasure.ChargesWithoutTax, "Usage", "90"));
        var then = books.Time.GetUtcNow();
        await StateAsync(books, "ce", "2", Figure(ControlMeasure.ChargesWithoutTax, "Usage", "100"));
        Assert.Multiple(() =>
        {
            Assert.That(Text(Run(books).TieOuts[0]), Is.EqualTo("ChargesWithoutTax 100 100 0 Ties"));
            Assert.That(Text(new ReconcileMonth(books.Books, books.Costs).Run(March, then).TieOuts[0]),
                Is.EqualTo("ChargesWithoutTax 100 90 10 Differs"));
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task Figures_OfTheSameVersionAgain_AreOneRecord()
    {
        using var books = await BookFixture.OpenAsync();
        var first = await StateAsync(books, "ce", "1", Figure(ControlMeasure.ChargesWithoutTax, "Usage", "90"));
        var again = await StateAsync(books, "ce", "1", Figure(ControlMeasure.ChargesWithoutTax, "Usage", "90"));
        Assert.Multiple(() =>
        {
            Assert.That(again, Is.EqualTo(first));
            Assert.That(books.Scalar("SELECT COUNT(*) FROM control_figure"), Is.EqualTo("1"));
        });
    }

    [Test]
    public async Task Bill_ThatNobodyStates_IsNotProvable_AndTheCheckDoesNotFail()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100"));
        Assert.Multiple(() =>
        {
            Assert.That(Run(books).TieOuts.Select(t => t.State).Distinct(), Is.EqualTo(new[] { TieState.NotProvable }));
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task Rounding_OfLines_IsACauseOfItsOwn_InsideTheTolerance()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("0.0000000004"), ALine().Costing("0.0000000004"), ALine().Costing("1"));
        await StateAsync(books, "ce", "1", Figure(ControlMeasure.ChargesWithoutTax, "Usage", "1.0000000008"));
        var answer = Run(books);
        Assert.Multiple(() =>
        {
            Assert.That(Text(answer.TieOuts[0]), Is.EqualTo("ChargesWithoutTax 1.000000001 1.000000001 0 Ties"));
            Assert.That(answer.Causes.Select(c => $"{c.Cause} {Usd(c.LedgerNanos)}"), Is.EqualTo(new[] { "Usage 1", "Rounding 0.000000001" }));
        });
    }

    [Test]
    public async Task Bill_ThatGrewAfterTheSourceWasAsked_DiffersByLate_UntilTheSourceConfirmsItsFigure()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"));
        await StateAsync(books, "ce", "1", Figure(ControlMeasure.ChargesWithoutTax, "Usage", "92"));
        books.Time.Advance(TimeSpan.FromDays(1));
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"), ALine().Costing("7"));
        var late = Run(books);
        books.Time.Advance(TimeSpan.FromDays(1));
        await AskAgainAsync(books, "ce");
        var confirmed = Run(books);
        Assert.Multiple(() =>
        {
            Assert.That(late.Causes.Select(Text), Is.EqualTo(new[] { "Usage 90 92 -2", "Late 7 0 7" }), "97 - 92 = -2 + 7");
            Assert.That(confirmed.Causes.Select(Text), Is.EqualTo(new[] { "Usage 97 92 5" }), "asked again, it says the same: not late");
        });
    }

    [Test]
    public async Task Bill_ThatCameWhileTheSourceWasAsked_MayBeLate()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"));
        await StateAsync(books, "ce", "1", Figure(ControlMeasure.ChargesWithoutTax, "Usage", "90"));
        books.Time.Advance(TimeSpan.FromDays(1));
        var runs = new SourceRunDirectory(books.Books);
        var run = await runs.BeginAsync("ce", PullCause.Schedule, new MonthRange(March, March), CancellationToken.None);
        books.Time.Advance(TimeSpan.FromSeconds(1));
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"), ALine().Costing("7"));
        books.Time.Advance(TimeSpan.FromSeconds(1));
        await runs.EndAsync(run, RunOutcome.Succeeded, default, null, null, CancellationToken.None);
        Assert.That(Run(books).Causes.Select(Text), Is.EqualTo(new[] { "Usage 90 90 0", "Late 7 0 7" }));
    }

    [Test]
    public async Task NetInvoice_OfBeforeALateCharge_SaysLate_AndTellsNothingElseApart()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"));
        await StateAsync(books, "invoices", "1", Invoice("90"));
        var before = Run(books);
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"), ALine().Costing("7"));
        Assert.Multiple(() =>
        {
            Assert.That(before.Causes, Is.Empty);
            Assert.That(Run(books).Causes.Select(Text), Is.EqualTo(new[] { "Late 7 0 7", "Other 90 90 0" }));
        });
    }

    [Test]
    public async Task InvoiceWithCreditsApart_OfBeforeALateCharge_HasCausesThatAddUp()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100"), ACredit("gift").Costing("-10"));
        await StateAsync(books, "invoices", "1", Invoice("100") with { Measure = ControlMeasure.ChargesWithoutTax },
            Invoice("-10") with { Measure = ControlMeasure.Credits });
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100"), ALine().Costing("7"), ACredit("gift").Costing("-10"));
        var answer = Run(books);
        Assert.Multiple(() =>
        {
            Assert.That(Text(answer.TieOuts.Single(t => t.Measure == ControlMeasure.Payable)), Is.EqualTo("Payable 97 90 7 Differs"));
            Assert.That(answer.Causes.Select(Text), Is.EqualTo(new[] { "Late 7 0 7", "Other 90 90 0" }));
        });
    }

    [Test]
    public async Task Estimate_ByRunnerLabel_SplitsOffWhatNeitherSideCanPlace()
    {
        using var books = await BookFixture.OpenAsync();
        var files = PolicyText.Boring.Read().Files.Where(f => f.Name != "dimensions.yaml")
            .Append(new PolicyFile("dimensions.yaml", "customColumns: [x_RunnerLabel]\ntagKeys: []\nrequiredAttributes: [payer-account]\n"))
            .Append(new PolicyFile("attribution/x86.yaml", """
                rules:
                  - {id: label-x86, when: {x_RunnerLabel: linux.large}, then: {architecture: x86}}
                  - {id: machine-x86, when: {ChargeDescription: x86 hours}, then: {architecture: x86}}
                """));
        await books.AttributeAsync(PolicyLoader.Parse([.. files]));
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("80").Listed("100").Saying("x86 hours"),
            ALine().Costing("8").Listed("10"), ALine().For("Buckets").Costing("1").Listed("1"));
        await StateAsync(books, "hud", "1", Estimate("linux.large", "60"), Estimate("linux.strange", "5"));
        var answer = Run(books);
        Assert.That(answer.Causes.Select(Text), Is.EqualTo(new[] { "Usage 100 60 40", "MissingLabel 10 5 5" }));
    }

    private static MonthReconciliation Run(BookFixture books) => new ReconcileMonth(books.Books, books.Costs).Run(March, null);

    private static async Task<long> StateAsync(BookFixture books, string source, string version, params ControlFigure[] figures)
    {
        books.Time.Advance(TimeSpan.FromSeconds(1));
        return await new EvidenceStore(books.Books).RecordAsync(source, March, "*", version, [], figures, CancellationToken.None);
    }

    private static async Task AskAgainAsync(BookFixture books, string source)
    {
        var runs = new SourceRunDirectory(books.Books);
        var run = await runs.BeginAsync(source, PullCause.Schedule, new MonthRange(March, March), CancellationToken.None);
        await runs.EndAsync(run, RunOutcome.Succeeded, default, null, null, CancellationToken.None);
    }

    private static ControlFigure Invoice(string amount) => Figure(ControlMeasure.Payable, "", amount) with
    {
        Breakdown = ControlBreakdown.Invoice,
        Item = "INV-1",
        RecordType = null,
    };

    private static ControlFigure Estimate(string label, string amount) => Figure(ControlMeasure.EstimatedListUsage, "", amount) with
    {
        Breakdown = ControlBreakdown.Runner,
        Item = label,
        RecordType = null,
    };

    private static string Text(CausedDifference c) => $"{c.Cause} {Usd(c.LedgerNanos)} {Usd(c.ControlNanos)} {Usd(c.DifferenceNanos)}";

    private static ControlFigure Figure(ControlMeasure measure, string recordType, string amount)
    {
        Domain.Money.FocusDecimal.TryParse(System.Text.Encoding.UTF8.GetBytes(amount), out var nanos, out _);
        return new ControlFigure
        {
            PayerAccount = "acct-1",
            BillingMonth = March,
            Currency = "USD",
            Measure = measure,
            Breakdown = ControlBreakdown.Service,
            Item = "Machines",
            RecordType = recordType,
            AmountNanos = nanos,
        };
    }

    private static string Text(TieOut t) =>
        $"{t.Measure} {Usd(t.LedgerNanos)} {Usd(t.ControlNanos!.Value)} {Usd(t.DifferenceNanos!.Value)} {t.State}";

    private static string Usd(Int128 nanos) => Domain.Money.DecimalText.OfNanos(nanos);
}

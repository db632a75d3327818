using CiCost.Accounting.Costs;
using CiCost.Accounting.Funding;
using CiCost.Accounting.Tests.Jobs;
using CiCost.Domain.Funding;
using CiCost.Domain.Periods;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Funding;

/// <summary>The funding step over real bookings (accounting.md, 3 to 6 and 10).</summary>
public sealed class FundConsumptionTests
{
    [Test]
    public async Task Usage100_Correction30AndPlus5_IsTheOwners75_AndNobodyGaveAnything()
    {
        using var books = await JobBooks.OpenAsync();
        await books.Books.DeliverAsync("bill", "2026-07", On(ALine()).Costing("100"), On(ACredit("gift")).AsCorrection().Costing("-30"),
            On(ALine()).AsCorrection().Costing("5"));
        var answer = Fund(books);
        Assert.Multiple(() =>
        {
            Assert.That(Text(answer), Is.EqualTo(new[] { "2026-07 acme foundation-cash  75" }));
            Assert.That(answer.Draws, Is.Empty);
        });
    }

    [Test]
    public async Task Draw_IsTheDonors_TheRestTheOwners_AndAllIsConsumption()
    {
        using var books = await JobBooks.OpenAsync();
        await books.Books.DeliverAsync("bill", "2026-07", On(ALine()).Costing("100"), On(ACredit("gift")).Costing("-40"));
        var answer = Fund(books);
        Assert.Multiple(() =>
        {
            Assert.That(Text(answer), Is.EqualTo(new[] { "2026-07 acme credits gift 40", "2026-07 acme foundation-cash  60" }));
            Assert.That(answer.Draws.Single().Nanos, Is.EqualTo((Int128)40_000_000_000));
            Assert.That(answer.Cells.Sum(c => (decimal)c.Nanos) / 1_000_000_000,
                Is.EqualTo(books.Books.Total(CostMetric.Consumption, "2026-07")));
        });
    }

    [Test]
    public async Task Draw_AboveTheMonth_IsUnapplied()
    {
        using var books = await JobBooks.OpenAsync();
        await books.Books.DeliverAsync("bill", "2026-07", On(ALine()).Costing("100"), On(ACredit("gift")).Costing("-140"));
        var answer = Fund(books);
        Assert.Multiple(() =>
        {
            Assert.That(Text(answer), Is.EqualTo(new[] { "2026-07 acme credits gift 100" }));
            Assert.That(answer.UnappliedCredits.Single().Nanos, Is.EqualTo((Int128)40_000_000_000));
        });
    }

    /// <summary>Rule 10: 1,200 paid in June with 300 of credits; July uses 100 of it, a quarter of it credits.</summary>
    [Test]
    public async Task Prepaid_InheritsTheMixOfItsPurchase_InALaterMonth()
    {
        using var books = await JobBooks.OpenAsync();
        await books.Books.DeliverAsync(Request("2026-06"), WithPlan(
            (On(ALine(), "2026-06-01").Billed("1200").Effective("0") with { Category = "Purchase" }, "plan"),
            (On(ACredit("gift"), "2026-06-01").Costing("-300"), "")));
        await books.Books.DeliverAsync(Request("2026-07"), WithPlan((On(ALine()).Billed("0").Effective("100"), "plan")));
        var july = Fund(books);
        var june = Fund(books, "2026-06");
        Assert.Multiple(() =>
        {
            Assert.That(Text(july), Is.EqualTo(new[] { "2026-07 acme credits gift 25", "2026-07 acme foundation-cash  75" }));
            Assert.That(june.Cells, Is.Empty, "what is paid ahead is consumed when it is used");
            Assert.That(june.PaidAhead.Select(p => (p.Subject, p.Funder.Kind, (long)(p.Nanos / 1_000_000_000))), Is.EqualTo(new[]
            {
                ("plan", FundingKind.Credits, 300L), ("plan", FundingKind.FoundationCash, 900L),
            }));
            Assert.That(july.NegativePrepaid, Is.Empty);
        });
    }

    [Test]
    public async Task Prepaid_WithoutItsPurchase_IsNamed()
    {
        using var books = await JobBooks.OpenAsync();
        await books.Books.DeliverAsync(Request("2026-07"), WithPlan((On(ALine()).Billed("0").Effective("100"), "old-plan")));
        Assert.That(Fund(books).NegativePrepaid, Is.EqualTo(new[] { ("USD", "old-plan", (Int128)(-100_000_000_000)) }));
    }

    /// <summary>Use that a plan covers and use that none covers mean the same and have one funder: one cell, not two of one key.</summary>
    [Test]
    public async Task CoveredAndUncoveredUse_OfOneFunder_AreOneCell()
    {
        using var books = await JobBooks.OpenAsync();
        await books.Books.DeliverAsync(Request("2026-07"),
            WithPlan((On(ALine()).Billed("0").Effective("60"), "old-plan"), (On(ALine()).Costing("40"), "")));
        var answer = Fund(books);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Cells.Select(c => c.Key), Is.Unique);
            Assert.That(Text(answer), Is.EqualTo(new[] { "2026-07 acme foundation-cash  100" }));
        });
    }

    [Test]
    public async Task Line_OfAnUnknownPayer_IsUnfunded_AndRoundingBelongsToTheAccountOfItsSource()
    {
        using var books = await JobBooks.OpenAsync();
        await books.Books.DeliverAsync("bill", "2026-07", On(ALine()).Costing("0.0000000014"), On(ALine()).Costing("0.0000000014"),
            On(ALine()).Costing("0.0000000014"), On(ALine()).From("stranger").Costing("7"));
        var answer = Fund(books);
        Assert.That(answer.Cells.GroupBy(c => c.Funder.Organisation).Select(g => (g.Key, (long)g.Sum(c => (decimal)c.Nanos))).Order(),
            Is.EqualTo(new[] { (FundingKinds.Unfunded, 7_000_000_000L), ("acme", 4L) }));
    }

    private static FundingAnswer Fund(JobBooks books, string month = "2026-07") => new FundConsumption(books.Books.Costs)
        .Run(BillingMonth.Parse(month), BillingMonth.Parse(month), null);

    private static IEnumerable<string> Text(FundingAnswer answer) => answer.Cells.Select(c =>
        $"{BillingMonth.FromIndex(c.ChargeMonthIndex)} {c.Funder.Organisation} {c.Funder.Kind.ToText()} {c.Funder.GrantId} "
        + $"{c.Nanos / 1_000_000_000}").Order(StringComparer.Ordinal);

    private static BillLine On(BillLine line, string day = "2026-07-01") => line.On(day);

    private static Accounting.Booking.BookDeliveryRequest Request(string month) =>
        new() { SourceKey = "bill", Kind = "focus-csv", BillingMonth = BillingMonth.Parse(month) };

    private static string WithPlan(params (BillLine Line, string Plan)[] lines) => string.Join('\n',
        lines.Select(l => $"{l.Line.ToCsv()},{l.Plan}").Prepend(BillLine.Header + ",CommitmentDiscountId")) + "\n";
}

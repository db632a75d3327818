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
        await books.Books.DeliverAsync("bill", "2026-07", On(ALine()).Costing("100"), On(ACredit("of a closed month")).AsCorrection().Costing("-30"),
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
            Assert.That(june.Purchases.Select(p => (p.Subject, p.Funder.Kind, (long)(p.Nanos / 1_000_000_000))), Is.EqualTo(new[]
            {
                ("plan", FundingKind.Credits, 300L), ("plan", FundingKind.FoundationCash, 900L),
            }));
            Assert.That(july.NegativePrepaid, Is.Empty);
            Assert.That(june.PaidAhead.Select(Text), Is.EqualTo(new[] { "plan credits 300", "plan foundation-cash 900" }));
            Assert.That(july.PaidAhead.Select(Text), Is.EqualTo(new[] { "plan credits -25", "plan foundation-cash -75" }));
            Assert.That(july.Prepaid.Select(Text), Is.EqualTo(new[] { "plan: 1200 + 0 - 100 - 0 - 0 = 1100" }));
        });
    }

    /// <summary>Rule 10, amended: a plan of 1,000 a month without upfront fee; credits pay June and July, the Foundation August.</summary>
    [Test]
    public async Task RecurringPlan_IsPaidByWhoPaysItsMonth_AndNothingIsPaidAhead()
    {
        using var books = await JobBooks.OpenAsync();
        foreach (var month in new[] { "2026-06", "2026-07", "2026-08" })
        {
            (BillLine, string)[] lines =
            [
                (On(ALine(), month + "-01").Billed("1000").Effective("0") with { Category = "Purchase" }, "plan"),
                (On(ALine(), month + "-02").Billed("0").Effective("1000"), "plan"),
                .. month == "2026-08" ? Array.Empty<(BillLine, string)>() : [(On(ACredit("gift"), month + "-01").Costing("-1000"), "")],
            ];
            await books.Books.DeliverAsync(Request(month), WithPlan(lines));
        }

        var august = Fund(books, "2026-08");
        Assert.Multiple(() =>
        {
            Assert.That(Text(Fund(books)), Is.EqualTo(new[] { "2026-07 acme credits gift 1000" }));
            Assert.That(Text(august), Is.EqualTo(new[] { "2026-08 acme foundation-cash  1000" }));
            Assert.That(august.PaidAhead, Is.Empty, "what is paid and used in the month is not ahead");
            Assert.That(august.Prepaid.Select(Text), Is.EqualTo(new[] { "plan: 0 + 1000 - 1000 - 0 - 0 = 0" }));
            Assert.That(august.Grants.Select(g => (g.DrawnNanos / 1_000_000_000, g.GivenNanos / 1_000_000_000)),
                Is.EqualTo(new[] { ((Int128)2000, (Int128)2000) }));
            Assert.That(books.Books.FailingChecks(), Does.Not.Contain("GrantsAddUp").And.Not.Contain("PrepaidIsNotNegative"));
        });
    }

    /// <summary>A fee that is given back: the refund names no commitment; consumption is what was used, and nothing is paid ahead.</summary>
    [TestCase("plan")]
    [TestCase("")]
    public async Task UpfrontFee_GivenBack_LeavesNothingPaidAhead(string named)
    {
        using var books = await JobBooks.OpenAsync();
        await books.Books.DeliverAsync(Request("2026-07"), WithPlan(
            (On(ALine()).Billed("43800").Effective("0") with { Category = "Purchase" }, "plan"),
            (On(ALine()).AsCorrection().Billed("-43800").Effective("0") with { Category = "Purchase" }, named),
            (On(ALine()).Costing("100"), "")));
        var answer = Fund(books);
        Assert.Multiple(() =>
        {
            Assert.That(Text(answer), Is.EqualTo(new[] { "2026-07 acme foundation-cash  100" }));
            Assert.That(answer.PaidAhead, Is.Empty);
            Assert.That(answer.Prepaid.All(p => p.ClosingNanos == 0), Is.True);
            Assert.That(answer.NegativePrepaid, Is.Empty);
        });
    }

    [Test]
    public async Task OpeningBalance_OfThePolicy_FundsUse_AndWhatIsLeftAtTheEndIsExpired()
    {
        using var books = await JobBooks.OpenAsync(new FleetPolicy
        {
            Prepaid = """
                openingBalances:
                  - {commitment: old-plan, account: main, currency: USD, amount: "1000", asOf: 2026-07-01,
                     funders: [{grant: gift, amount: "250"}, {organisation: acme, kind: foundation-cash, amount: "750"}],
                     evidence: invoice of 2025, approver: A. Person}
                commitmentEnds:
                  - {commitment: old-plan, to: 2026-08-01, evidence: order form}
                """,
        });
        await books.Books.DeliverAsync(Request("2026-07"), WithPlan((On(ALine()).Billed("0").Effective("100"), "old-plan")));
        var answer = Fund(books);
        Assert.Multiple(() =>
        {
            Assert.That(Text(answer), Is.EqualTo(new[] { "2026-07 acme credits gift 25", "2026-07 acme foundation-cash  75" }));
            Assert.That(answer.Prepaid.Select(Text), Is.EqualTo(new[] { "old-plan: 1000 + 0 - 100 - 0 - 900 = 0" }));
            Assert.That(answer.Expired.Select(Text), Is.EqualTo(new[] { "old-plan credits 225", "old-plan foundation-cash 675" }));
            Assert.That(answer.Grants.Single(), Is.EqualTo(new GrantPosition(BillingMonth.Parse("2026-07").Index, "USD", "gift",
                250_000_000_000, 0, 25_000_000_000, 0, 0, 225_000_000_000)));
            Assert.That(books.Books.FailingChecks(), Is.Empty);
        });
    }

    /// <summary>Draws are the lines, without rounding rows; the rounding of Credit rows is in credits alone. 0.0000000014 twice is 2 nanos of
    /// lines and 3 nanos in the bill.</summary>
    [Test]
    public async Task RoundingOfCreditRows_IsInCredits_AndNotInGiven()
    {
        using var books = await JobBooks.OpenAsync();
        await books.Books.DeliverAsync("bill", "2026-07", On(ALine()).Costing("1"), On(ACredit("gift")).Costing("-0.0000000014"),
            On(ACredit("gift")).Costing("-0.0000000014"));
        var answer = Fund(books);
        Int128 Given(FundingKind kind) => answer.Cells.Where(c => c.Funder.Kind == kind).Aggregate((Int128)0, (sum, c) => sum + c.Nanos);
        Assert.Multiple(() =>
        {
            Assert.That(books.Books.Total(CostMetric.Credits, "2026-07"), Is.EqualTo(-0.000000003m));
            Assert.That(answer.Draws.Single().Nanos, Is.EqualTo((Int128)2));
            Assert.That(Given(FundingKind.Credits), Is.EqualTo((Int128)2));
            Assert.That(Given(FundingKind.FoundationCash), Is.EqualTo((Int128)999_999_998));
            Assert.That(books.Books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task UnclassifiedCredit_IsNamedWithItsAmount()
    {
        using var books = await JobBooks.OpenAsync();
        await books.Books.DeliverAsync("bill", "2026-07", On(ALine()).Costing("600"), On(ACredit("surprise")).Costing("-500"));
        Assert.That(Fund(books).UnclassifiedCredits.Select(u => (u.Source, u.PayerAccount, u.Currency, u.Description, (long)u.Nanos)),
            Is.EqualTo(new[] { ("bill", "main", "USD", "surprise", -500_000_000_000L) }));
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

    /// <summary>
    /// Half of a plan was paid with credits. A third of it is given back in a month whose use the same grant pays: the reversal says that the
    /// whole refund was credits, although the month draws more than it reverses.
    /// </summary>
    [Test]
    public async Task Refund_IsDividedByTheReversals_AlsoWhileItsGrantPaysOtherUse()
    {
        using var books = await JobBooks.OpenAsync();
        await books.Books.DeliverAsync(Request("2026-06"), WithPlan(
            (On(ALine(), "2026-06-01").Billed("1200").Effective("0") with { Category = "Purchase" }, "plan"),
            (On(ACredit("gift"), "2026-06-01").Costing("-600"), "")));
        await books.Books.DeliverAsync(Request("2026-07"), WithPlan(
            (On(ALine()).Costing("1000"), ""),
            (On(ACredit("gift")).Costing("-1000"), ""),
            (On(ALine(), "2026-07-02").Billed("-400").Effective("0") with { Category = "Purchase", Class = "Correction" }, "plan"),
            (On(ACredit("gift"), "2026-07-02").Costing("400") with { Class = "Correction" }, "")));
        var july = Fund(books);
        Assert.Multiple(() =>
        {
            Assert.That(july.PaidAhead.Select(Text), Is.EquivalentTo(new[] { "plan credits -400" }));
            Assert.That(july.Prepaid.Select(Text), Is.EqualTo(new[] { "plan: 1200 + 0 - 0 - 400 - 0 = 800" }));
            Assert.That(Text(july), Is.EqualTo(new[] { "2026-07 acme credits gift 1000" }));
            Assert.That(july.UnappliedCredits, Is.Empty);
        });
    }

    private static FundingAnswer Fund(JobBooks books, string month = "2026-07") => new FundConsumption(books.Books.Costs)
        .Run(BillingMonth.Parse(month), BillingMonth.Parse(month), null);

    private static IEnumerable<string> Text(FundingAnswer answer) => answer.Cells.Select(c =>
        $"{BillingMonth.FromIndex(c.ChargeMonthIndex)} {c.Funder.Organisation} {c.Funder.Kind.ToText()} {c.Funder.GrantId} "
        + $"{c.Nanos / 1_000_000_000}").Order(StringComparer.Ordinal);

    private static string Text(FundingEntry entry) => $"{entry.Subject} {entry.Funder.Kind.ToText()} {entry.Nanos / 1_000_000_000}";

    private static string Text(PrepaidRollForward p) => $"{p.Commitment}: {p.OpeningNanos / 1_000_000_000} + {p.PurchasedNanos / 1_000_000_000} - "
        + $"{p.AppliedNanos / 1_000_000_000} - {p.RefundedNanos / 1_000_000_000} - {p.ExpiredNanos / 1_000_000_000} = {p.ClosingNanos / 1_000_000_000}";

    private static BillLine On(BillLine line, string day = "2026-07-01") => line.On(day);

    private static Accounting.Booking.BookDeliveryRequest Request(string month) =>
        new() { SourceKey = "bill", Kind = "focus-csv", BillingMonth = BillingMonth.Parse(month) };

    private static string WithPlan(params (BillLine Line, string Plan)[] lines) => string.Join('\n',
        lines.Select(l => $"{l.Line.ToCsv()},{l.Plan}").Prepend(BillLine.Header + ",CommitmentDiscountId")) + "\n";
}

using CiCost.Accounting.Costs;
using CiCost.Accounting.Presentation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Rules;

/// <summary>
/// The bridge (accounting.md, 1): payable = consumption + credits + free-terms + borne-outside + accrued + timing, what makes consumption,
/// and to which part of the books a line belongs.
/// </summary>
public sealed class BridgeRulesTests
{
    private static readonly BillLine Fee = ALine() with { Category = "Purchase" };

    [Test]
    public async Task Bridge_FromListUsageToPayable_FootsOnEveryStep()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03",
            ALine().Listed("100").Effective("80").Billed("0"), // covered by a commitment
            ALine().Costing("50") with { Category = "Tax" },
            Fee.Billed("90").Effective("0").Listed("0"),
            ACredit("gift").Costing("-30"));

        Assert.That(Steps(Bridge(books)), Is.EqualTo("list 100, discounts -20, other 50 = 130; credits -30, timing 10 = 110"));
    }

    [Test]
    public async Task Corrections_AreAColumnOfTheirOwn_AndNoListUsage()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03",
            ALine().Costing("100"), ALine().Costing("-7").AsCorrection(), Fee.Costing("-3").AsCorrection());

        Assert.That(Steps(Bridge(books)), Is.EqualTo("list 100, corrections -10 = 90; = 90"));
    }

    [TestCase("Adjustment")]
    [TestCase("Credit")]
    public async Task Discount_OfItsOwnRow_IsADiscount_AsInAFileThatLowersTheEffectiveCost(string category)
    {
        var policy = PolicyText.Boring with
        {
            FundingRules = """
                  - id: negotiated
                    when: {ChargeDescription: discount}
                    then: {role: charge, as: discount}
                """,
        };
        using var native = await BookFixture.OpenAsync(policy);
        using var focus = await BookFixture.OpenAsync(policy);
        await native.DeliverAsync("bill", "2026-03", ALine().Costing("100"), ACredit("discount").Costing("-18.75") with { Category = category });
        await focus.DeliverAsync("bill", "2026-03", ALine().Listed("100").Effective("81.25").Billed("81.25"));

        Assert.That((Bridge(native).DiscountNanos, Bridge(native).ConsumptionNanos), Is.EqualTo((Bridge(focus).DiscountNanos,
            Bridge(focus).ConsumptionNanos)).And.EqualTo(((Int128)(-18_750_000_000), (Int128)81_250_000_000)));
    }

    [Test]
    public async Task ListCostOfZero_BesideACost_IsUnknown_CountedAndNoDiscount()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03",
            ALine().Costing("10"), ALine().For("Other").Costing("4").Listed("0"), ALine().For("Other").Costing("2").Listed("0"),
            ALine().For("Free").Costing("0"));

        Assert.Multiple(() =>
        {
            Assert.That(Steps(Bridge(books)), Is.EqualTo("list 10, unpriced 6 = 16; = 16"));
            Assert.That(Bridge(books).UnpricedLines, Is.EqualTo(2));
        });
    }

    [Test]
    public async Task FreeTerms_AreNoCredits()
    {
        using var books = await OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100"), ACredit("gift").Costing("-30"), ACredit("minutes").Costing("-20"));

        Assert.Multiple(() =>
        {
            Assert.That(Steps(Bridge(books)), Is.EqualTo("list 100 = 100; credits -30, free -20 = 50"));
            Assert.That(books.Total(CostMetric.Credits, "2026-03"), Is.EqualTo(-30m));
            Assert.That(books.Total(CostMetric.FreeTerms, "2026-03"), Is.EqualTo(-20m));
        });
    }

    /// <summary>In-kind is nobody's debt, whatever a file asks for it; so is an estimate of a member's fleet.</summary>
    [TestCase("acct-kind", "0", "donations")]
    [TestCase("acct-kind", "7", "donations")]
    [TestCase("acct-member", "0", "member-estimate")]
    [TestCase("acct-member", "7", "member-estimate")]
    public async Task WhatOthersBear_IsBorneOutside_AndNotPayable(string account, string billed, string source)
    {
        using var books = await OpenAsync();
        await books.DeliverAsync(source, "2026-03", ALine().From(account).Costing("7").Billed(billed));

        Assert.Multiple(() =>
        {
            Assert.That(Steps(Bridge(books)), Is.EqualTo("list 7 = 7; borne -7 = 0"));
            Assert.That(Bridge(books).Part, Is.EqualTo(BooksPart.Contributions));
            Assert.That(Answer(books).Payables, Is.Empty);
            Assert.That(books.Total(CostMetric.Timing, "2026-03"), Is.Zero, "nothing of it will be billed in another month");
            Assert.That(books.FailingChecks(), Does.Not.Contain("PayableIsItsParts"));
        });
    }

    [Test]
    public async Task EstimateOfAFoundationAccount_IsAccrued_UntilItsBillComes()
    {
        using var books = await OpenAsync();
        await books.DeliverAsync("estimate", "2026-03", ALine().On("2026-03-02").From("acct-late").Costing("7"));
        await books.DeliverAsync("late-bill", "2026-03", ALine().On("2026-03-20").From("acct-late").Costing("9"));

        var answer = Answer(books);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Bridges.Select(Steps), Is.EqualTo(new[] { "list 7 = 7; accrued -7 = 0", "list 9 = 9; = 9" }));
            Assert.That(answer.Bridges.Select(b => b.Part), Is.All.EqualTo(BooksPart.FoundationAccounts));
            Assert.That(books.Total(CostMetric.Accrued, "2026-03"), Is.EqualTo(-7m));
        });
    }

    [Test]
    public async Task MembersOwnBill_IsPayable_AndStandsPerPayer()
    {
        using var books = await OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100"), ACredit("gift").Costing("-30"), ALine().From("nobody").Costing("1"));
        await books.DeliverAsync("member-bill", "2026-03", ALine().From("acct-paid").Costing("5"));

        Assert.That(Answer(books).Payables.Select(p => $"{p.Part} {p.PayerAccount ?? "nobody"} {p.Nanos / 1_000_000_000}"), Is.EqualTo(new[]
        {
            "FoundationAccounts nobody 1", "FoundationAccounts main 70", "Contributions paid 5",
        }));
    }

    [Test]
    public async Task RoundingLines_CountWithTheSortOfWhatTheyRound()
    {
        using var books = await OpenAsync();
        BillLine Small(BillLine line, string cost) => line.Costing(cost);
        await books.DeliverAsync("bill", "2026-03",
            ALine().Costing("1"), Small(ACredit("minutes"), "-0.0000000014"), Small(ACredit("minutes"), "-0.0000000014"),
            Small(ACredit("minutes"), "-0.0000000014"));
        await books.DeliverAsync("donations", "2026-03",
            [.. Enumerable.Range(0, 3).Select(_ => Small(ALine().From("acct-kind"), "0.0000000014"))]);

        // Three lines of 1.4 nano are 4.2: three lines of 1 and a residue of 1.
        Assert.Multiple(() =>
        {
            Assert.That(books.Ask(CostMetric.FreeTerms, "2026-03").Proofs.Single().TotalNanos, Is.EqualTo((Int128)(-4)));
            Assert.That(books.Total(CostMetric.Credits, "2026-03"), Is.Zero);
            Assert.That(books.Ask(CostMetric.BorneOutside, "2026-03").Proofs.Single().TotalNanos, Is.EqualTo((Int128)(-4)));
            Assert.That(Answer(books).Bridges.Select(b => b.PayableNanos), Is.EqualTo(new Int128[] { 999_999_996, 0 }));
        });
    }

    [Test]
    public async Task ListAndContracted_LeaveOutFunding()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100").Listed("120"), ACredit("gift").Costing("-30"));

        Assert.That((books.Total(CostMetric.List, "2026-03"), books.Total(CostMetric.Contracted, "2026-03")), Is.EqualTo((120m, 100m)));
    }

    /// <summary>A member's account can be the Foundation's to answer for, and the other way round: policy decides.</summary>
    [Test]
    public async Task Part_IsWhatThePolicySays()
    {
        using var books = await OpenAsync();
        await books.DeliverAsync("member-bill", "2026-03", ALine().From("acct-paid").Costing("5"), ALine().From("acct-answered").Costing("2"));

        Assert.That(books.Ask(CostMetric.Consumption, "2026-03", TimeAxis.Charge, "part").Rows.Select(r => (r.Keys[0], (long)r.Nanos)),
            Is.EqualTo(new[] { ("contributions", 5_000_000_000), ("foundation-accounts", 2_000_000_000) }));
    }

    [Test]
    public async Task Cents_OfEveryStep_Foot()
    {
        using var books = await OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100.005").Listed("100.004"), Fee.Costing("0.004"), Fee.Costing("0.0049"),
            ACredit("gift").Costing("-30.005"), ACredit("minutes").Costing("-0.005"));

        var cents = BridgeCents.Of(Answer(books)).Values.Single();
        Assert.Multiple(() =>
        {
            Assert.That(BridgeCents.Steps.Take(5).Sum(s => cents[s]), Is.EqualTo(cents["consumption"]).And.EqualTo(10_001));
            Assert.That(BridgeCents.Steps.Skip(5).Take(6).Sum(s => cents[s]), Is.EqualTo(cents["payable"]).And.EqualTo(7_000));
            Assert.That((cents["accrued"], cents["timing"], cents["borneOutside"]), Is.EqualTo((0, 0, 0)), "nothing stays nothing");
        });
    }

    private static Task<BookFixture> OpenAsync() => BookFixture.OpenAsync(PolicyText.Boring with
    {
        Accounts = """
            accounts:
              - {id: main, name: Main, owner: acme, provider: aws, paysWith: foundation-cash, match: [{BillingAccountId: acct-1}]}
              - {id: second, name: Second, owner: acme, provider: aws, match: [{BillingAccountId: acct-2}]}
              - {id: late, name: Late, owner: acme, provider: aws, paysWith: foundation-cash, match: [{BillingAccountId: acct-late}]}
              - {id: kind, name: Kind, owner: acme, provider: aws, paysWith: in-kind, match: [{BillingAccountId: acct-kind}]}
              - {id: member, name: Member, owner: acme, provider: aws, paysWith: member-paid, match: [{BillingAccountId: acct-member}]}
              - {id: paid, name: Paid, owner: acme, provider: aws, paysWith: member-paid, match: [{BillingAccountId: acct-paid}]}
              - {id: answered, name: Answered, owner: acme, provider: aws, paysWith: member-paid, part: foundation-accounts,
                 match: [{BillingAccountId: acct-answered}]}
            """,
        MoreDomains = """
              - id: late
                name: Late
                account: late
                coverage: [{ledger: estimate, basis: estimated, to: 2026-03-16}, {ledger: late-bill, basis: billed, from: 2026-03-16}]
              - {id: kind, name: Kind, account: kind, coverage: [{ledger: donations, basis: billed}]}
              - {id: member, name: Member, account: member, coverage: [{ledger: member-estimate, basis: estimated}]}
              - {id: paid, name: Paid, account: paid, coverage: [{ledger: member-bill, basis: billed}]}
            """,
        MoreAccountRules = """
              - {id: account-late, when: {account: late}, then: {payer-account: late, domain: late}}
              - {id: account-kind, when: {account: kind}, then: {payer-account: kind, domain: kind}}
              - {id: account-member, when: {account: member}, then: {payer-account: member, domain: member}}
              - {id: account-paid, when: {account: paid}, then: {payer-account: paid, domain: paid}}
              - {id: account-answered, when: {account: answered}, then: {payer-account: answered}}
            """,
        MoreGrants = """
              - {id: minutes, name: Minutes, donor: acme, kind: free-tier}
            """,
        FundingRules = """
              - id: credit-minutes
                when: {ChargeCategory: Credit, ChargeDescription: minutes}
                then: {grant: minutes}

            """ + PolicyText.Boring.FundingRules,
    });

    private static BridgeAnswer Answer(BookFixture books) =>
        new BuildBridge(books.Costs).Run(BillingMonth.Parse("2026-03"), BillingMonth.Parse("2026-03"), TimeAxis.Charge, null);

    private static CostBridge Bridge(BookFixture books) => Answer(books).Bridges.Single();

    /// <summary>The steps that are something, in whole units.</summary>
    private static string Steps(CostBridge bridge)
    {
        static string Some(params (string Name, Int128 Nanos)[] steps) =>
            string.Join(", ", steps.Where(s => s.Nanos != 0).Select(s => $"{s.Name} {s.Nanos / 1_000_000_000}"));
        return Some(("list", bridge.ListUsageNanos), ("discounts", bridge.DiscountNanos), ("unpriced", bridge.UnpricedUsageNanos),
                ("corrections", bridge.CorrectionNanos), ("other", bridge.OtherChargeNanos))
            + $" = {bridge.ConsumptionNanos / 1_000_000_000}; "
            + $"{Some(("credits", bridge.CreditNanos), ("free", bridge.FreeTermsNanos), ("borne", bridge.BorneOutsideNanos),
                ("accrued", bridge.AccruedNanos), ("timing", bridge.TimingNanos))} = {bridge.PayableNanos / 1_000_000_000}".TrimStart();
    }
}

using CiCost.Accounting.Costs;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Rules;

/// <summary>What is a credit (accounting.md, 3), on the figures of that page.</summary>
public sealed class CreditRulesTests
{
    [Test]
    public async Task CreditCorrection_IsCharge_AndNobodyGaveAnything()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03",
            ALine().Costing("100"),
            ACredit("of a closed month").AsCorrection().Costing("-30"),
            ALine().AsCorrection().Costing("5"));

        Assert.Multiple(() =>
        {
            Assert.That(books.Total(CostMetric.Consumption, "2026-03"), Is.EqualTo(75m));
            Assert.That(books.Total(CostMetric.Credits, "2026-03"), Is.Zero);
            Assert.That(books.Total(CostMetric.Payable, "2026-03"), Is.EqualTo(75m));
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task GrantCredit_IsFunding_AndLowersThePayable()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100"), ACredit("gift").Costing("-40"));

        Assert.Multiple(() =>
        {
            Assert.That(books.Total(CostMetric.Consumption, "2026-03"), Is.EqualTo(100m));
            Assert.That(books.Total(CostMetric.Credits, "2026-03"), Is.EqualTo(-40m));
            Assert.That(books.Total(CostMetric.Payable, "2026-03"), Is.EqualTo(60m));
            Assert.That(books.Ask(CostMetric.Credits, "2026-03", TimeAxis.Charge, "grant").Rows.Single().Keys,
                Is.EqualTo(new[] { "gift" }));
        });
    }

    [Test]
    public async Task PositiveCredit_ReversesTheDraw_AndRefillsTheGrant()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100"), ACredit("gift").Costing("25"));

        Assert.Multiple(() =>
        {
            Assert.That(books.Total(CostMetric.Credits, "2026-03"), Is.EqualTo(25m));
            Assert.That(books.Total(CostMetric.Consumption, "2026-03"), Is.EqualTo(100m));
            Assert.That(books.Total(CostMetric.Payable, "2026-03"), Is.EqualTo(125m));
        });
    }

    /// <summary>A correction of a grant's credit is funding with its sign: draws 100, corrected by 80, is 20 drawn and consumption 100.</summary>
    [Test]
    public async Task CorrectionOfAGrant_IsFunding_AndAPositiveOneRefillsIt()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03",
            ALine().Costing("100"), ACredit("gift").Costing("-100"), ACredit("gift").AsCorrection().Costing("80"));

        Assert.Multiple(() =>
        {
            Assert.That(books.Total(CostMetric.Consumption, "2026-03"), Is.EqualTo(100m));
            Assert.That(books.Total(CostMetric.Credits, "2026-03"), Is.EqualTo(-20m));
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task DiscountCredit_IsChargeWithItsSign()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100"), ACredit("discount").Costing("-10"));

        Assert.Multiple(() =>
        {
            Assert.That(books.Total(CostMetric.Consumption, "2026-03"), Is.EqualTo(90m));
            Assert.That(books.Total(CostMetric.Credits, "2026-03"), Is.Zero);
        });
    }

    [Test]
    public async Task UnmappedCredit_IsChargeThatIsShown_AndFailsItsCheck()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100"), ACredit("who knows").Costing("-7"));

        Assert.Multiple(() =>
        {
            Assert.That(books.Total(CostMetric.Consumption, "2026-03"), Is.EqualTo(93m));
            Assert.That(books.FailingChecks(), Is.EqualTo(new[] { "NoUnclassifiedCredit" }));
            Assert.That(books.Check().SelectMany(o => o.Failures).Single().Message, Does.StartWith("Credit rows of -7.00 USD, described as "));
        });
    }
}

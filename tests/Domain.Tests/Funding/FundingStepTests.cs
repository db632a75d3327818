using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;

namespace CiCost.Domain.Tests.Funding;

/// <summary>The worked examples of accounting.md, 3, 6, 10 and 17, in whole units.</summary>
public sealed class FundingStepTests
{
    private static readonly Dictionary<string, FundingGrant> Grants = new(StringComparer.Ordinal)
    {
        ["credits"] = new("credits", "aws", GrantKind.Credits, new HashSet<string> { "support" }),
        ["minutes"] = new("minutes", "github", GrantKind.FreeTier, new HashSet<string>()),
    };

    private static readonly PayerMonth Month = new()
    {
        PayerAccount = "main",
        Owner = "acme",
        OwnerKind = FundingKind.FoundationCash,
        Currency = "USD",
        Cells = [],
    };

    [Test]
    public void Usage100_Correction30AndPlus5_NobodyGaveAnything()
    {
        var funded = new FundingStep(Grants).Fund(Month with { Cells = [Cell("usage", 100), Cell("credit", -30), Cell("correction", 5)] });
        Assert.Multiple(() =>
        {
            Assert.That(Text(funded), Is.EqualTo(new[] { "correction acme 5", "credit acme -30", "usage acme 100" }));
            Assert.That(funded.UnappliedCredits, Is.Empty);
        });
    }

    [Test]
    public void Draw_IsSpreadProRata_TheOwnerPaysTheRest() => Assert.That(
        Text(new FundingStep(Grants).Fund(Month with { Cells = [Cell("a", 300), Cell("b", 100)], Draws = [new("credits", 200)] })),
        Is.EqualTo(new[] { "a acme 150", "a aws 150", "b acme 50", "b aws 50" }));

    [Test]
    public void Draw_AboveWhatIsEligible_IsUnapplied_NeverNegativeCash()
    {
        var funded = new FundingStep(Grants).Fund(Month with
        {
            Cells = [Cell("a", 100), Cell("help", 40) with { Component = "support" }],
            Draws = [new("credits", 130)],
        });
        Assert.Multiple(() =>
        {
            Assert.That(Text(funded), Is.EqualTo(new[] { "a aws 100", "help acme 40" }));
            Assert.That(funded.UnappliedCredits, Is.EqualTo(new[] { new GrantDraw("credits", 30) }));
        });
    }

    [Test]
    public void Reversal_RefillsTheGrant_TheOwnerPaysMore() => Assert.That(
        Text(new FundingStep(Grants).Fund(Month with { Cells = [Cell("a", 100)], Draws = [new("credits", -25)] })),
        Is.EqualTo(new[] { "a acme 125", "a aws -25" }));

    [Test]
    public void Refund_BelowZero_WithADraw_GoesToTheOwnerAndTheDrawIsUnapplied()
    {
        var funded = new FundingStep(Grants).Fund(Month with { Cells = [Cell("a", 10), Cell("refund", -60)], Draws = [new("credits", 5)] });
        Assert.Multiple(() =>
        {
            Assert.That(Text(funded), Is.EqualTo(new[] { "a acme 10", "refund acme -60" }));
            Assert.That(funded.UnappliedCredits.Single().Nanos, Is.EqualTo((Int128)5));
        });
    }

    [Test]
    public void FreeTier_IsNotCredits_AndTheGrantsFollowInTheOrderOfTheirIds()
    {
        var funded = new FundingStep(Grants).Fund(
            Month with { Cells = [Cell("a", 100)], Draws = [new("minutes", 80), new("credits", 50)] });
        Assert.Multiple(() =>
        {
            Assert.That(funded.Parts.Select(p => (p.Funder.Organisation, p.Funder.Kind, (long)p.Nanos)),
                Is.EqualTo(new[] { ("aws", FundingKind.Credits, 50L), ("github", FundingKind.FreeTier, 50L) }));
            Assert.That(funded.UnappliedCredits, Is.EqualTo(new[] { new GrantDraw("minutes", 30) }));
        });
    }

    /// <summary>Rule 10: the credits on the purchase fix the mix, later consumption inherits it, and the balance runs down.</summary>
    [Test]
    public void Prepaid_1200With300OfCredits_LaterUseIsAQuarterCredits()
    {
        var step = new FundingStep(Grants);
        var bought = step.Fund(Month with { Purchases = [new("plan", 1200)], Draws = [new("credits", 300)] });
        var used = step.Fund(Month with { Cells = [Cell("a", 100) with { PrepaidBy = "plan" }], Draws = [new("credits", 8)] });

        Assert.Multiple(() =>
        {
            Assert.That(bought.PaidAhead.Select(p => (p.Funder.Organisation, (long)p.Nanos)),
                Is.EqualTo(new[] { ("aws", 300L), ("acme", 900L) }));
            Assert.That(Text(used), Is.EqualTo(new[] { "a acme 75", "a aws 25" }));
            Assert.That(used.UnappliedCredits.Single().Nanos, Is.EqualTo((Int128)8), "covered use is paid already: nothing to draw on");
            Assert.That(step.PrepaidBalances[("USD", "plan")], Is.EqualTo((Int128)1100));
        });
    }

    [Test]
    public void Prepaid_WithoutAPurchase_IsTheOwners_AndTheBalanceIsNegative()
    {
        var step = new FundingStep(Grants);
        var used = step.Fund(Month with { Cells = [Cell("a", 100) with { PrepaidBy = "old-plan" }] });
        Assert.Multiple(() =>
        {
            Assert.That(Text(used), Is.EqualTo(new[] { "a acme 100" }));
            Assert.That(step.PrepaidBalances[("USD", "old-plan")], Is.EqualTo((Int128)(-100)));
        });
    }

    [Test]
    public void Payer_ThatIsUnknown_IsUnfunded() => Assert.That(
        new FundingStep(Grants).Fund(Month with { PayerAccount = null, Cells = [Cell("a", 7)] }).Parts.Single().Funder,
        Is.EqualTo(Funder.Nobody));

    [Test]
    public void Draw_OnAGrantThatIsNotThere_NamesIt() => Assert.That(
        () => new FundingStep(Grants).Fund(Month with { Draws = [new("gone", 1)] }),
        Throws.ArgumentException.With.Message.Contains("'gone'"));

    private static FundingCell Cell(string key, Int128 nanos) => new() { Key = key, ConsumptionNanos = nanos, Component = "compute" };

    private static IEnumerable<string> Text(FundedMonth funded) =>
        funded.Parts.Select(p => $"{p.CellKey} {p.Funder.Organisation} {p.Nanos}").Order(StringComparer.Ordinal);
}

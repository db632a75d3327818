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
    public void FreeTier_IsNotCredits_AndNobodysContribution_AndGrantsAlikeShare()
    {
        var funded = new FundingStep(Grants).Fund(
            Month with { Cells = [Cell("a", 100)], Draws = [new("minutes", 80), new("credits", 20)] });
        Assert.Multiple(() =>
        {
            Assert.That(funded.Parts.Select(p => (p.Funder.Organisation, p.Funder.Kind, p.Funder.IsContribution, (long)p.Nanos)),
                Is.EqualTo(new[] { ("aws", FundingKind.Credits, true, 20L), ("github", FundingKind.FreeTier, false, 80L) }));
            Assert.That(funded.UnappliedCredits, Is.Empty);
        });
    }

    /// <summary>What two grants draw above what both may pay is unapplied of both, pro rata to their draws: no name decides.</summary>
    [Test]
    public void GrantsAlike_ShareWhatThereIs()
    {
        var funded = new FundingStep(Grants).Fund(
            Month with { Cells = [Cell("a", 100)], Draws = [new("minutes", 120), new("credits", 80)] });
        Assert.Multiple(() =>
        {
            Assert.That(Text(funded), Is.EqualTo(new[] { "a aws 40", "a github 60" }));
            Assert.That(funded.UnappliedCredits, Is.EqualTo(new[] { new GrantDraw("credits", 40), new GrantDraw("minutes", 60) }));
        });
    }

    /// <summary>Rule 6, several grants: the id of a grant decides nothing.</summary>
    [TestCase("a-all")]
    [TestCase("z-all")]
    public void TwoGrants_OneRestricted_PayAll_WhateverTheirNames(string all)
    {
        var grants = new Dictionary<string, FundingGrant>(StringComparer.Ordinal)
        {
            [all] = new(all, "aws", GrantKind.Credits, new HashSet<string>()),
            ["m-not-storage"] = new("m-not-storage", "nvidia", GrantKind.Credits, new HashSet<string> { "storage" }),
        };
        var funded = new FundingStep(grants).Fund(Month with
        {
            Cells = [Cell("compute", 100), Cell("storage", 100) with { Component = "storage" }],
            Draws = [new(all, 100), new("m-not-storage", 100)],
        });
        Assert.Multiple(() =>
        {
            Assert.That(Text(funded), Is.EqualTo(new[] { "compute nvidia 100", "storage aws 100" }));
            Assert.That(funded.UnappliedCredits, Is.Empty);
        });
    }

    /// <summary>A refund nets with its own class, line by line: usage 100 and refund -30 that a grant of 70 pays are paid wholly.</summary>
    [Test]
    public void RefundOfUse_IsTheGrantsWithItsSign() => Assert.That(
        Text(new FundingStep(Grants).Fund(Month with { Cells = [Cell("usage", 100), Cell("refund", -30)], Draws = [new("credits", 70)] })),
        Is.EqualTo(new[] { "refund aws -30", "usage aws 100" }));

    /// <summary>A component below zero lowers what its grants may pay elsewhere, so that no cash is below zero in sum.</summary>
    [Test]
    public void RefundOfAnotherComponent_LowersWhatItsGrantsMayPay()
    {
        var grants = new Dictionary<string, FundingGrant>(StringComparer.Ordinal)
        {
            ["all"] = new("all", "aws", GrantKind.Credits, new HashSet<string>()),
            ["compute"] = new("compute", "nvidia", GrantKind.Credits, new HashSet<string> { "storage" }),
        };
        var funded = new FundingStep(grants).Fund(Month with
        {
            Cells = [Cell("compute", 100), Cell("refund", -30) with { Component = "storage" }],
            Draws = [new("all", 50), new("compute", 50)],
        });
        Assert.Multiple(() =>
        {
            Assert.That(Text(funded), Is.EqualTo(new[] { "compute acme 30", "compute aws 35", "compute nvidia 35", "refund acme -30" }));
            Assert.That(funded.UnappliedCredits, Is.EqualTo(new[] { new GrantDraw("all", 15), new GrantDraw("compute", 15) }));
        });
    }

    /// <summary>A reversal takes out first what was unapplied, then it reverses what is given.</summary>
    [Test]
    public void Reversal_TakesOutFirstWhatWasUnapplied()
    {
        var step = new FundingStep(Grants);
        step.Fund(Month with { Cells = [Cell("a", 100)], Draws = [new("credits", 110)] });
        var reversed = step.Fund(Month with { Cells = [Cell("a", 100)], Draws = [new("credits", -25)] }, 1);
        Assert.Multiple(() =>
        {
            Assert.That(reversed.UnappliedCredits, Is.EqualTo(new[] { new GrantDraw("credits", -10) }));
            Assert.That(Text(reversed), Is.EqualTo(new[] { "a acme 115", "a aws -15" }));
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
            Assert.That(bought.Purchases.Select(p => (p.Funder.Organisation, (long)p.Nanos)),
                Is.EqualTo(new[] { ("acme", 900L), ("aws", 300L) }));
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

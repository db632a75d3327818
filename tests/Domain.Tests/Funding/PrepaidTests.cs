using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;

namespace CiCost.Domain.Tests.Funding;

/// <summary>What commitments paid ahead (accounting.md, 10): the mix of the balance left, refunds, expiry, openings, in whole units.</summary>
public sealed class PrepaidTests
{
    private static readonly Dictionary<string, FundingGrant> Grants = new(StringComparer.Ordinal)
    {
        ["credits"] = new("credits", "aws", GrantKind.Credits, new HashSet<string>()),
    };

    private static readonly Funder Credits = Grants["credits"].Funder;
    private static readonly Funder Cash = new("acme", FundingKind.FoundationCash);

    /// <summary>A plan without upfront fee, 1,000 a month; credits pay January and February, the Foundation the rest. Nobody is credited
    /// with what it did not give.</summary>
    [Test]
    public void RecurringFee_IsPaidByWhoPaysItsMonth()
    {
        var step = new FundingStep(Grants);
        var months = Enumerable.Range(1, 6).Select(m => step.Fund(m, [
            AMonth() with { Cells = [Use("a", 1000)], Purchases = [new("plan", 1000)], Draws = m <= 2 ? [new("credits", 1000)] : [] }]));
        Assert.That(months.Select(m => string.Join(", ", m.Accounts[0].Parts.Select(p => $"{p.Funder.Kind.ToText()} {p.Nanos}"))), Is.EqualTo(new[]
        {
            "credits 1000", "credits 1000", "foundation-cash 1000", "foundation-cash 1000", "foundation-cash 1000", "foundation-cash 1000",
        }));
    }

    /// <summary>1,200 with 300 of credits; 400 are used; 800 more in cash: what is left is 200 of credits and 1,400 of cash.</summary>
    [Test]
    public void Use_TakesOutInProportionOfWhatIsLeft()
    {
        var step = Bought();
        var first = step.Fund(1, [AMonth() with { Cells = [Use("a", 400)] }]);
        step.Fund(2, [AMonth() with { Purchases = [new("plan", 800)] }]);
        var second = step.Fund(3, [AMonth() with { Cells = [Use("a", 800)] }]);
        Assert.Multiple(() =>
        {
            Assert.That(Text(first), Is.EqualTo("a acme 300, a aws 100"));
            Assert.That(Text(second), Is.EqualTo("a acme 700, a aws 100"));
            Assert.That(step.PrepaidBalances[("USD", "plan")], Is.EqualTo((Int128)800));
        });
    }

    [Test]
    public void FeeGivenBack_InItsMonth_LeavesNothing()
    {
        var step = new FundingStep(Grants);
        var month = step.Fund(1, [AMonth() with { Purchases = [new("plan", 43_800), new("plan", -43_800)], Cells = [Cell("a", 100)] }]);
        Assert.Multiple(() =>
        {
            Assert.That(Text(month), Is.EqualTo("a acme 100"));
            Assert.That(step.PrepaidBalances.Values, Is.All.EqualTo((Int128)0));
            Assert.That(step.NegativeBalances, Is.Empty);
        });
    }

    /// <summary>The refund names no commitment: it is of what the account bought.</summary>
    [TestCase(1)]
    [TestCase(2)]
    public void FeeGivenBack_WithoutItsName_IsOfWhatTheAccountBought(int month)
    {
        var step = new FundingStep(Grants);
        var refund = new Purchase("main", -43_800) { NamesCommitment = false };
        var bought = step.Fund(1, [AMonth() with { Purchases = month == 1 ? [new("plan", 43_800), refund] : [new("plan", 43_800)] }]);
        var given = month == 1 ? bought : step.Fund(2, [AMonth() with { Purchases = [refund], Cells = [Cell("a", 100)] }]);
        Assert.Multiple(() =>
        {
            Assert.That(given.Movements.Where(m => m.Change == PrepaidChange.Refunded).Select(m => (m.CommitmentId, m.Funder, m.Nanos)),
                Is.EqualTo(new[] { ("plan", Cash, (Int128)43_800) }));
            Assert.That(step.PrepaidBalances.Values, Is.All.EqualTo((Int128)0));
            Assert.That(step.NegativeBalances, Is.Empty);
        });
    }

    /// <summary>600 of 1,200 come back, 300 of them as a reversal of credits: the observed mix, not that of the balance.</summary>
    [Test]
    public void Refund_TakesOutByTheObservedMix()
    {
        var step = Bought();
        var given = step.Fund(1, [AMonth() with { Purchases = [new("plan", -600)], Draws = [new("credits", -300)] }]);
        var used = step.Fund(2, [AMonth() with { Cells = [Use("a", 600)] }]);
        Assert.Multiple(() =>
        {
            Assert.That(Of(given, PrepaidChange.Refunded), Is.EqualTo("acme 300, aws 300"));
            Assert.That(given.Accounts[0].UnappliedCredits, Is.Empty);
            Assert.That(Text(used), Is.EqualTo("a acme 600"));
        });
    }

    /// <summary>The same while credits pay 1,000 of the month's use: the reversal is seen beside them.</summary>
    [Test]
    public void Refund_WhileItsGrantPaysOtherUse_TakesOutByTheObservedMix()
    {
        var step = Bought();
        var given = step.Fund(1, [AMonth() with
        {
            Purchases = [new("plan", -600)],
            Cells = [Cell("a", 1000)],
            Draws = [new("credits", 1000), new("credits", -300)],
        }]);
        Assert.Multiple(() =>
        {
            Assert.That(Of(given, PrepaidChange.Refunded), Is.EqualTo("acme 300, aws 300"));
            Assert.That(Text(given), Is.EqualTo("a aws 1000"));
        });
    }

    /// <summary>All comes back in cash: the 300 of credits stay drawn, so they pay what is consumed.</summary>
    [Test]
    public void Refund_InCash_OfWhatCreditsPaid_LeavesTheCreditsForUse()
    {
        var step = Bought();
        var given = step.Fund(1, [AMonth() with { Purchases = [new("plan", -1200)], Cells = [Cell("a", 1000)] }]);
        Assert.Multiple(() =>
        {
            Assert.That(Of(given, PrepaidChange.Refunded), Is.EqualTo("acme 900, aws 300"));
            Assert.That(Text(given), Is.EqualTo("a acme 700, a aws 300"));
        });
    }

    /// <summary>400 of 1,200 are used; 1,000 come back, 250 of it in credits: 800 were unused, 200 reverse what was given.</summary>
    [Test]
    public void Refund_BeyondWhatIsUnused_ReversesWhatWasGiven()
    {
        var step = Bought();
        step.Fund(1, [AMonth() with { Cells = [Use("a", 400)] }]);
        var given = step.Fund(2, [AMonth() with { Purchases = [new("plan", -1000)], Draws = [new("credits", -250)] }]);
        Assert.Multiple(() =>
        {
            Assert.That(Of(given, PrepaidChange.Refunded), Is.EqualTo("acme 600, aws 200"));
            Assert.That(Of(given, PrepaidChange.RefundedBeyond), Is.EqualTo("acme 150, aws 50"));
            Assert.That(given.Settlements.Select(s => (s.CellKey, s.UsedMonthIndex, s.Funder.Organisation, (long)s.Nanos)), Is.EquivalentTo(new[]
            {
                ("a", 1, "aws", -50L), ("a", 1, FundingKinds.Unfunded, 50L), ("a", 1, "acme", -150L), ("a", 1, FundingKinds.Unfunded, 150L),
            }));
            Assert.That(given.Accounts[0].UnappliedCredits, Is.Empty);
            Assert.That(step.PrepaidBalances[("USD", "plan")], Is.EqualTo((Int128)0));
        });
    }

    [Test]
    public void Refund_OfAPurchaseThatNobodyKnows_IsANegativeBalance()
    {
        var step = new FundingStep(Grants);
        var given = step.Fund(1, [AMonth() with { Purchases = [new("plan", -1000)], Draws = [new("credits", -250)] }]);
        Assert.Multiple(() =>
        {
            Assert.That(step.NegativeBalances[("USD", "plan")], Is.EqualTo((Int128)(-1000)));
            Assert.That(Of(given, PrepaidChange.Refunded), Is.EqualTo("acme 750, aws 250"));
            Assert.That(given.Accounts[0].UnappliedCredits, Is.Empty);
        });
    }

    /// <summary>What is left when a commitment ends is expired, by funder; a refund after that takes it from there.</summary>
    [Test]
    public void Balance_LeftAtTheEnd_IsExpired_AndARefundTakesItBack()
    {
        var step = Bought(new PrepaidTerms { LastMonths = new Dictionary<string, int> { ["plan"] = 3 } });
        step.Fund(3, [AMonth() with { Cells = [Use("a", 400)] }]);
        Assert.That(step.PrepaidBalances[("USD", "plan")], Is.EqualTo((Int128)0));
        var given = step.Fund(4, [AMonth() with { Purchases = [new("plan", -100)] }]);
        Assert.Multiple(() =>
        {
            Assert.That(Of(given, PrepaidChange.Expired), Is.EqualTo("acme -100"));
            Assert.That(Of(given, PrepaidChange.Refunded), Is.EqualTo("acme 100"));
            Assert.That(step.NegativeBalances, Is.Empty);
        });
    }

    [Test]
    public void Expiry_IsByFunder()
    {
        var step = Bought(new PrepaidTerms { LastMonths = new Dictionary<string, int> { ["plan"] = 1 } });
        var end = step.Fund(1, []);
        Assert.That(Of(end, PrepaidChange.Expired), Is.EqualTo("acme 900, aws 300"));
    }

    [Test]
    public void OpeningBalance_FundsUse_InItsMix()
    {
        var terms = new PrepaidTerms { Openings = [new OpeningBalance("old", "main", "USD", 1, [(Cash, 300), (Credits, 100)])] };
        var step = new FundingStep(Grants, terms);
        var used = step.Fund(1, [AMonth() with { Cells = [Use("a", 40, "old")] }]);
        Assert.Multiple(() =>
        {
            Assert.That(Text(used), Is.EqualTo("a acme 30, a aws 10"));
            Assert.That(step.NegativeBalances, Is.Empty);
        });
    }

    /// <summary>Use before its purchase is the owner's until the purchase says whose it was; nothing is given twice.</summary>
    [Test]
    public void UseBeforeItsPurchase_IsSettledByThePurchase()
    {
        var step = new FundingStep(Grants);
        step.Fund(1, [AMonth() with { Cells = [Use("a", 100)] }]);
        Assert.That(step.NegativeBalances[("USD", "plan")], Is.EqualTo((Int128)(-100)));
        var bought = step.Fund(2, [AMonth() with { Purchases = [new("plan", 400)], Draws = [new("credits", 200)] }]);
        Assert.Multiple(() =>
        {
            Assert.That(bought.Settlements.Select(s => (s.UsedMonthIndex, s.Funder.Organisation, (long)s.Nanos)),
                Is.EqualTo(new[] { (1, "acme", -50L), (1, "aws", 50L) }));
            Assert.That(step.NegativeBalances, Is.Empty);
            Assert.That(step.PrepaidBalances[("USD", "plan")], Is.EqualTo((Int128)300));
        });
    }

    [Test]
    public void UseTakenBack_ReturnsToWhereItCameFrom()
    {
        var step = Bought();
        step.Fund(1, [AMonth() with { Cells = [Use("a", 400)] }]);
        var back = step.Fund(2, [AMonth() with { Cells = [Use("a", -40)] }]);
        Assert.Multiple(() =>
        {
            Assert.That(Text(back), Is.EqualTo("a acme -30, a aws -10"));
            Assert.That(step.PrepaidBalances[("USD", "plan")], Is.EqualTo((Int128)840));
        });
    }

    /// <summary>The account that uses comes first in the order of names, and still the purchase of its month pays.</summary>
    [Test]
    public void Use_ByAnotherAccount_IsPaidByThePurchaseOfTheMonth()
    {
        var user = AMonth() with { PayerAccount = "a-user", Owner = "beta", Cells = [Use("a", 10)] };
        var funded = new FundingStep(Grants).Fund(1, [user, AMonth() with { Purchases = [new("plan", 10)] }]);
        Assert.That(funded.Accounts[0].Parts.Single().Funder, Is.EqualTo(Cash));
    }

    private static FundingStep Bought(PrepaidTerms? terms = null)
    {
        var step = new FundingStep(Grants, terms);
        step.Fund(0, [AMonth() with { Purchases = [new("plan", 1200)], Draws = [new("credits", 300)] }]);
        return step;
    }

    private static PayerMonth AMonth() =>
        new() { PayerAccount = "main", Owner = "acme", OwnerKind = FundingKind.FoundationCash, Currency = "USD", Cells = [] };

    private static FundingCell Cell(string key, Int128 nanos) => new() { Key = key, ConsumptionNanos = nanos };

    private static FundingCell Use(string key, Int128 nanos, string plan = "plan") => Cell(key, nanos) with { PrepaidBy = plan };

    private static string Text(MonthFunding month) =>
        string.Join(", ", month.Accounts[0].Parts.Select(p => $"{p.CellKey} {p.Funder.Organisation} {p.Nanos}"));

    private static string Of(MonthFunding month, PrepaidChange change) => string.Join(", ", month.Movements.Where(m => m.Change == change)
        .Select(m => $"{m.Funder.Organisation} {m.Nanos}").Order(StringComparer.Ordinal));
}

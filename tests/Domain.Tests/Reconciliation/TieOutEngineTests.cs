using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using static CiCost.Domain.Reconciliation.ControlBreakdown;
using static CiCost.Domain.Reconciliation.ControlMeasure;

namespace CiCost.Domain.Tests.Reconciliation;

/// <summary>Nothing is green that is not proved (accounting.md, 2).</summary>
public sealed class TieOutEngineTests
{
    private const long Unit = 1_000_000_000;
    private const string Account = "111";
    private static readonly BillingMonth July = new(2026, 7);

    [Test]
    public void AllFour_ThatAgree_Tie()
    {
        var outcomes = Run(Ledger(100, 20, -120), Cost(ChargesWithoutTax, 100), Cost(Tax, 20), Cost(Credits, -120));
        Assert.That(outcomes.Select(Text), Is.EqualTo(new[]
        {
            "ChargesWithoutTax ce 100 100 Ties", "Tax ce 20 20 Ties", "Credits ce -120 -120 Ties", "Payable ce 0 0 Ties",
        }));
    }

    [Test]
    public void NetPayable_OnAnAccountWithCredits_IsWeakAlone()
    {
        // The worked trap of accounting.md, 2: a usage row of 50 and its credit are lost together, and the net still ties.
        var whole = Run(Ledger(100, 0, -100), Invoice(0));
        var lost = Run(Ledger(50, 0, -50), Invoice(0));
        Assert.Multiple(() =>
        {
            Assert.That(whole.Select(Text), Is.EqualTo(new[] { "Payable invoices 0 0 Weak" }));
            Assert.That(lost.Select(Text), Is.EqualTo(new[] { "Payable invoices 0 0 Weak" }));
            Assert.That(Run(Ledger(50, 0, 0), Invoice(50)).Select(Text), Is.EqualTo(new[] { "Payable invoices 50 50 Ties" }), "without credits");
        });
    }

    [Test]
    public void NetPayable_OnAnAccountWhoseCreditsWereReversed_IsWeakAlone()
    {
        var sums = Ledger(100, 0, 0).Select(s => s.Measure == Credits ? s with { Rows = 2 } : s).ToList();
        Assert.That(Run(sums, Invoice(100)).Select(Text), Is.EqualTo(new[] { "Payable invoices 100 100 Weak" }));
    }

    [Test]
    public void NetPayable_BesideAnotherSourceWhoseCreditsTie_IsNotWeak() => Assert.Multiple(() =>
    {
        var proved = Run(Ledger(100, 0, -100), Invoice(0), Cost(ChargesWithoutTax, 100), Cost(Credits, -100));
        var differs = Run(Ledger(100, 0, -100), Invoice(0), Cost(ChargesWithoutTax, 150), Cost(Credits, -150));
        var notFinal = Run(Ledger(100, 0, -100), Invoice(0), Cost(ChargesWithoutTax, 100), Cost(Credits, -100) with { IsEstimated = true });
        Assert.That(proved.Select(Text), Does.Contain("Payable invoices 0 0 Ties"));
        Assert.That(differs.Select(Text), Does.Contain("Payable invoices 0 0 Weak"));
        Assert.That(notFinal.Select(Text), Does.Contain("Payable invoices 0 0 Weak"));
        Assert.That(proved.Select(o => $"{o.ControlSource} {o.IsInvoice}").Distinct(), Is.EquivalentTo(new[] { "ce False", "invoices True" }));
    });

    [Test]
    public void Charges_AreDividedByTwoBreakdowns_ThatMustAgree()
    {
        var agree = Run(Ledger(100, 0, 0), Cost(ChargesWithoutTax, 60, Service, "EC2"), Cost(ChargesWithoutTax, 40, Service, "S3"),
            Cost(ChargesWithoutTax, 100, SubAccount, "222"));
        var contradict = Run(Ledger(100, 0, 0), Cost(ChargesWithoutTax, 100, Service, "EC2"), Cost(ChargesWithoutTax, 90, SubAccount, "222"));
        Assert.Multiple(() =>
        {
            Assert.That(Text(agree[0]), Is.EqualTo("ChargesWithoutTax ce 100 100 Ties"));
            Assert.That(contradict[0].State, Is.EqualTo(TieState.Differs));
            Assert.That(contradict[0].Reason, Does.StartWith("The source contradicts itself: 100"));
        });
    }

    [Test]
    public void Account_ThatNobodyStates_IsNotProvable_NeverGreen()
    {
        var outcomes = Run(Ledger(100, 20, -120));
        Assert.Multiple(() =>
        {
            Assert.That(outcomes.Select(o => o.State).Distinct(), Is.EqualTo(new[] { TieState.NotProvable }));
            Assert.That(outcomes.Select(o => o.Measure), Is.EqualTo(new[] { ChargesWithoutTax, Tax, Credits, Payable }));
            Assert.That(outcomes.Select(o => o.ControlNanos).Distinct(), Is.EqualTo(new Int128?[] { null }));
        });
    }

    [Test]
    public void Lines_WithoutIssuer_AgainstAnInvoice_AreNotProvable()
    {
        var sums = Ledger(100, 0, 0).Select(s => s with { Issuer = null }).ToList();
        var outcome = Run(sums, Invoice(100) with { InvoiceIssuer = "AWS Inc." }).Single();
        Assert.Multiple(() =>
        {
            Assert.That(outcome.State, Is.EqualTo(TieState.NotProvable));
            Assert.That(outcome.Reason, Does.Contain("invoiceIssuer in policy/accounts.yaml"));
        });
    }

    [Test]
    public void Issuers_OfOneAccount_AreTiedEachByItself()
    {
        List<LedgerSum> sums = [.. Ledger(100, 0, 0), .. Ledger(30, 0, 0).Select(s => s with { Issuer = "Seller" })];
        var outcomes = Run(sums, Invoice(100) with { InvoiceIssuer = "AWS Inc." }, Invoice(40) with { InvoiceIssuer = "Seller", Item = "inv-2" });
        Assert.That(outcomes.Select(o => $"{o.Issuer} {Text(o)}"),
            Is.EqualTo(new[] { "AWS Inc. Payable invoices 100 100 Ties", "Seller Payable invoices 30 40 Differs" }));
    }

    [Test]
    public void Invoice_OfAnIssuerThatNoLineNames_Differs() => Assert.That(
        Run(Ledger(100, 0, 0), Invoice(100) with { InvoiceIssuer = "AWS Inc." }, Invoice(5) with { InvoiceIssuer = "Seller", Item = "inv-2" })
            .Select(o => $"{o.Issuer} {Text(o)}"),
        Is.EqualTo(new[] { "AWS Inc. Payable invoices 100 100 Ties", "Seller Payable invoices 0 5 Differs" }));

    [Test]
    public void Account_ThatTheBooksDoNotKnow_Differs()
    {
        var outcome = Run(Ledger(100, 0, 0), Cost(ChargesWithoutTax, 100), Cost(ChargesWithoutTax, 7) with { PayerAccount = "999" })
            .Where(o => o.PayerAccount == "999").ToList();
        Assert.That(outcome.Select(Text), Is.EqualTo(new[] { "ChargesWithoutTax ce 0 7 Differs" }));
    }

    [Test]
    public void Estimate_NeverTies()
    {
        List<LedgerSum> sums = [.. Ledger(100, 0, 0), new LedgerSum(Account, "AWS Inc.", "USD", EstimatedListUsage, 100 * Unit, 10)];
        var outcome = Run(sums, Cost(EstimatedListUsage, 100, Runner, "linux.2xlarge")).Where(o => o.Measure == EstimatedListUsage).ToList();
        Assert.That(outcome.Select(Text), Is.EqualTo(new[] { "EstimatedListUsage ce 100 100 Estimate" }));
    }

    // MAX(100 x 0.01, SQRT(rows) x 0.5 x 0.01): a dollar up to 40,000 rows.
    [TestCase("USD", 0, 1_000_000_000)]
    [TestCase("USD", 40_000, 1_000_000_000)]
    [TestCase("USD", 1_000_000, 5_000_000_000)]
    [TestCase("USD", 2_000_000, 7_071_067_811)]
    [TestCase("JPY", 10, 100_000_000_000)]
    [TestCase("KWD", 10, 100_000_000)]
    public void Tolerance_IsThatOfFocus(string currency, long rows, long nanos) =>
        Assert.That(Tolerance.Nanos(currency, rows), Is.EqualTo(nanos));

    [TestCase(1_000_000_000, "Ties")]
    [TestCase(1_000_000_001, "Differs")]
    [TestCase(-1_000_000_000, "Ties")]
    [TestCase(-1_000_000_001, "Differs")]
    public void Difference_AtTheToleranceTies_ANanoMoreDiffers(long difference, string state)
    {
        var sum = new LedgerSum(Account, "AWS Inc.", "USD", ChargesWithoutTax, (100 * Unit) + difference, 10);
        Assert.That(Run([sum], Cost(ChargesWithoutTax, 100))[0].State.ToString(), Is.EqualTo(state));
    }

    [TestCase(100, 100, 0)]
    [TestCase(101, 100, 100)]
    [TestCase(99, 100, -100)]
    [TestCase(3, 9, -6667)]
    public void Percent_IsHundredthsOfTheControl(long ledger, long control, long basisPoints) =>
        Assert.That(Run(Ledger(ledger, 0, 0), Cost(ChargesWithoutTax, control))[0].DifferenceBasisPoints, Is.EqualTo(basisPoints));

    [TestCase("SavingsPlanNegation", DifferenceCause.Usage)]
    [TestCase("SavingsPlanRecurringFee", DifferenceCause.Purchases)]
    [TestCase("Refund", DifferenceCause.Refunds)]
    [TestCase("Something new", DifferenceCause.Other)]
    public void RecordType_HasACause(string recordType, DifferenceCause cause) =>
        Assert.That(DifferenceCauses.Of(recordType), Is.EqualTo(cause));

    private static IReadOnlyList<LedgerSum> Ledger(long charges, long tax, long credits) =>
    [
        new(Account, "AWS Inc.", "USD", ChargesWithoutTax, (Int128)charges * Unit, 10),
        new(Account, "AWS Inc.", "USD", Tax, (Int128)tax * Unit, 1),
        new(Account, "AWS Inc.", "USD", Credits, (Int128)credits * Unit, credits == 0 ? 0 : 1),
        new(Account, "AWS Inc.", "USD", Payable, (Int128)(charges + tax + credits) * Unit, 12),
    ];

    private static ControlFigure Cost(ControlMeasure measure, long units, ControlBreakdown breakdown = Total, string item = "") => new()
    {
        PayerAccount = Account,
        BillingMonth = July,
        Currency = "USD",
        Measure = measure,
        Breakdown = breakdown,
        Item = item,
        AmountNanos = units * Unit,
    };

    private static ControlFigure Invoice(long units) => Cost(Payable, units, ControlBreakdown.Invoice, "inv-1");

    private static IReadOnlyList<TieOut> Run(IReadOnlyList<LedgerSum> sums, params ControlFigure[] figures) => TieOutEngine.Run(July, sums,
        figures.GroupBy(f => f.Breakdown == ControlBreakdown.Invoice ? "invoices" : "ce")
            .ToDictionary(g => g.Key, g => (IReadOnlyList<ControlFigure>)[.. g]));

    private static string Text(TieOut t) => $"{t.Measure} {t.ControlSource} {t.LedgerNanos / Unit} {t.ControlNanos / Unit} {t.State}";
}

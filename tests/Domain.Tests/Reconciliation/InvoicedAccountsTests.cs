using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using static CiCost.Domain.Reconciliation.ControlMeasure;

namespace CiCost.Domain.Tests.Reconciliation;

/// <summary>A cost is invoiced only after rule 2 of accounting.md holds for its account (accounting.md, 5).</summary>
public sealed class InvoicedAccountsTests
{
    private static readonly InvoiceKey Aws = new("111", "AWS Inc.", "USD");

    [Test]
    public void Payable_ThatTiesToAnInvoice_IsInvoiced() => Assert.That(Invoiced(Tie(Payable)), Is.True);

    [TestCase(TieState.Weak)]
    [TestCase(TieState.Differs)]
    [TestCase(TieState.NotProvable)]
    public void Payable_ThatDoesNotTie_IsNot(TieState state) => Assert.That(Invoiced(Tie(Payable) with { State = state }), Is.False);

    [Test]
    public void Payable_OfAUsageInterface_IsNot() => Assert.That(Invoiced(Tie(Payable) with { IsInvoice = false }), Is.False);

    [Test]
    public void Invoice_ThatMayStillChange_IsNot() => Assert.That(Invoiced(Tie(Payable) with { IsEstimated = true }), Is.False);

    [TestCase(ChargesWithoutTax)]
    [TestCase(Tax)]
    [TestCase(Credits)]
    public void AnotherFigure_ThatDiffers_HindersIt(ControlMeasure measure) =>
        Assert.That(Invoiced(Tie(Payable), Tie(measure) with { State = TieState.Differs, IsInvoice = false, ControlSource = "ce" }), Is.False);

    [Test]
    public void AFigure_ThatDiffersAndIsNotFinal_OrIsAnEstimate_DoesNotHinder() => Assert.Multiple(() =>
    {
        Assert.That(Invoiced(Tie(Payable), Tie(Credits) with { State = TieState.Differs, IsEstimated = true }), Is.True);
        Assert.That(Invoiced(Tie(Payable), Tie(EstimatedListUsage) with { State = TieState.Estimate }), Is.True);
    });

    [Test]
    public void AnotherAccount_Issuer_OrCurrency_SaysNothing() => Assert.Multiple(() =>
    {
        Assert.That(Invoiced(Tie(Payable) with { PayerAccount = "222" }), Is.False);
        Assert.That(Invoiced(Tie(Payable) with { Issuer = "Seller" }), Is.False);
        Assert.That(Invoiced(Tie(Payable) with { Currency = "EUR" }), Is.False);
        Assert.That(Invoiced(Tie(Payable), Tie(Payable) with { Issuer = "Seller", State = TieState.Differs }), Is.True);
        Assert.That(Invoiced(Tie(Payable), Tie(Credits) with { Issuer = null, State = TieState.Differs }), Is.False, "of the whole account");
    });

    private static bool Invoiced(params TieOut[] tieOuts) => InvoicedAccounts.Of([Aws], tieOuts).Contains(Aws);

    private static TieOut Tie(ControlMeasure measure) => new()
    {
        PayerAccount = "111",
        Issuer = "AWS Inc.",
        BillingMonth = new BillingMonth(2026, 7),
        Currency = "USD",
        Measure = measure,
        ControlSource = "invoices",
        LedgerNanos = 100,
        ControlNanos = 100,
        ToleranceNanos = 1,
        Rows = 1,
        IsEstimated = false,
        IsInvoice = true,
        State = TieState.Ties,
        Reason = "",
    };
}

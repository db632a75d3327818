using System.Globalization;
using CiCost.Accounting.Presentation;
using CiCost.Accounting.Reconciliation;
using CiCost.Domain.Money;
using CiCost.Domain.Reconciliation;

namespace CiCost.CostApi.Documents;

/// <summary>How a billing period ties to what providers and others state of it: <c>/v1/reconciliation</c>.</summary>
/// <param name="Month">The billing period.</param>
/// <param name="BookVersion">The books that answered.</param>
/// <param name="TieOuts">Every tie-out: charges without tax, tax, credits and payable per account, issuer and currency.</param>
/// <param name="Causes">The differences by cause, where the other side tells causes apart.</param>
/// <param name="RequestSpend">What asking paid interfaces cost.</param>
/// <param name="Sources">How fresh each configured source is: what may be missing.</param>
/// <param name="Checks">How the checks on the books ended.</param>
public sealed record ReconciliationDocument(
    string Month,
    BookVersionDocument BookVersion,
    IReadOnlyList<TieOutDocument> TieOuts,
    IReadOnlyList<CausedDifferenceDocument> Causes,
    IReadOnlyList<RequestSpendDocument> RequestSpend,
    IReadOnlyList<SourceFreshnessDocument> Sources,
    ChecksInShort Checks)
{
    /// <summary>The document of a reconciliation.</summary>
    public static ReconciliationDocument Of(MonthReconciliation answer, IReadOnlyList<Accounting.Freshness.SourceFreshness> sources,
        ChecksInShort checks)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(sources);
        return new ReconciliationDocument(
            answer.Month.ToString(),
            BookVersionDocument.Of(answer.Version),
            [.. answer.TieOuts.Select(TieOutDocument.Of)],
            [
                .. answer.Causes.Select(c => new CausedDifferenceDocument(c.PayerAccount, c.Currency, c.ControlSource, HyphenWords.Of(c.Cause),
                    AmountDocument.Of(c.LedgerNanos), AmountDocument.Of(c.ControlNanos),
                    AmountDocument.Between(c.DifferenceNanos, c.LedgerNanos, c.ControlNanos))),
            ],
            [.. answer.RequestSpend.Select(s => new RequestSpendDocument(s.Source, s.Currency, AmountDocument.Of(s.Nanos)))],
            [.. sources.Select(SourceFreshnessDocument.Of)],
            checks);
    }
}

/// <summary>An amount: exact, and in cents for people.</summary>
/// <param name="Amount">The exact amount as a decimal string.</param>
/// <param name="Display">The same in cents, half-even.</param>
public sealed record AmountDocument(string Amount, string Display)
{
    /// <summary>A difference: in cents it is what is between the two that stand beside it.</summary>
    internal static AmountDocument Between(Int128 nanos, Int128 amount, Int128 other) => new(DecimalText.OfNanos(nanos),
        Amounts.OfCents(PresentationCube.RoundHalfEven(amount) - PresentationCube.RoundHalfEven(other)));

    /// <summary>An amount in nanos.</summary>
    public static AmountDocument Of(Int128 nanos) => new(DecimalText.OfNanos(nanos), Amounts.Cents(nanos));
}

/// <summary>A figure of the books against one control source.</summary>
/// <param name="PayerAccount">BillingAccountId.</param>
/// <param name="InvoiceIssuer">Who issues the invoice; null when the control source does not divide by issuer, or nobody knows.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Measure">charges-without-tax, tax, credits, payable, or estimated-list-usage.</param>
/// <param name="ControlSource">Who states the other figure; null when nobody does.</param>
/// <param name="Ledger">The books' figure.</param>
/// <param name="Control">The other figure; null without one.</param>
/// <param name="Difference">Books minus control; null without a control.</param>
/// <param name="DifferencePercent">The difference as a percentage of the control, two decimals; null without one.</param>
/// <param name="Tolerance">How far the two may be apart (FOCUS 1.4).</param>
/// <param name="LineCount">Lines behind the books' figure.</param>
/// <param name="IsEstimated">True while the control figure may still change.</param>
/// <param name="State">ties, weak, differs, not-provable, or estimate.</param>
/// <param name="Reason">Why, when the figures do not say it.</param>
public sealed record TieOutDocument(
    string PayerAccount,
    string? InvoiceIssuer,
    string Currency,
    string Measure,
    string? ControlSource,
    AmountDocument Ledger,
    AmountDocument? Control,
    AmountDocument? Difference,
    string? DifferencePercent,
    AmountDocument Tolerance,
    long LineCount,
    bool IsEstimated,
    string State,
    string Reason)
{
    /// <summary>The document of a tie-out.</summary>
    public static TieOutDocument Of(TieOut t)
    {
        ArgumentNullException.ThrowIfNull(t);
        return new TieOutDocument(
            t.PayerAccount,
            t.Issuer,
            t.Currency,
            HyphenWords.Of(t.Measure),
            t.ControlSource,
            AmountDocument.Of(t.LedgerNanos),
            t.ControlNanos is { } control ? AmountDocument.Of(control) : null,
            t.DifferenceNanos is { } difference && t.ControlNanos is { } stated ? AmountDocument.Between(difference, t.LedgerNanos, stated) : null,
            t.DifferenceBasisPoints is { } points ? Percent(points) : null,
            AmountDocument.Of(t.ToleranceNanos),
            t.Rows,
            t.IsEstimated,
            HyphenWords.Of(t.State),
            t.Reason);
    }

    private static string Percent(long basisPoints) => string.Create(CultureInfo.InvariantCulture,
        $"{(basisPoints < 0 ? "-" : "")}{Math.Abs(basisPoints) / 100}.{Math.Abs(basisPoints) % 100:00}");
}

/// <summary>A difference by its cause.</summary>
/// <param name="PayerAccount">BillingAccountId.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="ControlSource">Who states the other figure.</param>
/// <param name="Cause">usage, purchases, support, tax, credits, refunds, rounding, late, missing-label, or other.</param>
/// <param name="Ledger">BilledCost of the books.</param>
/// <param name="Control">What the control source states.</param>
/// <param name="Difference">Books minus control.</param>
public sealed record CausedDifferenceDocument(string PayerAccount, string Currency, string ControlSource, string Cause, AmountDocument Ledger,
    AmountDocument Control, AmountDocument Difference);

/// <summary>What asking a paid interface cost in a month.</summary>
/// <param name="Source">The source.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">The exact amount, and in cents.</param>
public sealed record RequestSpendDocument(string Source, string Currency, AmountDocument Amount);

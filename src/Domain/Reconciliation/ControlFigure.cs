using CiCost.Domain.Periods;

namespace CiCost.Domain.Reconciliation;

/// <summary>An amount that a provider states about a month, to tie the books to (accounting.md, 2). It is never booked.</summary>
public sealed record ControlFigure
{
    /// <summary>The provider's id of the paying account, as in BillingAccountId.</summary>
    public required string PayerAccount { get; init; }

    /// <summary>Who issues the invoice; null when the provider does not say.</summary>
    public string? InvoiceIssuer { get; init; }

    /// <summary>The billing period.</summary>
    public required BillingMonth BillingMonth { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>What it measures.</summary>
    public required ControlMeasure Measure { get; init; }

    /// <summary>By what the provider divided the month; figures of one breakdown add up, those of two are the same money twice.</summary>
    public required ControlBreakdown Breakdown { get; init; }

    /// <summary>The part of the breakdown that this is: a service's name, an account's id, an invoice's id; empty for <c>Total</c>.</summary>
    public required string Item { get; init; }

    /// <summary>The provider's own word for the kind of charge, for example Cost Explorer's RECORD_TYPE <c>SavingsPlanNegation</c>; null
    /// without one.</summary>
    public string? RecordType { get; init; }

    /// <summary>The amount in 1e-9 of the currency, rounded half-even; credits are negative.</summary>
    public required Int128 AmountNanos { get; init; }

    /// <summary>True while the provider says that it may still change.</summary>
    public bool IsEstimated { get; init; }
}

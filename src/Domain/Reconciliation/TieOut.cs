using CiCost.Domain.Periods;

namespace CiCost.Domain.Reconciliation;

/// <summary>How a figure of the books stands to what somebody else says of it.</summary>
public enum TieState
{
    /// <summary>The difference is inside the tolerance.</summary>
    Ties,

    /// <summary>
    /// The net payable ties, on an account with credits, and nobody says that the credits do: a usage row and its credit could be missing
    /// together (accounting.md, 2).
    /// </summary>
    Weak,

    /// <summary>The difference is outside the tolerance.</summary>
    Differs,

    /// <summary>There is nothing to compare with, or the books do not say whose invoice it is.</summary>
    NotProvable,

    /// <summary>Compared with an estimate, which never proves anything.</summary>
    Estimate,
}

/// <summary>A sum of the books, of one payer account, issuer, billing period and currency.</summary>
/// <param name="PayerAccount">BillingAccountId.</param>
/// <param name="Issuer">Who issues the invoice; null when neither the lines nor the policy say.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Measure">What is summed.</param>
/// <param name="Nanos">The sum in 1e-9.</param>
/// <param name="Rows">Lines in it.</param>
public sealed record LedgerSum(string PayerAccount, string? Issuer, string Currency, ControlMeasure Measure, Int128 Nanos, long Rows);

/// <summary>One tie-out: a figure of the books against one control source.</summary>
public sealed record TieOut
{
    /// <summary>BillingAccountId.</summary>
    public required string PayerAccount { get; init; }

    /// <summary>Who issues the invoice; null when the control source does not divide by issuer, or nobody knows.</summary>
    public required string? Issuer { get; init; }

    /// <summary>The billing period.</summary>
    public required BillingMonth BillingMonth { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>What is compared.</summary>
    public required ControlMeasure Measure { get; init; }

    /// <summary>Who states the other figure; null when nobody does.</summary>
    public required string? ControlSource { get; init; }

    /// <summary>The books' figure in 1e-9.</summary>
    public required Int128 LedgerNanos { get; init; }

    /// <summary>The other figure; null when there is none.</summary>
    public required Int128? ControlNanos { get; init; }

    /// <summary>Books minus control; null without a control.</summary>
    public Int128? DifferenceNanos => LedgerNanos - ControlNanos;

    /// <summary>The difference as hundredths of a percent of the control, rounded half away from zero, at most 9.2E18; null without a control
    /// or when that is zero.</summary>
    public long? DifferenceBasisPoints => ControlNanos is { } control && control != 0 && DifferenceNanos is { } difference
        ? (long)Int128.Min(long.MaxValue, ((Int128.Abs(difference) * 20_000 / Int128.Abs(control)) + 1) / 2)
            * (Int128.IsNegative(difference) ? -1 : 1)
        : null;

    /// <summary>How far the two may be apart, in 1e-9.</summary>
    public required long ToleranceNanos { get; init; }

    /// <summary>Lines behind the books' figure.</summary>
    public required long Rows { get; init; }

    /// <summary>True while the control source says that its figure may still change.</summary>
    public required bool IsEstimated { get; init; }

    /// <summary>True when the control figure is the sum of invoices, and not what a usage interface says.</summary>
    public required bool IsInvoice { get; init; }

    /// <summary>How it stands.</summary>
    public required TieState State { get; init; }

    /// <summary>Why it stands so, when that is not plain from the figures; empty otherwise.</summary>
    public required string Reason { get; init; }
}

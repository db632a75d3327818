using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Ledger.BookVersions;

namespace CiCost.Accounting.Reconciliation;

/// <summary>How a billing period ties to what providers and others state of it.</summary>
public sealed record MonthReconciliation
{
    /// <summary>The book version.</summary>
    public required BookVersion Version { get; init; }

    /// <summary>The billing period.</summary>
    public required BillingMonth Month { get; init; }

    /// <summary>Every tie-out, by account, currency, control source and measure.</summary>
    public required IReadOnlyList<TieOut> TieOuts { get; init; }

    /// <summary>The differences by cause, where the control source tells causes apart.</summary>
    public required IReadOnlyList<CausedDifference> Causes { get; init; }

    /// <summary>What requests to paid interfaces cost this month, in 1e-9, by source and currency.</summary>
    public required IReadOnlyList<(string Source, string Currency, Int128 Nanos)> RequestSpend { get; init; }
}

/// <summary>A difference of one account and control source by its cause.</summary>
/// <param name="PayerAccount">BillingAccountId.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="ControlSource">Who states the other figure.</param>
/// <param name="Cause">The cause.</param>
/// <param name="LedgerNanos">BilledCost of the books in 1e-9.</param>
/// <param name="ControlNanos">What the control source states in 1e-9.</param>
public sealed record CausedDifference(string PayerAccount, string Currency, string ControlSource, DifferenceCause Cause, Int128 LedgerNanos,
    Int128 ControlNanos)
{
    /// <summary>Books minus control.</summary>
    public Int128 DifferenceNanos => LedgerNanos - ControlNanos;
}

using CiCost.Domain.Funding;
using CiCost.Ledger.BookVersions;
using CiCost.Policy;

namespace CiCost.Accounting.Funding;

/// <summary>The funding of some charge months in one book version.</summary>
public sealed record FundingAnswer
{
    /// <summary>The book version.</summary>
    public required BookVersion BookVersion { get; init; }

    /// <summary>Its policy.</summary>
    public required PolicySet Policy { get; init; }

    /// <summary>All consumption of the asked months, by funder.</summary>
    public required IReadOnlyList<FundedCell> Cells { get; init; }

    /// <summary>How what is paid ahead changed in the asked months, by commitment and funder: purchases less use, refunds and expiry
    /// (accounting.md, 10).</summary>
    public required IReadOnlyList<FundingEntry> PaidAhead { get; init; }

    /// <summary>The purchases of the asked months, by funder.</summary>
    public required IReadOnlyList<FundingEntry> Purchases { get; init; }

    /// <summary>What was paid ahead and not used when its commitment ended.</summary>
    public required IReadOnlyList<FundingEntry> Expired { get; init; }

    /// <summary>The roll-forward of every commitment that moved or has a balance.</summary>
    public required IReadOnlyList<PrepaidRollForward> Prepaid { get; init; }

    /// <summary>Draws above what their month consumed and bought; below zero where a reversal took that back.</summary>
    public required IReadOnlyList<FundingEntry> UnappliedCredits { get; init; }

    /// <summary>Draws by grant as the bills state them; a reversal is negative.</summary>
    public required IReadOnlyList<FundingEntry> Draws { get; init; }

    /// <summary>Changes of who gave what was used in earlier months, by the month that used it; in <see cref="Cells"/>, too.</summary>
    public required IReadOnlyList<SettledUse> Settlements { get; init; }

    /// <summary>Credits that no rule of funding.yaml maps (accounting.md, 3): a part of consumption until one does.</summary>
    public required IReadOnlyList<UnclassifiedCredit> UnclassifiedCredits { get; init; }

    /// <summary>Where every grant stands at the end of each asked month, from the first month in the books on.</summary>
    public required IReadOnlyList<GrantPosition> Grants { get; init; }

    /// <summary>Commitments that were used or refunded for more than was paid for them: an opening balance is missing.</summary>
    public required IReadOnlyList<(string Currency, string Commitment, Int128 Nanos)> NegativePrepaid { get; init; }
}

/// <summary>What was paid ahead for a commitment, over the asked months: opening + purchases - applied - refunded - expired =
/// closing.</summary>
/// <param name="PayerAccount">The account that bought it.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Commitment">The commitment, or the account for purchases that name none.</param>
/// <param name="OpeningNanos">At the beginning, with what was declared in the months.</param>
/// <param name="PurchasedNanos">Bought.</param>
/// <param name="AppliedNanos">Used.</param>
/// <param name="RefundedNanos">Given back, of what was unused.</param>
/// <param name="ExpiredNanos">Left when it ended.</param>
/// <param name="ClosingNanos">At the end; below zero when an opening balance is missing.</param>
/// <param name="RefundedBeyondNanos">Given back beyond what was unused; no part of the balance.</param>
public sealed record PrepaidRollForward(string PayerAccount, string Currency, string Commitment, Int128 OpeningNanos, Int128 PurchasedNanos,
    Int128 AppliedNanos, Int128 RefundedNanos, Int128 ExpiredNanos, Int128 ClosingNanos, Int128 RefundedBeyondNanos);

/// <summary>Use of an earlier month whose funder changed in an asked month.</summary>
/// <param name="ChargeMonthIndex">The month of the change.</param>
/// <param name="UsedMonthIndex">The month that used it.</param>
/// <param name="PayerAccount">The account.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Funder">Who gave more, or less.</param>
/// <param name="Nanos">How much.</param>
public sealed record SettledUse(int ChargeMonthIndex, int UsedMonthIndex, string PayerAccount, string Currency, Funder Funder, Int128 Nanos);

/// <summary>Credit rows that no rule maps.</summary>
/// <param name="ChargeMonthIndex">The charge month.</param>
/// <param name="Source">The source.</param>
/// <param name="PayerAccount">The account.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Description">ChargeDescription.</param>
/// <param name="Nanos">Their EffectiveCost.</param>
public sealed record UnclassifiedCredit(
    int ChargeMonthIndex, string Source, string PayerAccount, string Currency, string Description, Int128 Nanos);

/// <summary>
/// A grant from the first month in the books to the end of a month (accounting.md, 10): opening + draws = given + still prepaid + unapplied
/// + expired. Draws are mapped lines less reversals, without rounding rows.
/// </summary>
/// <param name="ChargeMonthIndex">The month.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="GrantId">The grant.</param>
/// <param name="OpeningNanos">Its part of declared opening balances.</param>
/// <param name="DrawnNanos">Drawn, as the bills state it.</param>
/// <param name="GivenNanos">Consumption that it pays.</param>
/// <param name="PrepaidNanos">Paid ahead and still unused.</param>
/// <param name="UnappliedNanos">Drawn without a matching cost.</param>
/// <param name="ExpiredNanos">Paid ahead and never used.</param>
public sealed record GrantPosition(int ChargeMonthIndex, string Currency, string GrantId, Int128 OpeningNanos, Int128 DrawnNanos,
    Int128 GivenNanos, Int128 PrepaidNanos, Int128 UnappliedNanos, Int128 ExpiredNanos);

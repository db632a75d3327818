using CiCost.Domain.Attribution;

namespace CiCost.Domain.Funding;

/// <summary>A consumed amount that needs a funder: lines of one payer account, charge month and currency with the same meaning.</summary>
public sealed record FundingCell
{
    /// <summary>A stable name of the cell, unique in its payer month. Only where a tie of a nano is left between cells of equal amounts
    /// does its order decide.</summary>
    public required string Key { get; init; }

    /// <summary>EffectiveCost of its charges, in nanos; negative for refunds and corrections.</summary>
    public required Int128 ConsumptionNanos { get; init; }

    /// <summary>The commitment that covered it, when it was paid ahead; null when the payer is billed for it now.</summary>
    public string? PrepaidBy { get; init; }

    /// <summary>The component, for grants that exclude some; null for Unattributed.</summary>
    public string? Component { get; init; }
}

/// <summary>What was paid ahead in a payer month: BilledCost minus EffectiveCost of a commitment's purchases.</summary>
/// <param name="CommitmentId">CommitmentDiscountId, or the payer account's own name for purchases without one.</param>
/// <param name="Nanos">The amount; below zero for a refund.</param>
public sealed record Purchase(string CommitmentId, Int128 Nanos)
{
    /// <summary>False when no commitment is named: a refund is then one of the account's commitments, whichever it can be.</summary>
    public bool NamesCommitment { get; init; } = true;
}

/// <summary>What a grant paid in a payer month: minus the sum of its Credit lines, so that a draw is positive and a reversal negative.</summary>
/// <param name="GrantId">The grant.</param>
/// <param name="Nanos">The amount.</param>
public sealed record GrantDraw(string GrantId, Int128 Nanos);

/// <summary>A payer account in one charge month and currency.</summary>
public sealed record PayerMonth
{
    /// <summary>The payer account; null where lines are Unattributed: those are unfunded.</summary>
    public required string? PayerAccount { get; init; }

    /// <summary>The organisation that the account's invoices are addressed to.</summary>
    public string? Owner { get; init; }

    /// <summary>With what the owner pays.</summary>
    public FundingKind OwnerKind { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>The consumed amounts.</summary>
    public required IReadOnlyList<FundingCell> Cells { get; init; }

    /// <summary>The purchases that cover later use.</summary>
    public IReadOnlyList<Purchase> Purchases { get; init; } = [];

    /// <summary>The draws that the provider reports, and its reversals apart from them: these say of a refund what was no cash.</summary>
    public IReadOnlyList<GrantDraw> Draws { get; init; } = [];
}

/// <summary>Who pays a part of something, and with what.</summary>
/// <param name="Organisation">An organisation's id, or <see cref="FundingKinds.Unfunded"/>.</param>
/// <param name="Kind">With what.</param>
/// <param name="GrantId">The grant that was drawn on, or null.</param>
public sealed record Funder(string Organisation, FundingKind Kind, string? GrantId = null)
{
    /// <summary>False for what a provider gives to anybody by published terms: it is nobody's contribution and stands outside given, pool
    /// and net (accounting.md, 1, free-terms).</summary>
    public bool IsContribution => Kind.IsContribution();

    /// <summary>Nobody is known to pay.</summary>
    public static Funder Nobody { get; } = new(FundingKinds.Unfunded, FundingKind.Unfunded);

    /// <summary>A stable key.</summary>
    public string Key => $"{Organisation}\u001f{Kind.ToText()}\u001f{GrantId}";
}

/// <summary>A part of a cell with its funder.</summary>
/// <param name="CellKey">The cell.</param>
/// <param name="Funder">Who pays.</param>
/// <param name="Nanos">How much.</param>
public sealed record FundedPart(string CellKey, Funder Funder, Int128 Nanos);

/// <summary>What was paid ahead for later use, and by whom.</summary>
/// <param name="CommitmentId">For what.</param>
/// <param name="Funder">Who paid.</param>
/// <param name="Nanos">How much of the purchase.</param>
public sealed record PaidAhead(string CommitmentId, Funder Funder, Int128 Nanos);

/// <summary>The funding of a payer month. The parts of a cell add up to its consumption, to the nano.</summary>
/// <param name="Parts">Every cell, cut by funder.</param>
/// <param name="Purchases">Purchases by funder (accounting.md, 10: funding is recorded per purchase).</param>
/// <param name="UnappliedCredits">Draws above what the month has consumed and bought (accounting.md, 17); below zero where a reversal
/// takes out what was unapplied before, or finds nothing to reverse.</param>
public sealed record FundedMonth(
    IReadOnlyList<FundedPart> Parts,
    IReadOnlyList<PaidAhead> Purchases,
    IReadOnlyList<GrantDraw> UnappliedCredits);

/// <summary>A grant as the funding step needs it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Donor">The organisation that gave it.</param>
/// <param name="Kind">With what its draws pay.</param>
/// <param name="ExcludedComponents">Components that it does not pay for.</param>
public sealed record FundingGrant(string Id, string Donor, GrantKind Kind, IReadOnlySet<string> ExcludedComponents)
{
    /// <summary>Who pays what is drawn on it.</summary>
    public Funder Funder => new(Donor, Kind == GrantKind.Credits ? FundingKind.Credits : FundingKind.FreeTier, Id);

    /// <summary>May it pay for a component? What has none is not excluded.</summary>
    public bool MayPay(string? component) => component is null || !ExcludedComponents.Contains(component);
}

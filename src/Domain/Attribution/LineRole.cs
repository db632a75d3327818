namespace CiCost.Domain.Attribution;

/// <summary>What a line is in the books (accounting.md, 1). Decided by policy, never stored in the line.</summary>
public enum LineRole
{
    /// <summary>Usage, purchase, tax, adjustment, discount, refund: a part of consumption.</summary>
    Charge = 0,

    /// <summary>A draw on a grant: a part of credits.</summary>
    Funding = 1,

    /// <summary>A rounding residue that counts in consumption.</summary>
    RoundingOfCharges = 2,

    /// <summary>A rounding residue of Credit rows, which counts in credits.</summary>
    RoundingOfCredits = 3,
}

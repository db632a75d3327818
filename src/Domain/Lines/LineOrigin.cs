namespace CiCost.Domain.Lines;

/// <summary>Where the lines of a dimension set come from.</summary>
public enum LineOrigin
{
    /// <summary>A row of a bill.</summary>
    Bill = 0,

    /// <summary>The rounding residue of a delivery's rows that are not credits (accounting.md, 8).</summary>
    RoundingOfCharges = 1,

    /// <summary>The rounding residue of a delivery's Credit rows (accounting.md, 8).</summary>
    RoundingOfCredits = 2,
}

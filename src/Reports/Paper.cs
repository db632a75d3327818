namespace CiCost.Reports;

/// <summary>The paper of a printed report. Charts are laid out for the lower one, Letter, so that both break at the same places.</summary>
public enum Paper
{
    /// <summary>210 by 297 mm.</summary>
    A4 = 0,

    /// <summary>8.5 by 11 inches, 18 mm lower than A4.</summary>
    Letter = 1,
}

namespace CiCost.Reports.Models;

/// <summary>
/// What the board should take from the page. Sentences are built from figures by the builder (accounting.md); the page only prints them.
/// </summary>
public sealed record BoardPoints
{
    /// <summary>What to decide.</summary>
    public required IReadOnlyList<string> Decide { get; init; }

    /// <summary>What to watch.</summary>
    public required IReadOnlyList<string> Watch { get; init; }

    /// <summary>What is not known or not done.</summary>
    public required IReadOnlyList<string> Open { get; init; }
}

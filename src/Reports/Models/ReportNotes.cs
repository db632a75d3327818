using CiCost.Domain.Attribution;
using CiCost.Domain.Checks;

namespace CiCost.Reports.Models;

/// <summary>How far a source can be trusted.</summary>
public sealed record SourceCoverage
{
    /// <summary>The source, in words.</summary>
    public required string Source { get; init; }

    /// <summary>How sure it is.</summary>
    public required CostBasis Basis { get; init; }

    /// <summary>What the figures come from, for example <c>FOCUS 1.2 export, matches the invoice to the cent</c>.</summary>
    public required string From { get; init; }

    /// <summary>What it covers, for example <c>1 to 31 July</c>.</summary>
    public required string Period { get; init; }

    /// <summary>The day of the last delivery; null when none came.</summary>
    public DateOnly? LastDelivery { get; init; }

    /// <summary>What is known to be missing; empty for nothing.</summary>
    public string KnownGap { get; init; } = "";
}

/// <summary>A check's outcome in the notes.</summary>
/// <param name="Name">Its name in words.</param>
/// <param name="State">How it ended.</param>
/// <param name="Message">What it found, or what it claims when it holds.</param>
public sealed record ReportCheck(string Name, CheckState State, string Message);

/// <summary>A word of the report and what it means.</summary>
/// <param name="Word">The word.</param>
/// <param name="Meaning">One or two sentences.</param>
public sealed record ReportTerm(string Word, string Meaning);

using CiCost.Domain.Reconciliation;

namespace CiCost.CostIngest.Sources;

/// <summary>What was fetched, whole and verified.</summary>
/// <param name="Files">The files in the folder, in the order to be read; their names are those that errors will name.</param>
public abstract record Fetched(IReadOnlyList<string> Files);

/// <summary>Bills or job events, to be booked.</summary>
/// <param name="Files">The files.</param>
/// <param name="ExpectedRows">Data rows by the provider's own count; null when it does not say. Another count refuses the delivery.</param>
public sealed record FetchedDelivery(IReadOnlyList<string> Files, long? ExpectedRows = null) : Fetched(Files)
{
    /// <summary>False for files that people put somewhere: nobody but them says of which month they are, and that they are all of it.</summary>
    public bool IsStatedByProvider { get; init; } = true;
}

/// <summary>Amounts that a provider states, to reconcile with; the files are its answers as they came.</summary>
/// <param name="Files">The files, kept as evidence.</param>
/// <param name="Figures">What they say.</param>
public sealed record FetchedFigures(IReadOnlyList<string> Files, IReadOnlyList<ControlFigure> Figures) : Fetched(Files);

/// <summary>Anything else that is kept as it came, such as price lists.</summary>
/// <param name="Files">The files, kept as evidence.</param>
public sealed record FetchedEvidence(IReadOnlyList<string> Files) : Fetched(Files);

namespace CiCost.Reports.Models;

/// <summary>A row of the architecture table.</summary>
public sealed record ArchitectureRow
{
    /// <summary>The architecture, for example <c>CUDA</c>.</summary>
    public required string Name { get; init; }

    /// <summary>A remark behind the name; empty for none.</summary>
    public string Note { get; init; } = "";

    /// <summary>Is it what no rule gives an architecture? There is at most one such row, and it comes last.</summary>
    public bool IsNotAttributed { get; init; }

    /// <summary>Cents by basis.</summary>
    public required BasisAmounts Amounts { get; init; }

    /// <summary>Their sum.</summary>
    public required long TotalCents { get; init; }

    /// <summary>The total of the month before; null when that month is not in the books.</summary>
    public long? PreviousCents { get; init; }
}

/// <summary>Consumption of the month by architecture and basis. Its total is the one that every other exhibit must meet.</summary>
public sealed record ArchitectureCosts
{
    /// <summary>The sentence that says what to see.</summary>
    public required string Say { get; init; }

    /// <summary>The rows, largest first, what is not attributed last.</summary>
    public required IReadOnlyList<ArchitectureRow> Rows { get; init; }

    /// <summary>The last line of the table.</summary>
    public required ArchitectureRow Total { get; init; }
}

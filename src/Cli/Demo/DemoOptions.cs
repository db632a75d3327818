namespace CiCost.Cli.Demo;

/// <summary>What to write, and where.</summary>
internal sealed record DemoOptions
{
    /// <summary>Where the files go: a folder that does not exist yet, or is empty.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>The folder <c>demo/facts</c>.</summary>
    public required string FactsDirectory { get; init; }

    /// <summary>Decides names, mixes and invented parts; never a calibrated sum.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Multiplies the rows, for load tests; the amounts stay.</summary>
    public int Scale { get; init; } = 1;

    public DemoMonth FirstMonth { get; init; } = new(2025, 8);

    public DemoMonth LastMonth { get; init; } = new(2026, 7);
}

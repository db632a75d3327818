namespace CiCost.CostIngest.Sources.GitHub;

/// <summary>The jobs of the workflow runs that were created in a repository on a day.</summary>
internal sealed record JobDayOffer : Offer
{
    /// <summary>The repository as OWNER/NAME.</summary>
    public required string Repository { get; init; }

    /// <summary>The day, UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The runs as they were listed.</summary>
    public IReadOnlyList<WorkflowRun> Runs { get; init; } = [];

    /// <summary>Why it cannot be fetched: a day that GitHub does not list does not keep other days back.</summary>
    public SourceException? Refusal { get; init; }
}

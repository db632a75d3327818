namespace CiCost.Cli.Demo;

/// <summary>One execution of a job, as the fields of GitHub's <c>workflow_job</c>.</summary>
internal sealed record JobRun
{
    public required long Id { get; init; }

    public required long RunId { get; init; }

    public required int Attempt { get; init; }

    public required string Repository { get; init; }

    public required string WorkflowName { get; init; }

    public required string Name { get; init; }

    public required string HeadBranch { get; init; }

    public required string HeadSha { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public required string RunnerGroup { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime StartedAt { get; init; }

    public required DateTime CompletedAt { get; init; }

    public required string Conclusion { get; init; }
}

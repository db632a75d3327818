using System.Collections.Immutable;

namespace CiCost.Domain.JobCosting;

/// <summary>How far a job run is. The order is the order of the join: a later state wins over an earlier one.</summary>
public enum JobStatus
{
    /// <summary>Waiting for a runner.</summary>
    Queued = 0,

    /// <summary>Waiting for an approval or a concurrency slot.</summary>
    Waiting = 1,

    /// <summary>Running.</summary>
    InProgress = 2,

    /// <summary>Ended.</summary>
    Completed = 3,
}

/// <summary>What identifies a job run (architecture.md, 6).</summary>
/// <param name="System">The system, for example <c>github</c>.</param>
/// <param name="Host">The repository host, for example <c>github.com</c>.</param>
/// <param name="JobId">The job's id there.</param>
/// <param name="Attempt">The run attempt, from 1.</param>
public readonly record struct JobRunKey(string System, string Host, long JobId, int Attempt);

/// <summary>What one event says about a job run. The run's state is the greatest of its events, so any order and repetition gives the
/// same.</summary>
public sealed record JobEvent
{
    /// <summary>The job run.</summary>
    public required JobRunKey Key { get; init; }

    /// <summary>The run (workflow run) that it belongs to.</summary>
    public required long RunId { get; init; }

    /// <summary>The repository as <c>owner/name</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>The workflow's name, or null.</summary>
    public string? Workflow { get; init; }

    /// <summary>The job's name.</summary>
    public required string Name { get; init; }

    /// <summary>The branch, or null.</summary>
    public string? HeadBranch { get; init; }

    /// <summary>The commit, or null.</summary>
    public string? HeadSha { get; init; }

    /// <summary>How far it is.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>How it ended, for example <c>success</c>; null before.</summary>
    public string? Conclusion { get; init; }

    /// <summary>Seconds since 1970 when it was created; null when not stated.</summary>
    public long? CreatedSeconds { get; init; }

    /// <summary>Seconds since 1970 when it began; null when it did not, or an epoch timestamp stood there.</summary>
    public long? StartedSeconds { get; init; }

    /// <summary>Seconds since 1970 when it ended; null when it did not, or an epoch timestamp stood there.</summary>
    public long? CompletedSeconds { get; init; }

    /// <summary>The labels that it asked for, in their order.</summary>
    public required ImmutableArray<string> Labels { get; init; }

    /// <summary>The runner that took it, or null.</summary>
    public string? RunnerName { get; init; }

    /// <summary>The runner's group, or null.</summary>
    public string? RunnerGroup { get; init; }

    /// <summary>The provider's own id of the job where it is no number, so that the key's id is made from it; else null.</summary>
    public string? NativeId { get; init; }

    /// <summary>The system says that no runner ever took it: what lies between its times was waiting, however it ended.</summary>
    public bool NeverHadRunner { get; init; }

    /// <summary>Seconds that it held a runner; 0 when it never did, or its times make no sense.</summary>
    public long RunSeconds => Status == JobStatus.Completed && Conclusion != "skipped" && !NeverHadRunner
        && StartedSeconds is { } start && CompletedSeconds is { } end && end > start ? end - start : 0;

    /// <summary>The time of the event: the latest that it states.</summary>
    public long EventSeconds => Math.Max(CreatedSeconds ?? 0, Math.Max(StartedSeconds ?? 0, CompletedSeconds ?? 0));
}

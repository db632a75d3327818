using CiCost.Domain.JobCosting;

namespace CiCost.Ledger.Jobs;

/// <summary>A job run that has not ended, as far as the books know.</summary>
public sealed record UnfinishedJob
{
    /// <summary>The system, for example <c>github</c>.</summary>
    public string System { get; init; } = "";

    /// <summary>The repository host.</summary>
    public string Host { get; init; } = "";

    /// <summary>The repository as <c>owner/name</c>.</summary>
    public string Repository { get; init; } = "";

    /// <summary>The workflow run that it belongs to.</summary>
    public long RunId { get; init; }

    /// <summary>The job's id at its system.</summary>
    public long JobId { get; init; }

    /// <summary>The provider's own id where it is no number, else null.</summary>
    public string? NativeId { get; init; }

    /// <summary>The run attempt.</summary>
    public int Attempt { get; init; }

    /// <summary>The workflow's name, or null.</summary>
    public string? Workflow { get; init; }

    /// <summary>The job's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>How far it is.</summary>
    public JobStatus Status { get; init; }

    /// <summary>Seconds since 1970 when it was created; where that is not told, the latest time that is, and 0 where none is.</summary>
    public long CreatedSeconds { get; init; }

    /// <summary>The runner that took it, or null.</summary>
    public string? RunnerName { get; init; }

    /// <summary>Its labels, separated by line feeds.</summary>
    public string Labels { get; init; } = "";

    /// <summary>The delivery of the event that decided.</summary>
    public int DeliveryId { get; init; }

    /// <summary>The row of the event that decided.</summary>
    public long RowNumber { get; init; }

    /// <summary>A status as the books' views write it.</summary>
    public static string Text(JobStatus status) => status switch
    {
        JobStatus.Queued => "queued",
        JobStatus.Waiting => "waiting",
        JobStatus.InProgress => "in_progress",
        _ => "completed",
    };
}

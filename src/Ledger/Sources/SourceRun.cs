using CiCost.Domain.Periods;

namespace CiCost.Ledger.Sources;

/// <summary>Why a source was pulled.</summary>
public enum PullCause
{
    /// <summary>Its schedule.</summary>
    Schedule,

    /// <summary>The command line.</summary>
    Command,

    /// <summary>A request to the API.</summary>
    Api,

    /// <summary>A range of past months that somebody asked for.</summary>
    Backfill,

    /// <summary>A scheduled run failed and is repeated.</summary>
    Retry,
}

/// <summary>How a run stands.</summary>
public enum RunOutcome
{
    /// <summary>It goes on, or its process was killed and nobody has noticed yet.</summary>
    Running,

    /// <summary>Everything that the provider offers is taken.</summary>
    Succeeded,

    /// <summary>Something could not be taken; what was taken before is whole.</summary>
    Failed,

    /// <summary>Its process ended before it did.</summary>
    Abandoned,
}

/// <summary>One run of a source.</summary>
public sealed record SourceRun
{
    /// <summary>Its number.</summary>
    public required long RunId { get; init; }

    /// <summary>The source's key.</summary>
    public required string SourceKey { get; init; }

    /// <summary>Why it ran.</summary>
    public required PullCause Cause { get; init; }

    /// <summary>The months that were asked for.</summary>
    public required MonthRange Months { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it stands.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>What it counted.</summary>
    public required RunCounts Counts { get; init; }

    /// <summary>Of a failed run, the stable name of the first error.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Of a failed run, what happened and what to do.</summary>
    public string? ErrorMessage { get; init; }
}

/// <summary>What a run counted.</summary>
/// <param name="Offers">What the provider holds for the months.</param>
/// <param name="Taken">Offers that were new or restated and are in the books now.</param>
/// <param name="Unchanged">Offers that the books had already.</param>
/// <param name="Rows">Rows of what was taken.</param>
public readonly record struct RunCounts(int Offers, int Taken, int Unchanged, long Rows);

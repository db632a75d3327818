using CiCost.CostApi.Scheduling;
using CiCost.Ledger.Sources;

namespace CiCost.CostApi.Documents;

/// <summary>The schedule of pulls: <c>/v1/schedule</c> and <c>cicost schedule list --json</c>.</summary>
/// <param name="Sources">The configured sources, in the order of their file.</param>
public sealed record ScheduleDocument(IReadOnlyList<ScheduledSourceDocument> Sources)
{
    /// <summary>The document of a schedule.</summary>
    public static ScheduleDocument Of(IEnumerable<ScheduledSource> sources, SourceRunDirectory runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var last = runs.LastOfEach(null);
        return new([.. sources.Select(s => ScheduledSourceDocument.Of(s, last.GetValueOrDefault(s.Key)))]);
    }
}

/// <summary>A source in the schedule.</summary>
/// <param name="Source">The source.</param>
/// <param name="Connector">How it is pulled.</param>
/// <param name="Cron">When: a cron expression with seconds, UTC; null for on request only.</param>
/// <param name="JitterMinutes">A run starts up to so many minutes later.</param>
/// <param name="NextRunAt">When it runs next, UTC; null when it is paused or not scheduled.</param>
/// <param name="IsPaused">Is it kept from running by its schedule?</param>
/// <param name="IsRunning">Does the scheduler run it now?</param>
/// <param name="LastRun">Its last run, whoever asked for it; null when it never ran.</param>
public sealed record ScheduledSourceDocument(
    string Source,
    string Connector,
    string? Cron,
    int JitterMinutes,
    DateTimeOffset? NextRunAt,
    bool IsPaused,
    bool IsRunning,
    RunDocument? LastRun)
{
    /// <summary>The document of a source.</summary>
    public static ScheduledSourceDocument Of(ScheduledSource source, SourceRun? lastRun)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new(source.Key, source.Connector, source.Cron, source.JitterMinutes, source.NextRunAt, source.IsPaused, source.IsRunning,
            lastRun is null ? null : RunDocument.Of(lastRun));
    }
}

/// <summary>Runs of sources, newest first: <c>/v1/schedule/{key}/runs</c> and <c>cicost schedule history --json</c>.</summary>
/// <param name="Runs">The runs.</param>
public sealed record RunsDocument(IReadOnlyList<RunDocument> Runs)
{
    /// <summary>The document of some runs.</summary>
    public static RunsDocument Of(IEnumerable<SourceRun> runs) => new([.. runs.Select(RunDocument.Of)]);
}

/// <summary>One run of a source.</summary>
/// <param name="Run">Its number; later runs have larger ones.</param>
/// <param name="Source">The source.</param>
/// <param name="Cause">Why it ran: <c>schedule</c>, <c>command</c>, <c>api</c>, <c>backfill</c> or <c>retry</c>.</param>
/// <param name="FirstMonth">The first month that was asked for.</param>
/// <param name="LastMonth">The last month that was asked for.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="EndedAt">When it ended, UTC; null while it runs.</param>
/// <param name="Outcome"><c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>abandoned</c>.</param>
/// <param name="Offers">What the provider held for the months.</param>
/// <param name="Taken">Offers that were new or restated and are in the books now.</param>
/// <param name="Unchanged">Offers that the books had already.</param>
/// <param name="Rows">Rows of what was taken.</param>
/// <param name="ErrorCode">Of a failed run, the stable name of the first error.</param>
/// <param name="ErrorMessage">Of a failed run, what happened and what to do.</param>
public sealed record RunDocument(
    long Run,
    string Source,
    PullCause Cause,
    string FirstMonth,
    string LastMonth,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    RunOutcome Outcome,
    int Offers,
    int Taken,
    int Unchanged,
    long Rows,
    string? ErrorCode,
    string? ErrorMessage)
{
    /// <summary>The document of a run.</summary>
    public static RunDocument Of(SourceRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new(run.RunId, run.SourceKey, run.Cause, run.Months.First.ToString(), run.Months.Last.ToString(), run.StartedAt, run.EndedAt,
            run.Outcome, run.Counts.Offers, run.Counts.Taken, run.Counts.Unchanged, run.Counts.Rows, run.ErrorCode, run.ErrorMessage);
    }
}

/// <summary>The months of a run that is asked for; both, or none for those of a scheduled run.</summary>
/// <param name="FirstMonth">The first month, YYYY-MM.</param>
/// <param name="LastMonth">The last month, YYYY-MM; not before the first.</param>
public sealed record RunRequestDocument(string? FirstMonth, string? LastMonth);

/// <summary>A run that was asked for and will start as soon as the scheduler is free.</summary>
/// <param name="Source">The source.</param>
/// <param name="Cause"><c>api</c>, or <c>backfill</c> when months are given.</param>
/// <param name="FirstMonth">The first month that is asked for; null for those of a scheduled run.</param>
/// <param name="LastMonth">The last month that is asked for.</param>
/// <param name="Runs">Where the run shows once it has begun: the runs of the source after those that there were.</param>
public sealed record RunAcceptedDocument(string Source, PullCause Cause, string? FirstMonth, string? LastMonth, string Runs);

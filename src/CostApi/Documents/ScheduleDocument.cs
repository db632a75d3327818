using CiCost.CostApi.Scheduling;
using CiCost.Ledger.Sources;

namespace CiCost.CostApi.Documents;

/// <summary>The schedule of pulls: <c>/v1/schedule</c> and <c>cicost schedule list --json</c>.</summary>
/// <param name="IsServed">Does a server run it now? Without one nothing runs by itself.</param>
/// <param name="Sources">The configured sources, in the order of their file.</param>
public sealed record ScheduleDocument(bool IsServed, IReadOnlyList<ScheduledSourceDocument> Sources)
{
    /// <summary>The document of a schedule.</summary>
    public static ScheduleDocument Of(bool isServed, IEnumerable<ScheduledSource> sources, SourceRunDirectory runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var last = runs.LastOfEach(null);
        return new(isServed, [.. sources.Select(s => ScheduledSourceDocument.Of(s, last.GetValueOrDefault(s.Key)))]);
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
    SourceRunDocument? LastRun)
{
    /// <summary>The document of a source.</summary>
    public static ScheduledSourceDocument Of(ScheduledSource source, SourceRun? lastRun)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new(source.Key, source.Connector, source.Cron, source.JitterMinutes, source.NextRunAt, source.IsPaused, source.IsRunning,
            lastRun is null ? null : SourceRunDocument.Of(lastRun));
    }
}

/// <summary>Runs of sources, newest first: <c>/v1/schedule/{key}/runs</c> and <c>cicost schedule history --json</c>.</summary>
/// <param name="Runs">The runs.</param>
public sealed record RunsDocument(IReadOnlyList<SourceRunDocument> Runs)
{
    /// <summary>The document of some runs.</summary>
    public static RunsDocument Of(IEnumerable<SourceRun> runs) => new([.. runs.Select(SourceRunDocument.Of)]);
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
public sealed record RunAcceptedDocument(string Source, string Cause, string? FirstMonth, string? LastMonth, string Runs);

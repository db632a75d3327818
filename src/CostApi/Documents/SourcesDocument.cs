using CiCost.Accounting.Freshness;
using CiCost.Ledger.Sources;

namespace CiCost.CostApi.Documents;

/// <summary>Every configured source and every ledger source, how fresh and how complete it is: <c>/v1/sources</c>.</summary>
/// <param name="Sources">The sources by key.</param>
public sealed record SourcesDocument(IReadOnlyList<SourceFreshnessDocument> Sources)
{
    /// <summary>The document of some sources.</summary>
    public static SourcesDocument Of(IReadOnlyList<SourceFreshness> sources) => new([.. sources.Select(SourceFreshnessDocument.Of)]);
}

/// <summary>How fresh and how complete one source is.</summary>
/// <param name="Source">Its key.</param>
/// <param name="Connector">The kind of source; null for a ledger source that is not pulled.</param>
/// <param name="State">fresh, waiting, failing, silent, stale, or old: the newest data in the books is.</param>
/// <param name="Message">The same in words, with what to do.</param>
/// <param name="LastSuccess">When a run last succeeded; null when none did.</param>
/// <param name="LastDelivery">When something new was last taken.</param>
/// <param name="ExpectedBy">By when the next successful run is expected; null for a source that is not pulled.</param>
/// <param name="LastRun">Its last run.</param>
/// <param name="Newest">How complete its newest billing period is; null without one.</param>
public sealed record SourceFreshnessDocument(
    string Source,
    string? Connector,
    string State,
    string Message,
    DateTimeOffset? LastSuccess,
    DateTimeOffset? LastDelivery,
    DateTimeOffset? ExpectedBy,
    SourceRunDocument? LastRun,
    SourceCompletenessDocument? Newest)
{
    /// <summary>The document of a source.</summary>
    public static SourceFreshnessDocument Of(SourceFreshness s)
    {
        ArgumentNullException.ThrowIfNull(s);
        return new SourceFreshnessDocument(
            s.SourceKey,
            s.Feed?.Connector,
            HyphenWords.Of(s.State),
            s.Message,
            s.LastSuccess,
            s.LastDelivery,
            s.ExpectedBy,
            s.LastRun is { } run ? SourceRunDocument.Of(run) : null,
            s.Newest is { } newest
                ? new SourceCompletenessDocument(newest.Month.ToString(), newest.Rows, newest.Days, newest.UsualRowsPerDay,
                    newest.PercentOfUsual, newest.LastDay, newest.MissingDays)
                : null);
    }
}

/// <summary>How complete the newest billing period of a source is.</summary>
/// <param name="Month">The billing period.</param>
/// <param name="RowCount">Rows of its deliveries.</param>
/// <param name="Days">Charge days with lines.</param>
/// <param name="UsualRowsPerDay">Rows a day in the three billing periods before; null without them.</param>
/// <param name="PercentOfUsual">Rows a day as a percentage of the usual.</param>
/// <param name="LastDay">The last charge day with lines.</param>
/// <param name="MissingDays">Charge days between the first and the last without a line.</param>
public sealed record SourceCompletenessDocument(string Month, long RowCount, int Days, long? UsualRowsPerDay, long? PercentOfUsual,
    DateOnly? LastDay, IReadOnlyList<DateOnly> MissingDays);

/// <summary>One run of a source.</summary>
/// <param name="RunId">Its number.</param>
/// <param name="Source">The source.</param>
/// <param name="Cause">schedule, command, api, backfill, or retry.</param>
/// <param name="FirstMonth">The first month that was asked for.</param>
/// <param name="LastMonth">The last one.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
/// <param name="Outcome">running, succeeded, failed, or abandoned.</param>
/// <param name="Offers">What the provider holds for the months.</param>
/// <param name="Taken">What was new or restated.</param>
/// <param name="Unchanged">What the books had already.</param>
/// <param name="RowCount">Rows of what was taken.</param>
/// <param name="ErrorCode">Of a failed run, the name of the error; see docs/errors.md.</param>
/// <param name="ErrorMessage">What happened and what to do.</param>
public sealed record SourceRunDocument(long RunId, string Source, string Cause, string FirstMonth, string LastMonth, DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt, string Outcome, int Offers, int Taken, int Unchanged, long RowCount, string? ErrorCode, string? ErrorMessage)
{
    /// <summary>The document of a run.</summary>
    public static SourceRunDocument Of(SourceRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new SourceRunDocument(run.RunId, run.SourceKey, HyphenWords.Of(run.Cause), run.Months.First.ToString(),
            run.Months.Last.ToString(), run.StartedAt, run.EndedAt, HyphenWords.Of(run.Outcome), run.Counts.Offers,
            run.Counts.Taken, run.Counts.Unchanged, run.Counts.Rows, run.ErrorCode, run.ErrorMessage);
    }
}

using CiCost.Domain.Periods;
using Dapper;

namespace CiCost.Ledger.Jobs;

/// <summary>A completed job run that held a runner.</summary>
public sealed record JobRun
{
    /// <summary>The job's id at its system.</summary>
    public long JobId { get; init; }

    /// <summary>The run attempt.</summary>
    public int Attempt { get; init; }

    /// <summary>The repository as <c>owner/name</c>.</summary>
    public string Repository { get; init; } = "";

    /// <summary>The workflow's name, or null.</summary>
    public string? Workflow { get; init; }

    /// <summary>The job's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>How it ended.</summary>
    public string? Conclusion { get; init; }

    /// <summary>Seconds since 1970 when it began.</summary>
    public long StartedSeconds { get; init; }

    /// <summary>Seconds since 1970 when it ended.</summary>
    public long CompletedSeconds { get; init; }

    /// <summary>Its labels, separated by line feeds.</summary>
    public string Labels { get; init; } = "";

    /// <summary>The delivery of the event that decided.</summary>
    public int DeliveryId { get; init; }

    /// <summary>The row of the event that decided.</summary>
    public long RowNumber { get; init; }
}

/// <summary>Job runs that are listed again in a later attempt of their workflow run, because that attempt ran only what had failed: the
/// machine ran once, so that they have no hours.</summary>
/// <param name="Runs">How many.</param>
/// <param name="Seconds">The seconds that they state, within the month that was asked for.</param>
public sealed record JobCopies(long Runs, long Seconds);

/// <summary>Reads job runs.</summary>
public sealed class JobRunReader(Books books)
{
    /// <summary>
    /// "Re-run failed jobs" lists every passed job again under the new attempt, with a new id and its old runner and times. Which one came
    /// first does not matter: that of the least attempt counts. The same name on another runner (a matrix) is another job.
    /// </summary>
    private const string IsCopy = """
        EXISTS (SELECT 1 FROM job_run o INDEXED BY job_run_by_completion
          WHERE o.completed_s = j.completed_s AND o.run_seconds > 0 AND o.started_s = j.started_s AND o.run_id = j.run_id
            AND o.attempt < j.attempt AND o.name = j.name AND o.runner_name IS j.runner_name AND o.system = j.system AND o.host = j.host)
        """;

    /// <summary>Runs that older programs booked may have seconds though no runner took them: they are worth none (docs/jobs.md).</summary>
    private const string FromOverlapping = """
        FROM job_run j WHERE run_seconds > 0 AND completed_s > @first AND started_s < @end
          AND completed_s < @end + (SELECT MAX(run_seconds) FROM job_run)
          AND (system <> 'github' OR trim(COALESCE(runner_name, '')) <> '' OR conclusion = 'success')
        """;

    private const string SelectOverlapping = $"""
        SELECT job_id AS JobId, attempt AS Attempt, repository AS Repository, workflow AS Workflow, name AS Name, conclusion AS Conclusion,
               started_s AS StartedSeconds, completed_s AS CompletedSeconds, labels AS Labels, delivery_id AS DeliveryId,
               row_number AS RowNumber
        {FromOverlapping} AND NOT {IsCopy}
        ORDER BY system, host, job_id, attempt
        """;

    private const string SelectMonths = """
        SELECT DISTINCT strftime('%Y-%m', completed_s, 'unixepoch') FROM job_run WHERE run_seconds > 0 ORDER BY 1
        """;

    private const string SelectCopies = $"""
        SELECT COUNT(*) AS Runs, COALESCE(SUM(MIN(completed_s, @end) - MAX(started_s, @first)), 0) AS Seconds
        {FromOverlapping} AND {IsCopy}
        """;

    private const string SelectUnfinished = """
        SELECT system AS System, host AS Host, repository AS Repository, run_id AS RunId, job_id AS JobId, native_id AS NativeId,
               attempt AS Attempt, workflow AS Workflow, name AS Name, status AS Status, COALESCE(created_s, event_s) AS CreatedSeconds,
               runner_name AS RunnerName, labels AS Labels, delivery_id AS DeliveryId, row_number AS RowNumber
        FROM job_run WHERE status < 3 AND COALESCE(created_s, event_s) < @before
          AND (@first IS NULL OR (COALESCE(created_s, event_s) >= @first AND COALESCE(created_s, event_s) < @end))
        ORDER BY COALESCE(created_s, event_s), system, host, job_id, attempt
        """;

    /// <summary>The completed runs that held a runner for a part of a month, in a stable order; without copies.</summary>
    public IReadOnlyList<JobRun> Overlapping(BillingMonth month)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<JobRun>(SelectOverlapping, Bounds(month))];
    }

    /// <summary>The months in which a run that held a runner ended.</summary>
    public IReadOnlyList<BillingMonth> Months()
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<string>(SelectMonths).Select(BillingMonth.Parse)];
    }

    /// <summary>What stands in a month's job runs a second time.</summary>
    public JobCopies Copies(BillingMonth month)
    {
        using var connection = books.OpenReader();
        return connection.QuerySingle<JobCopies>(SelectCopies, Bounds(month));
    }

    /// <summary>The runs that have not ended as far as the books know, the oldest first.</summary>
    /// <param name="month">Only those that were created in it, UTC; null for all.</param>
    /// <param name="createdBefore">Only those that were created before.</param>
    public IReadOnlyList<UnfinishedJob> Unfinished(BillingMonth? month, DateTimeOffset createdBefore)
    {
        using var connection = books.OpenReader();
        var (first, end) = month is { } m ? (StartOf(m), StartOf(m.Next)) : ((long?)null, (long?)null);
        return [.. connection.Query<UnfinishedJob>(SelectUnfinished, new { first, end, before = createdBefore.ToUnixTimeSeconds() })];
    }

    private static long? StartOf(BillingMonth month) => (long)ChargeDay.Of(month.FirstDay) * ChargeDay.SecondsPerDay;

    private static object Bounds(BillingMonth month) => new
    {
        first = (long)ChargeDay.Of(month.FirstDay) * ChargeDay.SecondsPerDay,
        end = ((long)ChargeDay.Of(month.LastDay) + 1) * ChargeDay.SecondsPerDay,
    };
}

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

/// <summary>Reads job runs.</summary>
public sealed class JobRunReader(Books books)
{
    private const string SelectOverlapping = """
        SELECT job_id AS JobId, attempt AS Attempt, repository AS Repository, workflow AS Workflow, name AS Name, conclusion AS Conclusion,
               started_s AS StartedSeconds, completed_s AS CompletedSeconds, labels AS Labels, delivery_id AS DeliveryId,
               row_number AS RowNumber
        FROM job_run WHERE run_seconds > 0 AND completed_s > @first AND started_s < @end
          AND completed_s < @end + (SELECT MAX(run_seconds) FROM job_run)
        ORDER BY system, host, job_id, attempt
        """;

    private const string CountUnfinished = """
        SELECT COUNT(*) FROM job_run WHERE status < 3 AND created_s >= @first AND created_s < @end
        """;

    /// <summary>The completed runs that held a runner for a part of a month, in a stable order.</summary>
    public IReadOnlyList<JobRun> Overlapping(BillingMonth month)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<JobRun>(SelectOverlapping, Bounds(month))];
    }

    /// <summary>How many runs that were created in a month have not ended, as far as the books know.</summary>
    public long Unfinished(BillingMonth month)
    {
        using var connection = books.OpenReader();
        return connection.ExecuteScalar<long>(CountUnfinished, Bounds(month));
    }

    private static object Bounds(BillingMonth month) => new
    {
        first = (long)ChargeDay.Of(month.FirstDay) * ChargeDay.SecondsPerDay,
        end = ((long)ChargeDay.Of(month.LastDay) + 1) * ChargeDay.SecondsPerDay,
    };
}

using CiCost.Domain.JobCosting;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Jobs;

/// <summary>The join of events into job runs: the greatest event of a job is what it was, in whatever order they come.</summary>
internal static class JobRunJoin
{
    private const string Join = """
        INSERT INTO job_run (system, host, job_id, attempt, run_id, repository, workflow, name, head_branch, head_sha, status, conclusion,
          created_s, started_s, completed_s, run_seconds, labels, runner_name, runner_group, native_id, event_s, event_hash, delivery_id,
          row_number)
        VALUES (@System, @Host, @JobId, @Attempt, @RunId, @Repository, @Workflow, @Name, @HeadBranch, @HeadSha, @Status, @Conclusion,
          @CreatedSeconds, @StartedSeconds, @CompletedSeconds, @RunSeconds, @Labels, @RunnerName, @RunnerGroup, @NativeId, @EventSeconds,
          @EventHash, @DeliveryId, @RowNumber)
        ON CONFLICT (system, host, job_id, attempt) DO UPDATE SET
          run_id = excluded.run_id, repository = excluded.repository, workflow = excluded.workflow, name = excluded.name,
          head_branch = excluded.head_branch, head_sha = excluded.head_sha, status = excluded.status, conclusion = excluded.conclusion,
          created_s = excluded.created_s, started_s = excluded.started_s, completed_s = excluded.completed_s,
          run_seconds = excluded.run_seconds, labels = excluded.labels, runner_name = excluded.runner_name,
          runner_group = excluded.runner_group, native_id = excluded.native_id, event_s = excluded.event_s, event_hash = excluded.event_hash,
          delivery_id = excluded.delivery_id, row_number = excluded.row_number
        WHERE (excluded.status, excluded.event_s, excluded.event_hash) > (job_run.status, job_run.event_s, job_run.event_hash)
        """;

    /// <summary>Joins events into the job runs.</summary>
    /// <param name="connection">Inside the booking's transaction.</param>
    /// <param name="deliveryId">The delivery.</param>
    /// <param name="events">The events with their row numbers in it.</param>
    public static void Write(SqliteConnection connection, int deliveryId, IReadOnlyList<(uint RowNumber, JobEvent Event)> events) =>
        connection.Execute(Join, events.Select(e => ToRow(deliveryId, e.RowNumber, e.Event)));

    private static object ToRow(int deliveryId, uint rowNumber, JobEvent e)
    {
        var labels = string.Join('\n', e.Labels);
        return new
        {
            e.Key.System,
            e.Key.Host,
            e.Key.JobId,
            e.Key.Attempt,
            e.RunId,
            e.Repository,
            e.Workflow,
            e.Name,
            e.HeadBranch,
            e.HeadSha,
            Status = (int)e.Status,
            e.Conclusion,
            e.CreatedSeconds,
            e.StartedSeconds,
            e.CompletedSeconds,
            e.RunSeconds,
            Labels = labels,
            e.RunnerName,
            e.RunnerGroup,
            e.NativeId,
            e.EventSeconds,
            EventHash = HashOf(e, labels),
            DeliveryId = deliveryId,
            RowNumber = (long)rowNumber,
        };
    }

    /// <summary>
    /// Over all that the event says, so that two different events are never equal in the join. A native id alone takes the place of the
    /// group, as in rows that were booked before it had a column of its own: an event heard again must have the hash that is stored.
    /// </summary>
    private static byte[] HashOf(JobEvent e, string labels)
    {
        string?[] texts =
        [
            e.Repository, e.Workflow, e.Name, e.HeadBranch, e.HeadSha, e.Conclusion, labels, e.RunnerName, e.RunnerGroup ?? e.NativeId,
            .. e.RunnerGroup is not null && e.NativeId is not null ? [e.NativeId] : Array.Empty<string?>(),
            .. e is { NeverHadRunner: true, Status: JobStatus.Completed } ? ["no runner"] : Array.Empty<string?>(),
        ];
        var text = string.Join('\u001f', e.RunId, e.CreatedSeconds, e.StartedSeconds, e.CompletedSeconds,
            string.Concat(texts.Select(t => t is null ? "-" : $"{t.Length}:{t}")));
        return System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text))[..16];
    }
}

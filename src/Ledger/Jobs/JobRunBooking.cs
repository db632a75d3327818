using CiCost.Domain.JobCosting;
using CiCost.Ledger.Booking;
using CiCost.Ledger.Rules;
using CiCost.Ledger.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Jobs;

/// <summary>
/// Books one delivery of job events: one transaction, whole or not at all. Events are facts and are joined into the job runs that are
/// there; what was heard once stays heard, also when the delivery is superseded.
/// </summary>
public sealed class JobRunBooking : IDisposable
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

    private readonly Books _books;
    private readonly BookingRequest _request;
    private readonly IDisposable _gate;
    private readonly SqliteConnection _connection;
    private long _ruleSetId;
    private long _scopeId;
    private int _deliveryId;
    private int? _supersedes;
    private WriteTransaction? _transaction;

    private JobRunBooking(Books books, BookingRequest request, IDisposable gate, SqliteConnection connection) =>
        (_books, _request, _gate, _connection) = (books, request, gate, connection);

    /// <summary>The delivery whose bytes these are already, when that is the scope's current one: then there is nothing to book.</summary>
    public int? UnchangedDeliveryId { get; private set; }

    /// <summary>Waits for the write gate and begins.</summary>
    /// <exception cref="BooksException">No policy is registered, or another writer holds the books too long.</exception>
    public static async Task<JobRunBooking> BeginAsync(Books books, BookingRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(books);
        ArgumentNullException.ThrowIfNull(request);
        var gate = await books.EnterWriteAsync($"booking of {request.Source.Key} {request.BillingMonth}", cancellationToken).ConfigureAwait(false);
        JobRunBooking? booking = null;
        try
        {
            booking = new JobRunBooking(books, request, gate, books.OpenWriter());
            booking.Begin();
            return booking;
        }
        catch
        {
            (booking ?? gate).Dispose();
            throw;
        }
    }

    /// <summary>Joins events into the job runs.</summary>
    /// <param name="events">The events with their row numbers in the delivery.</param>
    public void Write(IReadOnlyList<(uint RowNumber, JobEvent Event)> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        _connection.Execute(Join, events.Select(e => ToRow(e.RowNumber, e.Event)));
        FailPoint.Reach("booking.mid-rows");
    }

    /// <summary>Writes the delivery's own records.</summary>
    public BookedDelivery Finish(BookingFindings findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        var bookVersionId = BookVersionLog.Append(_connection, _books.Time, "delivery", _ruleSetId);
        new DeliveryRecords(_connection, _deliveryId, _books.Time)
            .Write(_request, findings, _scopeId, bookVersionId, _supersedes, newDimensionSets: 0, [], new DayCosts());
        return new BookedDelivery(_deliveryId, _supersedes, bookVersionId, 0);
    }

    /// <summary>Makes it durable.</summary>
    public void Commit()
    {
        FailPoint.Reach("booking.before-commit");
        _transaction!.Commit();
        FailPoint.Reach("booking.after-commit");
        _books.CheckpointAll(_connection);
    }

    /// <summary>Rolls back what was not committed and lets the next writer in.</summary>
    public void Dispose()
    {
        // In reverse: whatever one of them throws, the gate is given back.
        using (_gate)
        using (_connection)
        {
            _transaction?.Dispose();
        }
    }

    private void Begin()
    {
        _ruleSetId = RuleSetRegistry.CurrentOf(_connection)?.RuleSetId
            ?? throw new BooksException("no-policy", "These books have no policy yet. Run 'cicost attribute' first.");
        _transaction = WriteTransaction.Begin(_connection);
        (_scopeId, UnchangedDeliveryId, _supersedes, _deliveryId) = ScopeClaim.Take(_connection, _request, _books.Time);
        if (UnchangedDeliveryId is not null)
        {
            return;
        }

        FailPoint.Reach("booking.begun");
    }

    private object ToRow(uint rowNumber, JobEvent e)
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
            DeliveryId = _deliveryId,
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

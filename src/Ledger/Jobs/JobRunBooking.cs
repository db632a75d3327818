using CiCost.Domain.JobCosting;
using CiCost.Ledger.Booking;
using CiCost.Ledger.Rules;
using CiCost.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Jobs;

/// <summary>
/// Books one delivery of job events: one transaction, whole or not at all. Events are facts and are joined into the job runs that are
/// there; what was heard once stays heard, also when the delivery is superseded.
/// </summary>
public sealed class JobRunBooking : IDisposable
{
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
        JobRunJoin.Write(_connection, _deliveryId, events);
        FailPoint.Reach("booking.mid-rows");
    }

    /// <summary>Writes the delivery's own records.</summary>
    public BookedDelivery Finish(BookingFindings findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        var bookVersionId = BookVersionLog.Append(_connection, _books.Time, "delivery", _ruleSetId);
        var records = new DeliveryRecords(_connection, _deliveryId, _books.Time);
        records.Write(_request, findings, _scopeId, bookVersionId, _supersedes, newDimensionSets: 0, [], new DayCosts());
        records.TakeDigests(_request, _scopeId, bookVersionId);
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
}

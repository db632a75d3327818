using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;
using CiCost.Ledger.Rules;
using CiCost.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Booking;

/// <summary>
/// One booking: one transaction, one delivery, whole or not at all. Begin, write the batches, finish, commit; disposing without a
/// commit leaves no trace. Holds the write gate from begin to dispose; readers go on reading the version before.
/// </summary>
public sealed class DeliveryBooking : IDisposable
{
    private readonly Books _books;
    private readonly BookingRequest _request;
    private readonly IDisposable _gate;
    private readonly SqliteConnection _connection;
    private readonly List<long> _dimensionSetIds = [];
    private readonly List<string> _currencies = [];
    private readonly Dictionary<long, Task<IReadOnlyList<DatedAttribution>>> _early = [];
    private readonly long _ruleSetId;
    private IAttributor? _earlyAttributor;
    private long _scopeId;
    private int? _supersedes;
    private int _deliveryId;
    private LineWriter? _lines;
    private DimensionSetStore? _sets;
    private WriteTransaction? _transaction;

    private DeliveryBooking(Books books, BookingRequest request, IDisposable gate, SqliteConnection connection, long ruleSetId)
    {
        _books = books;
        _request = request;
        _gate = gate;
        _connection = connection;
        _ruleSetId = ruleSetId;
    }

    /// <summary>The delivery whose bytes these are already, when that is the scope's current one: then there is nothing to book.</summary>
    public int? UnchangedDeliveryId { get; private set; }

    /// <summary>Waits for the write gate and begins.</summary>
    /// <exception cref="BooksException">No policy is registered, or another writer holds the books too long.</exception>
    public static async Task<DeliveryBooking> BeginAsync(Books books, BookingRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(books);
        ArgumentNullException.ThrowIfNull(request);
        var gate = await books.EnterWriteAsync($"booking of {request.Source.Key} {request.BillingMonth}", cancellationToken).ConfigureAwait(false);
        SqliteConnection? connection = null;
        DeliveryBooking? booking = null;
        try
        {
            connection = books.OpenWriter();
            var rules = RuleSetRegistry.CurrentOf(connection)
                ?? throw new BooksException("no-policy", "These books have no policy yet. Run 'cicost attribute' first.");
            booking = new DeliveryBooking(books, request, gate, connection, rules.RuleSetId);
            booking.Begin();
            return booking;
        }
        catch
        {
            if (booking is not null)
            {
                booking.Dispose();
            }
            else
            {
                using (gate)
                {
                    connection?.Dispose();
                }
            }

            throw;
        }
    }

    /// <summary>Attributes new dimension sets beside the loading, on another thread, instead of after it.</summary>
    /// <param name="attributor">The rules of the current rule set; used by several threads at once.</param>
    public void AttributeWhileLoading(IAttributor attributor) => _earlyAttributor = attributor;

    /// <summary>Writes a batch of lines and what they are the first to use.</summary>
    public void Write(LineBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var known = _sets!.Added.Count;
        foreach (var set in batch.NewDimensionSets)
        {
            _dimensionSetIds.Add(_sets.Resolve(set));
            _currencies.Add(set[DimensionColumn.BillingCurrency] ?? "");
        }

        AttributeEarly(known);

        _lines!.Write(batch, _dimensionSetIds);
        FailPoint.Reach("booking.mid-rows");
    }

    /// <summary>Writes everything that follows from the whole delivery, and verifies it.</summary>
    /// <param name="findings">What the reader found.</param>
    /// <param name="attributor">The rules of the current rule set, for dimension sets that are new.</param>
    /// <exception cref="InvariantException">The open rollup rows are not the exact totals: a bug, and nothing is booked.</exception>
    public BookedDelivery Finish(BookingFindings findings, IAttributor attributor)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(attributor);
        var rounding = RoundingLines.Of(findings.Encoded.Totals, _request.BillingMonth);
        var (parts, dayCosts) = DeliveryGroups.Of(findings.Encoded, rounding, _dimensionSetIds, _currencies, _sets!.Resolve, _lines);
        _lines!.Flush();
        var groups = RollupGroups.Of(parts);
        RollupIntervals.ByDay(_connection).Replace(_scopeId, _deliveryId, groups.Days);
        RollupIntervals.ByMonth(_connection).Replace(_scopeId, _deliveryId, groups.Months);
        using (var attributions = new AttributionStore(_connection, _ruleSetId))
        {
            foreach (var (id, set) in _sets!.Added)
            {
                attributions.Write(id, _early.TryGetValue(id, out var early) ? early.GetAwaiter().GetResult() : attributor.Attribute(set));
            }
        }

        var bookVersionId = BookVersionLog.Append(_connection, _books.Time, "delivery", _ruleSetId);
        var records = new DeliveryRecords(_connection, _deliveryId, _books.Time);
        records.Write(_request, findings, _scopeId, bookVersionId, _supersedes, _sets.Added.Count, rounding, dayCosts);
        records.TakeDigests(_request, _scopeId, bookVersionId);
        BookingVerification.Verify(_connection, _scopeId, _deliveryId, findings.Encoded);
        return new BookedDelivery(_deliveryId, _supersedes, bookVersionId, _sets.Added.Count);
    }

    /// <summary>Makes it durable: returns after the fsync of the write-ahead log.</summary>
    public void Commit()
    {
        FailPoint.Reach("booking.before-commit");
        _transaction!.Commit();
        FailPoint.Reach("booking.after-commit");
    }

    /// <summary>Moves the write-ahead log into the database file. Readers go on; what they still need stays in the log.</summary>
    public void Checkpoint()
    {
        FailPoint.Reach("checkpoint.before");
        _books.CheckpointAll(_connection);
        FailPoint.Reach("checkpoint.after");
    }

    /// <summary>Rolls back what was not committed and lets the next writer in.</summary>
    public void Dispose()
    {
        // In reverse: whatever one of them throws, the gate is given back.
        using (_gate)
        using (_connection)
        using (_transaction)
        using (_sets)
        {
            _lines?.Dispose();
        }
    }

    private void Begin()
    {
        _transaction = WriteTransaction.Begin(_connection);
        (_scopeId, UnchangedDeliveryId, _supersedes, _deliveryId) = ScopeClaim.Take(_connection, _request, _books.Time);
        if (UnchangedDeliveryId is not null)
        {
            return;
        }

        _lines = new LineWriter(_connection, _deliveryId);
        _sets = new DimensionSetStore(_connection, _deliveryId);
        FailPoint.Reach("booking.begun");
    }

    private void AttributeEarly(int known)
    {
        if (_earlyAttributor is not { } attributor)
        {
            return;
        }

        foreach (var (id, set) in _sets!.Added.Skip(known))
        {
            _early.Add(id, Task.Run(() => attributor.Attribute(set)));
        }
    }
}

using CiCost.Domain.JobCosting;
using CiCost.Domain.Lines;
using CiCost.Ledger.Booking;
using CiCost.Ledger.Deliveries;
using CiCost.Ledger.Jobs;
using CiCost.Ledger.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Proofs;

/// <summary>
/// Makes the tables of deliveries anew from what was read from their raw objects, by the code that booked them, in a temporary database, and
/// compares them with the books. One delivery at a time, oldest first: begin, write, finish. The books are only read.
/// </summary>
/// <remarks>
/// The temporary database holds one delivery, and all job runs. Each comparison reads one state of the books, and what is booked meanwhile is left
/// to the next run, so that bookings go on beside it and are never kept waiting for long. Not thread-safe.
/// </remarks>
public sealed class BooksReplay : IDisposable
{
    private const string SelectScope = "SELECT scope_id FROM delivery WHERE delivery_id = @id";
    private const string SelectHasLines = """
        SELECT d.pruned_at_ms IS NULL AND NOT EXISTS (SELECT 1 FROM delivery n WHERE n.scope_id = d.scope_id AND n.delivery_id > d.delivery_id)
        FROM delivery d WHERE d.delivery_id = @id
        """;

    private const string SelectLater = "SELECT delivery_id FROM delivery WHERE delivery_id > @last";

    private const string SelectSupersedes = """
        SELECT MAX(p.delivery_id) FROM delivery p WHERE p.scope_id = @scopeId AND p.delivery_id < @id
        """;

    private const string SelectNewSets = """
        SELECT first_delivery_id AS Id, COUNT(*) AS Value FROM dimension_set GROUP BY first_delivery_id
        """;

    private const string SelectFirstUses = """
        SELECT dimension_set_id AS Id, first_delivery_id AS Value FROM dimension_set ORDER BY dimension_set_id
        """;

    private const string SelectKeys = "SELECT hex(dimension_key), dimension_set_id FROM dimension_set";
    private const string SelectJobsOf = """
        SELECT system AS System, host AS Host, job_id AS JobId, attempt AS Attempt FROM job_run WHERE delivery_id = @id
        """;

    private const string DeleteJob = """
        DELETE FROM job_run WHERE system = @System AND host = @Host AND job_id = @JobId AND attempt = @Attempt
        """;

    private readonly SqliteConnection _books;
    private readonly SqliteConnection _made = Dialect.OpenTemporary();
    private readonly TimeProvider _time;
    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<long, long> _newSets;
    private readonly Dictionary<long, int> _firstUses = [];
    private readonly List<long> _setIds = [];
    private readonly List<string> _currencies = [];
    private LineWriter? _lines;
    private Delivery? _delivery;
    private int _last;
    private long _unknownSets;

    /// <summary>Begins with nothing made.</summary>
    public BooksReplay(Books books)
    {
        ArgumentNullException.ThrowIfNull(books);
        _time = books.Time;
        _books = books.OpenReader();
        using var keys = new HotQuery(_books, SelectKeys);
        while (keys.Read())
        {
            _ids[keys.Text(0)!] = keys.Int64(1);
        }

        _newSets = _books.Query<Pair>(SelectNewSets).ToDictionary(p => p.Id, p => p.Value);
    }

    /// <summary>Begins a delivery.</summary>
    public void Begin(Delivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        _delivery = delivery;
        _last = Math.Max(_last, delivery.Id);
        _setIds.Clear();
        _currencies.Clear();
        _made.Execute("BEGIN IMMEDIATE");
        _lines = delivery.IsPruned || delivery.SupersededBy is not null ? null : new LineWriter(_made, delivery.Id);
    }

    /// <summary>Takes a batch of its lines.</summary>
    public void Write(LineBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var set in batch.NewDimensionSets)
        {
            _setIds.Add(IdOf(set));
            _currencies.Add(set[DimensionColumn.BillingCurrency] ?? "");
        }

        _lines?.Write(batch, _setIds);
    }

    /// <summary>Takes events of it.</summary>
    public void Write(IReadOnlyList<(uint RowNumber, JobEvent Event)> events) => JobRunJoin.Write(_made, Current.Id, events);

    /// <summary>Compares the delivery and what hangs on it: records, rollup as of it, and its lines while it has any.</summary>
    /// <param name="request">What identifies it.</param>
    /// <param name="findings">What was read.</param>
    public IReadOnlyList<RecordDifference> Finish(BookingRequest request, BookingFindings findings)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(findings);
        var id = Current.Id;
        var scopeId = _books.ExecuteScalar<long>(SelectScope, new { id });
        var rounding = RoundingLines.Of(findings.Encoded.Totals, request.BillingMonth);
        var (parts, days) = DeliveryGroups.Of(findings.Encoded, rounding, _setIds, _currencies, IdOf, _lines);
        _lines?.Flush();
        var groups = RollupGroups.Of(parts);
        RollupIntervals.ByDay(_made).Replace(scopeId, id, groups.Days);
        RollupIntervals.ByMonth(_made).Replace(scopeId, id, groups.Months);
        new DeliveryRecords(_made, id, _time).Write(request, findings, scopeId, Current.BookVersionId,
            _books.ExecuteScalar<int?>(SelectSupersedes, new { scopeId, id }), (int)_newSets.GetValueOrDefault(id), rounding, days);
        var first = (long)id << 32;
        List<RecordDifference> differences = [];
        using var state = new ReadState(_books);

        // A superseded delivery may have lost some of its lines, and no figure reads the others.
        var hasLines = _lines is not null && _books.ExecuteScalar<bool>(SelectHasLines, new { id });
        foreach (var table in ProvedTable.OfRecords.Concat(ProvedTable.OfRollup).Concat(hasLines ? ProvedTable.OfLines : []))
        {
            var found = TableComparison.Compare(table, _books, _made, scopeId, id, first, first | uint.MaxValue);
            differences.AddRange(ProvedTable.OfRollup.Contains(table) ? found.Select(d => d with { Where = $"delivery {id}, {d.Where}" }) : found);
        }

        End();
        return differences;
    }

    /// <summary>Forgets what was made of a delivery that could not be read to its end.</summary>
    public void Abandon()
    {
        if (_delivery is not null)
        {
            End();
        }
    }

    /// <summary>Compares the job runs, after the last delivery.</summary>
    /// <param name="unread">Deliveries that were not read: the job runs that they decided are left out.</param>
    public IReadOnlyList<RecordDifference> CompareJobRuns(IReadOnlySet<int> unread)
    {
        ArgumentNullException.ThrowIfNull(unread);
        using var state = new ReadState(_books);
        HashSet<int> left = [.. unread, .. Later()];
        foreach (var id in left)
        {
            _made.Execute(DeleteJob, _books.Query<JobKey>(SelectJobsOf, new { id }));
        }

        var table = left.Count == 0 ? ProvedTable.JobRuns
            : ProvedTable.JobRuns with { From = $"{ProvedTable.JobRuns.From} WHERE t.delivery_id NOT IN ({string.Join(", ", left)})" };
        return TableComparison.Compare(table, _books, _made);
    }

    /// <summary>Compares which delivery was the first to use each dimension set, after the last delivery.</summary>
    /// <param name="unread">Deliveries that were not read: what they are said to be the first to use is left out.</param>
    public IReadOnlyList<RecordDifference> CompareFirstUses(IReadOnlySet<int> unread)
    {
        ArgumentNullException.ThrowIfNull(unread);
        using var state = new ReadState(_books);
        HashSet<int> left = [.. unread, .. Later()];
        List<RecordDifference> differences = [];
        foreach (var (id, stored) in _books.Query<Pair>(SelectFirstUses).Select(p => (p.Id, p.Value)))
        {
            var isUsed = _firstUses.TryGetValue(id, out var first);
            if ((!isUsed || first != stored) && !(stored is >= 0 and <= int.MaxValue && left.Contains((int)stored)))
            {
                differences.Add(new RecordDifference("dimension_set", $"dimension_set_id {id}", "first_delivery_id",
                    stored.ToString(System.Globalization.CultureInfo.InvariantCulture), isUsed
                        ? first.ToString(System.Globalization.CultureInfo.InvariantCulture) : "no delivery uses it"));
            }
        }

        return differences;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines?.Dispose();
        _made.Dispose();
        _books.Dispose();
    }

    private Delivery Current => _delivery ?? throw new InvalidOperationException("No delivery was begun.");

    /// <summary>Deliveries that were booked while this ran.</summary>
    private IEnumerable<int> Later() => _books.Query<int>(SelectLater, new { last = _last });

    private long IdOf(DimensionSet set)
    {
        var key = Convert.ToHexString(set.Key);
        if (!_ids.TryGetValue(key, out var id))
        {
            // The books lack it, or its key was changed: the comparison names every row that would have it.
            _ids.Add(key, id = --_unknownSets);
        }

        _firstUses.TryAdd(id, Current.Id);
        return id;
    }

    private void End()
    {
        _lines?.Dispose();
        _lines = null;
        _delivery = null;
        foreach (var table in ProvedTable.OfRecords.Concat(ProvedTable.OfRollup).Concat(ProvedTable.OfLines).Select(t => t.Name)
            .Append("raw_object"))
        {
            _made.Execute($"DELETE FROM {table}");
        }

        if (SQLitePCL.raw.sqlite3_get_autocommit(_made.Handle) == 0)
        {
            _made.Execute("COMMIT");
        }
    }

    private sealed record Pair
    {
        public long Id { get; init; }

        public long Value { get; init; }
    }

    private sealed record JobKey
    {
        public string System { get; init; } = "";

        public string Host { get; init; } = "";

        public long JobId { get; init; }

        public long Attempt { get; init; }
    }
}

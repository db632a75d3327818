using System.Globalization;
using CiCost.Ledger.Digests;
using CiCost.Ledger.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Deliveries;

/// <summary>What pruning removed.</summary>
/// <param name="Deliveries">Deliveries whose lines are gone now.</param>
/// <param name="Rows">Rows of all tables.</param>
public sealed record PruneResult(int Deliveries, long Rows);

/// <summary>
/// Removes the lines of deliveries that were superseded: at most 50,000 rows per transaction, resumable at any point. The rollup keeps
/// what they said, the raw objects keep the bytes; line-grain reads of the past go back to those.
/// </summary>
public sealed class SupersededLines(Books books)
{
    /// <summary>The most rows that one transaction removes.</summary>
    public const int RowsPerTransaction = 50_000;

    private const string SelectNext = """
        SELECT MIN(d.delivery_id) FROM delivery d
        WHERE d.pruned_at_ms IS NULL AND EXISTS (SELECT 1 FROM delivery n WHERE n.scope_id = d.scope_id AND n.delivery_id > d.delivery_id)
        """;

    private const string MarkPruned = "UPDATE delivery SET pruned_at_ms = @now WHERE delivery_id = @deliveryId";

    private static readonly string[] Deletes =
    [
        "DELETE FROM cost_line WHERE line_id IN (SELECT line_id FROM cost_line WHERE line_id BETWEEN @first AND @last LIMIT @limit)",
        "DELETE FROM cost_line_high WHERE line_id IN (SELECT line_id FROM cost_line_high WHERE line_id BETWEEN @first AND @last LIMIT "
            + "@limit)",
        "DELETE FROM resource WHERE resource_id IN (SELECT resource_id FROM resource WHERE resource_id BETWEEN @first AND @last LIMIT "
            + "@limit)",
        "DELETE FROM tag_set WHERE tag_set_id IN (SELECT tag_set_id FROM tag_set WHERE tag_set_id BETWEEN @first AND @last LIMIT @limit)",
        "DELETE FROM unit_price WHERE unit_price_id IN (SELECT unit_price_id FROM unit_price WHERE unit_price_id BETWEEN @first AND "
            + "@last LIMIT @limit)",
    ];

    /// <summary>Removes what is due after a booking that is committed: a fault of the disk is kept as <see cref="Books.UpkeepFailure"/>, and the
    /// next booking goes on.</summary>
    /// <param name="cancellationToken">Ends it; the next one goes on.</param>
    public async Task PruneAfterBookingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PruneAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SqliteException exception) when (StorageFault.Of(exception) is { } fault)
        {
            books.UpkeepFailed("removing superseded lines", fault);
        }
        catch (BooksException fault)
        {
            books.UpkeepFailed("removing superseded lines", fault); // Another writer holds the books too long.
        }
    }

    /// <summary>Removes everything that is due, also what an interrupted run left.</summary>
    public async Task<PruneResult> PruneAsync(CancellationToken cancellationToken)
    {
        int deliveries = 0;
        long rows = 0;
        while (true)
        {
            using var gate = await books.EnterWriteAsync("removing superseded lines", cancellationToken).ConfigureAwait(false);
            using var connection = books.OpenWriter();
            if (connection.ExecuteScalar<int?>(SelectNext) is not { } deliveryId)
            {
                return new PruneResult(deliveries, rows);
            }

            var (removed, isDone) = Step(connection, deliveryId);
            rows += removed;
            deliveries += isDone ? 1 : 0;
            books.CheckpointWhatReadersAllow(connection);
        }
    }

    private (long Removed, bool IsDone) Step(SqliteConnection connection, int deliveryId)
    {
        using var transaction = WriteTransaction.Begin(connection);
        var range = new { first = (long)deliveryId << 32, last = ((long)deliveryId << 32) | uint.MaxValue, limit = RowsPerTransaction };
        foreach (var delete in Deletes)
        {
            var removed = connection.Execute(delete, range);
            if (removed > 0)
            {
                FailPoint.Reach("prune.mid");
                transaction.Commit();
                return (removed, false);
            }
        }

        RecordDigests.Change(connection, RecordKind.DeliveryState, deliveryId.ToString(CultureInfo.InvariantCulture), () =>
            connection.Execute(MarkPruned, new { now = books.Time.GetUtcNow().ToUnixTimeMilliseconds(), deliveryId }));
        transaction.Commit();
        FailPoint.Reach("prune.done");
        return (0, true);
    }
}

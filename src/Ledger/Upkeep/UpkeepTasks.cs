using CiCost.Ledger.Digests;
using CiCost.Ledger.Sqlite;
using Dapper;

namespace CiCost.Ledger.Upkeep;

/// <summary>What a change of the program leaves to be done in older books, once. It is due until somebody says that it is done, so that a
/// task that was interrupted is begun again: a task must bear that.</summary>
public sealed class UpkeepTasks(Books books)
{
    /// <summary>Values of job runs are booked again, with BilledCost 0 (accounting.md, amended rule 1).</summary>
    public const string RebookValues = "rebook-values";

    /// <summary>Is it still to do?</summary>
    public bool IsDue(string task)
    {
        using var connection = books.OpenReader();
        return connection.ExecuteScalar<long>("SELECT COUNT(*) FROM upkeep WHERE task = @task AND done_at_ms IS NULL", new { task }) > 0;
    }

    /// <summary>Notes that it is done.</summary>
    /// <exception cref="BooksException">Another writer holds the books too long.</exception>
    public async Task DoneAsync(string task, CancellationToken cancellationToken)
    {
        using (await books.EnterWriteAsync("upkeep", cancellationToken).ConfigureAwait(false))
        {
            using var connection = books.OpenWriter();
            WriteTransaction.Run(connection, () => RecordDigests.Change(connection, RecordKind.Upkeep, task, () =>
                connection.Execute("UPDATE upkeep SET done_at_ms = @now WHERE task = @task AND done_at_ms IS NULL",
                    new { task, now = books.Time.GetUtcNow().ToUnixTimeMilliseconds() })));
        }
    }
}

using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Sqlite;

/// <summary>
/// One write transaction. The caller holds the write gate. Disposing without a commit leaves no trace, whatever happened to it: SQLite
/// ends a transaction by itself when the disk is full or fails, and then there is nothing left to roll back.
/// </summary>
internal sealed class WriteTransaction : IDisposable
{
    private readonly SqliteConnection _connection;

    private WriteTransaction(SqliteConnection connection) => _connection = connection;

    /// <summary>Begins one. The connection must outlive it.</summary>
    public static WriteTransaction Begin(SqliteConnection connection)
    {
        connection.Execute("BEGIN IMMEDIATE");
        return new WriteTransaction(connection);
    }

    /// <summary>Runs a few statements whole or not at all.</summary>
    public static T Run<T>(SqliteConnection connection, Func<T> statements)
    {
        using var transaction = Begin(connection);
        var result = statements();
        transaction.Commit();
        return result;
    }

    /// <summary>Runs a few statements whole or not at all.</summary>
    public static void Run(SqliteConnection connection, Action statements) => Run(connection, () =>
    {
        statements();
        return true;
    });

    /// <summary>Makes it durable: returns after the fsync of the write-ahead log.</summary>
    public void Commit() => _connection.Execute("COMMIT");

    /// <summary>Rolls back what is still open.</summary>
    public void Dispose()
    {
        if (_connection.Handle is not { } handle || SQLitePCL.raw.sqlite3_get_autocommit(handle) != 0)
        {
            return;
        }

        try
        {
            _connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // A disk that fails again here changes nothing: closing the connection, which its owner does next, drops the transaction, and
            // what is not committed in the log is never read.
        }
    }
}

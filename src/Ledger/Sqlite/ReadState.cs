using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Sqlite;

/// <summary>Until it is disposed, a reader sees one state of the books, whatever is booked meanwhile. Short: the write-ahead log cannot be
/// emptied as long.</summary>
internal sealed class ReadState : IDisposable
{
    private readonly SqliteConnection _connection;

    public ReadState(SqliteConnection connection)
    {
        _connection = connection;
        _connection.Execute("BEGIN DEFERRED");
    }

    public void Dispose()
    {
        // SQLite ends a transaction by itself when a page cannot be read.
        if (_connection.Handle is { } handle && SQLitePCL.raw.sqlite3_get_autocommit(handle) == 0)
        {
            _connection.Execute("ROLLBACK");
        }
    }
}

using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CiCost.Ledger.Sqlite;

/// <summary>
/// A prepared statement for the bulk path, on the connection's own handle: several times as fast as a SqliteCommand with parameters, and
/// no allocation per row. Everything else goes through Dapper.
/// </summary>
internal sealed class HotStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly IntPtr _pointer;

    public HotStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
        _pointer = _statement.DangerousGetHandle();
    }

    public void Bind(int index, long value) => Check(SqliteCalls.BindInt64(_pointer, index, value));

    public void BindNull(int index) => Check(SqliteCalls.BindNull(_pointer, index));

    public void BindText(int index, string? text) =>
        Check(text is null ? raw.sqlite3_bind_null(_statement, index) : raw.sqlite3_bind_text(_statement, index, text));

    public void BindBlob(int index, ReadOnlySpan<byte> bytes) => Check(raw.sqlite3_bind_blob(_statement, index, bytes));

    /// <summary>Runs the insert and makes the statement ready for the next row. Bound values stay.</summary>
    public void Run()
    {
        var result = SqliteCalls.Step(_pointer);
        if (result is not raw.SQLITE_DONE and not raw.SQLITE_ROW)
        {
            Check(result);
        }

        Check(SqliteCalls.Reset(_pointer));
    }

    /// <summary>Runs a query that gives one integer or no row, and makes the statement ready again.</summary>
    public bool TryReadInt64(out long value)
    {
        var result = SqliteCalls.Step(_pointer);
        value = 0;
        if (result == raw.SQLITE_ROW)
        {
            value = raw.sqlite3_column_int64(_statement, 0);
        }
        else if (result != raw.SQLITE_DONE)
        {
            Check(result);
        }

        Check(SqliteCalls.Reset(_pointer));
        return result == raw.SQLITE_ROW;
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), result);
        }
    }
}

using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CiCost.Ledger.Sqlite;

/// <summary>A query for the paths that read a hundred thousand rows and more: integers straight from the statement, no boxing.</summary>
internal sealed class HotQuery : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public HotQuery(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    /// <summary>How many values it takes.</summary>
    public int Parameters => raw.sqlite3_bind_parameter_count(_statement);

    public void Bind(int index, long value) => Check(raw.sqlite3_bind_int64(_statement, index, value));

    public void Bind(int index, string value) => Check(raw.sqlite3_bind_text(_statement, index, value));

    /// <summary>Starts the query again with the values bound now.</summary>
    public void Restart() => Check(raw.sqlite3_reset(_statement));

    /// <summary>Goes to the next row.</summary>
    /// <returns>False after the last.</returns>
    public bool Read()
    {
        var result = raw.sqlite3_step(_statement);
        if (result is not raw.SQLITE_ROW and not raw.SQLITE_DONE)
        {
            Check(result);
        }

        return result == raw.SQLITE_ROW;
    }

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public int Int32(int column) => raw.sqlite3_column_int(_statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <summary>The type of the value, such as <see cref="raw.SQLITE_TEXT"/>.</summary>
    public int Type(int column) => raw.sqlite3_column_type(_statement, column);

    /// <summary>The bytes of a text, a blob, or a number's text; they hold until the next row.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    public string? Text(int column) => IsNull(column) ? null : raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), result);
        }
    }
}

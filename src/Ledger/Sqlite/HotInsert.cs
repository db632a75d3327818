using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CiCost.Ledger.Sqlite;

/// <summary>
/// The insert of the bulk path: sixteen rows a statement, so that a row pays a sixteenth of a step, and a cell that has the value of the
/// cell sixteen rows before stays bound. What is left over goes in row by row when flushed.
/// </summary>
internal sealed unsafe class HotInsert : IDisposable
{
    private const int RowsPerStep = 16;

    /// <summary>In <see cref="Cell.Length"/>: an integer.</summary>
    private const int Integer = -1;

    /// <summary>In <see cref="Cell.Length"/>: NULL, as every parameter is before its first binding.</summary>
    private const int Null = -2;

    private readonly sqlite3 _database;
    private readonly Statement _many;
    private readonly Statement _one;
    private readonly Cell[] _cells;
    private readonly int _columns;
    private int _first;

    public HotInsert(SqliteConnection connection, string table, params ReadOnlySpan<string> columns)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        _columns = columns.Length;
        _cells = new Cell[RowsPerStep * _columns];
        var row = $"({string.Join(", ", Enumerable.Repeat("?", _columns))})";
        var insert = $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ";
        _many = Prepare(insert + string.Join(", ", Enumerable.Repeat(row, RowsPerStep)), _cells.Length);
        _one = Prepare(insert + row, _columns);
    }

    /// <summary>Sets a cell of the row that is being made; column 0 is the first.</summary>
    public void Set(int column, long value) => _cells[_first + column] = new Cell(value, Integer);

    /// <inheritdoc cref="Set(int, long)"/>
    public void SetNull(int column) => _cells[_first + column] = new Cell(0, Null);

    /// <summary>Sets a cell to UTF-8 text, bound without a copy: it must be pinned until <see cref="Flush"/>. Empty is NULL.</summary>
    public void SetPinned(int column, ReadOnlySpan<byte> utf8) => _cells[_first + column] = utf8.IsEmpty
        ? new Cell(0, Null)
        : new Cell((long)Unsafe.AsPointer(ref MemoryMarshal.GetReference(utf8)), utf8.Length);

    /// <summary>The row is whole.</summary>
    public void EndRow()
    {
        _first += _columns;
        if (_first == _cells.Length)
        {
            Run(_many, _cells);
            _first = 0;
        }
    }

    /// <summary>Writes what has not filled a statement yet.</summary>
    public void Flush()
    {
        for (var at = 0; at < _first; at += _columns)
        {
            Run(_one, _cells.AsSpan(at, _columns));
        }

        _first = 0;
    }

    public void Dispose()
    {
        _many.Handle.Dispose();
        _one.Handle.Dispose();
    }

    private Statement Prepare(string sql, int parameters)
    {
        Check(raw.sqlite3_prepare_v2(_database, sql, out var statement));
        var bound = new Cell[parameters];
        bound.AsSpan().Fill(new Cell(0, Null));
        return new Statement(statement, statement.DangerousGetHandle(), bound);
    }

    private void Run(in Statement statement, ReadOnlySpan<Cell> cells)
    {
        var bound = statement.Bound;
        var pointer = statement.Pointer;
        for (var i = 0; i < cells.Length; i++)
        {
            ref readonly var cell = ref cells[i];
            if (cell.Length >= 0)
            {
                Check(SqliteCalls.BindText(pointer, i + 1, (byte*)cell.Value, cell.Length));
            }
            else if (cell.Value == bound[i].Value && cell.Length == bound[i].Length)
            {
                continue;
            }
            else
            {
                Check(cell.Length == Null ? SqliteCalls.BindNull(pointer, i + 1) : SqliteCalls.BindInt64(pointer, i + 1, cell.Value));
            }

            bound[i] = cell;
        }

        var result = SqliteCalls.Step(pointer);
        if (result != raw.SQLITE_DONE)
        {
            Check(result);
        }

        Check(SqliteCalls.Reset(pointer));
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), result);
        }
    }

    /// <summary>An integer, the address of a text, or nothing.</summary>
    private readonly record struct Cell(long Value, int Length);

    private readonly record struct Statement(sqlite3_stmt Handle, IntPtr Pointer, Cell[] Bound);
}

using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Sqlite;

/// <summary>The one place that opens connections: every pragma that matters is set here, explicitly.</summary>
internal sealed class Connections : IDisposable
{
    /// <summary>8 KiB pages: larger ones gain nothing measurable on a bulk load.</summary>
    private const int PageBytes = 8192;

    /// <summary>Page cache in KiB. A bulk load appends, so a larger one only costs memory.</summary>
    private const int CacheKibibytes = 8192;

    private readonly string _path;
    private readonly TimeSpan _busyTimeout;
    private readonly ConcurrentBag<PooledReader> _readers = [];
    private readonly ReadOnlyPlace? _readOnly;

    public Connections(string path, TimeSpan busyTimeout)
    {
        SqliteLibrary.EnsureReady();
        _path = path;
        _busyTimeout = busyTimeout;
        _readOnly = ReadOnlyPlace.Of(path);
    }

    /// <summary>True when this user cannot write the database.</summary>
    public bool AreReadOnly => _readOnly is not null;

    /// <summary>True when somebody changed what was read as unchanging.</summary>
    public bool WereChanged => _readOnly?.WasChanged ?? false;

    /// <summary>A connection that can write. Durable: a commit returns after its fsync. Checkpoints only when told to.</summary>
    /// <exception cref="BooksException"><c>books-read-only</c>: this user cannot write it.</exception>
    public SqliteConnection OpenWriter()
    {
        if (_readOnly is not null)
        {
            throw new BooksException("books-read-only", $"{_path}: the books cannot be written: the file, its folder or its file system is read-only for "
                + "this user. Nothing was changed. Give this user the right to write, or run the command where it has it.");
        }

        var connection = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadWriteCreate));
        Prepare(connection);
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            PRAGMA page_size = {PageBytes};
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA foreign_keys = ON;
            """));
        return connection;
    }

    /// <summary>A connection that only reads.</summary>
    public SqliteConnection OpenReader()
    {
        if (_readers.TryTake(out var kept))
        {
            return kept;
        }

        var connection = new PooledReader(ConnectionString(_readOnly is null ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadOnly), _readers);
        Prepare(connection);
        connection.Execute("PRAGMA query_only = ON");
        return connection;
    }

    /// <summary>Closes the readers that are kept.</summary>
    public void Dispose()
    {
        while (_readers.TryTake(out var kept))
        {
            kept.Retire();
        }
    }

    private string ConnectionString(SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = mode == SqliteOpenMode.ReadOnly ? _readOnly!.DataSource : _path,
        Mode = mode,
        Pooling = false,
        DefaultTimeout = (int)_busyTimeout.TotalSeconds,
    }.ToString();

    private void Prepare(SqliteConnection connection)
    {
        connection.Open();
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            PRAGMA busy_timeout = {(int)_busyTimeout.TotalMilliseconds};
            PRAGMA cache_size = -{CacheKibibytes};
            PRAGMA temp_store = FILE;
            """));
    }
}

using CiCost.Ledger.Objects;
using CiCost.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger;

/// <summary>
/// The books: one SQLite file, its raw objects beside it, one writer at a time, any number of readers that are never blocked.
/// Opening creates the file and brings its schema up to date.
/// </summary>
public sealed class Books : IDisposable
{
    private readonly Connections _connections;
    private readonly WriteGate _gate;

    private Books(string path, TimeSpan busyTimeout, TimeProvider time)
    {
        Path = path;
        Time = time;
        _connections = new Connections(path, busyTimeout);
        _gate = new WriteGate(path, busyTimeout, time);
        Objects = new ObjectStore(path, time);
    }

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>The raw objects.</summary>
    public ObjectStore Objects { get; }

    /// <summary>The clock that stamps what is recorded.</summary>
    public TimeProvider Time { get; }

    /// <summary>Opens books, creating them when they are not there.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="busyTimeout">How long to wait for another writer.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="BooksException">The file is no database, or of a newer schema than this program knows.</exception>
    public static async Task<Books> OpenAsync(string path, TimeSpan busyTimeout, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = System.IO.Path.GetFullPath(path);
        if (System.IO.Path.GetDirectoryName(full) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var books = new Books(full, busyTimeout, time);
        try
        {
            await books.MigrateAsync(cancellationToken).ConfigureAwait(false);
            return books;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SQLitePCL.raw.SQLITE_NOTADB)
        {
            books.Dispose();
            throw new BooksException("books-not-a-database", $"{full} is not a SQLite database. Give the file of the books after --db.");
        }
        catch
        {
            books.Dispose();
            throw;
        }
    }

    /// <summary>Closes the connections and lets go of the gate; the file stays.</summary>
    public void Dispose()
    {
        _connections.Dispose();
        _gate.Dispose();
    }

    internal SqliteConnection OpenReader() => _connections.OpenReader();

    internal SqliteConnection OpenWriter() => _connections.OpenWriter();

    internal Task<IDisposable> EnterWriteAsync(CancellationToken cancellationToken) => _gate.EnterAsync(cancellationToken);

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        var existed = File.Exists(Path) && new FileInfo(Path).Length > 0;
        if (existed)
        {
            using var reader = OpenReader();
            var version = Migrator.VersionOf(reader);
            if (version == Migrator.Newest)
            {
                return;
            }

            if (version > Migrator.Newest)
            {
                throw new BooksException("books-newer",
                    $"{Path} has schema {version}, this program knows up to {Migrator.Newest}. Use the newer cicost that wrote it.");
            }
        }

        using (await EnterWriteAsync(cancellationToken).ConfigureAwait(false))
        {
            using var writer = OpenWriter();
            Migrator.Migrate(writer);
        }
    }
}

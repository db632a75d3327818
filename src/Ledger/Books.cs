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

    /// <summary>Who writes to the books in this process just now; null for nobody.</summary>
    public BooksWriter? Writer => _gate.Writer;

    /// <summary>What failed last after a booking was committed: checkpoint or pruning. What is booked stands; null when all went well.</summary>
    public string? UpkeepFailure { get; private set; }

    /// <summary>Opens books, creating them when they are not there.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="busyTimeout">How long to wait for another writer.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="BooksException">The file is no database, or of a newer schema than this program knows.</exception>
    public static async Task<Books> OpenAsync(string path, TimeSpan busyTimeout, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = System.IO.Path.GetFullPath(path);
        RequireFolder(full);
        RequireNotLost(full);
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
        catch (SqliteException exception) when (exception.SqliteErrorCode == SQLitePCL.raw.SQLITE_ERROR)
        {
            // Its header is no longer one that SQLite or this program wrote: a format that is none, or a schema number that its tables are not of.
            books.Dispose();
            throw new BooksException("books-damaged", $"{full}: The database file is damaged ({exception.Message}). Stop all cicost processes, keep "
                + "the file, and restore the books from a backup ('cicost restore').", exception);
        }
        catch
        {
            books.Dispose();
            throw;
        }
    }

    /// <summary>Opens books that are there, to read: nothing is made, and books that this user cannot write are opened as they are. Those of an
    /// older schema are brought up to date first.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="busyTimeout">How long to wait for another writer, when the schema is older.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BooksException">There are none (<c>books-missing</c>, <c>books-lost</c>), they are of another schema and cannot be written
    /// (<c>books-older</c>, <c>books-newer</c>), or have a log that cannot be read here (<c>books-log-left</c>).</exception>
    public static Task<Books> OpenExistingAsync(string path, TimeSpan busyTimeout, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = System.IO.Path.GetFullPath(path);
        RequireNotLost(full);
        return File.Exists(full)
            ? new FileInfo(full).Length > 0
                ? OpenAsync(full, busyTimeout, time, cancellationToken)
                : throw new BooksException("books-lost", $"{full} is empty: whatever it was, there are no books in it. Restore them from a backup ('cicost "
                    + "restore'), or remove the file to begin new ones.")
            : throw new BooksException("books-missing", $"There are no books at {full}, and none were made. Name them with --db, or book a first "
                + "delivery with 'cicost ingest' or 'cicost pull'.");
    }

    /// <summary>True when this user cannot write them.</summary>
    public bool AreReadOnly => _connections.AreReadOnly;

    /// <summary>True when they were changed by somebody else although they were opened as books that nobody changes: what was read may be of two
    /// states.</summary>
    public bool WereChanged => _connections.WereChanged;

    /// <summary>Closes the connections and lets go of the gate; the file stays.</summary>
    public void Dispose()
    {
        _connections.Dispose();
        _gate.Dispose();
    }

    internal SqliteConnection OpenReader() => _connections.OpenReader();

    internal SqliteConnection OpenWriter() => _connections.OpenWriter();

    /// <summary>Waits for the right to write.</summary>
    /// <param name="work">What it is wanted for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal Task<IDisposable> EnterWriteAsync(string work, CancellationToken cancellationToken) => _gate.EnterAsync(work, cancellationToken);

    /// <summary>Upkeep after a commit, which a later one does again: a failure is kept and told, as what was committed stands.</summary>
    /// <param name="upkeep">What it is, as a message names it.</param>
    /// <param name="run">Does it.</param>
    /// <returns>True when it was done.</returns>
    internal bool TryUpkeep(string upkeep, Action run)
    {
        try
        {
            run();
            UpkeepFailure = null;
            return true;
        }
        catch (SqliteException exception) when (StorageFault.Of(exception) is { } fault)
        {
            UpkeepFailed(upkeep, fault);
            return false;
        }
    }

    /// <summary>Keeps a failure of upkeep for whoever asks.</summary>
    internal void UpkeepFailed(string upkeep, BooksException fault) =>
        UpkeepFailure = $"What is booked stands; {upkeep} failed and is done again with the next booking. {fault.Message}";

    /// <summary>Moves the write-ahead log into the database file and empties it, as far as readers allow. The caller holds the gate.</summary>
    internal void CheckpointAll(SqliteConnection connection) => TryUpkeep("emptying the write-ahead log", () => Dialect.CheckpointAll(connection));

    /// <summary>Moves what readers do not need of the write-ahead log into the database file. The caller holds the gate.</summary>
    internal void CheckpointWhatReadersAllow(SqliteConnection connection) =>
        TryUpkeep("emptying the write-ahead log", () => Dialect.CheckpointWhatReadersAllow(connection));

    /// <summary>A mistyped path makes no folders.</summary>
    private static void RequireFolder(string full)
    {
        if (System.IO.Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder))
        {
            throw new BooksException("books-folder-missing",
                $"{full}: there is no folder {folder}, and none was made. Make it first, or correct --db or Books:Database.");
        }
    }

    /// <summary>Raw objects without a database are books that lost it: new ones in their place would hide that.</summary>
    private static void RequireNotLost(string full)
    {
        if ((!File.Exists(full) || new FileInfo(full).Length == 0) && Directory.Exists(full + ".objects")
            && Directory.EnumerateFiles(full + ".objects", "*.gz", SearchOption.AllDirectories).Any())
        {
            throw new BooksException("books-lost", $"{full} is {(File.Exists(full) ? "empty" : "not there")}, but raw objects of books are beside it. None "
                + "were made anew. Restore the books from a backup ('cicost restore'); to begin new ones, move the folder of the objects away.");
        }
    }

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

            if (version < Migrator.Newest && AreReadOnly)
            {
                throw new BooksException("books-older", $"{Path} has schema {version}, this program reads {Migrator.Newest}, and this user cannot write the "
                    + "file to bring it up to date. Run 'cicost check' once as a user who may, or use the older cicost that wrote it.");
            }

            if (version > Migrator.Newest)
            {
                throw new BooksException("books-newer",
                    $"{Path} has schema {version}, this program knows up to {Migrator.Newest}. Use the newer cicost that wrote it.");
            }
        }

        using (await EnterWriteAsync("bringing the schema up to date", cancellationToken).ConfigureAwait(false))
        {
            using var writer = OpenWriter();
            Migrator.Migrate(writer);
        }
    }
}

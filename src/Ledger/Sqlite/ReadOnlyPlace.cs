using System.Runtime.InteropServices;

namespace CiCost.Ledger.Sqlite;

/// <summary>
/// How a database is read that this user cannot write. SQLite needs an index of the write-ahead log beside the database, which it cannot make
/// there: with the index of another process, or one that was left, it reads as always; without a log, the file alone is all there is, and is
/// read as one that nobody changes.
/// </summary>
internal sealed partial class ReadOnlyPlace
{
    private const int WriteAccess = 2;
    private readonly string _path;
    private readonly (long Length, DateTime Written) _look;

    private ReadOnlyPlace(string path, bool isAlone) => (_path, IsAlone, _look) = (path, isAlone, Look(path));

    /// <summary>True when the file is read without a log.</summary>
    public bool IsAlone { get; }

    /// <summary>True when somebody wrote the file, or began to, since it was opened without a log: what was read may be of two states.</summary>
    public bool WasChanged => IsAlone && (Look(_path) != _look || LogBytes(_path) > 0);

    /// <summary>Null for a database that is not there or that this user can write.</summary>
    /// <exception cref="BooksException"><c>books-log-left</c>: bookings are in a log that cannot be read here.</exception>
    public static ReadOnlyPlace? Of(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)
            || (Access(path, WriteAccess) == 0 && Access(Path.GetDirectoryName(Path.GetFullPath(path))!, WriteAccess) == 0))
        {
            return null;
        }

        if (File.Exists(path + "-shm"))
        {
            return new ReadOnlyPlace(path, isAlone: false);
        }

        return LogBytes(path) == 0
            ? new ReadOnlyPlace(path, isAlone: true)
            : throw new BooksException("books-log-left",
                $"{path} cannot be written here, and beside it is a write-ahead log with bookings that are not in the file yet. Run 'cicost check' once "
                + "where the books can be written, as a user who may, or copy the books with 'cicost backup'.");
    }

    /// <summary>The address under which SQLite opens it.</summary>
    public string DataSource => IsAlone ? $"file:{Uri.EscapeDataString(_path).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1" : _path;

    private static long LogBytes(string path) => new FileInfo(path + "-wal") is { Exists: true } log ? log.Length : 0;

    private static (long, DateTime) Look(string path) => new FileInfo(path) is { Exists: true } file ? (file.Length, file.LastWriteTimeUtc) : default;

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}

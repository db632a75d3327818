using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CiCost.Ledger;

/// <summary>What the storage below the books refused, in one place: every face gives the same fault the same name and the same advice.</summary>
public static class StorageFault
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int InputOutput = 5;
    private const int ReadOnlyFileSystem = 30;
    private const int StaleHandle = 116;

    // A copy in the making gives the extended code for the plain one.
    private const int PrimaryCode = 0xFF;

    /// <summary>The codes of all faults: each is repeated by who waits for its end, and none is a mistake of the caller.</summary>
    public static IReadOnlyList<string> Codes { get; } =
        ["disk-full", "disk-error", "disk-read-only", "books-read-only", "books-cannot-open", "books-damaged", "books-locked"];

    /// <summary>True for a fault of the storage that was found out before.</summary>
    public static bool IsOne(BooksException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.InnerException is not null && Codes.Contains(exception.Code);
    }

    /// <summary>The fault that an exception of SQLite or of the file system stands for; null when it is another kind of failure.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="where">The file or folder that it is about, if known: the message begins with it.</param>
    public static BooksException? Of(Exception exception, string? where = null) => exception switch
    {
        SqliteException sqlite => OfSqlite(sqlite, where),
        IOException io => OfErrno(io, where),
        _ => null,
    };

    private static BooksException? OfSqlite(SqliteException exception, string? where) => (exception.SqliteErrorCode & PrimaryCode) switch
    {
        raw.SQLITE_FULL => Full(where, exception),
        raw.SQLITE_IOERR when exception.SqliteExtendedErrorCode == raw.SQLITE_IOERR_SHMSIZE => Full(where, exception), // The log's index found no room.
        raw.SQLITE_IOERR => Failed(where, $"{exception.Message} (code {exception.SqliteExtendedErrorCode})", exception),
        raw.SQLITE_READONLY => Make("books-read-only", where, "The books cannot be written: the file, its folder or its file system is "
            + "read-only for this user. What was not committed is not in the books. Give this user the right to write, or run the command "
            + "where it has it.", exception),
        raw.SQLITE_CANTOPEN => Make("books-cannot-open", where, "The books cannot be opened: the file or its folder is not accessible to "
            + "this user, too many files are open, or the file system is read-only and another process left its log there. Look at the "
            + "permissions and at the disk.", exception),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => Make("books-damaged", where, $"The database file is damaged ({exception.Message}). Stop all "
            + "cicost processes, keep the file, and restore the books from a backup ('cicost restore').", exception),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Make("books-locked", where, "The database is used by another program for longer than "
            + "Books:BusyTimeoutSeconds. What was not committed is not in the books. Wait for it to end, then try again.", exception),
        _ => null,
    };

    // On Unix .NET keeps errno in the low half of HResult.
    private static BooksException? OfErrno(IOException exception, string? where) => (exception.HResult & 0xFFFF) switch
    {
        _ when exception is FileNotFoundException or DirectoryNotFoundException or PathTooLongException => null,
        NoSpace or QuotaExceeded => Full(where, exception),
        InputOutput or StaleHandle => Failed(where, "input/output error", exception),
        ReadOnlyFileSystem => Make("disk-read-only", where, "The file system is read-only. What was not committed is not in the books. "
            + "Mount it writable, or use another folder.", exception),
        _ => null,
    };

    private static BooksException Full(string? where, Exception exception) => Make("disk-full", where,
        "The disk is full. What was not committed is not in the books, and what was committed stays. Make room (the books, their objects "
            + "and the folder for temporary files need it), then run it again.", exception);

    private static BooksException Failed(string? where, string cause, Exception exception) => Make("disk-error", where,
        $"The disk failed: {cause}. What was not committed is not in the books. Look at the disk and at the kernel's log, run 'cicost check', "
            + "then run it again.", exception);

    private static BooksException Make(string code, string? where, string message, Exception exception) =>
        new(code, where is null ? message : $"{where}: {message}", exception);
}

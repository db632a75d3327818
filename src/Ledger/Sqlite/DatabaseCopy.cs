using CiCost.Ledger.Objects;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Sqlite;

/// <summary>Consistent copies of SQLite files while others read and write them.</summary>
public static class DatabaseCopy
{
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Copies a database as it stands at one instant, through SQLite's backup interface inside one read transaction: writers go on, and
    /// nothing that they commit meanwhile is in the copy. The copy is on disk when this returns.
    /// </summary>
    /// <param name="from">The database, in use or not.</param>
    /// <param name="to">The copy; must not exist.</param>
    /// <exception cref="BooksException">The copy exists already, or the source is no database.</exception>
    public static void Make(string from, string to)
    {
        if (File.Exists(to))
        {
            throw new BooksException("backup-exists", $"{to} exists already. Give a folder that is not there yet.");
        }

        try
        {
            using var connections = new Connections(from, BusyTimeout);
            using var source = connections.OpenReader();
            source.Execute("BEGIN DEFERRED");
            source.ExecuteScalar<long>("SELECT COUNT(*) FROM sqlite_master");
            using (var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ToString()))
            {
                target.Open();
                source.BackupDatabase(target);
                if (target.ExecuteScalar<string>("PRAGMA integrity_check") is not "ok" and var broken)
                {
                    throw new BooksException("backup-broken", $"The copy of {from} is not sound: {broken}. Check the disk, then try again.");
                }
            }

            source.Execute("COMMIT");
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SQLitePCL.raw.SQLITE_NOTADB)
        {
            throw new BooksException("books-not-a-database", $"{from} is not a SQLite database.");
        }

        using (var file = File.Open(to, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Flush(flushToDisk: true);
        }

        DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }
}

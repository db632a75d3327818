using System.Runtime.InteropServices;
using SQLitePCL;

namespace CiCost.Ledger.Sqlite;

/// <summary>The one SQLite library of this process: the one that its package brings, never the system's. docs/dependencies.md</summary>
public static class SqliteLibrary
{
    private const string Name = "e_sqlite3";

    /// <summary>SQLITE_CONFIG_MULTITHREAD: a connection belongs to one thread at a time, which is so here, and takes no mutex per
    /// call.</summary>
    private const int ConfigMultithread = 2;

    /// <summary>SQLITE_CONFIG_MEMSTATUS: its counters, which nobody reads here, take a mutex of the whole process per allocation.</summary>
    private const int ConfigMemoryStatus = 9;

    private static readonly Lazy<IntPtr> Library = new(Initialize);

    /// <summary>The version of SQLite that keeps the books, such as <c>3.53.4</c>: what <c>SELECT sqlite_version()</c> says.</summary>
    public static string Version
    {
        get
        {
            EnsureReady();
            return raw.sqlite3_libversion().utf8_to_string();
        }
    }

    /// <summary>The loaded library; the first call makes it ready.</summary>
    internal static IntPtr Handle => Library.Value;

    /// <summary>Makes the library ready; cheap when it is.</summary>
    internal static void EnsureReady() => _ = Library.Value;

    private static IntPtr Initialize()
    {
        var handle = NativeLibrary.Load(Name, typeof(SQLite3Provider_e_sqlite3).Assembly, null);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());

        // Refused once SQLite is in use: then calls keep their mutexes, which costs time and changes nothing else.
        _ = raw.sqlite3_config(ConfigMultithread);
        _ = raw.sqlite3_config(ConfigMemoryStatus, 0);
        return handle;
    }
}

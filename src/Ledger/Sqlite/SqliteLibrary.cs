using System.Runtime.InteropServices;
using SQLitePCL;

namespace CiCost.Ledger.Sqlite;

/// <summary>
/// Chooses the SQLite library once per process: the system's <c>libsqlite3.so.0</c> when it is there and newer than the bundled one
/// (3.35.5 of April 2021), else the bundled one. Reason and known advisories: docs/dependencies.md.
/// </summary>
internal static class SqliteLibrary
{
    private const string BundledName = "e_sqlite3";
    private const string SystemName = "libsqlite3.so.0";
    private const int BundledVersionNumber = 3_035_005;

    /// <summary>SQLITE_CONFIG_MULTITHREAD: a connection belongs to one thread at a time, which is so here, and takes no mutex per
    /// call.</summary>
    private const int ConfigMultithread = 2;

    /// <summary>SQLITE_CONFIG_MEMSTATUS: its counters, which nobody reads here, take a mutex of the whole process per allocation.</summary>
    private const int ConfigMemoryStatus = 9;

    private static readonly Lazy<IntPtr> Library = new(Initialize);

    /// <summary>The loaded library; the first call makes it ready.</summary>
    public static IntPtr Handle => Library.Value;

    /// <summary>Makes the library ready; cheap when it is.</summary>
    public static void EnsureReady() => _ = Library.Value;

    private static IntPtr Initialize()
    {
        var provider = typeof(SQLite3Provider_e_sqlite3).Assembly;
        var handle = TryLoadNewerSystemLibrary(out var system) ? system : NativeLibrary.Load(BundledName, provider, null);
        NativeLibrary.SetDllImportResolver(provider, (name, _, _) => name == BundledName ? handle : IntPtr.Zero);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        if (raw.sqlite3_libversion_number() != VersionOf(handle))
        {
            throw new InvalidOperationException("Another SQLite library was used in this process before the books were opened. Open the "
                + "books first.");
        }

        // Refused once SQLite is in use: then calls keep their mutexes, which costs time and changes nothing else.
        _ = raw.sqlite3_config(ConfigMultithread);
        _ = raw.sqlite3_config(ConfigMemoryStatus, 0);
        return handle;
    }

    private static unsafe int VersionOf(IntPtr library) =>
        ((delegate* unmanaged[Cdecl]<int>)NativeLibrary.GetExport(library, "sqlite3_libversion_number"))();

    private static bool TryLoadNewerSystemLibrary(out IntPtr handle)
    {
        if (!NativeLibrary.TryLoad(SystemName, out handle))
        {
            return false;
        }

        if (VersionOf(handle) > BundledVersionNumber)
        {
            return true;
        }

        NativeLibrary.Free(handle);
        handle = IntPtr.Zero;
        return false;
    }
}

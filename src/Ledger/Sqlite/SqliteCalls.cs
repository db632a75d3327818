using System.Runtime.InteropServices;

namespace CiCost.Ledger.Sqlite;

/// <summary>
/// The five calls of the bulk insert, straight into the loaded library. The binding library costs a safe handle per call, and there are
/// twenty calls a row. Binding and resetting never block and take nanoseconds, so they also skip the collector's transition.
/// </summary>
internal static unsafe class SqliteCalls
{
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<IntPtr, int, long, int> BindInt64Export =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<IntPtr, int, long, int>)Export("sqlite3_bind_int64");

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<IntPtr, int, int> BindNullExport =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<IntPtr, int, int>)Export("sqlite3_bind_null");

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<IntPtr, int, byte*, int, IntPtr, int> BindTextExport =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<IntPtr, int, byte*, int, IntPtr, int>)Export("sqlite3_bind_text");

    private static readonly delegate* unmanaged[Cdecl]<IntPtr, int> StepExport =
        (delegate* unmanaged[Cdecl]<IntPtr, int>)Export("sqlite3_step");

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<IntPtr, int> ResetExport =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<IntPtr, int>)Export("sqlite3_reset");

    public static int BindInt64(IntPtr statement, int index, long value) => BindInt64Export(statement, index, value);

    public static int BindNull(IntPtr statement, int index) => BindNullExport(statement, index);

    /// <summary>Binds text without a copy (SQLITE_STATIC): it must stay pinned until the statement was stepped.</summary>
    public static int BindText(IntPtr statement, int index, byte* utf8, int length)
        => BindTextExport(statement, index, utf8, length, IntPtr.Zero);

    public static int Step(IntPtr statement) => StepExport(statement);

    public static int Reset(IntPtr statement) => ResetExport(statement);

    private static IntPtr Export(string name) => NativeLibrary.GetExport(SqliteLibrary.Handle, name);
}

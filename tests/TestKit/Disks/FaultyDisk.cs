using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace CiCost.TestKit.Disks;

/// <summary>What a disk answers once it is broken.</summary>
public enum DiskFault
{
    /// <summary>Writing says that there is no room; reading and syncing go on.</summary>
    Full,

    /// <summary>Writing, syncing and cutting fail with an input/output error.</summary>
    Broken,

    /// <summary>One operation fails, and the next ones do not.</summary>
    Hiccup,
}

/// <summary>
/// The file system below SQLite, for the databases in one folder: it counts what changes files, and fails from the n-th time on. It is
/// SQLite's own one for Unix with five of its functions wrapped, and takes its place for the whole process when it is first used.
/// </summary>
public sealed unsafe class FaultyDisk : IDisposable
{
    private const int Full = 13;
    private const int WriteFailed = 10 | (3 << 8);
    private const int SyncFailed = 10 | (4 << 8);
    private const int TruncateFailed = 10 | (6 << 8);
    private const int ShmSizeFailed = 10 | (19 << 8);

    // struct sqlite3_vfs and struct sqlite3_io_methods, in pointers.
    private const int VfsBytes = 21 * 8;
    private const int VfsName = 3;
    private const int VfsOpen = 5;
    private const int MethodsBytes = 19 * 8;
    private const int Close = 1;
    private const int Write = 3;
    private const int Truncate = 4;
    private const int Sync = 5;
    private const int ShmMap = 13;

    private static readonly Lock Registering = new();
    private static readonly ConcurrentDictionary<string, FaultyDisk> Disks = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<nint, (FaultyDisk Disk, nint Original)> Files = [];
    private static readonly ConcurrentDictionary<nint, nint> Wrapped = [];
    private static nint _base;

    private readonly string _folder;
    private long _count;
    private long _failsFrom = long.MaxValue;
    private DiskFault _fault;

    /// <summary>Takes the databases of a folder.</summary>
    public FaultyDisk(string folder)
    {
        _folder = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        Register();
        Disks[_folder] = this;
    }

    /// <summary>How many operations changed a file since the last <see cref="FailFrom"/> or <see cref="Heal"/>.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>How many operations were refused since then.</summary>
    public long Refusals { get; private set; }

    /// <summary>Fails from the n-th operation on, the first being 1.</summary>
    public void FailFrom(long operation, DiskFault fault)
    {
        Heal();
        (_fault, _failsFrom, Refusals) = (fault, operation, 0);
    }

    /// <summary>Works again, and counts from 0.</summary>
    public void Heal() => (_failsFrom, _count) = (long.MaxValue, 0);

    /// <inheritdoc/>
    public void Dispose() => Disks.TryRemove(_folder, out _);

    private bool Fails(bool isWrite)
    {
        var number = Interlocked.Increment(ref _count);
        var fails = _fault switch
        {
            DiskFault.Hiccup => number == _failsFrom,
            DiskFault.Full => number >= _failsFrom && isWrite,
            _ => number >= _failsFrom,
        };
        Refusals += fails ? 1 : 0;
        return fails;
    }

    private static void Register()
    {
        lock (Registering)
        {
            if (_base != 0)
            {
                return;
            }

            Batteries_V2.Init();
            _base = Native.Find(null);
            var copy = (nint)NativeMemory.Alloc(VfsBytes);
            Buffer.MemoryCopy((void*)_base, (void*)copy, VfsBytes, VfsBytes);
            ((nint*)copy)[VfsName] = Marshal.StringToCoTaskMemUTF8("cicost-faulty");
            ((nint*)copy)[VfsOpen] = (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint, int, int*, int>)&OnOpen;
            if (Native.Register(copy, 1) != 0)
            {
                throw new InvalidOperationException("SQLite does not take the file system of the tests.");
            }
        }
    }

    private static nint Method(nint file, int index) => ((nint*)Files[file].Original)[index];

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnOpen(nint vfs, nint name, nint file, int flags, int* outFlags)
    {
        var result = ((delegate* unmanaged[Cdecl]<nint, nint, nint, int, int*, int>)((nint*)_base)[VfsOpen])(vfs, name, file, flags, outFlags);
        var path = Marshal.PtrToStringUTF8(name) ?? "";
        if (result != 0 || Disks.FirstOrDefault(d => path.StartsWith(d.Key, StringComparison.Ordinal)).Value is not { } disk)
        {
            return result;
        }

        var original = *(nint*)file;
        Files[file] = (disk, original);
        *(nint*)file = Wrapped.GetOrAdd(original, Wrap);
        return result;
    }

    /// <summary>A copy of a table of functions with five of them exchanged; it lives as long as the process.</summary>
    private static nint Wrap(nint original)
    {
        var copy = (nint*)NativeMemory.Alloc(MethodsBytes);
        Buffer.MemoryCopy((void*)original, copy, MethodsBytes, MethodsBytes);
        copy[Close] = (nint)(delegate* unmanaged[Cdecl]<nint, int>)&OnClose;
        copy[Write] = (nint)(delegate* unmanaged[Cdecl]<nint, nint, int, long, int>)&OnWrite;
        copy[Truncate] = (nint)(delegate* unmanaged[Cdecl]<nint, long, int>)&OnTruncate;
        copy[Sync] = (nint)(delegate* unmanaged[Cdecl]<nint, int, int>)&OnSync;
        copy[ShmMap] = (nint)(delegate* unmanaged[Cdecl]<nint, int, int, int, nint*, int>)&OnShmMap;
        return (nint)copy;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnClose(nint file)
    {
        var close = (delegate* unmanaged[Cdecl]<nint, int>)Method(file, Close);
        Files.TryRemove(file, out var known);
        *(nint*)file = known.Original;
        return close(file);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnWrite(nint file, nint bytes, int length, long offset)
    {
        var disk = Files[file].Disk;
        return disk.Fails(isWrite: true)
            ? disk._fault == DiskFault.Full ? Full : WriteFailed
            : ((delegate* unmanaged[Cdecl]<nint, nint, int, long, int>)Method(file, Write))(file, bytes, length, offset);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnTruncate(nint file, long size) => Files[file].Disk.Fails(isWrite: false)
        ? TruncateFailed
        : ((delegate* unmanaged[Cdecl]<nint, long, int>)Method(file, Truncate))(file, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSync(nint file, int flags) => Files[file].Disk.Fails(isWrite: false)
        ? SyncFailed
        : ((delegate* unmanaged[Cdecl]<nint, int, int>)Method(file, Sync))(file, flags);

    /// <summary>The index of the log is enlarged here, outside the functions above.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnShmMap(nint file, int region, int size, int extend, nint* mapped)
    {
        if (extend != 0 && Files[file].Disk.Fails(isWrite: true))
        {
            *mapped = 0;
            return ShmSizeFailed;
        }

        return ((delegate* unmanaged[Cdecl]<nint, int, int, int, nint*, int>)Method(file, ShmMap))(file, region, size, extend, mapped);
    }

    private static class Native
    {
        [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find", CallingConvention = CallingConvention.Cdecl)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern nint Find([MarshalAs(UnmanagedType.LPUTF8Str)] string? name);

        [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register", CallingConvention = CallingConvention.Cdecl)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Register(nint vfs, int makeDefault);
    }
}

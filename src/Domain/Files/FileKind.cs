using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CiCost.Domain.Files;

/// <summary>What lies at a path, asked before it is opened: opening a named pipe waits for ever, and a device never ends.</summary>
public static partial class FileKind
{
    private const int WorkingDirectory = -100;
    private const uint TypeOnly = 1;
    private const int BytesOfStatx = 256;
    private const int OffsetOfMode = 28;
    private const int TypeMask = 0xF000;

    /// <summary>What it is, in words, when it is neither a file nor a folder: <c>a named pipe</c>, <c>a socket</c>, <c>a device</c>; null
    /// when it is one of those, or when nothing is there. Links are followed. Never waits, but for a file system that does not answer.</summary>
    /// <param name="path">A path of this machine.</param>
    public static string? OtherThanFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        // struct statx is the same on every processor; struct stat is not.
        Span<byte> answer = stackalloc byte[BytesOfStatx];
        if (Statx(WorkingDirectory, path, 0, TypeOnly, answer) != 0)
        {
            return null; // Whoever opens it says why it cannot be had.
        }

        return (BinaryPrimitives.ReadUInt16LittleEndian(answer[OffsetOfMode..]) & TypeMask) switch
        {
            0x1000 => "a named pipe",
            0xC000 => "a socket",
            0x2000 or 0x6000 => "a device",
            _ => null,
        };
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, Span<byte> answer);
}

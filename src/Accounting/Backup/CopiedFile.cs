using System.Security.Cryptography;
using CiCost.Domain.Files;
using CiCost.Ledger;

namespace CiCost.Accounting.Backup;

/// <summary>Copies files so that they are on disk, and knows what was copied.</summary>
internal static class CopiedFile
{
    private const int BufferBytes = 1024 * 1024;

    /// <summary>Copies a file and hashes what was written.</summary>
    public static async Task<(long Bytes, string Sha256)> MakeAsync(string from, string to, CancellationToken cancellationToken)
    {
        RequireFile(from);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(to))!);
        var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, BufferBytes, FileOptions.SequentialScan);
        await using var _ = source.ConfigureAwait(false);
        var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes);
        await using var __ = target.ConfigureAwait(false);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        long bytes = 0;
        int count;
        while ((count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, count);
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            bytes += count;
        }

        target.Flush(flushToDisk: true);
        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>The size and hash of a file.</summary>
    public static async Task<(long Bytes, string Sha256)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        RequireFile(path);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
        await using var _ = file.ConfigureAwait(false);
        var hash = await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false);
        return (file.Length, Convert.ToHexStringLower(hash));
    }

    /// <summary>A pipe or a device has no end.</summary>
    /// <exception cref="BooksException"><c>file-not-regular</c>.</exception>
    public static void RequireFile(string path)
    {
        if (FileKind.OtherThanFile(path) is { } other)
        {
            throw new BooksException("file-not-regular", $"{path} is {other}, not a file. A backup has files only; take another one.");
        }
    }
}

using System.IO.Compression;
using System.Security.Cryptography;
using CiCost.Domain.Files;

namespace CiCost.Ledger.Objects;

/// <summary>One raw object in the store.</summary>
/// <param name="Sha256">Of the stored gzip bytes, lower-case hex: its address.</param>
/// <param name="DeliveredSha256">Of the bytes as they were delivered; equal to <paramref name="Sha256"/> when they came as gzip.</param>
/// <param name="DeliveredBytes">How many bytes were delivered.</param>
/// <param name="StoredBytes">How many are stored.</param>
/// <param name="CompressedHere">True when the delivered bytes were plain and the store compressed them.</param>
public sealed record StoredObject(string Sha256, string DeliveredSha256, long DeliveredBytes, long StoredBytes, bool CompressedHere);

/// <summary>
/// Raw objects beside the database: <c>&lt;db&gt;.objects/ab/&lt;sha256&gt;.gz</c>. An object is written under a temporary name, synced,
/// renamed, and its directory synced, before any booking refers to it. Objects are never changed or removed.
/// </summary>
public sealed class ObjectStore
{
    private const int ChunkBytes = 1024 * 1024;
    private readonly string _root;
    private readonly TimeProvider _time;

    internal ObjectStore(string databasePath, TimeProvider time)
    {
        _root = databasePath + ".objects";
        _time = time;
    }

    /// <summary>Stores a file: gzip as it is, anything else compressed. The same bytes again cost reading only.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most bytes a file may have.</param>
    /// <exception cref="BooksException">The file is missing, unreadable or too large.</exception>
    public async Task<StoredObject> PutAsync(string path, long maxBytes, CancellationToken cancellationToken)
    {
        await using var source = OpenSource(path, maxBytes);
        var isGzip = await IsGzipAsync(source, cancellationToken).ConfigureAwait(false);
        var temporaryFolder = Path.Combine(_root, "tmp");
        Directory.CreateDirectory(temporaryFolder);
        RemoveAbandoned(temporaryFolder);
        var temporary = Path.Combine(temporaryFolder, Guid.NewGuid().ToString("N"));
        try
        {
            var stored = await WriteAsync(source, temporary, isGzip, cancellationToken).ConfigureAwait(false);
            Publish(temporary, stored.Sha256);
            FailPoint.Reach("object.after-rename");
            return stored;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Opens the decompressed content of an object; see <see cref="VerifiedContentStream"/> for what is verified when.</summary>
    /// <param name="sha256">Its address.</param>
    /// <param name="maxContentBytes">The most decompressed bytes.</param>
    /// <param name="name">What messages call it: the file that was delivered; null for its address.</param>
    /// <exception cref="BooksException">The object is not in the store.</exception>
    public Stream OpenContent(string sha256, long maxContentBytes, string? name = null)
    {
        var path = PathOf(sha256);
        return File.Exists(path)
            ? new VerifiedContentStream(path, sha256, maxContentBytes, name)
            : throw new BooksException("object-missing",
                $"The raw object {sha256} is not in the store ({path}). Restore it from a backup, or deliver the file again.");
    }

    /// <summary>The size of a stored object, or null when it is missing.</summary>
    public long? SizeOf(string sha256) => new FileInfo(PathOf(sha256)) is { Exists: true } file ? file.Length : null;

    /// <summary>The addresses of all objects in the store, in ordinal order.</summary>
    public IReadOnlyList<string> List() => Directory.Exists(_root)
        ? [.. Directory.EnumerateFiles(_root, "*.gz", SearchOption.AllDirectories).Select(f
            => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Recomputes the hash of a stored object.</summary>
    /// <returns>True when the bytes are those that the address names.</returns>
    public bool HashHolds(string sha256)
    {
        using var file = File.OpenRead(PathOf(sha256));
        return Convert.ToHexStringLower(SHA256.HashData(file)) == sha256;
    }

    /// <summary>What a killed run left half-written; a day old, so that no running one is touched.</summary>
    private void RemoveAbandoned(string temporaryFolder)
    {
        var limit = _time.GetUtcNow().UtcDateTime.AddDays(-1);
        foreach (var file in Directory.EnumerateFiles(temporaryFolder).Where(f => File.GetLastWriteTimeUtc(f) < limit))
        {
            File.Delete(file);
        }
    }

    private static FileStream OpenSource(string path, long maxBytes)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
        {
            throw new BooksException("file-missing", $"{path}: there is no such file. Check the path after --file.");
        }

        if (FileKind.OtherThanFile(path) is { } other)
        {
            throw new BooksException("file-not-regular", $"{path} is {other}, not a file. Write its content into a file, and give that.");
        }

        if (info.Length > maxBytes)
        {
            throw new BooksException("file-too-large",
                $"{path}: {info.Length} bytes are more than Ingest:MaxObjectBytes = {maxBytes}. If the file is right, raise the limit "
                + "in the configuration.");
        }

        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
    }

    private static async Task<bool> IsGzipAsync(FileStream source, CancellationToken cancellationToken)
    {
        var magic = new byte[2];
        var read = await source.ReadAtLeastAsync(magic, 2, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        source.Position = 0;
        return read == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
    }

    private static async Task<StoredObject> WriteAsync(FileStream source, string temporary, bool isGzip,
        CancellationToken cancellationToken)
    {
        await using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        await using var hashed = new HashingWriteStream(file);
        using var delivered = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long deliveredBytes = 0;
        await using (Stream target = isGzip ? new LeaveOpenStream(hashed)
            : new GZipStream(hashed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var chunk = new byte[ChunkBytes];
            int read;
            while ((read = await source.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false,
                cancellationToken).ConfigureAwait(false)) > 0)
            {
                deliveredBytes += read;
                var length = read;
                var hashing = isGzip ? Task.CompletedTask : Task.Run(() => delivered.AppendData(chunk, 0, length), cancellationToken);
                await target.WriteAsync(chunk.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                await hashing.ConfigureAwait(false);
            }
        }

        file.Flush(flushToDisk: true);
        var sha256 = hashed.HashSoFar();
        return new StoredObject(sha256, isGzip ? sha256 : Convert.ToHexStringLower(delivered.GetHashAndReset()), deliveredBytes,
            file.Length, !isGzip);
    }

    private void Publish(string temporary, string sha256)
    {
        var target = PathOf(sha256);
        var folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        if (!File.Exists(target) || new FileInfo(target).Length != new FileInfo(temporary).Length)
        {
            File.Move(temporary, target, overwrite: true);
        }

        DirectorySync.Flush(folder);
        DirectorySync.Flush(_root);
    }

    private string PathOf(string sha256) => sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower)
        ? Path.Combine(_root, sha256[..2], sha256 + ".gz")
        : throw new BooksException("object-address", $"'{sha256}' is not an object's address: 64 lower-case hex digits are expected.");
}

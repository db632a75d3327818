using System.IO.Compression;
using System.Security.Cryptography;

namespace CiCost.Ledger.Objects;

/// <summary>
/// Decompresses a stored object and proves that it is whole. The framework's GZipStream takes a truncated file for a short one; so a
/// sentinel member with random content is appended to what it reads: only when the real members end properly is the sentinel decoded,
/// as the very last bytes.
/// </summary>
internal sealed class GzipContent : IDisposable
{
    private const int SentinelBytes = 32;
    private readonly string _path;
    private readonly string _sha256;
    private readonly string? _name;
    private readonly long _maxContentBytes;
    private readonly byte[] _sentinel = RandomNumberGenerator.GetBytes(SentinelBytes);
    private readonly HashingFileReader _file;
    private readonly GZipStream _gzip;
    private readonly byte[] _held = new byte[SentinelBytes];
    private int _heldCount;
    private long _contentBytes;
    private bool _ended;

    /// <summary>Opens one.</summary>
    /// <param name="path">The stored object.</param>
    /// <param name="sha256">Its address.</param>
    /// <param name="maxContentBytes">The most decompressed bytes.</param>
    /// <param name="name">What it is called in messages: the delivered file; null for the address.</param>
    public GzipContent(string path, string sha256, long maxContentBytes, string? name = null)
    {
        (_path, _sha256, _name) = (path, sha256, name);
        _maxContentBytes = maxContentBytes;
        _file = new HashingFileReader(path, Compress(_sentinel));
        _gzip = new GZipStream(_file, CompressionMode.Decompress);
    }

    /// <summary>Reads the next bytes; 0 only after everything was verified.</summary>
    /// <param name="buffer">Larger than the sentinel.</param>
    public int Read(Span<byte> buffer)
    {
        if (_ended)
        {
            return 0;
        }

        _held.AsSpan(0, _heldCount).CopyTo(buffer);
        var filled = _heldCount;
        while (filled < buffer.Length)
        {
            var read = Inflate(buffer[filled..]);
            if (read == 0)
            {
                _ended = true;
                return VerifyEnd(buffer[..filled]);
            }

            filled += read;
        }

        _heldCount = SentinelBytes;
        buffer[^SentinelBytes..].CopyTo(_held);
        return Count(filled - SentinelBytes);
    }

    public void Dispose()
    {
        _gzip.Dispose();
        _file.Dispose();
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.NoCompression))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return _gzip.Read(buffer);
        }
        catch (InvalidDataException)
        {
            // Behind a file that is cut off, the sentinel was taken for its data; without it, the framework finds nothing wrong.
            throw Broken(DecompressesWithoutSentinel() ? "cut off: its end is missing" : "damaged");
        }
    }

    private int VerifyEnd(Span<byte> last)
    {
        if (last.Length < SentinelBytes || !last[^SentinelBytes..].SequenceEqual(_sentinel) || !_file.IsAtEnd)
        {
            throw Broken("cut off, or other bytes follow its end");
        }

        var actual = _file.HashOfFile();
        return actual == _sha256
            ? Count(last.Length - SentinelBytes)
            : throw new BooksException("object-changed",
                $"The raw object {_sha256} has changed on disk: its bytes now have SHA-256 {actual}. Restore it from a backup.");
    }

    private int Count(int bytes)
    {
        _contentBytes += bytes;
        return _contentBytes <= _maxContentBytes
            ? bytes
            : throw new BooksException("content-too-large",
                $"{Name} decompresses to more than Ingest:MaxContentBytes = {_maxContentBytes}. If the file is right, "
                + "raise the limit in the configuration.");
    }

    private BooksException Broken(string why) =>
        new("gzip-broken", $"{Name}: the gzip data is {why}. Fetch or export the file again.");

    private string Name => _name ?? $"The object {_sha256}";

    private bool DecompressesWithoutSentinel()
    {
        try
        {
            using var gzip = new GZipStream(File.OpenRead(_path), CompressionMode.Decompress);
            var bytes = new byte[64 * 1024];
            for (var rest = _maxContentBytes; rest > 0;)
            {
                var read = gzip.Read(bytes);
                rest = read == 0 ? 0 : rest - read;
            }

            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}

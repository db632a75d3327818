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
    private readonly string _sha256;
    private readonly long _maxContentBytes;
    private readonly byte[] _sentinel = RandomNumberGenerator.GetBytes(SentinelBytes);
    private readonly HashingFileReader _file;
    private readonly GZipStream _gzip;
    private readonly byte[] _held = new byte[SentinelBytes];
    private int _heldCount;
    private long _contentBytes;
    private bool _ended;

    public GzipContent(string path, string sha256, long maxContentBytes)
    {
        _sha256 = sha256;
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
        catch (InvalidDataException exception)
        {
            throw Broken(exception.Message);
        }
    }

    private int VerifyEnd(Span<byte> last)
    {
        if (last.Length < SentinelBytes || !last[^SentinelBytes..].SequenceEqual(_sentinel) || !_file.IsAtEnd)
        {
            throw Broken("it is cut off, or other bytes follow its end");
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
                $"The object {_sha256} decompresses to more than Ingest:MaxContentBytes = {_maxContentBytes}. If the file is right, "
                + "raise the limit in the configuration.");
    }

    private BooksException Broken(string why) =>
        new("gzip-broken", $"The gzip data of the object {_sha256} is broken: {why}. Fetch or export the file again.");
}

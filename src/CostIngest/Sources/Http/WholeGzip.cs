using System.IO.Compression;
using System.Security.Cryptography;

namespace CiCost.CostIngest.Sources.Http;

/// <summary>
/// Proves that a gzip file is whole. The framework takes a truncated one for a short one, so a member with random content is read behind
/// it: only when the file ends properly does that content come out last.
/// </summary>
public static class WholeGzip
{
    private const int SentinelBytes = 32;

    /// <summary>Reads the file to its end.</summary>
    /// <param name="subject">For errors: what was downloaded.</param>
    /// <param name="mostContentBytes">The longest content.</param>
    /// <exception cref="SourceException">It is damaged, cut off or too long.</exception>
    public static async Task VerifyAsync(string subject, string path, long mostContentBytes, CancellationToken cancellationToken)
    {
        var sentinel = RandomNumberGenerator.GetBytes(SentinelBytes);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        await using var disposing = file.ConfigureAwait(false);
        using var both = new TwoStreams(file, new MemoryStream(Compress(sentinel)));
        using var gzip = new GZipStream(both, CompressionMode.Decompress);
        try
        {
            var last = await LastBytesAsync(gzip, mostContentBytes, subject, cancellationToken).ConfigureAwait(false);
            if (!last.AsSpan().SequenceEqual(sentinel))
            {
                throw Damaged(subject, null);
            }
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(subject, exception);
        }
    }

    private static async Task<byte[]> LastBytesAsync(
        Stream gzip, long mostContentBytes, string subject, CancellationToken cancellationToken)
    {
        var buffer = new byte[SentinelBytes + (256 * 1024)];
        var (kept, total) = (0, 0L);
        while (await gzip.ReadAsync(buffer.AsMemory(kept), cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            total += read;
            if (total - SentinelBytes > mostContentBytes)
            {
                throw new SourceException(
                    "download-too-large", $"{subject} has more than {mostContentBytes} bytes when decompressed. Divide the export.");
            }

            var filled = kept + read;
            kept = Math.Min(SentinelBytes, filled);
            buffer.AsSpan(filled - kept, kept).CopyTo(buffer);
        }

        return buffer[..kept];
    }

    private static SourceException Damaged(string subject, Exception? inner) => new(
        "gzip-damaged", $"{subject} is no whole gzip file: it was cut off or damaged before it came here. Have it delivered again.", inner);

    private static byte[] Compress(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.NoCompression))
        {
            gzip.Write(bytes);
        }

        return memory.ToArray();
    }

    private sealed class TwoStreams(Stream first, Stream second) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            first.Read(buffer, offset, count) is > 0 and var read ? read : second.Read(buffer, offset, count);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await first.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read
                ? read
                : await second.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

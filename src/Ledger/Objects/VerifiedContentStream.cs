using System.Threading.Channels;

namespace CiCost.Ledger.Objects;

/// <summary>
/// The decompressed content of a stored object, read ahead on a second thread. Before the reader is told "end", these hold, or the
/// read throws <see cref="BooksException"/>: the stored bytes have the SHA-256 that names them; every gzip member is whole, with
/// right checksum and length, and nothing follows the last; the content is within its limit. Nothing may be committed before the end
/// was read.
/// </summary>
internal sealed class VerifiedContentStream : ReadThroughStream
{
    private const int ChunkBytes = 512 * 1024;
    private const int ChunkCount = 4;
    private readonly Channel<Chunk> _full = Channel.CreateBounded<Chunk>(ChunkCount);
    private readonly Channel<byte[]> _empty = Channel.CreateBounded<byte[]>(ChunkCount);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reader;
    private Chunk _current;
    private int _position;
    private bool _ended;
    private bool _isDisposed;

    public VerifiedContentStream(string path, string sha256, long maxContentBytes, string? name = null)
    {
        for (var i = 0; i < ChunkCount; i++)
        {
            _empty.Writer.TryWrite(new byte[ChunkBytes]);
        }

        _reader = Task.Factory.StartNew(
            () => ReadAheadAsync(path, sha256, maxContentBytes, name),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_position == _current.Length && !TryNextChunk())
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, _current.Length - _position);
        _current.Bytes.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _stop.Cancel();
            _ = _reader.ContinueWith(_ => _stop.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        base.Dispose(disposing);
    }

    private bool TryNextChunk()
    {
        if (_current.Bytes is not null)
        {
            _empty.Writer.TryWrite(_current.Bytes);
            _current = default;
            _position = 0;
        }

        if (_ended)
        {
            return false;
        }

        // A reader is a thread of its own, and a Stream's Read is synchronous: it waits here for the second thread.
        if (!_full.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult() || !_full.Reader.TryRead(out _current))
        {
            _ended = true;
            return false;
        }

        return true;
    }

    private async Task ReadAheadAsync(string path, string sha256, long maxContentBytes, string? name)
    {
        Exception? error = null;
        try
        {
            using var content = new GzipContent(path, sha256, maxContentBytes, name);
            while (true)
            {
                var bytes = await _empty.Reader.ReadAsync(_stop.Token).ConfigureAwait(false);
                var length = content.Read(bytes);
                if (length == 0)
                {
                    break;
                }

                await _full.Writer.WriteAsync(new Chunk(bytes, length), _stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception
            is IOException or InvalidDataException or BooksException or OperationCanceledException or UnauthorizedAccessException)
        {
            error = exception;
        }
        finally
        {
            _full.Writer.Complete(error);
        }
    }

    private readonly record struct Chunk(byte[] Bytes, int Length);
}

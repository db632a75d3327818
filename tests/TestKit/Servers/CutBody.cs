namespace CiCost.TestKit.Servers;

/// <summary>Passes the first bytes on, does something, and then either goes on or takes no more.</summary>
internal sealed class CutBody(Stream inner, int bytes, Func<CancellationToken, Task> act, bool goesOn = false) : Stream
{
    private int _left = bytes;
    private bool _acted;

    public CancellationToken Stopping { get; set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_acted && buffer.Length >= _left)
        {
            await inner.WriteAsync(buffer[.._left], cancellationToken);
            await inner.FlushAsync(cancellationToken);
            buffer = buffer[_left..];
            _left = 0;
            _acted = true;
            await act(Stopping);
            if (!goesOn)
            {
                throw new EndedException();
            }
        }
        else
        {
            _left -= _acted ? 0 : buffer.Length;
        }

        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("Write to fakes asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write to fakes asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>
    /// Leaves the handler on purpose. Kestrel sends what was written and closes the connection; an abort would take the first bytes back.
    /// </summary>
    internal sealed class EndedException : Exception;
}

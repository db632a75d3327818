using System.Buffers.Binary;

namespace CiCost.Cli.Demo;

/// <summary>
/// Writes a gzip file without a time or a name in its header (RFC 1952), so that equal content gives equal bytes. Flushing the stream
/// flushes nothing: where a caller flushes would otherwise show in the bytes.
/// </summary>
internal sealed class GzipFile : Stream
{
    private static readonly uint[] Table = MakeTable();
    private readonly Stream _file;
    private readonly FixedDeflate _deflate;
    private uint _crc = uint.MaxValue;
    private uint _length;
    private bool _isClosed;

    public GzipFile(Stream file)
    {
        _file = file;
        // Magic, deflate, no flags, no time, fastest, unknown system.
        _file.Write([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 4, 255]);
        _deflate = new FixedDeflate(file);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        foreach (var value in buffer)
        {
            _crc = Table[(_crc ^ value) & 0xFF] ^ (_crc >> 8);
        }

        _length = unchecked(_length + (uint)buffer.Length);
        _deflate.Write(buffer);
    }

    public override void Flush()
    {
        // Nothing: see above.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            _deflate.Finish();
            Span<byte> trailer = stackalloc byte[8];
            BinaryPrimitives.WriteUInt32LittleEndian(trailer, ~_crc);
            BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _length);
            _file.Write(trailer);
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private static uint[] MakeTable()
    {
        const uint reversedPolynomial = 0xEDB88320;
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ reversedPolynomial;
            }

            table[i] = value;
        }

        return table;
    }
}

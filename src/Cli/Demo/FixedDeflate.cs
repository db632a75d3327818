using System.Buffers.Binary;
using System.Numerics;

namespace CiCost.Cli.Demo;

/// <summary>
/// A small compressor in DEFLATE's format (RFC 1951): one block with fixed codes, one candidate for a match. .NET's own is no choice for
/// files that must be the same everywhere: its output changes with the version and may with the processor.
/// </summary>
internal sealed class FixedDeflate
{
    private const int WindowBytes = 32 * 1024;
    private const int BufferBytes = 256 * 1024;
    private const int ShortestMatch = 4;
    private const int LongestMatch = 258;
    private const int HashBits = 15;
    private const int EndOfBlock = 256;

    private static readonly (uint Code, int Bits)[] Symbols = [.. Enumerable.Range(0, 286).Select(SymbolCode)];
    private static readonly (int Symbol, int ExtraBits, int First)[] Lengths = LengthCodes();
    private static readonly uint[] Distances = [.. Enumerable.Range(0, 30).Select(code => Reverse((uint)code, 5))];

    private readonly Stream _output;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly int[] _lastSeen = new int[1 << HashBits];
    private readonly byte[] _ready = new byte[64 * 1024];
    private int _end;
    private int _next;
    private ulong _bits;
    private int _bitCount;
    private int _readyCount;

    public FixedDeflate(Stream output)
    {
        _output = output;
        Array.Fill(_lastSeen, -1);
        // The last block, with fixed codes.
        Put(0b011, 3);
    }

    public void Write(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            var count = Math.Min(data.Length, BufferBytes - _end);
            data[..count].CopyTo(_buffer.AsSpan(_end));
            data = data[count..];
            _end += count;
            if (_end == BufferBytes)
            {
                Compress(_end - LongestMatch);
                Slide();
            }
        }
    }

    /// <summary>Writes what is left and the end of the block.</summary>
    public void Finish()
    {
        Compress(_end);
        Put(Symbols[EndOfBlock]);
        while (_bitCount > 0)
        {
            PutByte();
        }

        _output.Write(_ready, 0, _readyCount);
        _readyCount = 0;
    }

    private static int HashOf(uint four) => (int)(unchecked(four * 2_654_435_761u) >> (32 - HashBits));

    private static (uint Code, int Bits) SymbolCode(int symbol) => symbol switch
    {
        < 144 => (Reverse((uint)(0x30 + symbol), 8), 8),
        < 256 => (Reverse((uint)(0x190 + symbol - 144), 9), 9),
        < 280 => (Reverse((uint)(symbol - 256), 7), 7),
        _ => (Reverse((uint)(0xC0 + symbol - 280), 8), 8),
    };

    /// <summary>Codes are packed from their highest bit, all else from the lowest.</summary>
    private static uint Reverse(uint code, int bits)
    {
        var reversed = 0u;
        for (var i = 0; i < bits; i++)
        {
            reversed = (reversed << 1) | ((code >> i) & 1);
        }

        return reversed;
    }

    private static (int Symbol, int ExtraBits, int First)[] LengthCodes()
    {
        var codes = new (int, int, int)[LongestMatch + 1];
        var first = 3;
        for (var symbol = 257; symbol < 285; symbol++)
        {
            var extra = symbol < 265 ? 0 : (symbol - 261) / 4;
            for (var length = first; length < first + (1 << extra); length++)
            {
                codes[Math.Min(length, LongestMatch)] = (symbol, extra, first);
            }

            first += 1 << extra;
        }

        codes[LongestMatch] = (285, 0, LongestMatch);
        return codes;
    }

    private void Compress(int limit)
    {
        while (_next < limit)
        {
            var length = 0;
            var candidate = -1;
            if (_next + ShortestMatch <= _end)
            {
                candidate = Remember(_next);
                length = candidate >= 0 && _next - candidate <= WindowBytes ? MatchLength(candidate) : 0;
            }

            if (length < ShortestMatch)
            {
                Put(Symbols[_buffer[_next++]]);
                continue;
            }

            PutMatch(length, _next - candidate);
            // Every eighth position inside a match is enough for text that repeats line by line, and costs an eighth.
            var end = _next + length;
            for (_next += 8; _next < end; _next += 8)
            {
                if (_next + ShortestMatch <= _end)
                {
                    Remember(_next);
                }
            }

            _next = end;
        }
    }

    private int Remember(int position)
    {
        ref var last = ref _lastSeen[HashOf(BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(position)))];
        var before = last;
        last = position;
        return before;
    }

    private int MatchLength(int candidate)
    {
        var most = Math.Min(LongestMatch, _end - _next);
        return _buffer.AsSpan(candidate, most).CommonPrefixLength(_buffer.AsSpan(_next, most));
    }

    private void PutMatch(int length, int distance)
    {
        var (symbol, extraBits, first) = Lengths[length];
        Put(Symbols[symbol]);
        Put((uint)(length - first), extraBits);
        var before = (uint)(distance - 1);
        if (before < 4)
        {
            Put(Distances[before], 5);
            return;
        }

        var distanceBits = BitOperations.Log2(before) - 1;
        Put(Distances[(2 * (distanceBits + 1)) + ((before >> distanceBits) & 1)], 5);
        Put(before & ((1u << distanceBits) - 1), distanceBits);
    }

    private void Put((uint Code, int Bits) symbol) => Put(symbol.Code, symbol.Bits);

    private void Put(uint value, int bits)
    {
        _bits |= (ulong)value << _bitCount;
        _bitCount += bits;
        while (_bitCount >= 8)
        {
            PutByte();
        }
    }

    private void PutByte()
    {
        if (_readyCount == _ready.Length)
        {
            _output.Write(_ready);
            _readyCount = 0;
        }

        _ready[_readyCount++] = (byte)(_bits & 0xFF);
        _bits >>= 8;
        _bitCount = Math.Max(0, _bitCount - 8);
    }

    private void Slide()
    {
        var shift = _next - WindowBytes;
        _buffer.AsSpan(shift, _end - shift).CopyTo(_buffer);
        _next -= shift;
        _end -= shift;
        for (var i = 0; i < _lastSeen.Length; i++)
        {
            _lastSeen[i] = Math.Max(-1, _lastSeen[i] - shift);
        }
    }
}

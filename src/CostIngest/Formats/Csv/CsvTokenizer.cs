using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace CiCost.CostIngest.Formats.Csv;

/// <summary>
/// Reads the records of a CSV stream (RFC 4180: comma, double quote, LF or CRLF, UTF-8 with or without byte order mark) without copying
/// or allocating per record. It never repairs: what breaks the form is a <see cref="CsvFaultException"/>. Whether a record has the right
/// number of fields is for the caller to say.
/// </summary>
/// <remarks>
/// The spans of a record are valid until the next <see cref="Read"/>. A record that is cut at the end of the buffer moves to its front
/// and is scanned again with what follows, so the result does not depend on how the stream hands out its bytes.
/// </remarks>
internal sealed class CsvTokenizer
{
    /// <summary>Fits the second-level cache together with the index of its fields.</summary>
    public const int ChunkBytes = 256 * 1024;

    /// <summary>What a small file needs; a file that is larger gets the whole chunk with its second read.</summary>
    private const int FirstChunkBytes = 32 * 1024;

    /// <summary>What to say where a carriage return ends a line without a line feed.</summary>
    public const string LoneReturns =
        "Lines that end with a carriage return alone, as on an old Macintosh, are one line here: save the file with LF or CRLF.";

    /// <summary>Ctrl-Z, with which DOS ends a text; it is no part of it.</summary>
    private const byte EndOfFileMark = 0x1A;

    private readonly Stream _stream;
    private readonly int _chunkBytes;
    private readonly int _maxRecordBytes;
    private readonly bool _vectors;
    private readonly bool _takesDeclared;
    private byte _separator;
    private readonly CsvIndex _index = new();
    private byte[] _buffer;
    private int[] _ends = [];
    private int _valid;
    private int _nextStart;
    private int _nextRecord;
    private int _start;
    private int _firstEnd;
    private long _bufferOffset;
    private bool _ended;
    private bool _begun;

    /// <summary>Makes a tokenizer at the beginning of a stream, which the caller keeps and closes.</summary>
    /// <param name="stream">Decompressed bytes.</param>
    /// <param name="maxRecordBytes">The most bytes in a record, without its line end.</param>
    /// <param name="chunkBytes">How much is scanned at once; tests make it small.</param>
    /// <param name="vectors">False for the portable path; both give the same.</param>
    /// <param name="separator">What stands between two fields; null for a comma.</param>
    public CsvTokenizer(
        Stream stream, int maxRecordBytes, int chunkBytes = ChunkBytes, bool vectors = true, CsvSeparator? separator = null)
    {
        (_separator, _takesDeclared) = separator ?? CsvSeparator.Comma;
        _stream = stream;
        _maxRecordBytes = maxRecordBytes;
        _vectors = vectors && Vector256.IsHardwareAccelerated;
        _chunkBytes = chunkBytes;
        _buffer = new byte[Math.Min(chunkBytes, FirstChunkBytes) + CsvScanner.PaddingBytes];
    }

    /// <summary>Fields in the record.</summary>
    public int FieldCount { get; private set; }

    /// <summary>Where the record begins in the stream, from 0.</summary>
    public long RecordOffset => _bufferOffset + _start;

    /// <summary>Bytes taken from the stream so far; its size after the last record.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Is the record an empty line?</summary>
    public bool IsBlank => FieldCount == 1 && Raw(0).IsEmpty;

    /// <summary>The bytes of a field as they stand in the file, quotes included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Raw(int field)
    {
        var start = field == 0 ? _start : _ends[_firstEnd + field - 1] + 1;
        return _buffer.AsSpan(start, _ends[_firstEnd + field] - start);
    }

    /// <summary>The bytes of adjacent fields, separators and quotes included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> RawRun(int firstField, int lastField)
    {
        var start = firstField == 0 ? _start : _ends[_firstEnd + firstField - 1] + 1;
        return _buffer.AsSpan(start, _ends[_firstEnd + lastField] - start);
    }

    /// <summary>The bytes of the whole record without its line end.</summary>
    public ReadOnlySpan<byte> RawRecord() => RawRun(0, FieldCount - 1);

    /// <summary>Goes to the next record.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="CsvFaultException">The bytes are no CSV from here on.</exception>
    public bool Read()
    {
        while (_nextRecord >= _index.RecordCount)
        {
            if (_index.Fault != CsvFault.None)
            {
                throw FaultAt(_index.FaultPosition);
            }

            if (!Fill())
            {
                return false;
            }
        }

        _firstEnd = _nextRecord == 0 ? 0 : _index.RecordEnds[_nextRecord - 1] + 1;
        var lastEnd = _index.RecordEnds[_nextRecord++];
        _start = _nextStart;
        var end = _ends[lastEnd];
        _nextStart = end + 1;
        if (end > _start && _buffer[end - 1] == '\r')
        {
            _ends[lastEnd] = --end;
        }

        if (end - _start > _maxRecordBytes)
        {
            throw TooLong(_start);
        }

        FieldCount = lastEnd - _firstEnd + 1;
        return true;
    }

    private bool Fill()
    {
        if (_ended)
        {
            return !_index.EndsInQuotes ? false : throw new CsvFaultException(
                "csv-unterminated-quote", "A quote is opened in this record and never closed. Deliver the file whole.",
                Snippet(_nextStart));
        }

        var kept = _valid - _nextStart;
        Buffer.BlockCopy(_buffer, _nextStart, _buffer, 0, kept);
        _bufferOffset += _nextStart;
        _nextStart = 0;
        _valid = kept;
        Grow();
        ReadChunk();
        var start = _begun ? 0 : SkipPreamble();
        _begun = true;
        if (_ended && _valid > start && _buffer[_valid - 1] == EndOfFileMark)
        {
            _valid--;
        }

        if (_ended && _valid > start && _buffer[_valid - 1] != '\n')
        {
            // The last line may lack its end; ReadChunk leaves room for it.
            _buffer[_valid++] = (byte)'\n';
        }

        CsvScanner.Scan(_buffer, start, _valid, _index, _vectors, _separator);
        _ends = _index.FieldEnds;
        _nextRecord = 0;
        _nextStart = start;
        if (_index.RecordCount == 0 && _index.Fault == CsvFault.None && _valid - start > _maxRecordBytes + 2)
        {
            throw TooLong(_nextStart);
        }

        return _index.RecordCount > 0 || _index.Fault != CsvFault.None || !_ended || Fill();
    }

    /// <summary>Doubles the buffer when the cut record fills more than half of it.</summary>
    private void Grow()
    {
        var capacity = _buffer.Length - CsvScanner.PaddingBytes;
        var wanted = Math.Max(_begun ? _chunkBytes : capacity, _valid > capacity / 2 ? capacity * 2 : capacity);
        if (wanted > capacity)
        {
            Array.Resize(ref _buffer, wanted + CsvScanner.PaddingBytes);
        }
    }

    private void ReadChunk()
    {
        var capacity = _buffer.Length - CsvScanner.PaddingBytes - 1;
        while (_valid < capacity)
        {
            var read = _stream.Read(_buffer, _valid, capacity - _valid);
            if (read == 0)
            {
                _ended = true;
                return;
            }

            _valid += read;
            BytesRead += read;
        }
    }

    private int SkipPreamble()
    {
        var content = _buffer.AsSpan(0, _valid);
        if (ContentSniffer.WhyNotCsv(content) is { } why)
        {
            throw new CsvFaultException("csv-not-csv", why);
        }

        var start = content.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var (declared, length) = CsvSeparator.Declared(content[start..]);
        if (length == 0)
        {
            return start;
        }

        if (declared != _separator && !_takesDeclared)
        {
            throw new CsvFaultException("csv-separator", $"The first line says that fields are separated by '{(char)declared}', here they are "
                + $"by '{CsvSeparator.NameOf(_separator)}'. Export the file so, or describe it with a mapping that says so "
                + "(docs/sources/mapped-csv.md, separator).", Snippet(start));
        }

        _separator = declared;
        return start + length;
    }

    private CsvFaultException FaultAt(int position) => _index.Fault switch
    {
        CsvFault.StrayQuote => new("csv-stray-quote",
            "A quote stands inside a field that does not begin with one. Quote the whole field and double the quotes inside it."
                + Returns(position),
            Around(position)),
        CsvFault.TextAfterQuote => new("csv-text-after-quote",
            $"Behind a closing quote only {(_separator == ',' ? "a comma" : $"'{CsvSeparator.NameOf(_separator)}'")} or a line end may follow. "
                + "Double the quotes inside a quoted field."
                + Returns(position),
            Around(position)),
        _ => new("csv-nul-byte", "The file holds a byte 0, which no text has. It is damaged or not UTF-8.", Around(position)),
    };

    private CsvFaultException TooLong(int start) => new("csv-record-too-long",
        $"The record is longer than {_maxRecordBytes} bytes (MaxRecordBytes). "
            + (_buffer.AsSpan(start, Math.Min(_maxRecordBytes, _valid - start)).Contains((byte)'\r') ? LoneReturns
                : "A quote that is never closed is the usual cause."),
        Snippet(start));

    /// <summary>Says what else may be the cause where a carriage return stands at the fault or before it.</summary>
    private string Returns(int position) =>
        _buffer[position] == '\r' || (position > 0 && _buffer[position - 1] == '\r') ? " " + LoneReturns : "";

    private string Around(int position) => Snippet(Math.Max(_nextStart, position - 40));

    private string Snippet(int from)
    {
        var length = Math.Min(80, _valid - from);
        return Encoding.UTF8.GetString(_buffer, from, Math.Max(0, length)).Replace('\0', '\uFFFD').TrimEnd();
    }
}

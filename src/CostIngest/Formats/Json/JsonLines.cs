using System.Text;
using CiCost.CostIngest.Formats.Csv;

namespace CiCost.CostIngest.Formats.Json;

/// <summary>Hands out the lines of a stream one by one, in a bounded buffer. A line is valid until the next one.</summary>
internal sealed class JsonLines(Stream stream, int maxLineBytes)
{
    private const int FirstBytes = 64 * 1024;
    private byte[] _buffer = new byte[FirstBytes];
    private int _start;
    private int _lineEnd;
    private int _next;
    private int _end;
    private bool _isAtEnd;
    private bool _hasBegun;

    /// <summary>Where the line begins in the stream, from 0.</summary>
    public long Offset { get; private set; }

    /// <summary>Bytes taken from the stream so far; its size after the last line.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The line, without its end.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_start, _lineEnd - _start).TrimEnd((byte)'\r');

    /// <summary>Goes to the next line.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="CsvFaultException">A line is longer than the limit.</exception>
    public bool Read()
    {
        _start = _next;
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if ((length >= 0 ? length : _end - _start) > maxLineBytes)
            {
                throw new CsvFaultException("csv-record-too-long", $"The line is longer than {maxLineBytes} bytes (MaxRecordBytes). "
                    + "Each row is one JSON object on a line of its own.");
            }

            if (length >= 0 || _isAtEnd)
            {
                Offset = BytesRead - _end + _start;
                _lineEnd = length >= 0 ? _start + length : _end;
                _next = length >= 0 ? _lineEnd + 1 : _end;
                return _start < _next && !(Line.IsEmpty && IsLast());
            }

            Fill();
            SkipPreamble();
        }
    }

    /// <summary>Does nothing follow the line? Only the last line of a file may be empty.</summary>
    private bool IsLast()
    {
        while (_next == _end && !_isAtEnd)
        {
            var (length, next) = (_lineEnd - _start, _next - _start);
            Fill();
            (_lineEnd, _next) = (_start + length, _start + next);
        }

        return _next == _end;
    }

    private void SkipPreamble()
    {
        if (_hasBegun || (_end < Encoding.UTF8.Preamble.Length && !_isAtEnd))
        {
            return;
        }

        _hasBegun = true;
        if (ContentSniffer.LooksLike(_buffer.AsSpan(0, _end)) is { } what)
        {
            throw new CsvFaultException("not-json", $"{what}, not like JSON lines. Deliver one JSON object on each line, plain or gzip, UTF-8.");
        }

        _start = _buffer.AsSpan(0, _end).StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _isAtEnd = read == 0;
        _end += read;
        BytesRead += read;
    }
}

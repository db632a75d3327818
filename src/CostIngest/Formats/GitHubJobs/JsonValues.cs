using System.Text.Json;

namespace CiCost.CostIngest.Formats.GitHubJobs;

/// <summary>Reads one JSON value after another from a stream, with whatever white space between them, in a bounded buffer.</summary>
internal sealed class JsonValues(Stream stream, JsonReaderOptions options)
{
    /// <summary>The largest single value: a page of a hundred jobs with their steps has about 1 MB.</summary>
    private const int MaxValueBytes = 64 * 1024 * 1024;

    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _isAtEnd;
    private bool _isBegun;

    /// <summary>The next value, or null at the end.</summary>
    /// <exception cref="JsonException">What follows is no JSON value, is cut off, or is larger than 64 MiB.</exception>
    public JsonDocument? Next()
    {
        while (true)
        {
            SkipSpace();
            if (_start < _end)
            {
                var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isAtEnd, new JsonReaderState(options));
                if (JsonDocument.TryParseValue(ref reader, out var document))
                {
                    _start += (int)reader.BytesConsumed;
                    return document;
                }
            }
            else if (_isAtEnd)
            {
                return null;
            }

            Fill();
        }
    }

    private void SkipSpace()
    {
        // A byte order mark may stand at the very beginning.
        if (!_isBegun && _end > 0)
        {
            _isBegun = true;
            _start = _buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8) ? 3 : 0;
        }

        while (_start < _end && _buffer[_start] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _start++;
        }
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
            if (_buffer.Length >= MaxValueBytes)
            {
                throw new JsonException($"A single value is larger than {MaxValueBytes} bytes.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        // Three bytes at least, so that a byte order mark is never seen in halves.
        var free = _buffer.AsSpan(_end);
        var read = stream.ReadAtLeast(free, Math.Min(3, free.Length), throwOnEndOfStream: false);
        _isAtEnd = read == 0;
        _end += read;
    }
}

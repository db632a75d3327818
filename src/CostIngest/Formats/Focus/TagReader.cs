using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>
/// Splits a Tags object into the listed keys, which are dimensions, and the rest, written as JSON without blanks and with sorted keys.
/// Works on bytes and allocates nothing for tags that are no dimensions: in a bad month every row has its own tags.
/// </summary>
internal sealed class TagReader
{
    private readonly (string Name, byte[] Key)[] _listed;
    private readonly Comparison<Entry> _byKey;
    private readonly bool _dropsMalformed;
    private readonly ArrayBufferWriter<byte> _cleaned = new();
    private byte[] _json = [];
    private byte[] _rest = new byte[1024];
    private Entry[] _entries = new Entry[64];
    private int _count;
    private int _restLength;

    /// <summary>Makes a reader.</summary>
    /// <param name="listedKeys">The keys that are dimensions.</param>
    /// <param name="dropsMalformed">Are pairs that cannot be read left out, where a text without this is refused whole?</param>
    public TagReader(ImmutableArray<string> listedKeys, bool dropsMalformed = false)
    {
        _dropsMalformed = dropsMalformed;
        _listed = [.. listedKeys.Distinct().Select(k => (DimensionOptions.TagName(k), Encoding.UTF8.GetBytes(k)))];
        _byKey = (left, right) =>
        {
            var order = KeyOf(left).SequenceCompareTo(KeyOf(right));
            return order != 0 ? order : left.KeyStart.CompareTo(right.KeyStart);
        };
    }

    /// <summary>The rest as JSON; empty when there is none.</summary>
    public ReadOnlySpan<byte> Rest => _rest.AsSpan(0, _restLength);

    /// <summary>A hash of <see cref="Rest"/>; default when there is none.</summary>
    public Hash128 RestHash => _restLength == 0 ? default : Hash128.Seed.Append(Rest);

    /// <summary>A hash of the listed keys that are there and their values.</summary>
    public Hash128 ListedHash { get; private set; }

    /// <summary>Did a key stand twice?</summary>
    public bool HadDuplicates { get; private set; }

    /// <summary>What was left out of the object that was read last, because it is malformed; null when nothing was.</summary>
    public string? Dropped { get; private set; }

    /// <summary>Reads one object. False when the text is no JSON object; <paramref name="brokenAt"/> is then the byte.</summary>
    public bool TryRead(ReadOnlySpan<byte> json, out long brokenAt)
    {
        Dropped = null;
        if (TryReadWhole(json, out brokenAt) && (!_dropsMalformed || ListedAreTexts()))
        {
            return true;
        }

        if (!_dropsMalformed)
        {
            return false;
        }

        _cleaned.ResetWrittenCount();
        Dropped = TagSalvage.Clean(json, _cleaned);
        return TryReadWhole(_cleaned.WrittenSpan, out brokenAt);
    }

    private bool TryReadWhole(ReadOnlySpan<byte> json, out long brokenAt)
    {
        if (_json.Length < json.Length)
        {
            _json = new byte[json.Length * 2];
        }

        json.CopyTo(_json);
        brokenAt = 0;
        try
        {
            if (!Utf8.IsValid(json) || !TryCollect(json))
            {
                return false;
            }

            _entries.AsSpan(0, _count).Sort(_byKey);
            DropDuplicates();
            Write(json.Length);
            return true;
        }
        catch (JsonException broken)
        {
            brokenAt = broken.BytePositionInLine ?? 0;
            return false;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped, in a key: valid JSON by its grammar, and no text.
            return false;
        }
    }

    /// <summary>The listed keys of the object that was read last, with their values as text. False when a value is no valid text.</summary>
    public bool TryListed(ImmutableSortedDictionary<string, string>.Builder into)
    {
        for (var i = 0; i < _count; i++)
        {
            var entry = _entries[i];
            if (ListedIndex(entry) is var listed && listed < 0)
            {
                continue;
            }

            if (!TryText(entry, out var text))
            {
                return false;
            }

            if (text.Length > 0)
            {
                into[_listed[listed].Name] = text;
            }
        }

        return true;
    }

    private bool ListedAreTexts()
    {
        for (var i = 0; i < _count; i++)
        {
            if (ListedIndex(_entries[i]) >= 0 && !TryText(_entries[i], out _))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryCollect(ReadOnlySpan<byte> json)
    {
        _count = 0;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 32 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var entry = new Entry { KeyStart = (int)reader.TokenStartIndex + 1, KeyLength = reader.ValueSpan.Length };
            reader.Read();
            entry.Type = reader.TokenType;
            entry.ValueStart = (int)reader.TokenStartIndex;
            reader.Skip();
            entry.ValueLength = (int)reader.BytesConsumed - entry.ValueStart;
            if (_count == _entries.Length)
            {
                Array.Resize(ref _entries, _count * 2);
            }

            _entries[_count++] = entry;
        }

        // Reads on to the end, so that anything behind the object is an error.
        return !reader.Read();
    }

    private void DropDuplicates()
    {
        HadDuplicates = false;
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (kept > 0 && KeyOf(_entries[i]).SequenceEqual(KeyOf(_entries[kept - 1])))
            {
                HadDuplicates = true;
                kept--;
            }

            _entries[kept++] = _entries[i];
        }

        _count = kept;
    }

    private void Write(int jsonLength)
    {
        if (_rest.Length < jsonLength + 2)
        {
            _rest = new byte[(jsonLength * 2) + 2];
        }

        var hash = Hash128.Seed;
        _restLength = 0;
        for (var i = 0; i < _count; i++)
        {
            var entry = _entries[i];
            if (ListedIndex(entry) is var listed && listed >= 0)
            {
                hash = hash.Append(listed, (long)entry.Type).Append(ValueOf(entry));
                continue;
            }

            _rest[_restLength] = _restLength == 0 ? (byte)'{' : (byte)',';
            _restLength++;
            Append(_json.AsSpan(entry.KeyStart - 1, entry.KeyLength + 2));
            _rest[_restLength++] = (byte)':';
            Append(ValueOf(entry));
        }

        ListedHash = hash;
        if (_restLength > 0)
        {
            _rest[_restLength++] = (byte)'}';
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_rest.AsSpan(_restLength));
        _restLength += bytes.Length;
    }

    private int ListedIndex(Entry entry)
    {
        if (_listed.Length == 0)
        {
            return -1;
        }

        var key = KeyOf(entry);
        for (var i = 0; i < _listed.Length; i++)
        {
            if (key.SequenceEqual(_listed[i].Key) || (key.Contains((byte)'\\') && IsEscaped(entry, _listed[i].Key)))
            {
                return i;
            }
        }

        return -1;
    }

    private bool IsEscaped(Entry entry, byte[] listedKey)
    {
        var reader = new Utf8JsonReader(_json.AsSpan(entry.KeyStart - 1, entry.KeyLength + 2));
        return reader.Read() && reader.ValueTextEquals(listedKey);
    }

    private bool TryText(Entry entry, out string text)
    {
        text = "";
        if (entry.Type == JsonTokenType.Null)
        {
            return true;
        }

        if (entry.Type != JsonTokenType.String)
        {
            text = Encoding.UTF8.GetString(ValueOf(entry));
            return true;
        }

        try
        {
            var reader = new Utf8JsonReader(ValueOf(entry));
            reader.Read();
            text = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: valid JSON by its grammar, and no text.
            return false;
        }
    }

    private ReadOnlySpan<byte> KeyOf(Entry entry) => _json.AsSpan(entry.KeyStart, entry.KeyLength);

    private ReadOnlySpan<byte> ValueOf(Entry entry) => _json.AsSpan(entry.ValueStart, entry.ValueLength);

    private struct Entry
    {
        public int KeyStart;
        public int KeyLength;
        public int ValueStart;
        public int ValueLength;
        public JsonTokenType Type;
    }
}

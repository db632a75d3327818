namespace CiCost.Domain.Lines;

/// <summary>A growing list of pairs of UTF-8 texts in one reused buffer: the new dictionary entries of a batch.</summary>
public sealed class TextPairs
{
    private byte[] _bytes = new byte[64 * 1024];
    private int[] _ends = new int[1024];
    private int _used;

    /// <summary>The number of pairs.</summary>
    public int Count { get; private set; }

    /// <summary>The ordinal of the first pair in the delivery's dictionary; the others follow it one by one.</summary>
    public int FirstOrdinal { get; private set; }

    /// <summary>All texts, one behind the other: what to pin when texts are passed on without a copy.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _used);

    /// <summary>Adds a pair. An empty text stands for null: a bill's empty text is null (FOCUS, NullHandling).</summary>
    public void Add(int ordinal, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (Count == 0)
        {
            FirstOrdinal = ordinal;
        }

        var needed = _used + first.Length + second.Length;
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }

        if ((Count * 2) + 2 > _ends.Length)
        {
            Array.Resize(ref _ends, _ends.Length * 2);
        }

        first.CopyTo(_bytes.AsSpan(_used));
        _used += first.Length;
        _ends[Count * 2] = _used;
        second.CopyTo(_bytes.AsSpan(_used));
        _used += second.Length;
        _ends[(Count * 2) + 1] = _used;
        Count++;
    }

    /// <summary>The first text of a pair; empty for null.</summary>
    public ReadOnlySpan<byte> First(int index) => Slice(index * 2);

    /// <summary>The second text of a pair; empty for null.</summary>
    public ReadOnlySpan<byte> Second(int index) => Slice((index * 2) + 1);

    /// <summary>Forgets all pairs, keeps the buffer unless a pathological batch has blown it up.</summary>
    public void Clear()
    {
        const int keptBytes = 4 * 1024 * 1024;
        if (_bytes.Length > keptBytes)
        {
            _bytes = new byte[64 * 1024];
        }

        Count = 0;
        _used = 0;
    }

    private ReadOnlySpan<byte> Slice(int end)
    {
        var start = end == 0 ? 0 : _ends[end - 1];
        return _bytes.AsSpan(start, _ends[end] - start);
    }
}

using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>What is known of a Tags text that was read before.</summary>
internal readonly record struct KnownTags
{
    /// <summary>Its ordinal in the encoder; 0 for none.</summary>
    public int TagSet { get; init; }

    /// <summary>Was it the text NULL?</summary>
    public bool IsNullLiteral { get; init; }

    /// <summary>Did a key stand twice?</summary>
    public bool HadDuplicates { get; init; }

    /// <summary>What was left out because it is malformed; null for nothing.</summary>
    public string? Dropped { get; init; }

    /// <summary>Of the tags that are no dimensions.</summary>
    public Hash128 RestHash { get; init; }

    /// <summary>Of the tags that are dimensions.</summary>
    public Hash128 ListedHash { get; init; }
}

/// <summary>
/// A bounded map from the hash of a raw Tags text to what it holds: four places per bucket. It grows to a fixed size, then the oldest
/// entry of a bucket goes, and its text is read again when it comes back.
/// </summary>
internal sealed class TagCache
{
    private const int FirstEntries = 1 << 8, MostEntries = 1 << 16;
    private const int Ways = 4;
    private Hash128[] _keys = new Hash128[FirstEntries];
    private KnownTags[] _values = new KnownTags[FirstEntries];
    private int _added;

    /// <summary>Finds a text by its hash; the hash of no text is all zeros.</summary>
    public bool TryFind(Hash128 key, out KnownTags known)
    {
        var start = Bucket(key);
        for (var i = start; i < start + Ways; i++)
        {
            if (_keys[i] == key)
            {
                known = _values[i];
                return true;
            }
        }

        known = default;
        return false;
    }

    /// <summary>Keeps a text that <see cref="TryFind"/> did not find.</summary>
    public void Add(Hash128 key, KnownTags known)
    {
        if (_added == _keys.Length && _keys.Length < MostEntries)
        {
            Grow();
        }

        Place(key, known);
    }

    private void Grow()
    {
        var (keys, values) = (_keys, _values);
        _keys = new Hash128[keys.Length * 4];
        _values = new KnownTags[keys.Length * 4];
        _added = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] != default)
            {
                Place(keys[i], values[i]);
            }
        }
    }

    private void Place(Hash128 key, KnownTags known)
    {
        var start = Bucket(key);
        var place = start + (_added & (Ways - 1));
        for (var i = start; i < start + Ways; i++)
        {
            if (_keys[i] == default)
            {
                place = i;
                break;
            }
        }

        _keys[place] = key;
        _values[place] = known;
        _added = unchecked(_added + 1) & int.MaxValue;
    }

    private int Bucket(Hash128 key) => (int)(key.Low & (uint)((_keys.Length / Ways) - 1)) * Ways;
}

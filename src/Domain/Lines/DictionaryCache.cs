namespace CiCost.Domain.Lines;

/// <summary>
/// A bounded map from the hash of a text to its ordinal in the delivery: four places per bucket, the oldest of them is overwritten.
/// Memory is fixed at 20 bytes an entry.
/// </summary>
internal sealed class DictionaryCache
{
    private const int Ways = 4;
    private readonly Hash128[] _keys;
    private readonly int[] _ordinals;
    private readonly int _bucketMask;
    private int _last;

    public DictionaryCache(int entries)
    {
        if (entries < Ways || !int.IsPow2(entries))
        {
            throw new ArgumentOutOfRangeException(nameof(entries), entries, "A power of two of at least 4 is expected.");
        }

        _keys = new Hash128[entries];
        _ordinals = new int[entries];
        _bucketMask = (entries / Ways) - 1;
    }

    public bool TryFind(Hash128 key, out int ordinal)
    {
        var start = Bucket(key);
        for (var i = start; i < start + Ways; i++)
        {
            if (_keys[i] == key && _ordinals[i] != 0)
            {
                ordinal = _ordinals[i];
                return true;
            }
        }

        ordinal = 0;
        return false;
    }

    /// <summary>Gives the next ordinal, from 1, to a key that <see cref="TryFind"/> did not find.</summary>
    public int Add(Hash128 key)
    {
        _last++;
        var start = Bucket(key);
        var place = start + (_last & (Ways - 1));
        for (var i = start; i < start + Ways; i++)
        {
            if (_ordinals[i] == 0)
            {
                place = i;
                break;
            }
        }

        _keys[place] = key;
        _ordinals[place] = _last;
        return _last;
    }

    private int Bucket(Hash128 key) => (int)(key.Low & (uint)_bucketMask) * Ways;
}

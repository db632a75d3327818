namespace CiCost.Domain.Lines;

/// <summary>
/// Turns the rows of one delivery into batches for the ledger: gives dictionary ordinals, adds up exact totals, the rollup,
/// day totals and digests. Every format ends in it. Not thread-safe: one delivery, one encoder, one thread.
/// </summary>
/// <remarks>
/// Look-ups go by a 128-bit hash of the raw text, so that a text that was seen is never decoded again. The caches for resources,
/// tags and unit prices are bounded; an entry that was pushed out and comes again gets a second ordinal with the same text,
/// which costs space and changes no figure.
/// </remarks>
public sealed partial class LineEncoder
{
    /// <summary>A batch with so much text is given on before it has all its rows: batches wait for the ledger in memory.</summary>
    private const long FullBatchBytes = 8L * 1024 * 1024;

    private readonly LineEncoderLimits _limits;
    private readonly Func<LineBatch> _rent;
    private readonly Action<LineBatch> _emit;
    private readonly Dictionary<Hash128, int> _dimensionSets = [];
    private readonly DictionaryCache _resources;
    private readonly DictionaryCache _tagSets;
    private readonly DictionaryCache _unitPrices;
    private LineBatch _batch;
    private long _batchBytes;
    private long _dictionaryBytes;
    private long _dimensionSetBytes;

    /// <summary>Makes an encoder.</summary>
    /// <param name="limits">What bounds its memory.</param>
    /// <param name="rent">Gives an empty batch; may block until one is free.</param>
    /// <param name="emit">Takes a full batch; the encoder does not touch it again.</param>
    public LineEncoder(LineEncoderLimits limits, Func<LineBatch> rent, Action<LineBatch> emit)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(rent);
        _limits = limits;
        _rent = rent;
        _emit = emit;
        _resources = new DictionaryCache(limits.ResourceCacheEntries);
        _tagSets = new DictionaryCache(limits.TagSetCacheEntries);
        _unitPrices = new DictionaryCache(limits.UnitPriceCacheEntries);
        _batch = rent();
        _batch.FirstRowNumber = 1;
    }

    /// <summary>The number of rows taken so far.</summary>
    public uint RowCount { get; private set; }

    /// <summary>From here on, rows are those of another object.</summary>
    /// <param name="name">The object's name, as messages call it.</param>
    public void BeginObject(string name)
    {
        CloseObject();
        _objectName = name;
    }

    /// <summary>Finds a dimension set by the hash of its raw text.</summary>
    public bool TryFindDimensionSet(Hash128 rawKey, out int ordinal) => _dimensionSets.TryGetValue(rawKey, out ordinal);

    /// <summary>Adds a dimension set under the hash of its raw text. Two raw texts may give one set; the ledger sees to that.</summary>
    /// <exception cref="LineLimitException">More distinct sets than <see cref="LineEncoderLimits.MaxDimensionSets"/>.</exception>
    public int AddDimensionSet(Hash128 rawKey, DimensionSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var ordinal = _dimensionSets.Count;
        if (ordinal >= _limits.MaxDimensionSets)
        {
            throw Limit(nameof(LineEncoderLimits.MaxDimensionSets), _limits.MaxDimensionSets);
        }

        var bytes = BytesOf(set);
        RequireEntry(bytes);
        if ((_dimensionSetBytes += bytes) > _limits.MaxDimensionSetBytes)
        {
            throw Limit(nameof(LineEncoderLimits.MaxDimensionSetBytes), _limits.MaxDimensionSetBytes);
        }

        _dimensionSets.Add(rawKey, ordinal);
        _batch.NewDimensionSets.Add(set);
        RegisterForTotals(set);
        return ordinal;
    }

    /// <summary>Finds a resource by the hash of its raw text.</summary>
    public bool TryFindResource(Hash128 rawKey, out int ordinal) => _resources.TryFind(rawKey, out ordinal);

    /// <summary>Adds a resource; empty texts stand for null.</summary>
    public int AddResource(Hash128 rawKey, ReadOnlySpan<byte> resourceId, ReadOnlySpan<byte> resourceName)
    {
        RequireText(resourceId.Length + resourceName.Length);
        var ordinal = _resources.Add(rawKey);
        _batch.NewResources.Add(ordinal, resourceId, resourceName);
        return ordinal;
    }

    /// <summary>Finds a tag set by the hash of its raw text.</summary>
    public bool TryFindTagSet(Hash128 rawKey, out int ordinal) => _tagSets.TryFind(rawKey, out ordinal);

    /// <summary>Adds the tags of a row that are no dimensions, as a JSON object.</summary>
    public int AddTagSet(Hash128 rawKey, ReadOnlySpan<byte> json)
    {
        RequireText(json.Length);
        var ordinal = _tagSets.Add(rawKey);
        _batch.NewTagSets.Add(ordinal, json, default);
        return ordinal;
    }

    /// <summary>Finds a pair of unit prices by the hash of its raw text.</summary>
    public bool TryFindUnitPrices(Hash128 rawKey, out int ordinal) => _unitPrices.TryFind(rawKey, out ordinal);

    /// <summary>Adds a pair of unit prices in their exact text; empty texts stand for null.</summary>
    public int AddUnitPrices(Hash128 rawKey, ReadOnlySpan<byte> listUnitPrice, ReadOnlySpan<byte> contractedUnitPrice)
    {
        RequireText(listUnitPrice.Length + contractedUnitPrice.Length);
        var ordinal = _unitPrices.Add(rawKey);
        _batch.NewUnitPrices.Add(ordinal, listUnitPrice, contractedUnitPrice);
        return ordinal;
    }

    /// <summary>Takes the next row.</summary>
    /// <param name="row">Its numbers and ordinals.</param>
    /// <param name="textDigest">A hash of its resource, tags and unit prices, for the digests.</param>
    /// <exception cref="LineLimitException">More rows, or more groups of the rollup, than the limits allow.</exception>
    public void Add(in CostLineRow row, Hash128 textDigest)
    {
        RequireRoom();
        RowCount++;
        Accumulate(in row, textDigest);
        Append(in row);
    }

    /// <summary>Takes the next row, which has costs beyond 64 bits of nanos.</summary>
    /// <param name="row">Its numbers and ordinals; of such a cost the low part.</param>
    /// <param name="highs">The high parts.</param>
    /// <param name="textDigest">A hash of its resource, tags and unit prices, for the digests.</param>
    /// <exception cref="LineLimitException">More rows, or more groups of the rollup, than the limits allow.</exception>
    public void Add(in CostLineRow row, in CostHighs highs, Hash128 textDigest)
    {
        if (highs.AreZero)
        {
            Add(in row, textDigest);
            return;
        }

        RequireRoom();
        RowCount++;
        Accumulate(in row, in highs, textDigest);
        _batch.Highs.Add((_batch.Count, highs));
        Append(in row);
    }

    /// <summary>The size of a set's texts as they are kept, two bytes a character.</summary>
    private static long BytesOf(DimensionSet set)
    {
        var characters = set.Extras.Sum(e => (long)e.Key.Length + e.Value.Length);
        for (var column = 0; column < DimensionSet.ColumnCount; column++)
        {
            characters += set[(DimensionColumn)column]?.Length ?? 0;
        }

        return 2 * characters;
    }

    private void RequireText(int bytes)
    {
        RequireEntry(bytes);
        _batchBytes += bytes;
        if ((_dictionaryBytes += bytes) > _limits.MaxDictionaryBytes)
        {
            throw Limit(nameof(LineEncoderLimits.MaxDictionaryBytes), _limits.MaxDictionaryBytes);
        }
    }

    private void RequireEntry(long bytes)
    {
        if (bytes > _limits.MaxEntryBytes)
        {
            throw Limit(nameof(LineEncoderLimits.MaxEntryBytes), _limits.MaxEntryBytes);
        }
    }

    private LineLimitException Limit(string name, long value) => new(name, value, RowCount + 1L, _objectName);

    private void Append(in CostLineRow row)
    {
        _batch.Rows[_batch.Count++] = row;
        if (_batch.Count == LineBatch.Capacity || _batchBytes >= FullBatchBytes)
        {
            _batchBytes = 0;
            _emit(_batch);
            _batch = _rent();
            _batch.FirstRowNumber = RowCount + 1;
        }
    }

    /// <summary>Counts a row that has no line: it was set aside, and keeps its number.</summary>
    /// <exception cref="LineLimitException">More rows than the limits allow.</exception>
    public void Skip()
    {
        RequireRoom();
        if (_batch.Count > 0)
        {
            _emit(_batch);
            _batch = _rent();
        }

        RowCount++;
        _batch.FirstRowNumber = RowCount + 1;
    }

    private void RequireRoom()
    {
        if (RowCount >= _limits.MaxRows)
        {
            throw Limit(nameof(LineEncoderLimits.MaxRows), _limits.MaxRows);
        }
    }

    /// <summary>Hands out the last batch and returns what was added up.</summary>
    public EncodedDelivery Complete()
    {
        CloseBlock();
        _emit(_batch);
        return Totals();
    }
}

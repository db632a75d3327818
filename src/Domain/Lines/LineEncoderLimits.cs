namespace CiCost.Domain.Lines;

/// <summary>What bounds a <see cref="LineEncoder"/>: reaching a limit is a named error, never a silent cut.</summary>
public sealed record LineEncoderLimits
{
    /// <summary>The most rows in a delivery. The default leaves room for rounding lines in a 32-bit row number.</summary>
    public long MaxRows { get; init; } = 4_000_000_000;

    /// <summary>The most distinct dimension sets in a delivery.</summary>
    public int MaxDimensionSets { get; init; } = 500_000;

    /// <summary>The most groups (billing month, charge day, dimension set) in a delivery.</summary>
    public int MaxRollupGroups { get; init; } = 1_000_000;

    /// <summary>The most bytes of one resource, tag set or pair of unit prices, and of one dimension set.</summary>
    public int MaxEntryBytes { get; init; } = 256 * 1024;

    /// <summary>The most bytes of all dimension sets of a delivery, which are kept in memory while it is booked.</summary>
    public long MaxDimensionSetBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>The most bytes of all resources, tag sets and unit prices of a delivery, which are written to the database.</summary>
    public long MaxDictionaryBytes { get; init; } = 16L * 1024 * 1024 * 1024;

    /// <summary>Resources that are remembered; a power of two.</summary>
    public int ResourceCacheEntries { get; init; } = 1 << 20;

    /// <summary>Tag sets that are remembered; a power of two.</summary>
    public int TagSetCacheEntries { get; init; } = 1 << 18;

    /// <summary>Unit price pairs that are remembered; a power of two.</summary>
    public int UnitPriceCacheEntries { get; init; } = 1 << 16;
}

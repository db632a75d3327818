namespace CiCost.Domain.Allocation;

/// <summary>What became of the units that exact shares, rounded toward zero, leave over.</summary>
public enum RemainderRule
{
    /// <summary>All exact shares are whole: nothing was left over.</summary>
    None = 0,

    /// <summary>One unit each to the parties with the largest fractions; ties in <see cref="Utf8Order"/> of the keys.</summary>
    LargestRemainder = 1,

    /// <summary>No party, or no weight above 0: the whole amount went to <see cref="Allocator.Unallocated"/>.</summary>
    AllUnallocated = 2,
}

namespace CiCost.Domain.Allocation;

/// <summary>What one party gets.</summary>
/// <param name="Key">The party, or <see cref="Allocator.Unallocated"/>.</param>
/// <param name="Weight">The weight that it had; 0 for <see cref="Allocator.Unallocated"/>.</param>
/// <param name="AmountNanos">Its share, with the sign of the amount or 0.</param>
/// <param name="HasRemainderUnit">True when the share holds one of the units that were left over after rounding toward zero.</param>
public readonly record struct AllocationShare(string Key, Int128 Weight, Int128 AmountNanos, bool HasRemainderUnit);

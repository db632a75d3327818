namespace CiCost.Domain.Allocation;

/// <summary>One party to an allocation.</summary>
/// <param name="Key">Its stable name, unique in the allocation; settles ties. Not <see cref="Allocator.Unallocated"/>.</param>
/// <param name="Weight">Its weight, 0 or more, in any unit that all parties share: seconds, nanos, points.</param>
public readonly record struct AllocationWeight(string Key, Int128 Weight);

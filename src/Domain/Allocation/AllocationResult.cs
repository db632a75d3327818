using System.Collections.Immutable;

namespace CiCost.Domain.Allocation;

/// <summary>An amount divided without loss: the shares sum to it, to the unit.</summary>
/// <param name="AmountNanos">The amount that was divided.</param>
/// <param name="Shares">
/// One per party in <see cref="Utf8Order"/> of the keys, whatever order the parties came in;
/// with <see cref="RemainderRule.AllUnallocated"/> followed by the share of <see cref="Allocator.Unallocated"/>.
/// </param>
/// <param name="Rule">The remainder rule that was applied.</param>
/// <param name="RemainderUnits">How many single units it gave out, at most one a party.</param>
public sealed record AllocationResult(
    Int128 AmountNanos,
    ImmutableArray<AllocationShare> Shares,
    RemainderRule Rule,
    int RemainderUnits);

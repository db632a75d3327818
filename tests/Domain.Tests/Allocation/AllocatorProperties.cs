using System.Numerics;
using System.Text;
using CiCost.Domain.Allocation;

namespace CiCost.Domain.Tests.Allocation;

/// <summary>Divides an amount: the allocator, or one of its mutants.</summary>
internal delegate AllocationResult Divide(Int128 amountNanos, IReadOnlyCollection<AllocationWeight> weights);

/// <summary>
/// What every allocation must hold; the list follows Allocator_Tests of CsCheck. Each returns null, or says what is violated.
/// The exact shares are computed here with whole numbers of any size.
/// </summary>
internal static class AllocatorProperties
{
    public static readonly IReadOnlyDictionary<string, Func<Divide, AllocatorCase, string?>> All =
        new Dictionary<string, Func<Divide, AllocatorCase, string?>>
        {
            ["SharesSumToTheAmount"] = SumToTheAmount,
            ["EachShareIsBetweenFloorAndCeiling"] = BetweenFloorAndCeiling,
            ["ASmallerWeightNeverGetsMore"] = SmallerNeverGetsMore,
            ["TheOrderOfPartiesChangesNothing"] = OrderChangesNothing,
            ["TheNegativeAmountGivesNegatedShares"] = NegativeIsMirrored,
            ["NoWeightGoesToUnallocated"] = NoWeightIsUnallocated,
            ["TiesFallInOrderOfUtf8"] = TiesFallInOrder,
            ["TheRuleSaysWhatWasDone"] = RuleIsTrue,
        };

    private static string? SumToTheAmount(Divide divide, AllocatorCase c)
    {
        var sum = divide(c.AmountNanos, c.Weights).Shares.Aggregate(BigInteger.Zero, (total, share) => total + share.AmountNanos);
        return sum == c.AmountNanos ? null : $"the shares sum to {sum}, not {c.AmountNanos}";
    }

    private static string? BetweenFloorAndCeiling(Divide divide, AllocatorCase c)
    {
        var sum = Sum(c);
        foreach (var share in divide(c.AmountNanos, c.Weights).Shares.Where(_ => sum > 0))
        {
            var floor = BigInteger.DivRem(BigInteger.Abs(c.AmountNanos) * WeightOf(c, share.Key), sum, out var rest);
            var magnitude = BigInteger.Abs(share.AmountNanos);
            var signed = share.AmountNanos == 0 || (share.AmountNanos < 0) == (c.AmountNanos < 0);
            if (!signed || magnitude < floor || magnitude > floor + (rest > 0 ? 1 : 0))
            {
                return $"{share.Key} gets {share.AmountNanos}, its exact share is {floor} and {rest}/{sum}";
            }
        }

        return null;
    }

    private static string? SmallerNeverGetsMore(Divide divide, AllocatorCase c)
    {
        var shares = divide(c.AmountNanos, c.Weights).Shares.Where(s => s.Key != Allocator.Unallocated)
            .OrderBy(s => WeightOf(c, s.Key)).ThenBy(s => BigInteger.Abs(s.AmountNanos)).ToArray();
        for (var i = 1; i < shares.Length; i++)
        {
            if (BigInteger.Abs(shares[i].AmountNanos) < BigInteger.Abs(shares[i - 1].AmountNanos))
            {
                return $"{shares[i - 1]} has more than {shares[i]}";
            }
        }

        return null;
    }

    private static string? OrderChangesNothing(Divide divide, AllocatorCase c)
    {
        var one = divide(c.AmountNanos, c.Weights).Shares;
        var reversed = divide(c.AmountNanos, [.. c.Weights.Reverse()]).Shares;
        var turned = divide(c.AmountNanos, [.. c.Weights.Skip(1), .. c.Weights.Take(1)]).Shares;
        return one.SequenceEqual(reversed) && one.SequenceEqual(turned) ? null : $"{Text(one)} but {Text(reversed)} and {Text(turned)}";
    }

    private static string? NegativeIsMirrored(Divide divide, AllocatorCase c)
    {
        if (c.AmountNanos == Int128.MinValue)
        {
            return null;
        }

        var one = divide(c.AmountNanos, c.Weights).Shares;
        var other = divide(-c.AmountNanos, c.Weights).Shares;
        return one.SequenceEqual(other.Select(s => s with { AmountNanos = -s.AmountNanos })) ? null : $"{Text(one)} but {Text(other)}";
    }

    private static string? NoWeightIsUnallocated(Divide divide, AllocatorCase c)
    {
        var shares = divide(c.AmountNanos, c.Weights).Shares;
        var unallocated = shares.Where(s => s.Key == Allocator.Unallocated).ToArray();
        var expected = Sum(c) == 0 ? c.AmountNanos : Int128.Zero;
        var complete = shares.Length == c.Weights.Length + (Sum(c) == 0 ? 1 : 0) && c.Weights.All(w => shares.Any(s => s.Key == w.Key));
        return complete && unallocated.Length <= 1 && unallocated.All(s => s.AmountNanos == expected)
            ? null
            : $"{expected} should be Unallocated: {Text(shares)}";
    }

    private static string? TiesFallInOrder(Divide divide, AllocatorCase c)
    {
        var shares = divide(c.AmountNanos, c.Weights).Shares;
        foreach (var tie in shares.Where(s => s.Key != Allocator.Unallocated).GroupBy(s => WeightOf(c, s.Key)))
        {
            var inOrder = tie.OrderBy(s => Convert.ToHexString(Encoding.UTF8.GetBytes(s.Key)), StringComparer.Ordinal).ToArray();
            for (var i = 1; i < inOrder.Length; i++)
            {
                if (BigInteger.Abs(inOrder[i].AmountNanos) > BigInteger.Abs(inOrder[i - 1].AmountNanos))
                {
                    return $"{inOrder[i].Key} got the unit before {inOrder[i - 1].Key}";
                }
            }
        }

        return null;
    }

    private static string? RuleIsTrue(Divide divide, AllocatorCase c)
    {
        var result = divide(c.AmountNanos, c.Weights);
        var units = result.Shares.Count(s => s.HasRemainderUnit);
        var expected = Sum(c) == 0 ? RemainderRule.AllUnallocated : units == 0 ? RemainderRule.None : RemainderRule.LargestRemainder;
        return result.Rule == expected && result.RemainderUnits == units && result.AmountNanos == c.AmountNanos
            ? null
            : $"{result.Rule} with {result.RemainderUnits} units, not {expected} with {units}";
    }

    private static BigInteger Sum(AllocatorCase c) => c.Weights.Aggregate(BigInteger.Zero, (sum, w) => sum + w.Weight);

    private static BigInteger WeightOf(AllocatorCase c, string key) => c.Weights.FirstOrDefault(w => w.Key == key).Weight;

    private static string Text(IEnumerable<AllocationShare> shares) => string.Join(", ", shares.Select(s => $"{s.Key}:{s.AmountNanos}"));
}

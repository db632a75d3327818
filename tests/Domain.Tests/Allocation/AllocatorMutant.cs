using System.Numerics;
using CiCost.Domain.Allocation;

namespace CiCost.Domain.Tests.Allocation;

/// <summary>The mistakes that an allocator can have.</summary>
public enum Mistake
{
    /// <summary>None: then it is a second allocator, written apart with whole numbers of any size.</summary>
    None,

    /// <summary>The units that are left over are forgotten.</summary>
    DropsTheRemainder,

    /// <summary>All units that are left over go to the largest party.</summary>
    RemainderToTheLargest,

    /// <summary>The units go to the smallest fractions.</summary>
    SmallestFractionFirst,

    /// <summary>Ties fall in the order in which the parties are listed.</summary>
    TiesByListing,

    /// <summary>Ties fall in the order of UTF-16 code units.</summary>
    TiesByUtf16,

    /// <summary>Negative amounts are rounded toward minus infinity and topped up.</summary>
    NegativeRoundedDown,

    /// <summary>Amount times weight wraps at 64 bits.</summary>
    ProductOf64Bits,

    /// <summary>Without weights all get the same.</summary>
    NoWeightIsEven,

    /// <summary>Without weights the amount vanishes.</summary>
    NoWeightVanishes,
}

/// <summary>A plain allocator with one mistake in it, to see that the properties notice.</summary>
internal sealed class AllocatorMutant(Mistake mistake)
{
    public AllocationResult Divide(Int128 amountNanos, IReadOnlyCollection<AllocationWeight> weights)
    {
        var parties = weights.OrderBy(w => w.Key, Order()).ToArray();
        var sum = parties.Aggregate(BigInteger.Zero, (total, p) => total + p.Weight);
        if (sum == 0)
        {
            if (mistake == Mistake.NoWeightIsEven && parties.Length > 0)
            {
                return Divide(amountNanos, [.. parties.Select(p => p with { Weight = 1 })]);
            }

            var rest = mistake == Mistake.NoWeightVanishes ? 0 : amountNanos;
            var none = parties.Select(p => new AllocationShare(p.Key, 0, 0, HasRemainderUnit: false));
            var unallocated = new AllocationShare(Allocator.Unallocated, 0, rest, HasRemainderUnit: false);
            return new(amountNanos, [.. none, unallocated], RemainderRule.AllUnallocated, 0);
        }

        var magnitude = mistake == Mistake.NegativeRoundedDown ? (BigInteger)amountNanos : BigInteger.Abs(amountNanos);
        var exact = parties.Select(p => Exact(magnitude, p.Weight, sum)).ToArray();
        var rounded = exact.Aggregate(BigInteger.Zero, (t, e) => t + e.Floor);
        var left = (int)BigInteger.Min(parties.Length, BigInteger.Max(0, magnitude - rounded));
        var extra = Extra(parties, exact, left);
        var sign = mistake != Mistake.NegativeRoundedDown && amountNanos < 0 ? -1 : 1;
        var shares = parties.Select((p, i) =>
            new AllocationShare(p.Key, p.Weight, (Int128)(sign * (exact[i].Floor + extra[i])), extra[i] > 0));
        return new(amountNanos, [.. shares], left == 0 ? RemainderRule.None : RemainderRule.LargestRemainder, extra.Count(e => e > 0));
    }

    private IComparer<string> Order() => mistake switch
    {
        Mistake.TiesByListing => Comparer<string>.Create((_, _) => 0),
        Mistake.TiesByUtf16 => StringComparer.Ordinal,
        _ => Comparer<string>.Create((x, y) =>
            System.Text.Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y))),
    };

    private (BigInteger Floor, BigInteger Fraction) Exact(BigInteger amount, BigInteger weight, BigInteger sum)
    {
        var product = mistake == Mistake.ProductOf64Bits ? (amount * weight) & ulong.MaxValue : amount * weight;
        var floor = BigInteger.DivRem(product, sum, out var rest);
        return rest < 0 ? (floor - 1, rest + sum) : (floor, rest);
    }

    private int[] Extra(AllocationWeight[] parties, (BigInteger Floor, BigInteger Fraction)[] exact, int left)
    {
        var extra = new int[parties.Length];
        var indices = Enumerable.Range(0, parties.Length);
        if (mistake == Mistake.RemainderToTheLargest)
        {
            extra[indices.MaxBy(i => parties[i].Weight)] = left;
        }
        else if (mistake != Mistake.DropsTheRemainder)
        {
            var first = mistake == Mistake.SmallestFractionFirst
                ? indices.OrderBy(i => exact[i].Fraction)
                : indices.OrderByDescending(i => exact[i].Fraction);
            foreach (var i in first.Take(left))
            {
                extra[i] = 1;
            }
        }

        return extra;
    }
}

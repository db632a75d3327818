using System.Collections.Immutable;

namespace CiCost.Domain.Allocation;

/// <summary>
/// Divides an amount by weights so that nothing is lost or made: the largest remainder method, also called Hamilton's
/// (Balinski and Young, Fair Representation, 2nd ed. 2001, chapter 2).
/// </summary>
/// <remarks>
/// For the amount A, weights w(i) and their sum W the exact share is q(i) = |A| * w(i) / W. Each party first gets floor(q(i));
/// the R = |A| - sum of floor(q(i)) units that are left go, one each, to the parties with the largest fractions
/// q(i) - floor(q(i)), ties in <see cref="Utf8Order"/> of the keys. Shares then take the sign of A: dividing -A gives the negated
/// shares of A. Hence: the shares sum to A; each lies between the floor and the ceiling of its exact share; a smaller weight never
/// gets more; a weight of 0 gets 0; the order in which parties are listed changes nothing.
/// All arithmetic is exact in 128 bits for every amount and every weight whose sum fits in <see cref="Int128"/>.
/// </remarks>
public static class Allocator
{
    /// <summary>The share that takes what has no party to go to. It is shown, never dropped.</summary>
    public const string Unallocated = "Unallocated";

    /// <summary>Divides an amount.</summary>
    /// <param name="amountNanos">The amount in nano-units of money or of a quantity; may be negative.</param>
    /// <param name="weights">The parties. None, or none above 0, gives the whole amount to <see cref="Unallocated"/>.</param>
    /// <returns>The shares and the remainder rule that was applied.</returns>
    /// <exception cref="ArgumentException">A weight is negative (net the weights of a party first), two parties have one key, or a key
    /// is empty or <see cref="Unallocated"/>.</exception>
    /// <exception cref="OverflowException">The sum of the weights does not fit in 128 bits.</exception>
    public static AllocationResult Allocate(Int128 amountNanos, IReadOnlyCollection<AllocationWeight> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var parties = weights.ToArray();
        Array.Sort(parties, static (x, y) => Utf8Order.Instance.Compare(x.Key, y.Key));
        var sum = CheckedSum(parties);
        if (sum == 0)
        {
            var nothing = parties.Select(static p => new AllocationShare(p.Key, 0, 0, HasRemainderUnit: false));
            var rest = new AllocationShare(Unallocated, 0, amountNanos, HasRemainderUnit: false);
            return new AllocationResult(amountNanos, [.. nothing, rest], RemainderRule.AllUnallocated, RemainderUnits: 0);
        }

        var magnitude = Magnitude(amountNanos);
        var floors = new UInt128[parties.Length];
        var remainders = new UInt128[parties.Length];
        var left = magnitude;
        for (var i = 0; i < parties.Length; i++)
        {
            (floors[i], remainders[i]) = MultiplyDivide(magnitude, (UInt128)parties[i].Weight, (UInt128)sum);
            left -= floors[i];
        }

        var units = (int)left;
        var hasUnit = LargestRemainders(remainders, units);
        var shares = ImmutableArray.CreateBuilder<AllocationShare>(parties.Length);
        for (var i = 0; i < parties.Length; i++)
        {
            var share = floors[i] + (hasUnit[i] ? UInt128.One : UInt128.Zero);
            shares.Add(new AllocationShare(parties[i].Key, parties[i].Weight, WithSign(share, amountNanos < 0), hasUnit[i]));
        }

        var rule = units == 0 ? RemainderRule.None : RemainderRule.LargestRemainder;
        return new AllocationResult(amountNanos, shares.MoveToImmutable(), rule, units);
    }

    private static Int128 CheckedSum(AllocationWeight[] sortedParties)
    {
        Int128 sum = 0;
        for (var i = 0; i < sortedParties.Length; i++)
        {
            var (key, weight) = sortedParties[i];
            if (string.IsNullOrEmpty(key) || key == Unallocated)
            {
                throw new ArgumentException($"'{key}' cannot be the key of a party: it needs a name, other than {Unallocated}.");
            }

            if (weight < 0)
            {
                throw new ArgumentException(
                    $"The weight of '{key}' is {weight}. Net the weights of a party first; below zero is zero, and reported.");
            }

            if (i > 0 && sortedParties[i - 1].Key == key)
            {
                throw new ArgumentException($"'{key}' stands in the list twice. Add up the weights of a party first.");
            }

            sum = checked(sum + weight);
        }

        return sum;
    }

    private static bool[] LargestRemainders(UInt128[] remainders, int units)
    {
        var hasUnit = new bool[remainders.Length];
        if (units > 0)
        {
            // The parties are in order of their keys and LINQ sorts stably, so that ties fall in that order.
            foreach (var i in Enumerable.Range(0, remainders.Length).OrderByDescending(i => remainders[i]).Take(units))
            {
                hasUnit[i] = true;
            }
        }

        return hasUnit;
    }

    /// <summary>floor(amount * weight / sum) and its remainder, for weight not above sum and sum below 2^127.</summary>
    private static (UInt128 Quotient, UInt128 Remainder) MultiplyDivide(UInt128 amount, UInt128 weight, UInt128 sum)
    {
        if (UInt128.LeadingZeroCount(amount) + UInt128.LeadingZeroCount(weight) >= 128)
        {
            return UInt128.DivRem(amount * weight, sum);
        }

        // The product leaves 128 bits: multiply and divide bit by bit from the highest, as on paper. The remainder stays below sum,
        // so that its double, and the remainder plus weight, stay below 2^128.
        UInt128 quotient = 0, remainder = 0;
        for (var bit = 127 - (int)UInt128.LeadingZeroCount(amount); bit >= 0; bit--)
        {
            quotient <<= 1;
            remainder <<= 1;
            Reduce(ref quotient, ref remainder, sum);
            if (((amount >> bit) & 1) != 0)
            {
                remainder += weight;
                Reduce(ref quotient, ref remainder, sum);
            }
        }

        return (quotient, remainder);
    }

    private static void Reduce(ref UInt128 quotient, ref UInt128 remainder, UInt128 sum)
    {
        if (remainder >= sum)
        {
            remainder -= sum;
            quotient++;
        }
    }

    /// <summary>The absolute value; also right for the smallest Int128, which has no positive counterpart.</summary>
    private static UInt128 Magnitude(Int128 value) => unchecked(value < 0 ? (UInt128)(-value) : (UInt128)value);

    private static Int128 WithSign(UInt128 magnitude, bool negative) => unchecked(negative ? -(Int128)magnitude : (Int128)magnitude);
}

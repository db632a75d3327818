using System.Numerics;

namespace CiCost.Domain.Funding;

/// <summary>
/// Parts of an amount in the proportion of signed weights, by largest remainder: a refund among the weights takes its part with its sign,
/// so that usage 100 and refund -30 that a grant of 70 pays are paid wholly, line by line. The parts always add up to the amount.
/// </summary>
public static class ProRata
{
    /// <summary>The parts.</summary>
    /// <param name="amount">What is cut, in nanos.</param>
    /// <param name="weights">The weights in a stable order; their sum must be above zero. Ties of a remainder go to the first.</param>
    /// <exception cref="ArgumentException">The weights add up to zero or less.</exception>
    /// <exception cref="OverflowException">The weights add up to more than 128 bits, or almost to zero, so that a part is beyond 128
    /// bits.</exception>
    public static Int128[] Of(Int128 amount, IReadOnlyList<Int128> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var sum = weights.Aggregate((Int128)0, (total, w) => checked(total + w));
        if (sum <= 0)
        {
            throw new ArgumentException($"The weights add up to {sum}: there is no proportion.", nameof(weights));
        }

        var parts = new Int128[weights.Count];
        var remainders = new Int128[weights.Count];
        var left = amount;
        for (var i = 0; i < parts.Length; i++)
        {
            (parts[i], remainders[i]) = MultiplyDivide(amount, weights[i], sum);
            left -= parts[i];
        }

        foreach (var i in Enumerable.Range(0, parts.Length).OrderByDescending(i => remainders[i]).Take((int)left))
        {
            parts[i]++;
        }

        return parts;
    }

    /// <summary>amount x weight / sum, rounded down, and what is left, from 0 to below the sum.</summary>
    private static (Int128 Quotient, Int128 Remainder) MultiplyDivide(Int128 amount, Int128 weight, Int128 sum)
    {
        if (Is64Bits(amount) && Is64Bits(weight))
        {
            var (quotient, remainder) = Int128.DivRem(amount * weight, sum);
            return remainder < 0 ? (quotient - 1, remainder + sum) : (quotient, remainder);
        }

        var wide = BigInteger.DivRem((BigInteger)amount * weight, sum, out var rest);
        return rest.Sign < 0 ? ((Int128)(wide - 1), (Int128)(rest + sum)) : ((Int128)wide, (Int128)rest);
    }

    private static bool Is64Bits(Int128 value) => value <= long.MaxValue && value >= long.MinValue;
}

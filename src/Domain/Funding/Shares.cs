using System.Numerics;

namespace CiCost.Domain.Funding;

/// <summary>
/// Parts of an amount in a proportion, exact at any size, by largest remainder. A weight below zero takes its part with its sign, so that
/// usage 100 and refund -30 that a grant of 70 pays are paid wholly, line by line. A tie of remainders goes to the larger weight, so that it
/// is content and no name that decides; only between equal weights does the order of the list.
/// </summary>
internal static class Shares
{
    /// <summary>Parts of an amount pro rata to weights.</summary>
    /// <exception cref="ArgumentException">The weights add up to zero, and the amount is not zero.</exception>
    public static Int128[] Of(Int128 amount, IReadOnlyList<Int128> weights) => Of(amount, weights, amount, Sum(weights));

    /// <summary>The part numerator / denominator of each weight, rounded so that the parts add up to a total, which must be the exact sum
    /// rounded up or down.</summary>
    public static Int128[] Of(Int128 total, IReadOnlyList<Int128> weights, Int128 numerator, Int128 denominator)
    {
        var parts = new Int128[weights.Count];
        if (denominator == 0)
        {
            return total == 0 && numerator == 0
                ? parts
                : throw new ArgumentException($"The weights add up to 0: there is no proportion for {total}.", nameof(weights));
        }

        var divisor = BigInteger.Abs(denominator);
        var remainders = new BigInteger[weights.Count];
        var left = total;
        for (var i = 0; i < parts.Length; i++)
        {
            var quotient = BigInteger.DivRem((BigInteger)weights[i] * numerator * Int128.Sign(denominator), divisor, out remainders[i]);
            if (remainders[i] < 0)
            {
                quotient--;
                remainders[i] += divisor;
            }

            parts[i] = (Int128)quotient;
            left -= parts[i];
        }

        var next = Enumerable.Range(0, parts.Length).OrderByDescending(i => remainders[i]).ThenByDescending(i => Int128.Abs(weights[i]));
        foreach (var i in next.Take((int)left))
        {
            parts[i]++;
        }

        return parts;
    }

    /// <summary>The sum of amounts.</summary>
    public static Int128 Sum(IEnumerable<Int128> nanos) => nanos.Aggregate((Int128)0, static (sum, n) => sum + n);
}

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
    /// <exception cref="OverflowException">An amount or weight is beyond 64 bits of nanos, 9.2 billion units.</exception>
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
            var product = checked((Int128)checked((long)amount) * checked((long)weights[i]));
            var (quotient, remainder) = Int128.DivRem(product, sum);
            if (remainder < 0)
            {
                quotient--;
                remainder += sum;
            }

            (parts[i], remainders[i]) = (quotient, remainder);
            left -= quotient;
        }

        foreach (var i in Enumerable.Range(0, parts.Length).OrderByDescending(i => remainders[i]).Take((int)left))
        {
            parts[i]++;
        }

        return parts;
    }
}

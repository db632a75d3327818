namespace CiCost.Cli.Demo;

/// <summary>Divides whole amounts. The product's own allocator is not used: files that it made would prove nothing about it.</summary>
internal static class Shares
{
    /// <summary>Parts in proportion to the weights that sum to the total; what is left over goes to the largest remainders.</summary>
    public static long[] Split(long total, IReadOnlyList<long> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Int128 sum = 0;
        foreach (var weight in weights)
        {
            sum += weight >= 0 ? weight : throw new ArgumentException($"The weight {weight} is negative.", nameof(weights));
        }

        if (sum == 0)
        {
            throw new ArgumentException("All weights are 0, so nothing says who takes the total.", nameof(weights));
        }

        var parts = new long[weights.Count];
        var remainders = new Int128[weights.Count];
        var left = total;
        for (var i = 0; i < parts.Length; i++)
        {
            var product = (Int128)total * weights[i];
            parts[i] = (long)(product / sum);
            remainders[i] = Int128.Abs(product % sum);
            left -= parts[i];
        }

        var unit = Math.Sign(left);
        foreach (var i in Enumerable.Range(0, parts.Length).OrderByDescending(i => remainders[i]).ThenBy(i => i).Take((int)Math.Abs(left)))
        {
            parts[i] += unit;
        }

        return parts;
    }
}

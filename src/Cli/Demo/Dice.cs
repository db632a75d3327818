using System.Text;

namespace CiCost.Cli.Demo;

/// <summary>
/// Pseudo-random numbers that are the same on every machine and in every version of .NET, which System.Random does not promise.
/// SplitMix64, Steele, Lea and Flood 2014: https://doi.org/10.1145/2714064.2660195
/// </summary>
internal sealed class Dice
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;
    private ulong _state;

    private Dice(ulong state) => _state = state;

    /// <summary>Dice of their own for a purpose: what is drawn for one file never shifts what is drawn for another.</summary>
    public static Dice For(int seed, params ReadOnlySpan<string> purpose)
    {
        // FNV-1a over the purpose, then one step to mix the seed in.
        var hash = 0xCBF29CE484222325UL;
        foreach (var part in purpose)
        {
            foreach (var value in Encoding.UTF8.GetBytes(part + "\n"))
            {
                hash = unchecked((hash ^ value) * 0x100000001B3UL);
            }
        }

        var dice = new Dice(unchecked(hash + ((ulong)seed * GoldenGamma)));
        dice.Next();
        return dice;
    }

    public ulong Next()
    {
        unchecked
        {
            _state += GoldenGamma;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A number from 0 to <paramref name="limit"/> - 1.</summary>
    public long Below(long limit) => limit <= 0
        ? throw new ArgumentOutOfRangeException(nameof(limit), limit, "There is no number below a limit that is not positive.")
        : (long)(((UInt128)Next() * (ulong)limit) >> 64);

    /// <summary>A number from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public long Between(long first, long last) => first + Below(last - first + 1);

    public bool Permille(int permille) => Below(1_000) < permille;

    public T Pick<T>(IReadOnlyList<T> items) => items[(int)Below(items.Count)];

    /// <summary>The index of one weight, each as likely as it is heavy.</summary>
    public int Weighted(IReadOnlyList<int> weights)
    {
        var left = Below(weights.Sum(w => (long)w));
        for (var i = 0; i < weights.Count; i++)
        {
            left -= weights[i];
            if (left < 0)
            {
                return i;
            }
        }

        throw new InvalidOperationException("The weights changed while one was drawn.");
    }

    /// <summary>Lower-case hexadecimal digits.</summary>
    public string Hex(int digits)
    {
        var text = new StringBuilder(digits + 16);
        while (text.Length < digits)
        {
            text.Append($"{Next():x16}");
        }

        return text.ToString(0, digits);
    }

    /// <summary>The weights, each moved by up to so many percent: the seed changes the mix, never a sum.</summary>
    public long[] Jitter(IEnumerable<long> weights, int percent) =>
        [.. weights.Select(w => Math.Max(1, w * Between(100 - percent, 100 + percent)))];
}

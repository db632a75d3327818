using System.Globalization;
using System.Security.Cryptography;
using NUnit.Framework;

namespace CiCost.TestKit;

/// <summary>
/// How many random cases, damaged files and kills a run of the tests makes, and from which seeds: the one place that decides it.
/// <c>./test.sh</c> makes a twentieth of each count from fixed seeds, so that two runs do the same; <c>./test.sh --long</c> makes all of it
/// from seeds that are new each time and printed.
/// </summary>
public static class Counts
{
    /// <summary>The variable that <c>test.sh</c> sets to <see cref="All"/> when it is told <c>--long</c>.</summary>
    public const string Variable = "CICOST_TEST_COUNTS";

    /// <summary>The variable's one value.</summary>
    public const string All = "all";

    /// <summary>A seed that a failed run printed, to do the same again.</summary>
    public const string ReplayVariable = "CICOST_REPLAY";

    /// <summary>The default run makes one case of so many.</summary>
    private const int OneOf = 20;

    private const int FixedSeed = 20_261_101;

    /// <summary>Is this the long run?</summary>
    public static bool AreLong { get; } = IsLong(Environment.GetEnvironmentVariable(Variable));

    /// <summary>How many of a count this run makes.</summary>
    /// <param name="full">What the long run makes; 1 or more.</param>
    public static int Of(int full) => Of(full, AreLong);

    /// <summary>The same with the kind of run given, so that it can be tested.</summary>
    public static int Of(int full, bool areLong)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(full, 1);
        return areLong ? full : ((full - 1) / OneOf) + 1;
    }

    /// <summary>The seed of this run, which it prints: the one given to replay, a new one in a long run, else always the same.</summary>
    /// <param name="replayVariable">Which variable gives it.</param>
    public static int Seed(string replayVariable = ReplayVariable)
    {
        var seed = Seed(Environment.GetEnvironmentVariable(replayVariable), AreLong);
        TestContext.Out.WriteLine($"replay with {replayVariable}={seed}");
        return seed;
    }

    /// <summary>The same with everything from the environment given, so that it can be tested.</summary>
    public static int Seed(string? replayed, bool areLong) => !string.IsNullOrEmpty(replayed) ? int.Parse(replayed, CultureInfo.InvariantCulture)
        : areLong ? RandomNumberGenerator.GetInt32(int.MaxValue / 2)
        : FixedSeed;

    /// <summary>What the variable says.</summary>
    /// <exception cref="InvalidOperationException">It says neither nothing nor <see cref="All"/>.</exception>
    public static bool IsLong(string? value) => value switch
    {
        null or "" => false,
        All => true,
        _ => throw new InvalidOperationException($"{Variable} is '{value}': set it to '{All}' for all cases, or leave it out."),
    };
}

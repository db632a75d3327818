using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using NUnit.Framework;

namespace CiCost.TestKit;

/// <summary>
/// Runs properties with FsCheck. A property returns null when it holds and else says what is violated: no assertion runs inside, so
/// that the failures met while a counter-example is made smaller are not reported one by one.
/// </summary>
public static class Properties
{
    /// <summary>Fails the test, with the smallest counter-example and its replay seed, unless the property holds in all cases.</summary>
    /// <param name="generator">Makes the cases.</param>
    /// <param name="cases">How many.</param>
    /// <param name="violation">Null when the property holds, else what is violated.</param>
    /// <param name="shrink">Smaller variants of a case, for a readable counter-example.</param>
    public static void Hold<T>(Gen<T> generator, int cases, Func<T, string?> violation, Func<T, IEnumerable<T>>? shrink = null)
    {
        var failure = Falsify(generator, cases, violation, shrink);
        if (failure is not null)
        {
            throw new AssertionException(failure);
        }
    }

    /// <summary>Looks for a counter-example: its report, or null when the property held in all cases.</summary>
    public static string? Falsify<T>(Gen<T> generator, int cases, Func<T, string?> violation, Func<T, IEnumerable<T>>? shrink = null)
    {
        var seed = Counts.Seed();
        TestContext.Out.WriteLine($"{cases} cases");
        var arbitrary = shrink is null ? Arb.From(generator) : Arb.From(generator, shrink);
        try
        {
            Check.One(Configured(cases, seed), Prop.ForAll(arbitrary, value => Judge(violation, value)));
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return $"replay with {Counts.ReplayVariable}={seed}\n{exception.Message}\n{exception.InnerException ?? exception}";
        }
    }

    /// <summary>What FsCheck is told: so many cases, from the seed of this run.</summary>
    public static Config Config(int cases) => Configured(cases, Counts.Seed());

    private static Config Configured(int cases, int seed) => FsCheck.Config.QuickThrowOnFailure.WithMaxTest(cases)
        .WithReplay(new Replay(new Rnd((ulong)seed), FSharpOption<int>.None)).WithQuietOnSuccess(true);

    private static void Judge<T>(Func<T, string?> violation, T value)
    {
        var text = violation(value);
        if (text is not null)
        {
            throw new InvalidOperationException(text);
        }
    }
}

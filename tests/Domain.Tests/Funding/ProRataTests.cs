using System.Numerics;
using CiCost.Domain.Funding;
using CiCost.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Funding;

/// <summary>An amount and signed weights whose sum is above zero.</summary>
internal sealed record ProRataCase(Int128 Amount, Int128[] Weights)
{
    public override string ToString() => $"{Amount} by {string.Join(", ", Weights)}";
}

/// <summary>Parts in the proportion of signed weights; the exact parts are computed here with whole numbers of any size.</summary>
public sealed class ProRataTests
{
    private static readonly int Cases = Counts.Of(10_000);

    private static Gen<Int128> Weight => Gen.Frequency(
        (4, Gen.Choose(-5, 10).Select(n => (Int128)n)),
        (2, Gen.Choose(-1_000_000_000, int.MaxValue).Select(n => (Int128)n)),
        (1, Gen.Constant((Int128)0)),
        (1, Gen.Elements<Int128>(long.MaxValue, long.MaxValue - 1, long.MaxValue / 3, -long.MaxValue / 7)));

    private static Gen<Int128> Amount => Gen.Frequency(
        (4, Gen.Choose(-1_000, 1_000).Select(n => (Int128)n)),
        (2, Gen.Choose(int.MinValue, int.MaxValue).Select(n => (Int128)n * 3_000_000_000)),
        (3, Gen.Elements<Int128>(0, 0, 1, -1)),
        (2, Gen.Elements<Int128>(long.MaxValue, long.MaxValue - 1, long.MinValue, long.MinValue + 1)));

    private static Gen<ProRataCase> All =>
        from amount in Amount
        from count in Gen.Choose(1, 9)
        from weights in Gen.Frequency(
            (4, Weight.ArrayOf(count)),
            (1, Gen.Choose(1, 1_000).Select(n => Enumerable.Repeat((Int128)n, count).ToArray())))
        let sum = weights.Aggregate((Int128)0, (total, w) => total + w)
        select new ProRataCase(amount, sum > 0 ? weights : [.. weights, 1 - sum]);

    [Test]
    public void Parts_OfAnyAmount_AddUpWithinOneUnitOfTheExactPart()
    {
        var histogram = new Histogram();
        Properties.Hold(
            All.Where(c => c.Weights.All(w => w <= long.MaxValue && w >= long.MinValue)),
            Cases,
            c =>
            {
                histogram.Count(
                    ("negative amount", c.Amount < 0),
                    ("zero amount", c.Amount == 0),
                    ("negative weight", c.Weights.Any(w => w < 0)),
                    ("zero weight", c.Weights.Any(w => w == 0)),
                    ("one weight", c.Weights.Length == 1),
                    ("ties", c.Weights.Length > 1 && c.Weights.Distinct().Count() < c.Weights.Length),
                    ("amount at the edge", c.Amount <= long.MinValue + 1 || c.Amount >= long.MaxValue - 1),
                    ("weight at the edge", c.Weights.Any(w => w >= long.MaxValue - 1)));
                return Violation(c);
            },
            Shrink);
        histogram.AssertEachAtLeast(5, Cases);
    }

    [TestCase(70, new[] { 100L, -30L }, new[] { 100L, -30L }, Description = "a grant of 70 pays usage 100 and refund -30 wholly")]
    [TestCase(1, new[] { 1L, 1L, 1L }, new[] { 1L, 0L, 0L }, Description = "a tie goes to the first")]
    [TestCase(-1, new[] { 1L, 1L, 1L }, new[] { 0L, 0L, -1L }, Description = "below zero the units that are left still go to the first")]
    [TestCase(7, new[] { 0L, 3L, 0L }, new[] { 0L, 7L, 0L }, Description = "a weight of zero gets nothing")]
    public void Parts_OfSmallAmounts_AreThese(long amount, long[] weights, long[] expected) => Assert.That(
        ProRata.Of(amount, [.. weights.Select(w => (Int128)w)]).Select(p => (long)p), Is.EqualTo(expected));

    [TestCase(new long[0])]
    [TestCase(new[] { 0L, 0L })]
    [TestCase(new[] { 5L, -6L })]
    public void Weights_ThatAddUpToNothing_AreRefused(long[] weights) => Assert.That(
        () => ProRata.Of(1, [.. weights.Select(w => (Int128)w)]), Throws.ArgumentException.With.Message.Contains("no proportion"));

    [Test]
    public void Parts_OfAmountsAndWeightsBeyond64Bits_AddUpWithinOneUnitOfTheExactPart()
    {
        var wide = Gen.Elements<Int128>(1, 7, 1_000_000_000_000_000_000).SelectMany(f => Amount.Select(a => a * f));
        var cases = from amount in wide
                    from weights in Weight.SelectMany(w => Gen.Elements<Int128>(1, 1_000_000_000_000).Select(f => w * f)).ArrayOf(5)
                    let sum = weights.Aggregate((Int128)0, (total, w) => total + w)
                    select new ProRataCase(amount, sum > 0 ? weights : [.. weights, 1 - sum]);
        var histogram = new Histogram();
        Properties.Hold(cases.Where(HasParts), Cases, c =>
        {
            histogram.Count(("wide amount", c.Amount > long.MaxValue || c.Amount < long.MinValue), ("wide weight", c.Weights.Any(w => w > long.MaxValue)),
                ("negative weight", c.Weights.Any(w => w < 0)));
            return Violation(c);
        }, c => Shrink(c).Where(HasParts));
        histogram.AssertEachAtLeast(5, Cases);
    }

    /// <summary>Weights that almost cancel make parts of any size; those that 128 bits hold are meant.</summary>
    private static bool HasParts(ProRataCase c) => c.Weights.All(w => BigInteger.Abs((BigInteger)c.Amount * w)
        / c.Weights.Aggregate(BigInteger.Zero, (total, x) => total + x) < (BigInteger)Int128.MaxValue / 100);

    private static string? Violation(ProRataCase c)
    {
        var parts = ProRata.Of(c.Amount, c.Weights);
        var weights = c.Weights.Select(w => (BigInteger)w).ToArray();
        var sum = weights.Aggregate(BigInteger.Zero, (total, w) => total + w);
        var total = parts.Aggregate(BigInteger.Zero, (all, p) => all + p);
        if (total != c.Amount)
        {
            return $"the parts add up to {total}, not {c.Amount}";
        }

        for (var i = 0; i < parts.Length; i++)
        {
            var distance = ((BigInteger)parts[i] * sum) - (c.Amount * weights[i]);
            if (BigInteger.Abs(distance) >= sum)
            {
                return $"part {i} is {parts[i]}, a unit or more from {c.Amount} * {weights[i]} / {sum}";
            }

            var sign = Int128.Sign(c.Amount) * weights[i].Sign;
            if (parts[i] != 0 && Int128.Sign(parts[i]) != sign)
            {
                return $"part {i} is {parts[i]} for a weight of {weights[i]}: the wrong sign";
            }
        }

        // Of equal weights, the first takes the unit that is left.
        for (var i = 1; i < parts.Length; i++)
        {
            var first = Array.IndexOf(c.Weights, c.Weights[i]);
            if (first < i && parts[i] > parts[first])
            {
                return $"part {i} got the unit before part {first} of the same weight";
            }
        }

        return null;
    }

    private static IEnumerable<ProRataCase> Shrink(ProRataCase c)
    {
        for (var i = 0; i < c.Weights.Length; i++)
        {
            var fewer = c.Weights.Where((_, at) => at != i).ToArray();
            if (fewer.Aggregate((Int128)0, (total, w) => total + w) > 0)
            {
                yield return c with { Weights = fewer };
            }
        }

        if (c.Amount / 2 != c.Amount)
        {
            yield return c with { Amount = c.Amount / 2 };
        }
    }
}

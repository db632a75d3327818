using CiCost.Domain.Funding;
using CiCost.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Funding;

/// <summary>Draws of several grants are placed together (accounting.md, 6, several grants).</summary>
public sealed class GrantPlacementTests
{
    private static readonly int Count = Counts.Of(10_000);

    /// <summary>Compute 100, storage 100; A (all) 100, B (not storage) 100: nothing is unapplied.</summary>
    [Test]
    public void RestrictedGrant_IsPlacedFirst_AndNothingIsUnapplied() =>
        Assert.That(Placed([100, 100], [100, 100], "11", "10"), Is.EqualTo("0 100; 100 0"));

    /// <summary>Compute 20, storage 100, network 80; A (compute, storage) 100, B (storage, network) 100: nothing unapplied, no cash.</summary>
    [Test]
    public void GrantsThatOverlap_LeaveEachOtherWhatTheyNeed() =>
        Assert.That(Placed([100, 100], [20, 100, 80], "110", "011"), Is.EqualTo("20 80 0; 0 20 80"));

    [Test]
    public void OneGrant_IsSpreadProRata() => Assert.That(Placed([200], [300, 100], "11"), Is.EqualTo("150 50"));

    /// <summary>It may take 20 of compute and 40 of storage, because B needs 60 of storage: pro rata over that.</summary>
    [Test]
    public void ProRata_IsOverWhatItMayStillTake() =>
        Assert.That(Placed([30, 140], [20, 100, 80], "110", "011"), Is.EqualTo("10 20 0; 0 70 70"));

    [Test]
    public void GrantsAlike_ShareProRataToTheirDraws() =>
        Assert.That(Placed([100, 300], [150, 50], "11", "11"), Is.EqualTo("37 13; 113 37"));

    /// <summary>Both may pay 20 and compete for the middle: each takes its own need wholly and half of the other.</summary>
    [Test]
    public void GrantsAlike_WithDifferentNeeds_ShareWhatBothMayPay() =>
        Assert.That(Placed([20, 20], [10, 10, 10], "110", "011"), Is.EqualTo("10 5 0; 0 5 10"));

    /// <summary>Two needs together may take only 6, each of them alone 6, too: where both are full, the rest goes to the third.</summary>
    [Test]
    public void NeedsThatAreFullTogether_LeaveTheRestToTheOthers() =>
        Assert.That(Placed([9, 16], [6, 6, 3, 10], "1110", "1101"), Is.EqualTo("3 3 3 0; 3 3 0 10"));

    [Test]
    public void Placement_OfAnyGrants_IsTheModels_AndTheLeastIsUnapplied()
    {
        var histogram = new Histogram();
        Properties.Hold(Cases, Count, c => Violation(c, histogram));
        histogram.AssertEachAtLeast(5, Count);
    }

    [Test]
    public void Placement_InAnyOrder_IsTheSame() => Properties.Hold(Cases, Count, c =>
    {
        // Needs and draws of different amounts have no equal content: then every nano is the same.
        var (draws, needs) = (c.Draws.Select((n, g) => (n * 64) + (1 << g)).ToArray(), c.Needs.Select((n, i) => (n * 1024) + (1 << i)).ToArray());
        var placed = GrantPlacement.Of(Sorted(draws, c.GrantOrder), Sorted(needs, c.NeedOrder), (g, n) => c.MayPay[c.GrantOrder[g], c.NeedOrder[n]]);
        var again = GrantPlacement.Of(draws, needs, (g, n) => c.MayPay[g, n]);
        for (var g = 0; g < draws.Length; g++)
        {
            for (var n = 0; n < needs.Length; n++)
            {
                if (Int128.Abs(placed[g, n] - again[c.GrantOrder[g], c.NeedOrder[n]]) > 1)
                {
                    return $"{placed[g, n]} is {again[c.GrantOrder[g], c.NeedOrder[n]]} in another order";
                }
            }
        }

        return null;
    });

    [Test]
    public void AmountsBeyond64Bits_ArePlacedExactly()
    {
        var huge = (Int128)1 << 100;
        var placed = GrantPlacement.Of([huge], [huge, huge * 3], (_, _) => true);
        Assert.That((placed[0, 0], placed[0, 1]), Is.EqualTo((huge / 4, huge / 4 * 3)));
    }

    [Test]
    public void AmountBelowZero_IsRefused() =>
        Assert.That(() => GrantPlacement.Of([-1], [1], (_, _) => true), Throws.ArgumentException);

    private static Gen<PlacementCase> Cases =>
        from grants in Gen.Choose(1, 5)
        from needs in Gen.Choose(1, 8)
        from scale in Gen.Elements<Int128>(1, 1, 10, 1_000_000_007, (Int128)1 << 66)
        from drawn in Gen.Frequency((1, Gen.Constant(0)), (9, Gen.Choose(1, 60))).ArrayOf(grants)
        from needed in Gen.Frequency((1, Gen.Constant(0)), (6, Gen.Choose(1, 40))).ArrayOf(needs)
        from same in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from mayPay in Gen.Frequency((2, Gen.Constant(true)), (3, Gen.Constant(false))).ArrayOf(grants * needs)
        from grantOrder in Gen.Shuffle(Enumerable.Range(0, grants))
        from needOrder in Gen.Shuffle(Enumerable.Range(0, needs))
        select new PlacementCase(
            [.. drawn.Select(n => n * scale)], [.. needed.Select(n => (same ? needed[0] : n) * scale)], Matrix(mayPay, grants, needs),
            grantOrder, needOrder);

    private static string? Violation(PlacementCase c, Histogram histogram)
    {
        Fraction[] draws = [.. c.Draws.Select(n => (Fraction)n)], needs = [.. c.Needs.Select(n => (Fraction)n)];
        var placed = GrantPlacement.Of(c.Draws, c.Needs, (g, n) => c.MayPay[g, n]);
        var expected = PlacementModel.Place(draws, needs, (g, n) => c.MayPay[g, n]);
        var total = placed.Cast<Int128>().Aggregate((Int128)0, (sum, n) => sum + n);
        var most = PlacementModel.Most((1 << draws.Length) - 1, draws, needs, (g, n) => c.MayPay[g, n]);
        var eligible = Enumerable.Range(0, draws.Length).Where(g => c.Draws[g] > 0)
            .Select(g => Fraction.Sum(needs.Where((_, n) => c.MayPay[g, n]))).ToArray();
        histogram.Count(
            ("something unapplied", most < Fraction.Sum(draws)),
            ("nothing unapplied", most == Fraction.Sum(draws)),
            ("something left to pay", most < Fraction.Sum(needs)),
            ("all is paid", most == Fraction.Sum(needs)),
            ("grants alike", eligible.Distinct().Count() < eligible.Length),
            ("beyond 64 bits", c.Needs.Any(n => n > long.MaxValue)),
            ("a need of zero", c.Needs.Any(n => n == 0)),
            ("a draw of zero", c.Draws.Any(n => n == 0)),
            ("a part between nanos", expected.Cast<Fraction>().Any(n => n.IsBroken)));
        if (most != (Fraction)total)
        {
            return $"{total} is placed, {most} could be";
        }

        // Every group is cut to nanos before the next is placed, which then finds some nanos more or less.
        var nanos = draws.Length;
        for (var g = 0; g < draws.Length; g++)
        {
            Int128 row = 0;
            for (var n = 0; n < needs.Length; n++)
            {
                row += placed[g, n];
                if (!expected[g, n].IsWithin(placed[g, n], nanos) || (!c.MayPay[g, n] && placed[g, n] != 0))
                {
                    return $"grant {g} pays {placed[g, n]} of need {n}, the law says {expected[g, n]}";
                }
            }

            if (row > c.Draws[g] || !Fraction.Sum(Enumerable.Range(0, needs.Length).Select(n => expected[g, n])).IsWithin(row, nanos))
            {
                return $"grant {g} places {row}";
            }
        }

        var over = Enumerable.Range(0, needs.Length)
            .FirstOrDefault(n => Enumerable.Range(0, draws.Length).Aggregate((Int128)0, (sum, g) => sum + placed[g, n]) > c.Needs[n], -1);
        return over < 0 ? null : $"need {over} is paid more than it is";
    }

    private static bool[,] Matrix(bool[] flat, int rows, int columns)
    {
        var matrix = new bool[rows, columns];
        for (var i = 0; i < flat.Length; i++)
        {
            matrix[i / columns, i % columns] = flat[i];
        }

        return matrix;
    }

    private static Int128[] Sorted(Int128[] values, int[] order) => [.. order.Select(i => values[i])];

    private static string Placed(Int128[] draws, Int128[] needs, params string[] mayPay)
    {
        var placed = GrantPlacement.Of(draws, needs, (g, c) => mayPay[g][c] == '1');
        return string.Join("; ", Enumerable.Range(0, draws.Length)
            .Select(g => string.Join(' ', Enumerable.Range(0, needs.Length).Select(c => placed[g, c]))));
    }

    private sealed record PlacementCase(Int128[] Draws, Int128[] Needs, bool[,] MayPay, int[] GrantOrder, int[] NeedOrder)
    {
        public override string ToString() => $"draws {string.Join(", ", Draws)}; needs {string.Join(", ", Needs)}; may pay "
            + string.Join(' ', Enumerable.Range(0, Draws.Length)
                .Select(g => string.Concat(Enumerable.Range(0, Needs.Length).Select(c => MayPay[g, c] ? '1' : '0'))));
    }
}

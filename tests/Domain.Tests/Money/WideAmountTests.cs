using System.Numerics;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Money;

/// <summary>Amounts beyond 64 bits of nanos: their two parts, their sums, and exact amounts of any size, against whole numbers of any size.</summary>
public sealed class WideAmountTests
{
    private static readonly Int128 MostNanos = (Int128)long.MaxValue * 1_000_000_000;

    /// <summary>Nanos of all magnitudes up to 9.2e18 units, both signs, and the edges of 64 bits.</summary>
    private static Gen<Int128> Nanos => Gen.Frequency(
        (4, from digits in Gen.Choose(0, 27)
            from head in Gen.Choose(1, 9)
            from rest in Gen.Choose(0, int.MaxValue)
            from sign in Gen.Elements(-1, 1)
            select Clamp(sign * ((head * Power(digits)) + rest))),
        (2, Gen.Elements<Int128>(long.MaxValue, long.MinValue, (Int128)long.MaxValue + 1, (Int128)long.MinValue - 1, MostNanos, -MostNanos, 0,
            WideNanos.PerHigh, -WideNanos.PerHigh)));

    [Test]
    public void Parts_OfAnyAmount_JoinToIt_AndOrdinaryOnesHaveNoHighPart()
    {
        var histogram = new Histogram();
        Properties.Hold(Nanos, 20_000, nanos =>
        {
            var (high, low) = WideNanos.Split(nanos);
            var fits = nanos <= long.MaxValue && nanos >= long.MinValue;
            histogram.Count(("wide", !fits), ("ordinary", fits), ("negative", nanos < 0));
            return WideNanos.Join(high, low) == nanos && (high == 0) == fits && (fits || Math.Abs(low) < WideNanos.PerHigh)
                ? null : $"{nanos}: {high}, {low}";
        });
        histogram.AssertEachAtLeast(5, 20_000);
    }

    [Test]
    public void Totals_OfMixedMagnitudes_EqualWholeNumbersOfAnySize()
    {
        var histogram = new Histogram();
        var amounts = Gen.Choose(0, 2).SelectMany(longer => Nanos.ListOf(longer == 0 ? 2 : longer == 1 ? 9 : 60));
        Properties.Hold(amounts, 5_000, list =>
        {
            var (totals, group, other) = (new ExactTotals(Currency.Parse("IDR"), false), new RollupGroup(0, 1, 1), new RollupGroup(1, 1, 1));
            foreach (var (i, nanos) in list.Index())
            {
                var (high, low) = WideNanos.Split(nanos);
                var row = new CostLineRow { BilledNanos = low, EffectiveNanos = low, ListNanos = -1, BilledResidueAttos = ResidueOf(i) };
                var highs = new CostHighs(high, high, 0, 0);
                totals.Add(in row);
                totals.Add(in highs);
                var half = i % 3 == 0 ? other : group;
                half.Add(in row);
                half.Add(in highs);
            }

            group.Add(other);
            var sum = list.Aggregate(BigInteger.Zero, (all, n) => all + n);
            var residue = list.Index().Aggregate(BigInteger.Zero, (all, i) => all + ResidueOf(i.Index));
            histogram.Count(("wide sum", BigInteger.Abs(sum) > long.MaxValue), ("ordinary sum", BigInteger.Abs(sum) <= long.MaxValue),
                ("below zero", sum.Sign < 0));
            var exact = (sum * 1_000_000_000) + residue;
            return totals.RoundedNanos(CostColumn.Billed) == sum && group.BilledNanos == sum && group.EffectiveNanos == sum
                && group.ListNanos == -list.Count && Text(exact) == totals.Exact(CostColumn.Billed).ToString()
                && totals.Exact(CostColumn.Billed).RoundHalfEven() == Rounded(exact)
                ? null : $"{sum}: {totals.RoundedNanos(CostColumn.Billed)}, {group.BilledNanos}, {totals.Exact(CostColumn.Billed)}, {Text(exact)}";
        });
        histogram.AssertEachAtLeast(5, 5_000);
    }

    [Test]
    public void ExactAmount_OfAnySize_IsWrittenReadAddedAndRounded()
    {
        var amounts = Gen.Two(from nanos in Nanos
                              from attos in Gen.Frequency((3, Gen.Choose(-2_000_000_000, 2_000_000_000)),
                                  (2, Gen.Elements(0, 500_000_000, -500_000_000, 1, -1)))
                              select (Nanos: nanos, Attos: (Int128)attos));
        Properties.Hold(amounts, 20_000, pair =>
        {
            var (one, other) = (ExactAmount.Of(pair.Item1.Nanos, pair.Item1.Attos), ExactAmount.Of(pair.Item2.Nanos, pair.Item2.Attos));
            var sum = Value(pair.Item1) + Value(pair.Item2);
            var isRead = ExactAmount.TryParse(one.ToString(), out var again);
            return isRead && again == one && one.ToString() == Text(Value(pair.Item1)) && (one + other).ToString() == Text(sum)
                && (one + other).RoundHalfEven() == Rounded(sum)
                ? null : $"{one} {other} {again} {Text(sum)}";
        });
    }

    [TestCase("")]
    [TestCase("-")]
    [TestCase("1E3")]
    [TestCase("1.0000000000000000001")]
    [TestCase("1.000000000x")]
    [TestCase("1.000000000-1")]
    public void ExactAmount_OfAnotherText_IsNone(string text) => Assert.That(ExactAmount.TryParse(text, out _), Is.False);

    private static int ResidueOf(int index) => index % 2 == 0 ? 400_000_000 : -499_999_999;

    private static Int128 Clamp(Int128 nanos) => Int128.Clamp(nanos, -MostNanos, MostNanos);

    private static Int128 Power(int exponent) => (Int128)BigInteger.Pow(10, exponent);

    private static BigInteger Value((Int128 Nanos, Int128 Attos) amount) => ((BigInteger)amount.Nanos * 1_000_000_000) + amount.Attos;

    private static BigInteger Rounded(BigInteger attos)
    {
        var quotient = BigInteger.DivRem(BigInteger.Abs(attos), 1_000_000_000, out var rest);
        quotient += rest > 500_000_000 || (rest == 500_000_000 && !quotient.IsEven) ? 1 : 0;
        return attos.Sign < 0 ? -quotient : quotient;
    }

    private static string Text(BigInteger attos)
    {
        var digits = BigInteger.Abs(attos).ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(19, '0');
        var fraction = digits[^18..].TrimEnd('0');
        return (attos.Sign < 0 ? "-" : "") + digits[..^18] + (fraction.Length == 0 ? "" : "." + fraction);
    }
}

using CiCost.Domain.Money;
using CiCost.TestKit;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Money;

public sealed class MoneyTests
{
    private static readonly Currency Euro = Currency.Parse("EUR");

    [Test]
    public void Add_OneCurrency_IsExact() => Assert.That(Usd(long.MaxValue - 1) + Usd(1), Is.EqualTo(Usd(long.MaxValue)));

    [Test]
    public void Add_BeyondTheRange_Throws()
    {
        Assert.That(() => Usd(long.MaxValue) + Usd(1), Throws.TypeOf<OverflowException>());
        Assert.That(() => Usd(long.MinValue) - Usd(1), Throws.TypeOf<OverflowException>());
        Assert.That(() => -Usd(long.MinValue), Throws.TypeOf<OverflowException>());
    }

    [Test]
    public void AnyOperation_OnTwoCurrencies_ThrowsAndNamesBoth()
    {
        var one = Usd(1);
        var other = new Domain.Money.Money(1, Euro);
        Assert.That(() => one + other, Throws.InvalidOperationException.With.Message.Contains("USD").And.Message.Contains("EUR"));
        Assert.That(() => one - other, Throws.InvalidOperationException);
        Assert.That(() => one < other, Throws.InvalidOperationException);
        Assert.That(() => one.CompareTo(other), Throws.InvalidOperationException);
    }

    [Test]
    public void Equality_OfTwoCurrencies_IsFalse() => Assert.That(Usd(1), Is.Not.EqualTo(new Domain.Money.Money(1, Euro)));

    [TestCase(-500_000_000, "-0.5 USD")]
    [TestCase(1, "0.000000001 USD")]
    [TestCase(0, "0 USD")]
    [TestCase(long.MinValue, "-9223372036.854775808 USD")]
    public void ToString_Amount_IsExactText(long nanos, string expected) => Assert.That(Usd(nanos).ToString(), Is.EqualTo(expected));

    [Test]
    public void Subtract_AfterAdd_GivesTheAmountBack() => Properties.Hold(
        Gen.Two(Gen.Choose(int.MinValue, int.MaxValue)),
        Counts.Of(10_000),
        pair => Usd(pair.Item1) + Usd(pair.Item2) - Usd(pair.Item2) == Usd(pair.Item1) ? null : "not the same amount");

    [TestCase("usd")]
    [TestCase("US")]
    [TestCase("USDX")]
    [TestCase("US1")]
    [TestCase("ÄUR")]
    [TestCase("")]
    public void CurrencyParse_NoThreeUpperCaseLetters_NamesTheText(string code) =>
        Assert.That(() => Currency.Parse(code), Throws.TypeOf<FormatException>().With.Message.Contains($"'{code}'"));

    [TestCase("0", 0, 0)]
    [TestCase("-1500000000", -1, -500_000_000)]
    [TestCase("1500000000", 1, 500_000_000)]
    [TestCase("-999999999", 0, -999_999_999)]
    [TestCase("9223372036854775807999999999", long.MaxValue, 999_999_999)]
    public void Quantity_Parts_HaveItsSignAndGiveItBack(string nanosText, long units, int subunitNanos)
    {
        var quantity = new Quantity(Int128.Parse(nanosText, System.Globalization.CultureInfo.InvariantCulture));

        Assert.That((quantity.Units, quantity.SubunitNanos), Is.EqualTo((units, subunitNanos)));
        Assert.That(Quantity.FromParts(units, subunitNanos), Is.EqualTo(quantity));
    }

    [Test]
    public void QuantityUnits_BeyondItsColumn_Throws() =>
        Assert.That(() => new Quantity(Int128.MaxValue).Units, Throws.TypeOf<OverflowException>());

    private static Domain.Money.Money Usd(long nanos) => new(nanos, Currency.Usd);
}

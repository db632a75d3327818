using CiCost.Domain.Money;
using CiCost.TestKit;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Money;

public sealed class DecimalTextTests
{
    [Test]
    public void OfAttos_SmallestValue_HasItsSignAndAllDigits() =>
        Assert.That(DecimalText.OfAttos(Int128.MinValue), Is.EqualTo("-170141183460469231731.687303715884105728"));

    [TestCase(0, "0")]
    [TestCase(-1, "-0.000000001")]
    [TestCase(1_000_000_000, "1")]
    [TestCase(1_500_000_000, "1.5")]
    [TestCase(-10_000_000_000, "-10")]
    public void OfNanos_Value_HasNoTrailingZeros(long nanos, string expected) =>
        Assert.That(DecimalText.OfNanos(nanos), Is.EqualTo(expected));

    [Test]
    public void OfNanos_AnyValue_NeverEndsInZeroAfterThePoint() => Properties.Hold(
        Gen.Choose(int.MinValue, int.MaxValue),
        Counts.Of(10_000),
        nanos =>
        {
            var text = DecimalText.OfNanos(nanos);
            return text.Contains('.', StringComparison.Ordinal) && text[^1] is '0' or '.' || text == "-0" ? text : null;
        });
}

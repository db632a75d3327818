using CiCost.Domain.Periods;

namespace CiCost.Domain.Tests.Periods;

public sealed class BillingMonthTests
{
    [Test]
    public void Parse_EveryMonth_IsItsOwnTextAndIndex()
    {
        var month = new BillingMonth(1970, 1);
        for (var index = 0; index < (9998 - 1970 + 1) * 12; index++)
        {
            Assert.That(BillingMonth.Parse(month.ToString()), Is.EqualTo(month));
            Assert.That(month.Index, Is.EqualTo(index));
            Assert.That(BillingMonth.FromIndex(index), Is.EqualTo(month));
            Assert.That(BillingMonth.Of(month.FirstDay), Is.EqualTo(month));
            Assert.That(BillingMonth.Of(month.LastDay), Is.EqualTo(month));
            Assert.That(month.LastDay.AddDays(1), Is.EqualTo(month.Next.FirstDay));
            Assert.That(month.Next.Previous, Is.EqualTo(month));
            month = month.Next;
        }
    }

    [TestCase("2026-7")]
    [TestCase("2026-13")]
    [TestCase("2026-00")]
    [TestCase("1969-12")]
    [TestCase("9999-01")]
    [TestCase("2026/07")]
    [TestCase("2026-07-01")]
    [TestCase(" 026-07")]
    [TestCase("+026-07")]
    [TestCase("")]
    public void Parse_NoMonth_NamesTheText(string text) =>
        Assert.That(() => BillingMonth.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains($"'{text}'"));

    [TestCase(1969, 12)]
    [TestCase(9999, 1)]
    [TestCase(2026, 0)]
    [TestCase(2026, 13)]
    public void Constructor_OutsideItsRange_Throws(int year, int month) =>
        Assert.That(() => new BillingMonth(year, month), Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCase("2024-02", "2024-02-29")]
    [TestCase("2026-02", "2026-02-28")]
    [TestCase("2026-12", "2026-12-31")]
    public void LastDay_OfAMonth_IsInsideIt(string month, string expected) =>
        Assert.That(BillingMonth.Parse(month).LastDay.ToString("O"), Is.EqualTo(expected));

    [TestCase("1970-01-01", 0)]
    [TestCase("2026-07-01", 20_635)]
    [TestCase("1969-12-31", -1)]
    public void ChargeDay_OfADate_IsDaysSince1970(string date, int expected)
    {
        var day = DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture);

        Assert.That(ChargeDay.Of(day), Is.EqualTo(expected));
        Assert.That(ChargeDay.ToDate(expected), Is.EqualTo(day));
        Assert.That(ChargeDay.ToText(expected), Is.EqualTo(date));
    }
}

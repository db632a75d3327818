using CiCost.Reports.Formatting;
using CiCost.Reports.Models;

namespace CiCost.Reports.Tests.Formatting;

public sealed class FiguresTests
{
    [TestCase(0, "0.00")]
    [TestCase(5, "0.05")]
    [TestCase(-5, "\u22120.05")]
    [TestCase(154_219_513, "1,542,195.13")]
    [TestCase(-99_999, "\u2212999.99")]
    [TestCase(long.MaxValue, "92,233,720,368,547,758.07")]
    [TestCase(long.MinValue, "\u221292,233,720,368,547,758.08")]
    public void Money_OfCents_HasCommasAndATrueMinus(long cents, string expected) =>
        Assert.That(Figures.Money(cents), Is.EqualTo(expected));

    [TestCase(0, "0.00")]
    [TestCase(5, "+0.05")]
    [TestCase(-5, "\u22120.05")]
    public void SignedMoney_OfCents_HasItsSign(long cents, string expected) =>
        Assert.That(Figures.SignedMoney(cents), Is.EqualTo(expected));

    [TestCase(74_369_169, "$744k")]
    [TestCase(50_000, "$1k")]
    [TestCase(49_999, "$0k")]
    [TestCase(-49_999, "$0k")]
    [TestCase(-154_250_000, "\u2212$1,543k")]
    [TestCase(9_999_999_999, "$100,000k")]
    [TestCase(-10_050_000_000, "\u2212$101M")]
    [TestCase(long.MaxValue, "$92,233,720B")]
    public void Thousands_OfCents_AreRoundedHalfAwayFromZero(long cents, string expected) =>
        Assert.That(Figures.Thousands(cents), Is.EqualTo(expected));

    [TestCase(new[] { 239_750_000L, 9_849_000L, 4_749_000L, 86_954_735L }, new[] { "$2,398k", "$98k", "$47k", "$870k" }, Description = "3,413.03")]
    [TestCase(new[] { 140_000L, 140_000L, 140_000L }, new[] { "$2k", "$1k", "$1k" }, Description = "each alone would be 1, of 4")]
    [TestCase(new long[0], new string[0])]
    public void ThousandsOf_Parts_AddUpToTheWhole(long[] cents, string[] expected) =>
        Assert.That(Figures.ThousandsOf(cents), Is.EqualTo(expected));

    [TestCase(154_219_513, "$1.54", "million")]
    [TestCase(74_691_013, "$746,910", "")]
    [TestCase(99_999_960, "$1.00", "million")]
    [TestCase(-250_000_000_000, "\u2212$2.50", "billion")]
    [TestCase(0, "$0", "")]
    public void Headline_OfCents_IsShort(long cents, string amount, string unit) =>
        Assert.That(Figures.Headline(cents), Is.EqualTo((amount, unit)));

    [TestCase(178, 1000, "17.8%")]
    [TestCase(1, 3, "33.3%")]
    [TestCase(2, 3, "66.7%")]
    [TestCase(-1, 3, "\u221233.3%")]
    [TestCase(1, 0, "\u2013")]
    [TestCase(long.MaxValue, long.MaxValue, "100.0%")]
    public void Share_OfAWhole_IsInTenthsOfAPercent(long part, long whole, string expected) =>
        Assert.That(Figures.Share(part, whole), Is.EqualTo(expected));

    [TestCase(1033, 1000L, "+3.3%")]
    [TestCase(967, 1000L, "\u22123.3%")]
    [TestCase(1000, 1000L, "0.0%")]
    [TestCase(5, 0L, "new")]
    [TestCase(0, 0L, "\u2013")]
    [TestCase(5, null, "\u2013")]
    [TestCase(5, -5L, "\u2013")]
    [TestCase(1_000_000, 1L, ">999%")]
    public void Change_AgainstBefore_SaysOnlyWhatCanBeSaid(long now, long? before, string expected) =>
        Assert.That(Figures.Change(now, before), Is.EqualTo(expected));

    [Test]
    public void Words_OfTimeSealAndRange_AreThose()
    {
        var instant = new DateTimeOffset(2026, 8, 14, 12, 2, 0, TimeSpan.FromHours(2));
        Assert.Multiple(() =>
        {
            Assert.That(Figures.Month(new(2026, 7)), Is.EqualTo("July 2026"));
            Assert.That(Figures.Instant(instant), Is.EqualTo("14 August 2026, 10:02 UTC"));
            Assert.That(Figures.ShortDay(new(2026, 8, 6)), Is.EqualTo("6 Aug 2026"));
            Assert.That(Figures.Seal("2bcf732305278808" + new string('a', 48)), Is.EqualTo("2bcf 7323 0527 8808"));
            Assert.That(Figures.SignedRange(new RangedAmount(5, -12_300, 45_600)), Is.EqualTo("\u2212123 to +456"));
            Assert.That(Figures.SignedHours(158_681), Is.EqualTo("+158,681"));
            Assert.That(Figures.Hours(0), Is.EqualTo("\u2013"));
        });
    }
}

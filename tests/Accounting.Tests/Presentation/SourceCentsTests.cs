using CiCost.Accounting.Costs;
using CiCost.Accounting.Presentation;
using CiCost.Domain.Periods;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Presentation;

/// <summary>The cents of sources (accounting.md, 1 and 9): the equation holds in cents, and months add up to their range.</summary>
public sealed class SourceCentsTests
{
    [Test]
    public async Task Equation_OfRoundedTerms_HoldsInCents()
    {
        using var books = await BookFixture.OpenAsync();

        // 10.006 - 5.003 + 0 = 5.003: rounded alone, 10.01 - 5.00 is not 5.00.
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("10.006"), ACredit("gift").Costing("-5.003"));
        var cents = Cents(books, "2026-03", "2026-03");
        Assert.That(new[] { CostMetric.Consumption, CostMetric.Credits, CostMetric.Timing, CostMetric.Payable }
            .Select(m => cents.Of("bill", "USD", m)), Is.EqualTo(new[] { 1001L, -501, 0, 500 }));
        Assert.That(cents.Of("bill", "USD", CostMetric.Effective), Is.EqualTo(500));
    }

    [Test]
    public async Task Range_OfTwoMonths_IsTheSumOfTheirCents()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("1.004"));
        await books.DeliverAsync("bill", "2026-04", ALine().On("2026-04-01").Costing("2.004"));
        Assert.Multiple(() =>
        {
            Assert.That(Cents(books, "2026-03", "2026-04").Of("bill", "USD", CostMetric.Consumption), Is.EqualTo(300), "3.008 at once is 3.01");
            Assert.That(Cents(books, "2026-03", "2026-03").Of("bill", "USD", CostMetric.Consumption), Is.EqualTo(100));
            Assert.That(Cents(books, "2026-04", "2026-04").Of("bill", "USD", CostMetric.Consumption), Is.EqualTo(200));
        });
    }

    [Test]
    public async Task Parts_OfAMetric_AddUpToItsTotal_MonthByMonth()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("0.006"), ALine().For("Disks").Costing("0.006"));
        await books.DeliverAsync("bill", "2026-04", ALine().On("2026-04-01").Costing("0.006"), ALine().On("2026-04-01").For("Disks").Costing("0.006"));
        var range = Cents(books, "2026-03", "2026-04");
        var (march, april) = (BillingMonth.Parse("2026-03").Index, BillingMonth.Parse("2026-04").Index);
        (int, string, Int128)[] parts = [(march, "b", 6_000_000), (march, "a", 6_000_000), (april, "a", 6_000_000), (april, "b", 6_000_000)];
        var cents = range.Parts("bill", "USD", CostMetric.Consumption, parts);
        Assert.That(cents, Is.EqualTo(new Dictionary<string, long> { ["a"] = 2, ["b"] = 0 }), "1 cent a month; the tie goes to the smallest key");
    }

    private static SourceCents Cents(BookFixture books, string from, string to) => new(books.Costs.CubeFor(new CostQuery
    {
        From = BillingMonth.Parse(from),
        To = BillingMonth.Parse(to),
    }), TimeAxis.Charge);
}

using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Booking;

/// <summary>An export that failed may be a header and nothing else: it empties no month, unless somebody says that it is meant.</summary>
public sealed class EmptyDeliveryTests
{
    private static readonly BookDeliveryRequest March = new() { SourceKey = "bill", Kind = "focus-csv", BillingMonth = new BillingMonth(2026, 3) };

    [Test]
    public async Task EmptyDelivery_InPlaceOfABill_IsRefused_AndTheBillStays()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"), ALine().Costing("7"));
        var exception = Assert.ThrowsAsync<BooksException>(() => books.DeliverAsync(March, BillLine.File([])));
        Assert.Multiple(() =>
        {
            Assert.That(exception!.Code, Is.EqualTo("delivery-empty"));
            Assert.That(exception.Message, Does.Contain("delivery 1 of bill for 2026-03").And.Contain("has 2.").And.Contain("--accept-empty"));
            Assert.That(books.Total(CostMetric.Consumption, "2026-03"), Is.EqualTo(97m));
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task EmptyDelivery_ThatIsMeant_TakesTheBillsPlace()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"));
        var empty = await books.DeliverAsync(March with { AcceptsEmpty = true }, BillLine.File([]));
        var again = await books.DeliverAsync(March, BillLine.File([]));
        Assert.Multiple(() =>
        {
            Assert.That((empty.Rows, empty.Supersedes), Is.EqualTo((0L, (int?)1)));
            Assert.That(again.IsUnchanged, Is.True, "what is there already needs no word");
            Assert.That(books.Scalar("SELECT COUNT(*) FROM rollup WHERE to_delivery > 2"), Is.EqualTo("0"));
        });
    }

    [Test]
    public async Task EmptyDelivery_OfAMonthWithoutABill_IsBooked()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-02", ALine().On("2026-02-01").Costing("90"));
        var empty = await books.DeliverAsync(March, BillLine.File([]));
        Assert.That((empty.Rows, empty.Supersedes), Is.EqualTo((0L, (int?)null)));
    }
}

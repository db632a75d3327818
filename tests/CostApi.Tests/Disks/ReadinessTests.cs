using CiCost.CostApi.Hosting;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Booking;
using CiCost.Ledger.Sources;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostApi.Tests.Disks;

/// <summary>A server whose books one writer does not give back says so, instead of taking events that it can never book.</summary>
public sealed class ReadinessTests
{
    [Test]
    public async Task Require_WithAWriterOfMoreThanTenMinutes_NamesIt()
    {
        using var books = await BookFixture.OpenAsync();
        var request = new BookingRequest
        {
            Source = new Source("bill", "focus-csv", null, SourceMode.Replace, false),
            BillingMonth = BillingMonth.Parse("2026-05"),
            Part = "*",
            Fingerprint = new string('0', 64),
            Objects = [],
            Profile = null,
            ToolVersion = "test",
        };
        using (await DeliveryBooking.BeginAsync(books.Books, request, CancellationToken.None))
        {
            books.Time.Advance(TimeSpan.FromMinutes(10));
            Assert.That(() => Readiness.Require(books.Books), Throws.Nothing);
            books.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.That(() => Readiness.Require(books.Books), Throws.TypeOf<BooksException>().With.Property("Code").EqualTo("books-held")
                .And.Message.Contains("since 2026-05-01T00:00:00Z (booking of bill 2026-05)"));
        }

        Assert.That(() => Readiness.Require(books.Books), Throws.Nothing);
    }
}

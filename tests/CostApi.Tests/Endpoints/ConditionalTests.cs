using System.Net;
using CiCost.Accounting.Booking;
using CiCost.CostApi.Tests.Serving;
using CiCost.Domain.Periods;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostApi.Tests.Endpoints;

/// <summary>Strong ETags: the same answer is sent once, and never an old one after a booking.</summary>
public sealed class ConditionalTests
{
    private ServedBooks _served = null!;

    [SetUp]
    public async Task Start() => _served = await ServedBooks.StartAsync();

    [TearDown]
    public async Task Stop() => await _served.DisposeAsync();

    [TestCase("/v1/costs?month=2026-03&group-by=component")]
    [TestCase("/v1/bridge?month=2026-03")]
    [TestCase("/v1/statements?month=2026-03")]
    [TestCase("/v1/funding?month=2026-03")]
    [TestCase("/v1/deliveries")]
    [TestCase("/v1/checks")]
    [TestCase("/v1/explain?month=2026-03")]
    [TestCase("/")]
    public async Task Get_WithTheTag_Is304UntilABooking(string path)
    {
        using var first = await _served.GetAsync(path);
        var tag = first.Headers.ETag!;
        using var again = await _served.GetAsync(path, tag.ToString());
        using var other = await _served.GetAsync(path, "\"other\"");
        await _served.Books.DeliverAsync(new BookDeliveryRequest
        {
            SourceKey = "bill",
            Kind = "focus-csv",
            BillingMonth = BillingMonth.Parse(ServedBooks.Month),
            AcceptsShorter = true,
        }, BillLine.File([BillLine.ALine().On("2026-03-01").Costing("99")]));
        using var later = await _served.GetAsync(path, tag.ToString());
        Assert.Multiple(() =>
        {
            Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(tag.IsWeak, Is.False);
            Assert.That(first.Headers.CacheControl?.NoCache, Is.True);
            Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
            Assert.That(again.Content.Headers.ContentLength ?? 0, Is.Zero);
            Assert.That(again.Headers.ETag, Is.EqualTo(tag));
            Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(path == "/v1/checks" ? HttpStatusCode.OK : later.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(path == "/v1/checks" || later.Headers.ETag != tag, Is.True, "a booking makes another answer");
        });
    }

    [Test]
    public async Task Tag_OfAnotherQuestion_IsAnother()
    {
        string[] paths =
        [
            "/v1/costs?month=2026-03", "/v1/costs?month=2026-02", "/v1/costs?month=2026-03&metric=list", "/v1/funding?month=2026-03",
        ];
        List<string?> tags = [];
        foreach (var path in paths)
        {
            using var response = await _served.GetAsync(path);
            tags.Add(response.Headers.ETag?.Tag);
        }

        Assert.That(tags, Is.Unique.And.None.Null);
    }

    [Test]
    public async Task Tag_AfterAChangeOfPolicy_IsAnother()
    {
        using var before = await _served.GetAsync("/v1/costs?month=2026-03");
        await _served.Books.AttributeAsync(PolicyText.Boring.Read());
        using var after = await _served.GetAsync("/v1/costs?month=2026-03", before.Headers.ETag!.ToString());
        Assert.That(after.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Answer_AfterABooking_HasTheNewFigure()
    {
        await _served.JsonAsync("/v1/costs?month=2026-03");
        await _served.Books.DeliverAsync(new BookDeliveryRequest
        {
            SourceKey = "bill",
            Kind = "focus-csv",
            BillingMonth = BillingMonth.Parse(ServedBooks.Month),
            AcceptsShorter = true,
        }, BillLine.File([BillLine.ALine().On("2026-03-01").Costing("99")]));
        var after = await _served.JsonAsync("/v1/costs?month=2026-03");
        Assert.Multiple(() =>
        {
            Assert.That(after.GetProperty("totals").GetProperty("USD").GetProperty("total").GetString(), Is.EqualTo("99"));
            Assert.That(after.GetProperty("checks").GetProperty("bookVersion").GetInt64(),
                Is.EqualTo(after.GetProperty("bookVersion").GetProperty("id").GetInt64()));
        });
    }
}

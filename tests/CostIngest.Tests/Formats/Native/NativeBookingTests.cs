using System.IO.Compression;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Explain;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostIngest.Tests.Formats.Native;

/// <summary>Native bills on their way through the books: booked, explained, refused when they are cut off.</summary>
public sealed class NativeBookingTests
{
    private static IEnumerable<NativeFile> OnePerKind => NativeFile.All.Skip(3).DistinctBy(f => f.Kind);

    [TestCaseSource(nameof(OnePerKind))]
    public async Task Gzip_CutOff_BooksNothing(NativeFile file)
    {
        using var books = await BookFixture.OpenAsync();
        var whole = Packed(await File.ReadAllBytesAsync(file.FullPath));
        foreach (var length in new[] { whole.Length / 2, whole.Length - 9 })
        {
            var exception = Assert.ThrowsAsync<BooksException>(() => books.DeliverAsync(Request(file), whole[..length]))!;
            Assert.That(exception.Code, Is.EqualTo("gzip-broken"), $"{length} of {whole.Length} bytes");
            Assert.That(exception.Message, Does.Match(@"^bill-\d\.csv: the gzip data is cut off(: its end is missing|, or )"));
        }

        whole[whole.Length / 2] ^= 0xFF;
        var damaged = Assert.ThrowsAsync<BooksException>(() => books.DeliverAsync(Request(file), whole))!;
        Assert.That(damaged.Message, Does.Match(@"^bill-\d\.csv: the gzip data is damaged\. "));
        whole[whole.Length / 2] ^= 0xFF;
        Assert.That(books.Scalar("SELECT count(*) FROM delivery"), Is.EqualTo("0"));
        await books.DeliverAsync(Request(file), whole);
        Assert.That(books.Scalar("SELECT count(*) FROM delivery"), Is.EqualTo("1"));
    }

    [Test]
    public async Task GitHubReport_Booked_SumsToNetAndExplainsBothLinesByOneRow()
    {
        using var books = await BookFixture.OpenAsync();
        var file = NativeFile.All.Single(f => f.Path.EndsWith("detailed.csv", StringComparison.Ordinal));
        var result = await books.DeliverAsync(Request(file), await File.ReadAllBytesAsync(file.FullPath));
        var options = new BookDeliveryOptions();
        var formats = CiCost.CostIngest.Formats.LineFormats.All();
        var explain = new ExplainRow(books.Books, books.Policies, formats,
            new RereadLines(books.Books, books.Policies, formats, options), options);
        var raw = new[] { 5u, 6u }.Select(n => explain.Run(result.DeliveryId, n, null, CancellationToken.None)).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(books.Total(CostMetric.Payable, "2026-05"), Is.EqualTo(20.061m));
            Assert.That(raw.Select(r => r.Raw!.RowNumber), Is.All.EqualTo(3));
            Assert.That(raw.Select(r => r.Raw!.Fields.Single(f => f.Key == "sku").Value), Is.All.EqualTo("actions_macos"));
            Assert.That(raw.Select(r => (long)r.Line!.BilledNanos), Is.EqualTo(new[] { 651_000_000L, -310_000_000L }));
        });
    }

    private static BookDeliveryRequest Request(NativeFile file) => new()
    {
        SourceKey = "bill",
        Kind = file.Kind,
        Profile = file.Profile,
        BillingMonth = BillingMonth.Parse("2026-05"),
    };

    private static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}

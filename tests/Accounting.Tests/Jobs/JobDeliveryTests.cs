using System.IO.Compression;
using System.Text;
using CiCost.Accounting.Booking;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger;

namespace CiCost.Accounting.Tests.Jobs;

/// <summary>Deliveries of job events, whole or not at all.</summary>
public sealed class JobDeliveryTests
{
    private static readonly BookDeliveryRequest Request =
        new() { SourceKey = "jobs", Kind = "github-jobs", BillingMonth = BillingMonth.Parse("2026-07") };

    [Test]
    public async Task Gzip_IsReadAsItsContent_AndTheSameBytesChangeNothing()
    {
        using var books = await JobBooks.OpenAsync();
        var bytes = Gzip(books.Job("cloud.small", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"));
        var first = await books.Books.DeliverAsync(Request, bytes);
        var again = await books.Books.DeliverAsync(Request, bytes);
        Assert.Multiple(() =>
        {
            Assert.That((first.Rows, first.IsUnchanged), Is.EqualTo((1L, false)));
            Assert.That((again.DeliveryId, again.IsUnchanged), Is.EqualTo((first.DeliveryId, true)));
            Assert.That(books.Books.Scalar("SELECT run_seconds FROM v_job_run"), Is.EqualTo("3600"));
        });
    }

    [Test]
    public async Task Gzip_CutOff_IsRefusedWhole()
    {
        using var books = await JobBooks.OpenAsync();
        var bytes = Gzip(string.Join('\n', Enumerable.Range(0, 50)
            .Select(_ => books.Job("gpu.mi300", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"))));
        Assert.That(() => books.Books.DeliverAsync(Request, bytes[..^20]),
            Throws.InstanceOf<BooksException>().Or.InstanceOf<DeliveryRejectedException>());
        Assert.That(books.Books.Scalar("SELECT COUNT(*) FROM job_run"), Is.EqualTo("0"));
    }

    [Test]
    public async Task Json_BrokenAfterGoodRows_BooksNothing()
    {
        using var books = await JobBooks.OpenAsync();
        var text = string.Concat(Enumerable.Range(0, 5_000)
            .Select(_ => books.Job("gpu.mi300", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"))) + "{";
        var refusal = Assert.ThrowsAsync<DeliveryRejectedException>(() => books.Books.DeliverAsync(Request, text))!;
        Assert.Multiple(() =>
        {
            Assert.That(refusal.Errors.Single().RowNumber, Is.EqualTo(5_001));
            Assert.That(books.Books.Scalar("SELECT COUNT(*) FROM job_run"), Is.EqualTo("0"));
        });
    }

    [Test]
    public async Task Delivery_ThatIsSuperseded_LeavesWhatWasHeard()
    {
        using var books = await JobBooks.OpenAsync();
        await books.Books.DeliverAsync(Request, books.Job("gpu.mi300", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"));
        await books.Books.DeliverAsync(Request, books.Job("gpu.mi300", "2026-07-02T00:00:00Z", "2026-07-02T01:00:00Z"));
        Assert.That(books.Books.Scalar("SELECT COUNT(*) FROM job_run"), Is.EqualTo("2"));
    }

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }
}

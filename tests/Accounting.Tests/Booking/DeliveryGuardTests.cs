using System.IO.Compression;
using System.Text;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Sources;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Booking;

/// <summary>
/// The same money twice, a month that lost rows and a file of another month are refused, unless somebody says that they are meant. The cases
/// of overlapping exports follow microsoft/finops-toolkit#320 and #966, and project-koku/koku#1180.
/// </summary>
public sealed class DeliveryGuardTests
{
    private static readonly BookDeliveryRequest July = new() { SourceKey = "bill", Kind = "focus-csv", BillingMonth = new BillingMonth(2026, 7) };

    private static readonly byte[] Full = Days(1, 10);

    [TestCase("full.csv", "full-copy.csv")]
    [TestCase("full.csv", "full.csv.gz")]
    [TestCase("july.csv", "july (1).csv")]
    public void SameContentTwice_IsRefused_WithBothNames(string one, string other)
    {
        using var books = BookFixture.OpenAsync().GetAwaiter().GetResult();
        var refusal = Refusal(() => books.DeliverFilesAsync(July, (one, Packed(one, Full)), (other, Packed(other, Full))));
        Assert.Multiple(() =>
        {
            Assert.That(refusal.Code, Is.EqualTo("delivery-repeated"));
            Assert.That(refusal.Message, Does.Contain($"'{one}'").And.Contain($"'{other}'").And.Contain("10 rows on 10 days (2026-07-01 to 2026-07-10)"));
            Assert.That(books.Scalar("SELECT COUNT(*) FROM delivery"), Is.EqualTo("0"));
        });
    }

    [Test]
    public async Task MonthToDate_AndFullExport_InOneDelivery_AreRefused()
    {
        using var books = await BookFixture.OpenAsync();
        var refusal = Refusal(() => books.DeliverFilesAsync(July, ("mtd.csv", Days(1, 9)), ("full.csv", Full)));
        Assert.That((refusal.Code, refusal.Message.Contains("'mtd.csv' and 'full.csv' have the same 9 rows", StringComparison.Ordinal)),
            Is.EqualTo(("delivery-repeated", true)));
    }

    [Test]
    public async Task OneDayInCommon_IsRefused_AndAcceptedByTheFlag_WhichIsRecorded()
    {
        using var books = await BookFixture.OpenAsync();
        (string, byte[])[] files = [("a.csv", Days(1, 5)), ("b.csv", Days(5, 10))];
        var refusal = Refusal(() => books.DeliverFilesAsync(July, files));
        var booked = await books.DeliverFilesAsync(July with { AcceptsRepeated = true }, files);
        Assert.Multiple(() =>
        {
            Assert.That(refusal.Message, Does.Contain("the same 1 row on 2026-07-05").And.Contain("--accept-repeated"));
            Assert.That(booked.Tolerances.Single(), Is.EqualTo(new ToleranceUse("accept-repeated", 1, 0,
                "bill for 2026-07: 'a.csv' and 'b.csv' have the same 1 row on 2026-07-05.")));
            Assert.That(books.Total(CostMetric.Consumption, "2026-07"), Is.EqualTo(11m));
        });
    }

    [Test]
    public async Task PartsOfOneExport_WithOtherRowsOfTheSameDays_AreBooked_AndEqualRowsOfAFileAreTwo()
    {
        using var books = await BookFixture.OpenAsync();
        var twice = Encoding.UTF8.GetBytes(BillLine.File([ALine().On("2026-07-01"), ALine().On("2026-07-01")]));
        await books.DeliverFilesAsync(July, ("a.csv", twice), ("b.csv", Days(1, 3, "2")), ("header.csv", Days(1, 0)), ("zero.csv", Days(1, 3, "0")),
            ("zero-2.csv", Days(1, 3, "0")));
        Assert.That(books.Total(CostMetric.Consumption, "2026-07"), Is.EqualTo(8m));
    }

    [TestCase("2026-07", TestName = "AppendedAgain_UnderAnotherName_IsRefused")]
    [TestCase("2026-08", TestName = "AppendedAgain_ForAnotherMonth_IsRefused")]
    public async Task AppendedAgain_IsRefused(string month)
    {
        using var books = await BookFixture.OpenAsync();
        var append = July with { Mode = SourceMode.Append };
        await books.DeliverFilesAsync(append, ("first.csv", Full));
        var refusal = Refusal(() => books.DeliverFilesAsync(
            append with { BillingMonth = BillingMonth.Parse(month), AcceptsOtherMonth = true }, ("again.csv", Full)));
        var unchanged = await books.DeliverFilesAsync(append, ("first.csv", Full));
        await books.DeliverFilesAsync(append, ("more.csv", Days(11, 12)));
        Assert.Multiple(() =>
        {
            Assert.That(refusal.Message, Does.Contain("'first.csv of delivery 1 for 2026-07' and 'again.csv'"));
            Assert.That(unchanged.IsUnchanged);
            Assert.That(books.Total(CostMetric.Consumption, "2026-07"), Is.EqualTo(12m));
        });
    }

    [Test]
    public async Task OneFile_ThatComesAgainAsTwo_IsRefused()
    {
        using var books = await BookFixture.OpenAsync();
        var append = July with { Mode = SourceMode.Append };
        await books.DeliverFilesAsync(append, ("whole.csv", Encoding.UTF8.GetBytes(BillLine.File([.. Lines(1, 3), .. Lines(1, 3, "2")]))));
        var refusal = Refusal(() => books.DeliverFilesAsync(append with { Part = "halves" }, ("a.csv", Days(1, 3)), ("b.csv", Days(1, 3, "2"))));
        Assert.That(refusal.Message, Does.Contain("'whole.csv of delivery 1 for 2026-07' and 'this delivery' have the same 6 rows"));
    }

    [Test]
    public async Task SameMonthAgain_PackedOrRenamed_TakesItsPlace()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverFilesAsync(July, ("july.csv", Full));
        var again = await books.DeliverFilesAsync(July, ("july.csv", Full));
        var packed = await books.DeliverFilesAsync(July, ("other.csv.gz", Packed("x.gz", Full)));
        Assert.Multiple(() =>
        {
            Assert.That(again.IsUnchanged);
            Assert.That(packed.Supersedes, Is.EqualTo(1));
            Assert.That(books.Total(CostMetric.Consumption, "2026-07"), Is.EqualTo(10m));
        });
    }

    [Test]
    public async Task ShorterMonth_IsRefused_WhateverIsMissing([Values("end", "middle", "row")] string missing)
    {
        using var books = await BookFixture.OpenAsync();
        List<BillLine> lines = [.. Lines(1, 10), .. Lines(1, 10, "2"), .. Lines(1, 10, "3")];
        await books.DeliverAsync("bill", "2026-07", lines);
        var rest = missing switch
        {
            "end" => lines.Where(l => l.Day.Day != 10).ToList(),
            "middle" => [.. lines.Where(l => l.Day.Day != 4)],
            _ => lines[1..],
        };
        var refusal = Refusal(() => books.DeliverAsync("bill", "2026-07", rest));
        var accepted = await books.DeliverFilesAsync(July with { AcceptsShorter = true },
            ("short.csv", Encoding.UTF8.GetBytes(BillLine.File(rest))));
        Assert.Multiple(() =>
        {
            Assert.That(refusal.Code, Is.EqualTo("delivery-shorter"));
            Assert.That(refusal.Message, Does.Contain("delivery 1, whose place it would take").And.Contain("--accept-shorter"));
            Assert.That(accepted.Tolerances.Single().Name, Is.EqualTo("accept-shorter"));
        });
    }

    [Test]
    public async Task Restatement_WithFewerRows_IsBooked_WhenOthersChange_OrTheCostStays()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-07", [.. Lines(1, 20), ALine().On("2026-07-01").For("Gone")]);
        var restated = await books.DeliverAsync("bill", "2026-07", Lines(1, 20, "1.5"));
        var doubled = await books.DeliverAsync("bill", "2026-07", [.. Lines(1, 20, "0.5"), .. Lines(1, 20, "1")]);
        var joined = await books.DeliverAsync("bill", "2026-07", Lines(1, 20, "1.5"));
        Assert.That(new[] { restated, doubled, joined }.Select(d => d.Supersedes), Is.EqualTo(new int?[] { 1, 2, 3 }));
    }

    [Test]
    public async Task ProvidersOwnCorrection_IsBooked_WithoutAWord()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverFilesAsync(July, ("july.csv", Full));
        await books.DeliverFilesAsync(July with { IsStatedByProvider = true }, ("july.csv", Days(1, 4)));
        Assert.That(books.Total(CostMetric.Consumption, "2026-07"), Is.EqualTo(4m));
    }

    [Test]
    public async Task FileOfAnotherMonth_IsRefused_AndAcceptedByTheFlag()
    {
        using var books = await BookFixture.OpenAsync();
        var august = July with { BillingMonth = new BillingMonth(2026, 8) };
        var refusal = Refusal(() => books.DeliverFilesAsync(august, ("july.csv", Full)));
        var mostly = Refusal(() => books.DeliverFilesAsync(august,
            ("mixed.csv", Encoding.UTF8.GetBytes(BillLine.File([.. Lines(1, 10), ALine().On("2026-08-01")])))));
        var accepted = await books.DeliverFilesAsync(august with { AcceptsOtherMonth = true }, ("july.csv", Full));
        Assert.Multiple(() =>
        {
            Assert.That((refusal.Code, mostly.Code), Is.EqualTo(("delivery-other-month", "delivery-other-month")));
            Assert.That(refusal.Message, Does.Contain("0 rows of 10 are of 2026-08, and 10 of 2026-07.").And.Contain("--accept-other-month"));
            Assert.That(accepted.Tolerances.Single().Name, Is.EqualTo("accept-other-month"));
        });
    }

    [Test]
    public async Task Part_OverTheMonthsEnd_IsBooked_ForEitherMonth()
    {
        using var books = await BookFixture.OpenAsync();
        var edge = BillLine.File([ALine().On("2026-07-30"), ALine().On("2026-07-31"), ALine().On("2026-08-01")]);
        await books.DeliverAsync(BookFixture.Part("oci", "2026-08", "edge.csv"), edge);
        var refusal = Refusal(() => books.DeliverAsync(BookFixture.Part("oci", "2026-10", "edge-2.csv"), edge));
        Assert.That(refusal.Code, Is.EqualTo("delivery-repeated").Or.EqualTo("delivery-other-month"));
    }

    private static BooksException Refusal(Func<Task<BookDeliveryResult>> booking) => Assert.ThrowsAsync<BooksException>(() => booking())!;

    private static byte[] Days(int from, int to, string cost = "1") => Encoding.UTF8.GetBytes(BillLine.File(Lines(from, to, cost)));

    private static IEnumerable<BillLine> Lines(int from, int to, string cost = "1") =>
        Enumerable.Range(from, to - from + 1).Select(day => ALine().On($"2026-07-{day:00}").Costing(cost));

    private static byte[] Packed(string name, byte[] content)
    {
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            return content;
        }

        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return target.ToArray();
    }
}

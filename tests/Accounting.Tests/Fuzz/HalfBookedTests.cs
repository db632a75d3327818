using System.Globalization;
using System.IO.Compression;
using System.Text;
using CiCost.Accounting.Booking;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;
using Microsoft.Data.Sqlite;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Fuzz;

/// <summary>Whatever bytes come in, a delivery is booked whole or not at all: a refusal leaves the database as it was, byte for byte of
/// its content.</summary>
public sealed class HalfBookedTests
{
    private static readonly int Files = Counts.Of(3_000);

    private static readonly string[] Tables =
    [
        "source", "scope", "raw_object", "rule_set", "rule_file", "book_version", "delivery", "delivery_object", "delivery_total",
            "delivery_day",
        "delivery_day_total", "delivery_block", "delivery_tolerance", "quarantine", "dimension_set", "resource", "tag_set", "unit_price",
            "cost_line",
        "rollup", "rollup_month", "attribution_result", "attribution",
    ];

    [Test]
    public async Task MutatedFiles_AreBookedWholeOrLeaveNoTrace()
    {
        var seed = Counts.Seed();
        TestContext.Out.WriteLine($"{Files} files");
        var random = new Random(seed);
        var histogram = new Histogram();
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", Lines(random));
        using var raw = books.OpenRaw();
        var before = Digest(raw);
        for (var i = 0; i < Files; i++)
        {
            var (content, kind) = Mutate(random);
            var isBooked = await TryBookAsync(books, content, $"seed {seed}, file {i}, {kind}");
            var after = Digest(raw);
            if (isBooked)
            {
                AssertTies(raw, $"seed {seed}, file {i}, {kind}");
            }
            else
            {
                Assert.That(after, Is.EqualTo(before), $"seed {seed}, file {i}, {kind}: content after a refusal");
            }

            before = after;
            histogram.Count(("booked", isBooked), ("refused", !isBooked), ("gzip", kind.StartsWith("gzip", StringComparison.Ordinal)),
                (kind, true));
        }

        TestContext.Out.WriteLine(histogram);
        Assert.Multiple(() =>
        {
            Assert.That(histogram.Cases, Is.EqualTo(Files));
            Assert.That(histogram.Percent("booked"), Is.AtLeast(5m));
            Assert.That(histogram.Percent("refused"), Is.AtLeast(30m));
            Assert.That(books.FailingChecks().Except(["NoGapInDays", "PeriodMatchesScope", "CurrencyIsKnown", "OneCurrencyPerAccount",
                "NoUnclassifiedCredit", "OneLedgerSource"]),
                Is.Empty, "checks of the ledger; a mutated bill may well fail those of the bill");
        });
    }

    private static async Task<bool> TryBookAsync(BookFixture books, byte[] content, string what)
    {
        // Every file has other days: what is shorter than the one before is meant here.
        var request = new BookDeliveryRequest
        {
            SourceKey = "bill",
            Kind = "focus-csv",
            BillingMonth = BillingMonth.Parse("2026-03"),
            AcceptsShorter = true,
        };
        try
        {
            return !(await books.DeliverAsync(request, content)).IsUnchanged;
        }
        catch (Exception exception) when (exception is DeliveryRejectedException or BooksException or LineLimitException)
        {
            Assert.That(exception.Message, Is.Not.Empty, what);
            return false;
        }
    }

    private static IEnumerable<BillLine> Lines(Random random) => Enumerable.Range(0, 1 + random.Next(6)).Select(_ =>
        ALine().On($"2026-03-{1 + random.Next(28):00}").For(random.Next(2) == 0 ? "Machines" : "Disks")
            .Costing(random.NextInt64(-1_000_000_000, 1_000_000_000).ToString(CultureInfo.InvariantCulture) + "e-12"));

    private static (byte[] Content, string Kind) Mutate(Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(File(Lines(random)));
        switch (random.Next(8))
        {
            case 0:
                return (bytes, "sound");
            case 1:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return (bytes, "one byte");
            case 2:
                return (bytes[..random.Next(bytes.Length)], "cut off");
            case 3:
                var rows = Header.Length + 1;
                bytes[rows + random.Next(bytes.Length - rows)] = (byte)",\"\n0-.eEZ"[random.Next(9)];
                return (bytes, "one sign in a row");
            case 4:
                var from = random.Next(bytes.Length);
                return ([.. bytes[..from], .. bytes[Math.Min(bytes.Length, from + 1 + random.Next(20))..]], "a piece is gone");
            case 5:
                return (Gzip(bytes), "gzip sound");
            case 6:
                var cut = Gzip(bytes);
                return (cut[..random.Next(2, cut.Length)], "gzip cut off");
            default:
                var flipped = Gzip(bytes);
                flipped[random.Next(2, flipped.Length)] ^= (byte)(1 << random.Next(8));
                return (flipped, "gzip one bit");
        }
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }

    /// <summary>Rows and sums of every table.</summary>
    private static string Digest(SqliteConnection raw)
        => Scalar(raw, string.Join(" || ' ' || ", Tables.Select(t => $"(SELECT COUNT(*) FROM {t})")
        .Append("(SELECT COALESCE(SUM(billed_nanos + list_nanos), 0) FROM cost_line)")
        .Append("(SELECT COALESCE(SUM(billed_nanos + from_delivery * 7 + to_delivery * 13), 0) FROM rollup)")
        .Append("(SELECT COALESCE(SUM(billed_nanos + from_delivery * 7 + to_delivery * 13), 0) FROM rollup_month)")
        .Append("(SELECT MAX(recorded_at_ms) FROM book_version)")
        .Append("(SELECT COALESCE(SUM(pruned_at_ms), 0) FROM delivery)")));

    private static void AssertTies(SqliteConnection raw, string what)
    {
        var lines = Scalar(raw, Sums("COUNT(*)", "cost_line"));
        Assert.That(Scalar(raw, Sums("SUM(line_count)", "rollup WHERE to_delivery = 2147483647")), Is.EqualTo(lines), what);
        Assert.That(Scalar(raw, Sums("SUM(line_count)", "rollup_month WHERE to_delivery = 2147483647")), Is.EqualTo(lines), what);
    }

    /// <summary>A file of a header alone is a delivery of no lines: then there is nothing to add up.</summary>
    private static string Sums(string count, string from)
        => $"(SELECT COALESCE({count}, 0) || ' ' || COALESCE(SUM(billed_nanos), 0) || ' ' "
        + "|| COALESCE(SUM(effective_nanos), 0) || ' ' || COALESCE(SUM(list_nanos), 0) || ' ' || COALESCE(SUM(contracted_nanos), 0) "
        + $"FROM {from})";

    private static string Scalar(SqliteConnection raw, string expression)
    {
        using var command = raw.CreateCommand();
        command.CommandText = "SELECT " + expression;
        return (string)command.ExecuteScalar()!;
    }
}

using CiCost.Accounting.Booking;
using CiCost.Accounting.Checks;
using CiCost.Accounting.Checks.Deep;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Policies;
using CiCost.CostIngest.Formats;
using CiCost.Domain.Checks;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Audit;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;
using Microsoft.Data.Sqlite;

namespace CiCost.Accounting.Tests.Booking;

/// <summary>Books that a program of schema 5 left: opened, migrated, asked, and booked into.</summary>
public sealed class OlderBooksTests
{
    private const string Digest = "949e71f2a324c90230ebfdf1e9f4b7dd0ee38fa206860a4f8d9b0eb11dbd3dbb";

    /// <summary>The library of the books is the first in the process, whichever test runs first.</summary>
    [OneTimeSetUp]
    public async Task OpenBooksFirst() => (await BookFixture.OpenAsync()).Dispose();

    [Test]
    public async Task BooksOfSchema5_AreMigrated_AndSayTheSame()
    {
        using var folder = new TempFolder();
        using var books = await OpenAsync(folder);
        var policies = new PolicyShelf(books);
        var failing = new RunChecks(books, policies).Run(null).Where(o => o.State != CheckState.Holds).Select(o => o.Check).ToList();
        var answer = new QueryCosts(books, policies).Run(new CostQuery { From = new BillingMonth(2026, 3), To = new BillingMonth(2026, 3) });
        var old = new RereadLines(books, policies, LineFormats.All(), new BookDeliveryOptions()).Lines(1, CancellationToken.None).ToList();
        string[] ofToday = ["EveryMonthHasItsBill", "EveryMonthIsComplete", "EveryFleetHasItsBill", "SourcesAreFresh", "BooksTieOut",
            "EventsAreBooked"];
        Assert.Multiple(() =>
        {
            Assert.That(failing, Is.SubsetOf(ofToday), "the books themselves are whole; their last bill is long ago");
            Assert.That(answer.Proofs.Select(p => (p.Currency, Domain.Money.DecimalText.OfNanos(p.TotalNanos))),
                Is.EqualTo(new[] { ("EUR", "9000000000.000000001"), ("USD", "98.123456789") }));
            Assert.That(new BooksDigest(books).OfNow(), Is.EqualTo(Digest));
            Assert.That(old.Select(l => (l.RowNumber, l.DimensionSetId)), Is.EqualTo(new[]
            {
                (1u, 1L), (2u, 2L), (3u, 3L), (4u, 4L), (5u, 4L), (4_294_900_000u, 5L),
            }));
        });
    }

    [Test]
    public async Task BooksOfSchema5_AreProvedFromTheirObjects_AndSayFromWhereOnTheRestIsTrusted()
    {
        using var folder = new TempFolder();
        using var books = await OpenAsync(folder);
        var policies = new PolicyShelf(books);
        var replay = new ReplayBooks(books, policies, LineFormats.All(), LineFormats.Jobs(), new BookDeliveryOptions(), CancellationToken.None);
        var deep = new RunChecks(books, policies).RunDeep(null, replay).Take(RunChecks.DeepCatalogue.Count).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(deep.SelectMany(o => o.Failures), Is.Empty);
            Assert.That(deep.SelectMany(o => o.Notices), Has.Some.Contains("were first taken when the books were brought to schema 9, at book version 3")
                .And.Some.Contains("is trusted from there on"));
        });
    }

    [Test]
    public async Task BooksOfSchema5_TakeTheSameBillAgain_WithoutANewSet()
    {
        using var folder = new TempFolder();
        using var books = await OpenAsync(folder);
        var booking = new BookDelivery(books, new PolicyShelf(books), LineFormats.All(), [], new BookDeliveryOptions());
        var object1 = Directory.EnumerateFiles(books.Path + ".objects", "8a*.gz", SearchOption.AllDirectories).Single();
        var result = await booking.RunAsync(new BookDeliveryRequest
        {
            SourceKey = "bill",
            BillingMonth = new BillingMonth(2026, 3),
            Files = [object1],
            AcceptsShorter = true,
        }, null, CancellationToken.None);
        Assert.That((result.DeliveryId, result.Supersedes, result.NewDimensionSets), Is.EqualTo((3, (int?)2, 0L)));
    }

    private static Task<Books> OpenAsync(TempFolder folder)
    {
        var data = Path.Combine(Root(), "tests", "data", "books");
        var path = Path.Combine(folder.FullName, "books.db");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False;Foreign Keys=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = File.ReadAllText(Path.Combine(data, "schema-5.sql"));
            command.ExecuteNonQuery();
        }

        foreach (var stored in Directory.EnumerateFiles(Path.Combine(data, "schema-5.objects"), "*.gz", SearchOption.AllDirectories))
        {
            var target = Directory.CreateDirectory(Path.Combine(path + ".objects", Path.GetFileName(stored)[..2]));
            File.Copy(stored, Path.Combine(target.FullName, Path.GetFileName(stored)));
        }

        return Books.OpenAsync(path, TimeSpan.FromSeconds(60), new ManualTime(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero)), CancellationToken.None);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CiCost.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("CiCost.sln");
        }

        return folder.FullName;
    }
}

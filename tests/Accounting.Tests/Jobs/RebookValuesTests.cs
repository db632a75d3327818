using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Jobs;
using CiCost.CostIngest.Formats;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;

namespace CiCost.Accounting.Tests.Jobs;

/// <summary>Values that older programs booked with a BilledCost are booked again without, once; what was said before stays readable.</summary>
public sealed class RebookValuesTests
{
    private const string July = "2026-07", August = "2026-08";

    [Test]
    public async Task OldValues_AreBookedAgainWithBilledZero_Once_AndAsOfBeforeKeepsThem()
    {
        using var books = await OldBooksAsync();
        var (then, before) = (books.Books.Time.GetUtcNow(), Figures(books, July));
        books.Books.Time.Advance(TimeSpan.FromSeconds(1));
        var booked = await Rebook(books).RunAsync(CancellationToken.None);
        var again = await Rebook(books).RunAsync(CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(before, Is.EqualTo((0.2m, 0.2m)), "consumption and BilledCost of old books");
            Assert.That(booked.Select(b => $"{b.SourceKey} {b.BillingMonth} {b.Totals["USD"].Billed}"),
                Is.EqualTo(new[] { "cloud-estimate 2026-07 0", "cloud-estimate 2026-08 0" }));
            Assert.That(again, Is.Empty);
            Assert.That((Figures(books, July), Figures(books, August)), Is.EqualTo(((0.2m, 0m), (0.4m, 0m))));
            Assert.That((Billed(books, July, then), Billed(books, August, then)), Is.EqualTo((0.2m, 0.4m)), "as of before");
            Assert.That(books.Books.FailingChecks(), Is.Empty);
        });
    }

    /// <summary>What is interrupted between two months goes on with the second.</summary>
    [Test]
    public async Task Interruption_BetweenTwoMonths_IsMadeUp()
    {
        using var books = await OldBooksAsync();
        using var stop = new CancellationTokenSource();
        var formats = LineFormats.All().Select(f => f.Kind == "focus-csv" ? new StopsAtSecond(f, stop) : f);
        Assert.That(() => Rebook(books, formats).RunAsync(stop.Token), Throws.InstanceOf<OperationCanceledException>());
        var between = (Figures(books, July), Figures(books, August));
        var booked = await Rebook(books).RunAsync(CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(between, Is.EqualTo(((0.2m, 0m), (0.4m, 0.4m))));
            Assert.That(booked.Select(b => b.BillingMonth.ToString()), Is.EqualTo(new[] { August }));
            Assert.That(Figures(books, August), Is.EqualTo((0.4m, 0m)));
        });
    }

    [Test]
    public async Task UntilItIsDone_TheCheckNamesEachMonth()
    {
        using var books = await OldBooksAsync();
        var failures = books.Books.Check().SelectMany(o => o.Failures).Where(f => f.Check == "ValuesBillNobody").ToArray();
        Assert.That(failures.Select(f => $"{f.Where[..22]} {f.Actual}"),
            Is.EqualTo(new[] { "cloud-estimate 2026-07 0.2 USD", "cloud-estimate 2026-08 0.4 USD" }));
    }

    [Test]
    public async Task FreshBooks_HaveNothingToDo()
    {
        using var books = await JobBooks.OpenAsync();
        await books.DeliverAsync(books.Job("cloud.small", "2026-07-01T00:00:00Z", "2026-07-01T02:00:00Z"));
        Assert.That(await Rebook(books).RunAsync(CancellationToken.None), Is.Empty);
        Assert.That(books.Lines(), Is.Empty, "nobody valued this month");
    }

    /// <summary>Books of two valued months, as the program before wrote them: BilledCost is the value.</summary>
    private static async Task<JobBooks> OldBooksAsync()
    {
        var books = await JobBooks.OpenAsync();
        await books.DeliverAsync(
            books.Job("cloud.small", "2026-07-01T00:00:00Z", "2026-07-01T02:00:00Z"),
            books.Job("cloud.small", "2026-08-01T00:00:00Z", "2026-08-01T02:00:00Z"),
            books.Job("gpu.mi300", "2026-09-01T00:00:00Z", "2026-09-01T02:00:00Z"));
        foreach (var month in new[] { July, August })
        {
            var valued = (await books.ValueAsync(month)).Booked.Single();
            using var reader = new StreamReader(books.Books.Books.Objects.OpenContent(valued.Objects.Single(), long.MaxValue));
            var text = (await reader.ReadToEndAsync()).Replace("\n0,", month == July ? "\n0.2," : "\n0.4,", StringComparison.Ordinal);
            await books.Books.DeliverAsync(new BookDeliveryRequest { SourceKey = "cloud-estimate", BillingMonth = BillingMonth.Parse(month) }, text);
        }

        books.Books.Execute("INSERT INTO upkeep (task) VALUES ('rebook-values')");
        return books;
    }

    private static RebookValues Rebook(JobBooks books, IEnumerable<ILineFormat>? formats = null) => new(books.Books.Books, books.Books.Policies,
        new ValueJobs(books.Books.Books, books.Books.Policies,
            new BookDelivery(books.Books.Books, books.Books.Policies, formats ?? LineFormats.All(), LineFormats.Jobs(), new BookDeliveryOptions())));

    private static (decimal Consumption, decimal Billed) Figures(JobBooks books, string month) =>
        (books.Books.Total(CostMetric.Consumption, month), books.Books.Total(CostMetric.Billed, month));

    private static decimal Billed(JobBooks books, string month, DateTimeOffset asOf) => books.Books.Costs.Run(new CostQuery
    {
        From = BillingMonth.Parse(month),
        To = BillingMonth.Parse(month),
        Metric = CostMetric.Billed,
        AsOf = asOf,
    }).Proofs.Sum(p => (decimal)p.TotalNanos) / 1_000_000_000m;

    /// <summary>A format that is stopped when it is to read a second delivery.</summary>
    private sealed class StopsAtSecond(ILineFormat format, CancellationTokenSource stop) : ILineFormat
    {
        private int _reads;

        public string Kind => format.Kind;

        public IReadOnlyDictionary<string, string> Profiles => format.Profiles;

        public int MappingVersion => format.MappingVersion;

        public FormatReport Read(FormatRequest request, LineEncoder encoder, CancellationToken cancellationToken)
        {
            if (++_reads == 2)
            {
                stop.Cancel();
                cancellationToken.ThrowIfCancellationRequested();
            }

            return format.Read(request, encoder, cancellationToken);
        }

        public IReadOnlyList<RawRow> ReadRows(ContentObject content, IReadOnlyList<long> rowNumbers, CancellationToken cancellationToken) =>
            format.ReadRows(content, rowNumbers, cancellationToken);
    }
}

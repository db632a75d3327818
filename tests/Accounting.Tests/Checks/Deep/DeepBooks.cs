using CiCost.Accounting.Booking;
using CiCost.Accounting.Checks;
using CiCost.Accounting.Checks.Deep;
using CiCost.Accounting.Policies;
using CiCost.Accounting.Tests.Jobs;
using CiCost.CostIngest.Formats;
using CiCost.Domain.Checks;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Ledger;
using CiCost.Ledger.Deliveries;
using CiCost.Ledger.Evidence;
using CiCost.Ledger.Sources;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;
using Microsoft.Data.Sqlite;

namespace CiCost.Accounting.Tests.Checks.Deep;

/// <summary>
/// Books with a row in every table: three deliveries of a bill with prices, tags and resources, amounts beyond 64 bits, a row that was set aside,
/// job runs and their values, two rule sets, evidence with figures and without, a feed, runs, a pull, a note. Delivery 3 is the current bill. They
/// are made once; each damage is done to a copy, whose raw objects are those of the original.
/// </summary>
internal sealed class DeepBooks : IDisposable
{
    private const string Header =
        "BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ChargeClass,"
        + "ChargeDescription,ChargeFrequency,BilledCost,EffectiveCost,ListCost,ContractedCost,ProviderName,PublisherName,InvoiceIssuerName,"
        + "InvoiceId,ServiceCategory,ServiceName,RegionId,RegionName,SubAccountId,SubAccountName,ResourceId,ResourceName,ConsumedQuantity,"
        + "ConsumedUnit,PricingQuantity,PricingUnit,ListUnitPrice,ContractedUnitPrice,Tags,x_RunnerLabel,x_Repository";

    private static readonly BillingMonth July = new(2026, 7);

    private readonly TempFolder _folder = new();
    private readonly string _original;
    private readonly string _copy;
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 8, 2, 0, 0, 0, TimeSpan.Zero));

    private DeepBooks(BookFixture books)
    {
        _original = Path.Combine(_folder.FullName, "books.db");
        _copy = Path.Combine(_folder.FullName, "copy.db");
        books.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        File.Copy(books.Books.Path, _original);
        foreach (var stored in Directory.EnumerateFiles(books.Books.Path + ".objects", "*.gz", SearchOption.AllDirectories))
        {
            var folder = Directory.CreateDirectory(Path.Combine(_copy + ".objects", Path.GetFileName(stored)[..2]));
            File.Copy(stored, Path.Combine(folder.FullName, Path.GetFileName(stored)));
        }
    }

    /// <summary>The bytes of the undamaged books.</summary>
    public byte[] Original => File.ReadAllBytes(_original);

    /// <summary>The undamaged books, written anew in pages of a size.</summary>
    public byte[] WithPagesOf(int pageBytes)
    {
        var path = Path.Combine(_folder.FullName, "pages.db");
        File.Delete(path);
        using (var connection = Open(_original))
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA page_size = {pageBytes}; VACUUM INTO '{path}'";
            command.ExecuteNonQuery();
        }

        return File.ReadAllBytes(path);
    }

    /// <summary>Where damage is done.</summary>
    public string CopyPath => _copy;

    public static async Task<DeepBooks> MakeAsync()
    {
        using var jobs = await JobBooks.OpenAsync();
        var books = jobs.Books;
        books.Time.Advance(TimeSpan.FromDays(91));
        foreach (var price in (string[])["1.0000000004", "2.0000000004", "3.0000000004"])
        {
            await books.DeliverAsync(Request("bill"), Bill(price));
        }

        await books.DeliverAsync(Request("loose") with { AllowQuarantine = true },
            BillLine.File([BillLine.ALine().On("2026-07-01"), BillLine.ALine().On("2026-07-01").Billed("1.5.5")]));
        await books.DeliverAsync(Request("wide"), BillLine.File([BillLine.ALine().On("2026-07-01").In("IDR").Costing("12000000000.5")]));
        await jobs.DeliverAsync(jobs.Job("bill.small", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"),
            jobs.Job("gpu.mi300", "2026-07-01T00:00:00Z", "2026-07-01T02:00:00Z"));
        await jobs.DeliverAsync(jobs.Job("cloud.small", "2026-07-02T00:00:00Z", "2026-07-02T00:30:00Z"));
        await jobs.ValueAsync();
        var policy = new FleetPolicy();
        await books.AttributeAsync((policy with { Rates = policy.Rates.Replace("\"0.20\"", "\"0.30\"", StringComparison.Ordinal) }).Read());
        await jobs.ValueAsync();
        await new EvidenceStore(books.Books).RecordAsync("invoices", July, "*", "1", [], [Invoice()], CancellationToken.None);
        using var folder = new TempFolder();
        var prices = Path.Combine(folder.FullName, "prices.json");
        await File.WriteAllTextAsync(prices, "{}");
        var stored = await books.Books.Objects.PutAsync(prices, long.MaxValue, CancellationToken.None);
        await new EvidenceStore(books.Books).RecordAsync("prices", July, "*", "1", [("prices.json", stored)], [], CancellationToken.None);
        await new FeedDirectory(books.Books).ReplaceAsync([new Feed("bill", "drop-folder", 48, null, default)], CancellationToken.None);
        var runs = new SourceRunDirectory(books.Books);
        var run = await runs.BeginAsync("bill", PullCause.Schedule, new MonthRange(July, July), CancellationToken.None);
        await runs.EndAsync(run, RunOutcome.Succeeded, new RunCounts(1, 1, 0, 8), null, null, CancellationToken.None);
        await new PullDirectory(books.Books).TakeAsync(new TakenOffer
        {
            SourceKey = "bill",
            BillingMonth = July,
            Part = "*",
            Version = "3",
            RunId = run,
            DeliveryId = 3,
            PublishedAt = books.Time.GetUtcNow(),
            Description = "bill.csv",
        }, CancellationToken.None);
        await new DeliveryNotes(books.Books).RecordAsync(3, "ends-month", "said so", CancellationToken.None);
        return new DeepBooks(books);
    }

    /// <summary>Damages a fresh copy.</summary>
    public void Damage(Action<SqliteConnection> damage)
    {
        Reset(Original);
        using var connection = Open(_copy);
        damage(connection);
    }

    /// <summary>Makes the copy of these bytes.</summary>
    public void Reset(byte[] bytes)
    {
        foreach (var file in (string[])[_copy, _copy + "-wal", _copy + "-shm"])
        {
            File.Delete(file);
        }

        File.WriteAllBytes(_copy, bytes);
    }

    /// <summary>A connection past the ledger.</summary>
    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False;Foreign Keys=False");
        connection.Open();
        return connection;
    }

    /// <summary>Runs the deep check on the copy; what does not hold, as one line each.</summary>
    public async Task<IReadOnlyList<CheckOutcome>> CheckAsync(bool isDeep = true)
    {
        using var books = await Books.OpenAsync(_copy, TimeSpan.FromSeconds(60), _time, CancellationToken.None);
        var policies = new PolicyShelf(books);
        var checks = new RunChecks(books, policies);
        return isDeep ? checks.RunDeep(null, Replay(books, policies)) : checks.Run(null);
    }

    /// <summary>What reads raw objects in tests: with the caches of the fixture's bookings.</summary>
    public static ReplayBooks Replay(Books books, PolicyShelf policies) =>
        new(books, policies, LineFormats.All(), LineFormats.Jobs(), BookFixture.Options, CancellationToken.None);

    /// <summary>What does not hold, one line each.</summary>
    public static HashSet<string> Failures(IEnumerable<CheckOutcome> outcomes) =>
        [.. outcomes.SelectMany(o => o.Failures).Select(f => $"{f.Check}: {f.Where}: {f.Message} [{f.Expected} | {f.Actual}]")];

    public void Dispose() => _folder.Dispose();

    private static BookDeliveryRequest Request(string source) => new() { SourceKey = source, Kind = "focus-csv", BillingMonth = July };

    private static ControlFigure Invoice() => new()
    {
        PayerAccount = "acct-1",
        BillingMonth = July,
        Currency = "USD",
        Measure = ControlMeasure.Payable,
        Breakdown = ControlBreakdown.Invoice,
        Item = "invoice-1",
        AmountNanos = 10_000_000_000,
    };

    private static string Bill(string price) => string.Join('\n',
    [
        Header,
        .. Enumerable.Range(1, 4).SelectMany(day => (string[])
        [
            Row(day, "Machines", price, "machine-1", "bill.small"), Row(day, "Machines", "0.5", "machine-2", "bill.large"),
            Row(day, "Disks", "0.25", "disk-1", ""),
        ]),
        price[0] == '1' ? Row(5, "Gone", "1", "gone-1", "") : Row(5, "Machines", "1", "machine-1", "bill.small"),
    ]) + "\n";

    private static string Row(int day, string service, string cost, string resource, string label) =>
        $"acct-1,USD,2026-07-01T00:00:00Z,2026-08-01T00:00:00Z,2026-07-0{day}T00:00:00Z,2026-07-0{day + 1}T00:00:00Z,Usage,,{service} hours,Usage-Based,"
        + $"{cost},{cost},{cost},{cost},AWS,AWS,AWS,,Compute,{service},us-east-1,Virginia,sub-1,Sub one,{resource},Name of {resource},2.5,Hours,2.5,"
        + $"Hours,0.4,0.4,\"{{\"\"team\"\":\"\"ci\"\"}}\",{label},";
}

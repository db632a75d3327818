using CiCost.Accounting.Attribution;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Checks;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Policies;
using CiCost.CostIngest.Formats;
using CiCost.Domain.Checks;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Sources;
using CiCost.Policy;
using Microsoft.Data.Sqlite;

namespace CiCost.TestKit.Bookkeeping;

/// <summary>Where the books of a test lie.</summary>
public enum BookPlace
{
    /// <summary>In memory when the system has <c>/dev/shm</c>, else on disk.</summary>
    Memory,

    /// <summary>In the folder for temporary files.</summary>
    Disk,
}

/// <summary>
/// Books in a folder of their own, booked through the same use cases, format and files as in production, with a clock that a test moves.
/// </summary>
public sealed class BookFixture : IDisposable
{
    private const string SharedMemory = "/dev/shm";

    /// <summary>The caches of production are made for millions of rows and cost more than all else here.</summary>
    public static readonly BookDeliveryOptions Options = new()
    {
        EncoderLimits = new LineEncoderLimits { ResourceCacheEntries = 1024, TagSetCacheEntries = 1024, UnitPriceCacheEntries = 1024 },
    };

    private readonly DirectoryInfo _folder;
    private readonly BookDelivery _booking;
    private long _files;

    private BookFixture(DirectoryInfo folder, Books books, ManualTime time)
    {
        _folder = folder;
        Books = books;
        Time = time;
        Policies = new PolicyShelf(books);
        Costs = new QueryCosts(books, Policies);
        _booking = new BookDelivery(books, Policies, LineFormats.All(), LineFormats.Jobs(), Options);
    }

    /// <summary>The books.</summary>
    public Books Books { get; }

    /// <summary>Their clock.</summary>
    public ManualTime Time { get; }

    /// <summary>Their policies.</summary>
    public PolicyShelf Policies { get; }

    /// <summary>Answers about costs.</summary>
    public QueryCosts Costs { get; }

    /// <summary>Opens empty books under a policy.</summary>
    public static async Task<BookFixture> OpenAsync(PolicyText? policy = null, BookPlace place = BookPlace.Memory)
    {
        var folder = place == BookPlace.Memory && Directory.Exists(SharedMemory)
            ? Directory.CreateDirectory(Path.Combine(SharedMemory, "cicost-test-" + Guid.NewGuid().ToString("N")))
            : Directory.CreateTempSubdirectory("cicost-test-");
        var time = new ManualTime(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        var books = await Books.OpenAsync(Path.Combine(folder.FullName, "books.db"), TimeSpan.FromSeconds(60), time,
            CancellationToken.None);
        var fixture = new BookFixture(folder, books, time);
        await fixture.AttributeAsync((policy ?? PolicyText.Boring).Read());
        return fixture;
    }

    /// <summary>Makes a policy the current one.</summary>
    public Task<AttributeResult> AttributeAsync(PolicySet policy)
        => new AttributeBooks(Books, Policies).RunAsync(policy, CancellationToken.None);

    /// <summary>Books lines as one file of a source that replaces.</summary>
    public Task<BookDeliveryResult> DeliverAsync(string source, string month, params IEnumerable<BillLine> lines) =>
        DeliverAsync(new BookDeliveryRequest { SourceKey = source, Kind = "focus-csv", BillingMonth = BillingMonth.Parse(month) },
            BillLine.File(lines));

    /// <summary>Books a text as the one file of a request.</summary>
    public Task<BookDeliveryResult> DeliverAsync(BookDeliveryRequest request, string text) =>
        DeliverAsync(request, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Books bytes as the one file of a request; the clock moves on by a second, so that every booking has an instant of its
    /// own.</summary>
    public async Task<BookDeliveryResult> DeliverAsync(BookDeliveryRequest request, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(request);
        Time.Advance(TimeSpan.FromSeconds(1));
        var path = Path.Combine(_folder.FullName, $"bill-{_files++}.csv");
        await File.WriteAllBytesAsync(path, content);
        try
        {
            return await _booking.RunAsync(request with { Files = [path] }, null, CancellationToken.None);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Books files under names of their own, in order.</summary>
    public async Task<BookDeliveryResult> DeliverFilesAsync(BookDeliveryRequest request, params (string Name, byte[] Content)[] files)
    {
        ArgumentNullException.ThrowIfNull(request);
        Time.Advance(TimeSpan.FromSeconds(1));
        var folder = _folder.CreateSubdirectory($"files-{_files++}");
        foreach (var (name, content) in files)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, name), content);
        }

        return await _booking.RunAsync(request with { Files = [.. files.Select(f => Path.Combine(folder.FullName, f.Name))] }, null,
            CancellationToken.None);
    }

    /// <summary>A request to append: every part is a scope of its own.</summary>
    public static BookDeliveryRequest Part(string source, string month, string part) => new()
    {
        SourceKey = source,
        Kind = "focus-csv",
        Mode = SourceMode.Append,
        BillingMonth = BillingMonth.Parse(month),
        Part = part,
    };

    /// <summary>The answer to a question about one month.</summary>
    public CostAnswer Ask(CostMetric metric, string month, TimeAxis axis = TimeAxis.Charge, params string[] groupBy)
        => Costs.Run(new CostQuery
        {
            From = BillingMonth.Parse(month),
            To = BillingMonth.Parse(month),
            Metric = metric,
            Axis = axis,
            GroupBy = groupBy,
        });

    /// <summary>The total of a metric in a month, in units of the currency; 0 when there are no lines.</summary>
    public decimal Total(CostMetric metric, string month, TimeAxis axis = TimeAxis.Charge, string currency = "USD") =>
        Ask(metric, month, axis).Proofs.Where(p => p.Currency == currency).Sum(p => (decimal)p.TotalNanos) / 1_000_000_000m;

    /// <summary>Runs every check.</summary>
    public IReadOnlyList<CheckOutcome> Check() => new RunChecks(Books, Policies).Run(null);

    /// <summary>The names of the checks that fail.</summary>
    public IReadOnlyList<string> FailingChecks() => [.. Check().Where(o => o.State == CheckState.Fails).Select(o => o.Check)];

    /// <summary>Runs SQL past the ledger, foreign keys off: to sabotage, or to look.</summary>
    public SqliteConnection OpenRaw()
    {
        var connection = new SqliteConnection($"Data Source={Books.Path};Pooling=False;Foreign Keys=False");
        connection.Open();
        return connection;
    }

    /// <summary>Runs a statement past the ledger; returns the rows that it changed.</summary>
    public int Execute(string sql)
    {
        using var connection = OpenRaw();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    /// <summary>The first value of a query past the ledger, as text.</summary>
    public string Scalar(string sql)
    {
        using var connection = OpenRaw();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>The path of the stored object.</summary>
    public string PathOfObject(string sha256) => Path.Combine(Books.Path + ".objects", sha256[..2], sha256 + ".gz");

    /// <inheritdoc/>
    public void Dispose()
    {
        Books.Dispose();
        _folder.Delete(recursive: true);
    }
}

using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostIngest.Tests.Sources.Aws;

/// <summary>Makes sources from YAML as sources.yaml holds them, with keys in files and a clock whose waits pass at once.</summary>
internal sealed class AwsSources : IDisposable
{
    private static readonly BookDeliveryOptions Small = new()
    {
        EncoderLimits = new LineEncoderLimits { ResourceCacheEntries = 1024, TagSetCacheEntries = 1024, UnitPriceCacheEntries = 1024 },
    };

    private readonly TempFolder _folder = new();
    private int _fetches;

    // Waits between repeats are shorter than the limits of downloads and attempts, which never fire.
    public ManualTime Clock { get; } = new(DateTimeOffset.Parse("2026-07-16T12:00:00Z")) { Skips = wait => wait < TimeSpan.FromSeconds(59) };

    /// <summary>Settings of the keys; the secret stands in a file.</summary>
    public string Keys(string id = "AKIATEST", string secret = "test-secret", string? token = null)
    {
        var text = $"\n    accessKeyId: file:{Secret(id)}\n    secretAccessKey: file:{Secret(secret)}";
        return token is null ? text : $"{text}\n    sessionToken: file:{Secret(token)}";
    }

    /// <summary>A source with the settings of a connector.</summary>
    public SourceSetup Make(ISourceConnector connector, string settings)
    {
        var file = SourcesFile.Parse("sources.yaml", $"sources:\n  - key: it\n    connector: {connector.Name}{settings}\n");
        return SourceCatalogue.Read(file, [connector], _ => new SourceServices(Clock, _folder.File("state"))).Find("it")!.Value.Setup;
    }

    /// <summary>The sources of a text as sources.yaml holds it.</summary>
    public SourceCatalogue Catalogue(string yaml) => SourceCatalogue.Read(
        SourcesFile.Parse("sources.yaml", yaml), Connectors.All(), key => new SourceServices(Clock, _folder.File("state", key)));

    /// <summary>Pulls into books, as production does.</summary>
    public static Task<PullResult> Pull(BookFixture books, SourceCatalogue catalogue, string key, string first, string last)
    {
        books.Time.Advance(TimeSpan.FromSeconds(1));
        var booking = new BookDelivery(books.Books, books.Policies, LineFormats.All(), LineFormats.Jobs(), Small);
        return new PullSources(books.Books, catalogue, booking)
            .RunAsync(key, new MonthRange(BillingMonth.Parse(first), BillingMonth.Parse(last)), PullCause.Command, default);
    }

    /// <summary>The offers of months.</summary>
    public static async Task<IReadOnlyList<Offer>> Find(ISource source, string first, string last)
    {
        List<Offer> offers = [];
        await foreach (var offer in source.FindAsync(new MonthRange(BillingMonth.Parse(first), BillingMonth.Parse(last)), default))
        {
            offers.Add(offer);
        }

        return offers;
    }

    /// <summary>Fetches into an empty folder.</summary>
    public Task<Fetched> Fetch(ISource source, Offer offer)
    {
        var folder = _folder.File($"fetch-{++_fetches}");
        Directory.CreateDirectory(folder);
        return source.FetchAsync(offer, folder, default);
    }

    /// <summary>The code of the error that fetching ends with; the folder must be left without a part of a file.</summary>
    public SourceException FetchError(ISource source, Offer offer)
    {
        var error = Assert.ThrowsAsync<SourceException>(() => Fetch(source, offer));
        Assert.That(error.ToString(), Does.Not.Contain("test-secret"));
        return error;
    }

    public string Folder => _folder.FullName;

    public void Dispose() => _folder.Dispose();

    private string Secret(string value) => _folder.Write($"secrets/{Guid.NewGuid():N}", value);
}

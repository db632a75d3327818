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

namespace CiCost.CostIngest.Tests.Sources;

/// <summary>One source from the text of a sources.yaml, with a clock whose waits pass at once and a folder for secrets.</summary>
internal sealed class SourceRig : IDisposable
{
    // Shorter than any time limit of a chain or a download.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(45);

    private readonly TempFolder _folder = new();
    private readonly SourceCatalogue _catalogue;
    private int _fetches;

    /// <summary>Makes the source <c>feed</c>.</summary>
    /// <param name="now">What the source's clock says.</param>
    /// <param name="settings">Its settings below key and connector, one per line; FOLDER stands for the rig's folder.</param>
    /// <param name="secrets">Files of the folder.</param>
    public SourceRig(
        string now, ISourceConnector connector, string settings, IReadOnlyDictionary<string, string>? secrets = null, TimeProvider? time = null)
    {
        Time = new ManualTime(DateTimeOffset.Parse(now, null)) { Skips = wait => wait <= LongestWait };
        foreach (var (name, secret) in secrets ?? new Dictionary<string, string>())
        {
            _folder.Write(name, secret);
        }

        var lines = settings.Replace("FOLDER", _folder.FullName, StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var yaml = $"sources:\n  - key: feed\n    connector: {connector.Name}\n{string.Concat(lines.Select(l => "    " + l.TrimEnd() + "\n"))}";
        _catalogue = SourceCatalogue.Read(SourcesFile.Parse("sources.yaml", yaml), [connector],
            _ => new SourceServices(time ?? Time, _folder.File("state")));
        Setup = _catalogue.Find("feed")!.Value.Setup;
    }

    public ManualTime Time { get; }

    public SourceSetup Setup { get; }

    public ISource Source => Setup.Source;

    /// <summary>Replaces a secret.</summary>
    public void Write(string name, string secret) => _folder.Write(name, secret);

    /// <summary>Everything that is offered.</summary>
    public async Task<List<Offer>> FindAsync(string first, string? last = null)
    {
        List<Offer> offers = [];
        await foreach (var offer in Source.FindAsync(Range(first, last), CancellationToken.None))
        {
            offers.Add(offer);
        }

        return offers;
    }

    /// <summary>Fetches into a folder of its own.</summary>
    public Task<Fetched> FetchAsync(Offer offer) =>
        Source.FetchAsync(offer, Directory.CreateDirectory(_folder.File($"fetched-{_fetches++}")).FullName, CancellationToken.None);

    /// <summary>The only offer of a month, fetched.</summary>
    public async Task<FetchedDelivery> FetchOnlyAsync(string month) => (FetchedDelivery)await FetchAsync((await FindAsync(month)).Single());

    /// <summary>Files of failed and other fetches that are still there.</summary>
    public IReadOnlyList<string> FetchedFiles() => [.. Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories)
        .Where(f => f.Contains("fetched-", StringComparison.Ordinal)).Select(Path.GetFileName).OfType<string>()];

    /// <summary>Pulls into books, as production does.</summary>
    public async Task<PullResult> PullAsync(BookFixture books, string first, string? last = null)
    {
        var options = new BookDeliveryOptions
        {
            EncoderLimits = new LineEncoderLimits { ResourceCacheEntries = 1024, TagSetCacheEntries = 1024, UnitPriceCacheEntries = 1024 },
        };
        books.Time.Advance(TimeSpan.FromSeconds(1));
        var booking = new BookDelivery(books.Books, books.Policies, LineFormats.All(), LineFormats.Jobs(), options);
        return await new PullSources(books.Books, _catalogue, booking)
            .RunAsync("feed", Range(first, last), PullCause.Command, CancellationToken.None);
    }

    public void Dispose()
    {
        (Source as IDisposable)?.Dispose();
        _folder.Dispose();
    }

    private static MonthRange Range(string first, string? last) => new(BillingMonth.Parse(first), BillingMonth.Parse(last ?? first));
}

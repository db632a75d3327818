using System.IO.Compression;
using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;
using CiCost.Policy;
using CiCost.Policy.Sources;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostIngest.Tests.Sources.Rig;

/// <summary>Sources as sources.yaml makes them, with a folder and a clock of their own. Months are <c>2026-07</c> or <c>2026-05..2026-07</c>.</summary>
internal sealed class SourceRig : IDisposable
{
    /// <summary>The key of a source that is alone.</summary>
    public const string Only = "bill";

    /// <summary>Below all limits of what downloads, and above its waits.</summary>
    public static readonly TimeSpan OfDownloads = TimeSpan.FromSeconds(59);

    // The limits of an attempt and of a request, and the budget of a run.
    private static readonly TimeSpan[] Limits = [TimeSpan.FromSeconds(100), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(60)];

    private int _fetches;

    /// <summary>Makes a clock whose waits pass at once, while limits stand still.</summary>
    /// <param name="now">What it says.</param>
    /// <param name="limit">What is as long as this is a limit; unless told, only the limits of the sources of CI systems are.</param>
    public SourceRig(string now = "2026-07-15T12:00:00Z", TimeSpan? limit = null) => Time = new ManualTime(DateTimeOffset.Parse(now))
    {
        Skips = wait => limit is null ? !Limits.Contains(wait) : wait < limit,
    };

    public ManualTime Time { get; }

    public TempFolder Folder { get; } = new();

    /// <summary>Where the only source keeps its state.</summary>
    public string State => StateOf(Only);

    /// <summary>The sources of a text as sources.yaml holds it.</summary>
    public SourceCatalogue Read(string yaml) => SourceCatalogue.Read(
        SourcesFile.Parse("sources.yaml", yaml), Connectors.All(), key => new SourceServices(Time, StateOf(key)));

    /// <summary>The only source of a file, with these settings.</summary>
    public SourceSetup Setup(string connector, params string[] settings) => Of(Read(Yaml(connector, settings)));

    /// <summary>The only source of a file, of this connector.</summary>
    /// <param name="settings">Its settings below key and connector, one per line, indented alike.</param>
    public SourceSetup Setup(ISourceConnector connector, string settings) =>
        Of(Catalogue(connector, settings, new SourceServices(Time, State)));

    public static SourceSetup Of(SourceCatalogue catalogue) => catalogue.Find(Only)!.Value.Setup;

    /// <inheritdoc cref="Setup(ISourceConnector, string)"/>
    public static SourceCatalogue Catalogue(ISourceConnector connector, string settings, SourceServices services)
    {
        var lines = settings.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var indent = lines.Length == 0 ? 0 : lines[0].Length - lines[0].TrimStart().Length;
        var file = SourcesFile.Parse("sources.yaml", Yaml(connector.Name, lines.Select(l => l[indent..].TrimEnd())));
        return SourceCatalogue.Read(file, [connector], _ => services);
    }

    /// <summary>The mistakes that a file with these settings has.</summary>
    public string Mistakes(string connector, params string[] settings) =>
        string.Join('\n', Assert.Throws<PolicyException>(() => Setup(connector, settings))!.Errors);

    public static Task<List<Offer>> FindAsync(SourceSetup setup, string months = "2026-07") => FindAsync(setup.Source, months);

    public static async Task<List<Offer>> FindAsync(ISource source, string months)
    {
        List<Offer> offers = [];
        await foreach (var offer in source.FindAsync(Range(months), CancellationToken.None))
        {
            offers.Add(offer);
        }

        return offers;
    }

    /// <summary>Fetches a delivery into a new folder.</summary>
    public async Task<FetchedDelivery> FetchAsync(SourceSetup setup, Offer offer) => (FetchedDelivery)await FetchAsync(setup.Source, offer);

    /// <summary>Fetches into a new folder.</summary>
    public Task<Fetched> FetchAsync(ISource source, Offer offer) =>
        source.FetchAsync(offer, Directory.CreateDirectory(Folder.File($"fetched-{_fetches++}")).FullName, CancellationToken.None);

    /// <summary>Everything that a find and the fetches after it give: a whole delivery, or the code of the first error.</summary>
    public async Task<(string? Code, IReadOnlyList<FetchedDelivery> Deliveries)> TakeAsync(SourceSetup setup, string months = "2026-07")
    {
        List<FetchedDelivery> deliveries = [];
        try
        {
            foreach (var offer in await FindAsync(setup, months))
            {
                deliveries.Add(await FetchAsync(setup, offer));
            }

            return (null, deliveries);
        }
        catch (SourceException exception)
        {
            return (exception.Code, deliveries);
        }
    }

    /// <summary>The lines of files, decompressed.</summary>
    public static IReadOnlyList<string> Lines(IEnumerable<FetchedDelivery> deliveries)
    {
        List<string> lines = [];
        foreach (var file in deliveries.SelectMany(d => d.Files))
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            while (reader.ReadLine() is { } line)
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    /// <summary>The use case over these settings.</summary>
    public PullSources Pulling(BookFixture books, string connector, params string[] settings) => Pulling(books, Read(Yaml(connector, settings)));

    public static PullSources Pulling(BookFixture books, SourceCatalogue catalogue) =>
        new(books.Books, catalogue, new BookDelivery(books.Books, books.Policies, LineFormats.All(), LineFormats.Jobs(), Options));

    public static Task<PullResult> RunAsync(PullSources pulling, string months = "2026-07", string key = Only) =>
        pulling.RunAsync(key, Range(months), PullCause.Command, CancellationToken.None);

    /// <summary>Pulls into books a second later.</summary>
    public static Task<PullResult> PullAsync(BookFixture books, SourceCatalogue catalogue, string months, string key = Only)
    {
        books.Time.Advance(TimeSpan.FromSeconds(1));
        return RunAsync(Pulling(books, catalogue), months, key);
    }

    public static MonthRange Range(string months)
    {
        var parts = months.Split("..");
        return new MonthRange(BillingMonth.Parse(parts[0]), BillingMonth.Parse(parts[^1]));
    }

    /// <inheritdoc/>
    public void Dispose() => Folder.Dispose();

    private string StateOf(string key) => Folder.File("state", key);

    private static string Yaml(string connector, IEnumerable<string> settings) =>
        $"sources:\n  - key: {Only}\n    connector: {connector}{string.Concat(settings.Select(s => $"\n    {s}"))}\n";

    private static readonly BookDeliveryOptions Options = new()
    {
        EncoderLimits = new LineEncoderLimits { ResourceCacheEntries = 64, TagSetCacheEntries = 64, UnitPriceCacheEntries = 64 },
    };
}

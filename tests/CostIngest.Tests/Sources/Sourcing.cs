using System.IO.Compression;
using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;
using CiCost.Policy;
using CiCost.Policy.Sources;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostIngest.Tests.Sources;

/// <summary>A source as sources.yaml makes it, with a state folder and a clock of its own.</summary>
internal sealed class Sourcing : IDisposable
{
    private readonly TempFolder _folder = new();
    private int _fetches;

    public Sourcing(string now = "2026-07-15T12:00:00Z") => Time = new ManualTime(DateTimeOffset.Parse(now))
    {
        // The limits of an attempt and of a request, and the budget of a run, stand still; all waits pass at once.
        Skips = d => d != TimeSpan.FromSeconds(100) && d != TimeSpan.FromMinutes(15) && d != TimeSpan.FromMinutes(60),
    };

    public ManualTime Time { get; }

    public TempFolder Folder => _folder;

    public SourceServices Services => new(Time, _folder.File("state"));

    /// <summary>Makes the source of a file with one source, whose settings are these lines.</summary>
    public SourceSetup Setup(string connector, params string[] settings) => Catalogue(connector, settings).Find("bill")!.Value.Setup;

    public SourceCatalogue Catalogue(string connector, params string[] settings)
    {
        var lines = string.Concat(settings.Select(s => $"\n    {s}"));
        var text = $"sources:\n  - key: bill\n    connector: {connector}{lines}\n";
        return SourceCatalogue.Read(SourcesFile.Parse("sources.yaml", text), Connectors.All(), _ => Services);
    }

    /// <summary>The mistakes that a file with these settings has.</summary>
    public string Mistakes(string connector, params string[] settings) =>
        string.Join('\n', Assert.Throws<PolicyException>(() => Catalogue(connector, settings))!.Errors);

    public static async Task<IReadOnlyList<Offer>> FindAsync(SourceSetup setup, string months = "2026-07")
    {
        List<Offer> offers = [];
        await foreach (var offer in setup.Source.FindAsync(Range(months), CancellationToken.None))
        {
            offers.Add(offer);
        }

        return offers;
    }

    /// <summary>Fetches into a new folder.</summary>
    public async Task<FetchedDelivery> FetchAsync(SourceSetup setup, Offer offer)
    {
        var folder = _folder.File("fetch-" + _fetches++);
        Directory.CreateDirectory(folder);
        return (FetchedDelivery)await setup.Source.FetchAsync(offer, folder, CancellationToken.None);
    }

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
    public PullSources Pulling(BookFixture books, string connector, params string[] settings) => new(
        books.Books, Catalogue(connector, settings), Booking(books));

    public static BookDelivery Booking(BookFixture books) => new(books.Books, books.Policies, LineFormats.All(), LineFormats.Jobs(), Options);

    public static Task<PullResult> RunAsync(PullSources pulling, string months = "2026-07", CancellationToken cancellationToken = default) =>
        pulling.RunAsync("bill", Range(months), PullCause.Command, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    public static MonthRange Range(string months)
    {
        var parts = months.Split("..");
        return new MonthRange(BillingMonth.Parse(parts[0]), BillingMonth.Parse(parts[^1]));
    }

    private static readonly BookDeliveryOptions Options = new()
    {
        EncoderLimits = new Domain.Lines.LineEncoderLimits { ResourceCacheEntries = 64, TagSetCacheEntries = 64, UnitPriceCacheEntries = 64 },
    };
}

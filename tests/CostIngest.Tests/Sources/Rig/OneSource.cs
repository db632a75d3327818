using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostIngest.Tests.Sources.Rig;

/// <summary>A rig with the one source that a test is about.</summary>
internal sealed class OneSource : IDisposable
{
    private readonly SourceRig _rig;
    private readonly SourceCatalogue _catalogue;

    /// <summary>Makes the source.</summary>
    /// <param name="now">What the source's clock says.</param>
    /// <param name="settings">Its settings below key and connector, one per line; FOLDER stands for the rig's folder.</param>
    /// <param name="secrets">Files of the folder.</param>
    public OneSource(
        string now, ISourceConnector connector, string settings, IReadOnlyDictionary<string, string>? secrets = null, TimeProvider? time = null)
    {
        _rig = new SourceRig(now, SourceRig.OfDownloads);
        foreach (var (name, secret) in secrets ?? new Dictionary<string, string>())
        {
            Write(name, secret);
        }

        _catalogue = SourceRig.Catalogue(
            connector, settings.Replace("FOLDER", _rig.Folder.FullName, StringComparison.Ordinal), new SourceServices(time ?? Time, _rig.State));
        Setup = SourceRig.Of(_catalogue);
    }

    public ManualTime Time => _rig.Time;

    public SourceSetup Setup { get; }

    public ISource Source => Setup.Source;

    /// <summary>Replaces a secret.</summary>
    public void Write(string name, string secret) => _rig.Folder.Write(name, secret);

    /// <summary>Everything that is offered.</summary>
    public Task<List<Offer>> FindAsync(string first, string? last = null) => SourceRig.FindAsync(Source, $"{first}..{last ?? first}");

    /// <summary>Fetches into a folder of its own.</summary>
    public Task<Fetched> FetchAsync(Offer offer) => _rig.FetchAsync(Source, offer);

    /// <summary>The only offer of a month, fetched.</summary>
    public async Task<FetchedDelivery> FetchOnlyAsync(string month) => (FetchedDelivery)await FetchAsync((await FindAsync(month)).Single());

    /// <summary>Files of failed and other fetches that are still there.</summary>
    public IReadOnlyList<string> FetchedFiles() => [.. Directory.EnumerateFiles(_rig.Folder.FullName, "*", SearchOption.AllDirectories)
        .Where(f => f.Contains("fetched-", StringComparison.Ordinal)).Select(Path.GetFileName).OfType<string>()];

    /// <summary>Pulls into books, as production does.</summary>
    public Task<PullResult> PullAsync(BookFixture books, string first, string? last = null) =>
        SourceRig.PullAsync(books, _catalogue, $"{first}..{last ?? first}");

    public void Dispose()
    {
        (Source as IDisposable)?.Dispose();
        _rig.Dispose();
    }
}

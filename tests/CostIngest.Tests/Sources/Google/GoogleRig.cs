using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Http;
using CiCost.Domain.Periods;
using CiCost.Policy.Sources;
using CiCost.TestKit;

namespace CiCost.CostIngest.Tests.Sources.Google;

/// <summary>Makes sources from settings as sources.yaml has them, with waits that end at once.</summary>
internal static class GoogleRig
{
    public static HttpChainOptions Fast(HttpChainOptions options) =>
        options with { FirstWait = TimeSpan.FromMilliseconds(1), LongestWait = TimeSpan.FromMilliseconds(2) };

    public static SourceSetup Setup(ISourceConnector connector, string settings, TimeProvider? time = null)
    {
        var file = SourcesFile.Parse("sources.yaml", $"sources:\n  - key: x\n    connector: {connector.Name}\n"
            + string.Concat(settings.TrimEnd().Split('\n').Select(l => $"    {l.TrimEnd()}\n")));
        var setup = connector.Create(file.Entries[0].Settings, new SourceServices(time ?? TimeProvider.System, "unused"));
        file.Check();
        return setup;
    }

    public static MonthRange Months(string first, string last) => new(BillingMonth.Parse(first), BillingMonth.Parse(last));

    public static async Task<List<Offer>> FindAsync(ISource source, string first, string last)
    {
        List<Offer> offers = [];
        await foreach (var offer in source.FindAsync(Months(first, last), CancellationToken.None))
        {
            offers.Add(offer);
        }

        return offers;
    }

    public static async Task<(Fetched Fetched, byte[][] Files)> FetchAsync(ISource source, Offer offer)
    {
        using var folder = new TempFolder();
        var fetched = await source.FetchAsync(offer, folder.FullName, CancellationToken.None);
        return (fetched, [.. fetched.Files.Select(File.ReadAllBytes)]);
    }

    public static SourceException Refused(Func<Task> act, string code)
    {
        var error = Assert.ThrowsAsync<SourceException>(() => act())!;
        Assert.That(error.Code, Is.EqualTo(code), error.Message);
        return error;
    }
}

using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Http;
using CiCost.TestKit;

namespace CiCost.CostIngest.Tests.Sources.Google;

/// <summary>Sources in real time, with waits that end at once.</summary>
internal static class GoogleRig
{
    public static HttpChainOptions Fast(HttpChainOptions options) =>
        options with { FirstWait = TimeSpan.FromMilliseconds(1), LongestWait = TimeSpan.FromMilliseconds(2) };

    public static SourceSetup Setup(ISourceConnector connector, string settings, TimeProvider? time = null) =>
        SourceRig.Of(SourceRig.Catalogue(connector, settings, new SourceServices(time ?? TimeProvider.System, "unused")));

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

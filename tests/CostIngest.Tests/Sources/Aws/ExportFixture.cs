using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Aws.Exports;
using CiCost.CostIngest.Tests.Formats;
using CiCost.TestKit.Servers.Aws;

namespace CiCost.CostIngest.Tests.Sources.Aws;

/// <summary>The export of tests/data in the in-process S3, delivered on 2 July 2026; it is 16 July.</summary>
internal sealed class ExportFixture : IAsyncDisposable
{
    public const string Export = "exports/costroid-demo/";
    public const string May = Export + "data/BILLING_PERIOD=2026-05/";
    public const string MayManifest = Export + "metadata/BILLING_PERIOD=2026-05/costroid-demo-Manifest.json";
    public const string June = Export + "data/BILLING_PERIOD=2026-06/20260702T120000Z-a1b2c3d4/costroid-demo-00001.csv.gz";
    public const string JuneManifest = Export + "metadata/BILLING_PERIOD=2026-06/costroid-demo-Manifest.json";

    public static readonly DateTimeOffset Delivered = DateTimeOffset.Parse("2026-07-02T12:00:00Z");

    private static readonly string Layout = Path.Combine(TestFiles.Focus, "layouts", "aws-focus-s3");

    private ExportFixture(FakeS3 s3) => S3 = s3;

    public FakeS3 S3 { get; }

    public SourceRig Rig { get; } = AwsRig.New();

    public DateTimeOffset Now => Rig.Time.GetUtcNow();

    public static async Task<ExportFixture> StartAsync(string layout = "fixture")
    {
        var fixture = new ExportFixture(await FakeS3.StartAsync("demo"));
        fixture.S3.PutFolder(Path.Combine(Layout, layout), Delivered);
        return fixture;
    }

    public void Restate() => S3.PutFolder(Path.Combine(Layout, "restated"), DateTimeOffset.Parse("2026-07-15T09:00:00Z"));

    public ISource Source(string? keys = null, string bucket = "demo", string name = "costroid-demo") => Rig.Setup(
        new AwsDataExportsConnector(),
        $"\n    bucket: {bucket}\n    prefix: exports\n    exportName: {name}\n    endpoint: {S3.Server.Address}{keys ?? Rig.Keys()}").Source;

    public async Task<Offer> Offer(string month, ISource? source = null) => (await SourceRig.FindAsync(source ?? Source(), month)).Single();

    /// <summary>Finds and fetches a month; the content of each file.</summary>
    public async Task<byte[][]> Fetch(string month)
    {
        var source = Source();
        var fetched = (FetchedDelivery)await Rig.FetchAsync(source, await Offer(month, source));
        return [.. fetched.Files.Select(File.ReadAllBytes)];
    }

    public async Task<SourceException> FetchError(string month)
    {
        var source = Source();
        return Rig.FetchError(source, await Offer(month, source));
    }

    /// <summary>A GET of the object that ends so.</summary>
    public static Predicate<Microsoft.AspNetCore.Http.HttpRequest> Of(string ending) =>
        request => request.Path.Value!.EndsWith(ending, StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await S3.DisposeAsync();
        Rig.Dispose();
    }
}

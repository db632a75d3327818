using System.Text;
using CiCost.CostIngest.Sources;
using CiCost.TestKit;
using static CiCost.CostIngest.Tests.Sources.Aws.ExportFixture;

namespace CiCost.CostIngest.Tests.Sources.Aws;

/// <summary>What is offered and fetched from an export that behaves: both modes, restatements, only the manifest's files.</summary>
public sealed class AwsExportTests
{
    private ExportFixture _it = null!;

    [SetUp]
    public async Task Start() => _it = await StartAsync();

    [TearDown]
    public async Task Stop() => await _it.DisposeAsync();

    [Test]
    public async Task Find_BothModes_OffersEachMonthOnce()
    {
        var offers = await SourceRig.FindAsync(_it.Source(), "2026-04..2026-07");

        Assert.That(offers.Select(o => (o.Month.ToString(), o.Part)), Is.EqualTo(new[] { ("2026-05", "*"), ("2026-06", "*") }));
        Assert.That(offers[0].Description, Is.EqualTo("s3://demo/" + MayManifest));
        Assert.That(offers[0].PublishedAt, Is.EqualTo(Delivered.AddSeconds(1)));
        Assert.That(_it.S3.Server.Requests.Select(r => r.Path), Has.None.EndsWith(".csv.gz"));
    }

    [Test]
    public async Task Fetch_ManifestWithObjects_HasItsFilesInOrder()
    {
        var files = await _it.Fetch("2026-05");

        Assert.That(files, Is.EqualTo(new[] { _it.S3.Get(May + "costroid-demo-00001.csv.gz"), _it.S3.Get(May + "costroid-demo-00002.csv.gz") }));
    }

    [Test]
    public async Task Fetch_Restated_HasTheTotalsOfEachDelivery()
    {
        var before = await _it.Offer("2026-06");
        var beforeTotal = await BilledCost(await _it.Fetch("2026-06"));
        _it.Restate();
        var after = await _it.Offer("2026-06");
        var afterTotal = await BilledCost(await _it.Fetch("2026-06"));

        // The totals of the data's own description.
        Assert.That((beforeTotal, afterTotal), Is.EqualTo(("32.7663", "58.1679")));
        Assert.That(after.Version, Is.Not.EqualTo(before.Version));
        Assert.That(after.PublishedAt, Is.EqualTo(DateTimeOffset.Parse("2026-07-15T09:00:01Z")));
    }

    [Test]
    public async Task Find_NothingNew_HasTheSameVersions()
    {
        var first = await SourceRig.FindAsync(_it.Source(), "2026-05..2026-06");
        var second = await SourceRig.FindAsync(_it.Source(), "2026-05..2026-06");

        Assert.That(second.Select(o => o.Version), Is.EqualTo(first.Select(o => o.Version)));
    }

    [Test]
    public async Task Find_SameManifestWrittenAgain_IsAnotherVersion()
    {
        var first = await _it.Offer("2026-05");
        _it.S3.Put(MayManifest, _it.S3.Get(MayManifest), Delivered.AddDays(1));

        Assert.That((await _it.Offer("2026-05")).Version, Is.Not.EqualTo(first.Version));
    }

    [Test]
    public async Task Fetch_ChunkOfAnEarlierDelivery_IsLeftAlone()
    {
        _it.S3.Put(May + "costroid-demo-00003.csv.gz", "stale"u8.ToArray(), Delivered.AddDays(-1));

        Assert.That(await _it.Fetch("2026-05"), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Find_OnlyManifestsOfDeliveries_TakesTheNewest()
    {
        _it.Restate();
        _it.S3.Remove(JuneManifest);

        Assert.That((await _it.Offer("2026-06")).Description, Does.Contain("20260715T090000Z-e5f6a7b8"));
    }

    [Test]
    public async Task Find_PagesOfOneObject_FindsTheSame()
    {
        _it.Restate();
        var whole = await SourceRig.FindAsync(_it.Source(), "2026-05..2026-06");
        _it.S3.PageSize = 1;

        var paged = await SourceRig.FindAsync(_it.Source(), "2026-05..2026-06");

        Assert.That(paged.Select(o => o.Version), Is.EqualTo(whole.Select(o => o.Version)));
        Assert.That(await _it.Fetch("2026-05"), Has.Length.EqualTo(2));
    }

    [Test]
    public void Find_NothingBelowTheExport_SaysWhereItLooked()
    {
        var error = Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(_it.Source(name: "other"), "2026-05..2026-06"));

        Assert.That(error.Code, Is.EqualTo("export-not-found"));
        Assert.That(error.Message, Does.Contain("s3://demo/exports/other/"));
    }

    [Test]
    public async Task Find_MonthThatIsNotThereYet_IsNoError() =>
        Assert.That(await SourceRig.FindAsync(_it.Source(), "2026-07"), Is.Empty);

    [Test]
    public async Task Fetch_KeyWithOddCharacters_IsRead()
    {
        const string Key = May + "odd + name&x=1 é.csv.gz";
        _it.S3.Put(Key, _it.S3.Get(May + "costroid-demo-00001.csv.gz"), Delivered);
        PutManifest(_it, $"\"s3://demo/{Key}\"");

        Assert.That(await _it.Fetch("2026-05"), Has.Length.EqualTo(1));
    }

    internal static void PutManifest(ExportFixture it, string dataFiles, DateTimeOffset? at = null) => it.S3.Put(
        MayManifest, Encoding.UTF8.GetBytes($$"""{"exportName":"costroid-demo","dataFiles":[{{dataFiles}}]}"""), at ?? Delivered.AddSeconds(1));

    /// <summary>The sum by Python, which shares nothing with the program.</summary>
    private static async Task<string> BilledCost(byte[][] files)
    {
        const string Script = """
            import base64, csv, decimal, gzip, io, sys
            total = decimal.Decimal(0)
            for line in sys.stdin.read().split():
                text = gzip.decompress(base64.b64decode(line)).decode()
                total += sum(decimal.Decimal(row["BilledCost"]) for row in csv.DictReader(io.StringIO(text)))
            print(total.normalize())
            """;
        return (await PythonTool.RunAsync(Script, string.Join('\n', files.Select(Convert.ToBase64String)))).Trim();
    }
}

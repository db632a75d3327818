using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Azure;

namespace CiCost.CostIngest.Tests.Sources.Azure;

/// <summary>What is found and read in a container.</summary>
[TestFixture]
public sealed class AzureExportsTests
{
    private BlobFake _blobs = null!;
    private OneSource _rig = null!;

    [SetUp]
    public async Task SetUp()
    {
        _blobs = await BlobFake.StartAsync();
        _rig = Rig(_blobs);
    }

    [TearDown]
    public async Task TearDown()
    {
        _rig.Dispose();
        await _blobs.DisposeAsync();
    }

    internal static OneSource Rig(BlobFake blobs, string more = "", AzureExportsLimits? limits = null, TimeProvider? time = null) => new(
        "2026-07-03T12:00:00Z",
        new AzureExportsConnector { Limits = limits ?? new AzureExportsLimits() },
        $"containerUrl: {blobs.ContainerUrl}\ncredential: sas\nsas: file:FOLDER/sas\n{more}",
        new Dictionary<string, string> { ["sas"] = BlobFake.Signature },
        time);

    [Test]
    public async Task Find_SeveralRunsOfAMonth_OffersTheNewestWholeRunOfEachMonthOldestFirst()
    {
        _blobs.PutLayout("fixture");

        var offers = await _rig.FindAsync("2026-04", "2026-07");

        Assert.That(offers.Select(o => o.Month.ToString()), Is.EqualTo(["2026-05", "2026-06"]));
        Assert.That(offers[0].Description, Does.Contain("7c1de0f5-3b58-4f8e-9d21-0aa7b6c5d4e3").And.Contain("'costroid-demo' for 2026-05"));
        Assert.That(offers[1].Description, Does.Contain("1a2b3c4d"), "submitted on 2 July; the other run on 1 July");
        Assert.That(offers[1].PublishedAt, Is.EqualTo(DateTimeOffset.Parse("2026-07-02T07:02:45.9876543Z", null)));
        Assert.That(offers.Select(o => o.Part), Is.All.EqualTo("*"));
    }

    [Test]
    public async Task Find_OtherMonths_ReadsOnlyManifestsThatCanBeOfThem()
    {
        _blobs.PutLayout("fixture");

        Assert.That(await _rig.FindAsync("2026-08"), Is.Empty);

        Assert.That(_blobs.Server.Requests, Has.Count.EqualTo(1), "the listing alone: all manifests were written before August");
    }

    [Test]
    public async Task Find_NothingChanged_VersionIsTheSameAndChangesWithAnyFile()
    {
        _blobs.PutLayout("fixture");
        var first = (await _rig.FindAsync("2026-05")).Single().Version;
        var again = (await _rig.FindAsync("2026-05")).Single().Version;
        _blobs.Put(ExportLayout.May + "part_1_0001.csv.gz", _blobs.Get(ExportLayout.May + "part_1_0001.csv.gz"), _blobs.Now.AddHours(-2));
        var rewritten = (await _rig.FindAsync("2026-05")).Single().Version;

        Assert.That(again, Is.EqualTo(first));
        Assert.That(rewritten, Is.Not.EqualTo(first), "another ETag");
        Assert.That(first, Does.StartWith("2026-06-01T08:10:31.7047394Z "));
    }

    [Test]
    public async Task Find_RestatedRunInAnotherFolder_IsOfferedInsteadOfTheOldOne()
    {
        _blobs.PutLayout("fixture");
        _blobs.PutLayout("restated");

        var may = (await _rig.FindAsync("2026-05")).Single();

        Assert.That(may.Description, Does.Contain("e2f0a8c1"));
    }

    [Test]
    public async Task Fetch_AllFiles_AreTheBlobsInTheManifestsOrderWithItsRowCount()
    {
        _blobs.PutLayout("fixture");

        var fetched = await _rig.FetchOnlyAsync("2026-05");

        Assert.That(fetched.Files.Select(Path.GetFileName), Is.EqualTo(["part_0_0001.csv.gz", "part_1_0001.csv.gz"]));
        Assert.That(fetched.ExpectedRows, Is.EqualTo(5));
        Assert.That(fetched.Files.Select(File.ReadAllBytes), Is.EqualTo(
            fetched.Files.Select(f => ExportLayout.File("fixture", ExportLayout.May + Path.GetFileName(f)))));
        Assert.That(_rig.Setup.Format, Is.EqualTo("focus-csv"));
        Assert.That(_rig.Setup.Profile, Is.EqualTo("azure-export"));
    }

    [Test]
    public async Task Fetch_EveryBlob_IsPinnedAndNoSecretIsInAnAddressThatAnybodySees()
    {
        _blobs.PutLayout("fixture");
        await _rig.FetchOnlyAsync("2026-05");

        var reads = _blobs.Server.Requests.Where(r => !r.Query.Contains("comp=list", StringComparison.Ordinal)).ToList();
        Assert.That(reads.Select(r => r.Header("If-Match")), Is.All.Match("^\"0x8D[0-9A-F]{8}\"$"));
        Assert.That(_blobs.Server.Requests.Select(r => r.Query.Split("sig=").Length), Is.All.EqualTo(2), "the signature once in each address");
    }

    [Test]
    public async Task Find_ListingInPages_FollowsTheMarkers()
    {
        using var rig = Rig(_blobs, limits: new AzureExportsLimits { PageSize = 2 });
        _blobs.PutLayout("fixture");

        Assert.That(await rig.FindAsync("2026-05", "2026-06"), Has.Count.EqualTo(2));

        Assert.That(_blobs.Server.Requests.Count(r => r.Query.Contains("comp=list", StringComparison.Ordinal)), Is.EqualTo(4), "7 blobs by 2");
    }

    [Test]
    public async Task Find_OddNames_RoundTrip()
    {
        const string Folder = "odd/a b+c&d=1%/ü/";
        _blobs.Put(Folder + "part_0_0001.csv.gz", ExportLayout.File("fixture", ExportLayout.June + "part_0_0001.csv.gz"), _blobs.Now.AddHours(-1));
        _blobs.Put(Folder + "manifest.json", ExportLayout.Manifest("fixture", ExportLayout.June, (ExportLayout.June, Folder)), _blobs.Now);

        var fetched = await _rig.FetchOnlyAsync("2026-06");

        Assert.That(fetched.ExpectedRows, Is.EqualTo(5));
    }

    [Test]
    public async Task Find_Prefix_LooksOnlyThere()
    {
        using var rig = Rig(_blobs, "prefix: costroid-demo/mtd-snapshot/");
        _blobs.PutLayout("fixture");

        Assert.That((await rig.FindAsync("2026-05", "2026-06")).Select(o => o.Month.ToString()), Is.EqualTo(["2026-05"]));
    }

    [Test]
    public async Task Find_TwoExportsInOneFolder_AreRefusedUnlessOneIsNamed()
    {
        _blobs.PutLayout("fixture");
        _blobs.Put("other/manifest.json", ExportLayout.Manifest("fixture", ExportLayout.May,
            ("exports/costroid-demo\"", "exports/other\""), ("\"exportName\": \"costroid-demo\"", "\"exportName\": \"other\"")), _blobs.Now);

        Assert.That(() => _rig.FindAsync("2026-05", "2026-06"), Throws.TypeOf<SourceException>()
            .With.Property("Code").EqualTo("several-exports").And.Message.Contains("exports/other").And.Message.Contains("'export'"));

        using var rig = Rig(_blobs, "export: Costroid-Demo");
        Assert.That(await rig.FindAsync("2026-05", "2026-06"), Has.Count.EqualTo(2));
    }

    [TestCase("\"type\": \"FocusCost\"", "\"type\": \"ActualCost\"", "unsupported-format", "ActualCost")]
    [TestCase("\"fileFormat\": \"Csv\"", "\"fileFormat\": \"Parquet\"", "unsupported-format", "Parquet. Only CSV is read")]
    [TestCase("\"compressionMode\": \"gzip\"", "\"compressionMode\": \"snappy\"", "unsupported-format", "snappy")]
    [TestCase("\"startDate\": \"2026-06-01T00:00:00\"", "\"startDate\": \"2026-06-08T00:00:00\"", "export-period", "2026-06-08 to 2026-06-30")]
    [TestCase("\"endDate\": \"2026-06-30T00:00:00Z\"", "\"endDate\": \"2026-07-30T00:00:00Z\"", "export-period", "2026-06-01 to 2026-07-30")]
    [TestCase("\"endDate\": \"2026-06-30T00:00:00Z\"", "\"endDate\": \"2026-06-20T00:00:00Z\"", "export-period", "(Custom)")]
    [TestCase("\"dataRowCount\": 5\n    }", "\"dataRowCount\": 4\n    }", "manifest-invalid", "'dataRowCount' is 5, its files make 4")]
    [TestCase("\"byteCount\": 915,\n  \"dataRow", "\"byteCount\": 916,\n  \"dataRow", "manifest-invalid", "'byteCount' is 916, its files make 915")]
    [TestCase("\"blobCount\": 1", "\"blobCount\": 2", "manifest-invalid", "'blobCount' is 2, its files make 1")]
    [TestCase("2026-07-02T07:02:45.9876543Z", "yesterday", "manifest-invalid", "'runInfo.submittedTime' is 'yesterday', which is no time")]
    [TestCase("\"blobs\"", "\"files\"", "manifest-invalid", "'blobs' is missing")]
    public void Find_ManifestThatCannotBeUsed_IsRefusedByName(string from, string to, string code, string words)
    {
        _blobs.PutLayout("fixture");
        _blobs.Put(ExportLayout.June + "manifest.json", ExportLayout.Manifest("fixture", ExportLayout.June, (from, to)), _blobs.Now);

        Assert.That(() => _rig.FindAsync("2026-06", "2026-06"), Throws.TypeOf<SourceException>()
            .With.Property("Code").EqualTo(code).And.Message.Contains(words).And.Message.Contains(ExportLayout.June + "manifest.json"));
    }

    [Test]
    public async Task Find_MonthToDateThatEndsBeforeTheMonth_IsAMonth()
    {
        _blobs.PutLayout("fixture", n => n.StartsWith(ExportLayout.June, StringComparison.Ordinal));
        _blobs.Put(ExportLayout.June + "manifest.json", ExportLayout.Manifest("fixture", ExportLayout.June,
            ("\"endDate\": \"2026-06-30T00:00:00Z\"", "\"endDate\": \"2026-06-20T00:00:00\""), ("\"Custom\"", "\"MonthToDate\"")), _blobs.Now);

        Assert.That(await _rig.FindAsync("2026-06"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Find_AProblemOfOneMonth_KeepsNoOtherMonthBack()
    {
        _blobs.PutLayout("fixture");
        _blobs.Put(ExportLayout.May + "manifest.json",
            ExportLayout.Manifest("fixture", ExportLayout.May, ("\"Csv\"", "\"Parquet\"")), _blobs.Now);
        List<Offer> offers = [];

        Assert.That(async () =>
        {
            await foreach (var offer in _rig.Source.FindAsync(new(new(2026, 5), new(2026, 6)), CancellationToken.None))
            {
                offers.Add(offer);
            }
        }, Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("unsupported-format"));

        Assert.That(offers.Select(o => o.Month.ToString()), Is.EqualTo(["2026-06"]));
    }
}

using System.Text;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Azure;
using CiCost.CostIngest.Sources.Http;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.Azure;

/// <summary>Storage that misbehaves: the whole comes over, or a named error and no file.</summary>
[TestFixture]
public sealed class AzureExportsMisbehaviourTests
{
    private const string Part0 = ExportLayout.May + "part_0_0001.csv.gz";
    private const string Part1 = ExportLayout.May + "part_1_0001.csv.gz";

    private BlobFake _blobs = null!;
    private OneSource _rig = null!;

    [SetUp]
    public async Task SetUp()
    {
        _blobs = await BlobFake.StartAsync();
        _blobs.PutLayout("fixture");
        _rig = AzureExportsTests.Rig(_blobs);
    }

    [TearDown]
    public async Task TearDown()
    {
        _rig.Dispose();
        await _blobs.DisposeAsync();
    }

    [Test]
    public async Task ThrottledWithRetryAfter_WaitsAsLongAsItIsAskedTo()
    {
        _blobs.Server.Misbehave(
            Fault.Answer(429, headers: [("Retry-After", "17")]),
            Fault.Answer(503, headers: [("Retry-After", "23")]) with { When = BlobFake.IsFile });

        await FetchMayAsync();

        Assert.That(_rig.Time.Skipped, Is.EqualTo([TimeSpan.FromSeconds(17), TimeSpan.FromSeconds(23)]));
    }

    [Test]
    public async Task ThrottledWithoutRetryAfterOrBroken_RepeatsWithGrowingWaits()
    {
        _blobs.Server.Misbehave(Fault.Answer(429), Fault.Answer(500), Fault.Answer(503) with { When = BlobFake.IsFile });

        await FetchMayAsync();

        Assert.That(_rig.Time.Skipped, Has.Count.EqualTo(3));
        Assert.That(_rig.Time.Skipped[0].TotalSeconds, Is.InRange(0.5, 1));
        Assert.That(_rig.Time.Skipped[1].TotalSeconds, Is.InRange(1, 2));
    }

    [TestCase(429, "provider-throttles")]
    [TestCase(500, "provider-unavailable")]
    public void RefusedAgainAndAgain_EndsWithANamedError(int status, string code)
    {
        _blobs.Server.Misbehave(Fault.Answer(status) with { Times = 100 });

        Assert.That(() => _rig.FindAsync("2026-05"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo(code));
        Assert.That(_blobs.Server.Requests, Has.Count.EqualTo(6));
    }

    [Test]
    public async Task ListingCutOff_IsAskedForAgain()
    {
        _blobs.Server.Misbehave(Fault.CutOffAfter(100) with { When = BlobFake.IsListing });

        Assert.That(await _rig.FindAsync("2026-05"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task FileCutOff_IsBegunAgainWithTheSameVersion()
    {
        _blobs.Server.Misbehave(Fault.CutOffAfter(100) with { When = BlobFake.IsFile, Times = 2 });

        var fetched = await FetchMayAsync();

        Assert.That(fetched.Files.Select(File.ReadAllBytes), Is.EqualTo([_blobs.Get(Part0), _blobs.Get(Part1)]));
        Assert.That(_blobs.Server.Requests.Where(r => r.Path.EndsWith("part_0_0001.csv.gz", StringComparison.Ordinal)).Select(r => r.Header("If-Match"))
            .Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task FileCutOffAlways_FailsAndLeavesNoFile()
    {
        var offer = (await _rig.FindAsync("2026-05")).Single();
        _blobs.Server.Misbehave(Fault.CutOffAfter(100) with { When = BlobFake.IsFile, Times = 100 });

        // A reset connection may hide the headers that came before it; then it is the request that failed, not the body.
        Assert.That(() => _rig.FetchAsync(offer), Throws.TypeOf<SourceException>()
            .With.Property("Code").AnyOf("download-cut-off", "provider-unreachable"));
        Assert.That(_rig.FetchedFiles(), Is.Empty);
    }

    [TestCase(1, null)]
    [TestCase(100, "download-stalled")]
    public async Task FileStandsStill_IsGivenUpAndBegunAgain(int times, string? code)
    {
        // Real time: the wait is for a socket that stays silent.
        var limits = new AzureExportsLimits { Download = new DownloadLimits { IdleTime = TimeSpan.FromMilliseconds(400) } };
        using var rig = AzureExportsTests.Rig(_blobs, limits: limits, time: TimeProvider.System);
        var offer = (await rig.FindAsync("2026-05")).Single();
        _blobs.Server.Misbehave(Fault.StallAfter(100) with { When = BlobFake.IsFile, Times = times });

        if (code is null)
        {
            Assert.That(((FetchedDelivery)await rig.FetchAsync(offer)).Files, Has.Count.EqualTo(2));
        }
        else
        {
            Assert.That(() => rig.FetchAsync(offer), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo(code));
            Assert.That(rig.FetchedFiles(), Is.Empty);
        }
    }

    [Test]
    public async Task FolderOverwrittenBetweenTwoFiles_FetchesTheNewRunWhole()
    {
        var offer = (await _rig.FindAsync("2026-05")).Single();
        _blobs.Server.Misbehave(Fault.Before(OverwriteMay) with { When = BlobFake.IsFile, After = 1 });

        var fetched = (FetchedDelivery)await _rig.FetchAsync(offer);

        Assert.That(fetched.Files.Select(File.ReadAllBytes), Is.EqualTo([
            ExportLayout.File("restated", ExportLayout.MayRestated + "part_0_0001.csv.gz"),
            ExportLayout.File("restated", ExportLayout.MayRestated + "part_1_0001.csv.gz"),
        ]));
    }

    [Test]
    public async Task FolderOverwrittenWhileAFileIsRead_BeginsAgainWithTheNewRun()
    {
        var offer = (await _rig.FindAsync("2026-05")).Single();
        _blobs.Server.Misbehave(
            Fault.CutOffAfter(50) with { When = BlobFake.IsFile },
            Fault.Before(OverwriteMay) with { When = BlobFake.IsFile });

        var fetched = (FetchedDelivery)await _rig.FetchAsync(offer);

        Assert.That(File.ReadAllBytes(fetched.Files[0]), Is.EqualTo(ExportLayout.File("restated", ExportLayout.MayRestated + "part_0_0001.csv.gz")));
    }

    [Test]
    public async Task FolderBeingOverwritten_FailsAsRewrittenAndLeavesNoFile()
    {
        var offer = (await _rig.FindAsync("2026-05")).Single();

        // The files of the new run are there, its manifest is not: no state of the folder is whole.
        var newer = ExportLayout.File("restated", ExportLayout.MayRestated + "part_0_0001.csv.gz");
        _blobs.Server.Misbehave(Fault.Before(() => _blobs.Put(Part0, newer, _blobs.Now)) with { When = BlobFake.IsFile });

        Assert.That(() => _rig.FetchAsync(offer), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("export-being-rewritten")
            .And.Message.Contains("823 bytes where the manifest says 824"));
        Assert.That(_rig.FetchedFiles(), Is.Empty);
    }

    [Test]
    public async Task ChangedAtEveryAttempt_IsGivenUp()
    {
        var offer = (await _rig.FindAsync("2026-05")).Single();
        var rewritten = Fault.Before(() => _blobs.Put(Part0, _blobs.Get(Part0), _blobs.Now.AddHours(-1)));
        _blobs.Server.Misbehave(rewritten with { When = BlobFake.IsFile, Times = 100 });

        Assert.That(() => _rig.FetchAsync(offer), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("export-being-rewritten")
            .And.Message.Contains("changed 4 times"));
    }

    [Test]
    public async Task RunRemovedWhileItIsRead_FailsAsRewritten()
    {
        var offer = (await _rig.FindAsync("2026-05")).Single();
        foreach (var name in new[] { Part0, Part1, ExportLayout.May + "manifest.json" })
        {
            _blobs.Remove(name);
        }

        Assert.That(() => _rig.FetchAsync(offer), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("export-being-rewritten")
            .And.Message.Contains("its files are gone"));
    }

    [Test]
    public async Task ManifestReplacedWhileItIsRead_IsListedAgain()
    {
        _blobs.Server.Misbehave(Fault.Before(OverwriteMay) with
        {
            When = r => r.Path.Value!.EndsWith("current/manifest.json", StringComparison.Ordinal),
        });

        var offer = (await _rig.FindAsync("2026-05")).Single();

        Assert.That(offer.PublishedAt, Is.EqualTo(DateTimeOffset.Parse("2026-07-03T08:10:02.5551212Z", null)));
    }

    [Test]
    public async Task OverwrittenWithAFileOfTheSameLength_IsNoOfferUntilItsManifestComes()
    {
        // Both variants of the second file have 743 bytes: only the times tell.
        _blobs.Put(Part1, ExportLayout.File("restated", ExportLayout.MayRestated + "part_1_0001.csv.gz"), _blobs.Now);

        Assert.That(await _rig.FindAsync("2026-05"), Is.Empty);

        OverwriteMay();
        Assert.That(await _rig.FindAsync("2026-05"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task FilesCopiedAfterTheirManifestLongAgo_AreTaken()
    {
        _blobs.Put(Part1, _blobs.Get(Part1), _blobs.Now);
        _blobs.Now = _blobs.Now.AddHours(6);

        Assert.That(await _rig.FindAsync("2026-05"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task ManifestBeforeItsFiles_IsNoOfferAndNoOlderRunComesInstead()
    {
        _blobs.PutLayout("restated", ExportLayout.IsManifest);

        Assert.That(await _rig.FindAsync("2026-05"), Is.Empty, "the older run is whole, but would take back what the newer one restates");

        _blobs.PutLayout("restated");
        Assert.That((await _rig.FindAsync("2026-05")).Single().Description, Does.Contain("e2f0a8c1"));
    }

    [Test]
    public void ManifestWithoutItsFilesForHours_IsAFailureThatNamesTheFile()
    {
        _blobs.PutLayout("restated", ExportLayout.IsManifest);
        _blobs.Now = _blobs.Now.AddHours(7);

        Assert.That(() => _rig.FindAsync("2026-05"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("export-incomplete")
            .And.Message.Contains("regen-42/part_0_0001.csv.gz' is not there yet"));
    }

    [Test]
    public async Task GzipTruncatedBeforeItCame_IsRefused()
    {
        var whole = _blobs.Get(Part0);
        var cut = whole[..^9];
        _blobs.Put(Part0, cut, _blobs.Now.AddHours(-2));
        _blobs.Put(ExportLayout.May + "manifest.json", ExportLayout.Manifest("fixture", ExportLayout.May,
            ("\"byteCount\": 824", $"\"byteCount\": {cut.Length}"), ("\"byteCount\": 1567", $"\"byteCount\": {cut.Length + 743}")), _blobs.Now);
        var offer = (await _rig.FindAsync("2026-05")).Single();

        Assert.That(() => _rig.FetchAsync(offer), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("gzip-damaged"));
    }

    [Test]
    public void ListingThatRepeatsAPage_IsRefused()
    {
        using var rig = AzureExportsTests.Rig(_blobs, limits: new AzureExportsLimits { PageSize = 3 });
        var repeated = Blob(ExportLayout.June + "manifest.json");
        var twice = Altered(b => b.Replace("<Blobs>", "<Blobs>" + repeated, StringComparison.Ordinal));
        _blobs.Server.Misbehave(twice with { When = BlobFake.IsListing, After = 1 });

        Assert.That(() => rig.FindAsync("2026-05"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("paging-broken")
            .And.Message.Contains("listed twice"));
    }

    [Test]
    public void ListingThatGoesRound_IsRefused()
    {
        using var rig = AzureExportsTests.Rig(_blobs, limits: new AzureExportsLimits { PageSize = 3 });
        _blobs.Server.Misbehave(Altered(_ => "<EnumerationResults><Blobs/><NextMarker>again</NextMarker></EnumerationResults>") with
        {
            When = BlobFake.IsListing,
            Times = 100,
        });

        Assert.That(() => rig.FindAsync("2026-05"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("paging-broken")
            .And.Message.Contains("leads back"));
    }

    [TestCase("<EnumerationResults><Blobs/></EnumerationResults>", TestName = "ListingWithoutItsEnd_IsRefused(no marker)")]
    [TestCase("<EnumerationResults><Blobs>", TestName = "ListingWithoutItsEnd_IsRefused(cut)")]
    [TestCase("<html><p>sign in</html>", TestName = "ListingWithoutItsEnd_IsRefused(proxy)")]
    [TestCase("<!DOCTYPE a [<!ENTITY b \"c\">]><EnumerationResults><Blobs/><NextMarker/></EnumerationResults>",
        TestName = "ListingWithoutItsEnd_IsRefused(entities)")]
    public void ListingWithoutItsEnd_IsRefused(string body)
    {
        _blobs.Server.Misbehave(Altered(_ => body));

        Assert.That(() => _rig.FindAsync("2026-05"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("answer-unreadable"));
    }

    [Test]
    public void PageThatLeavesOutFiles_IsNoOfferAndInTheEndAFailure()
    {
        _blobs.Hidden = n => n == Part1;
        _blobs.Now = _blobs.Now.AddHours(7);

        Assert.That(() => _rig.FindAsync("2026-05"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("export-incomplete"));
    }

    [Test]
    public async Task SasExpiresDuringTheRun_IsTakenUpWhenRenewedAndNamedWhenNot()
    {
        _rig.Write("sas", "sv=2023-11-03&se=2026-07-03T12%3A10%3A00Z&sig=good%3D");
        var offer = (await _rig.FindAsync("2026-05")).Single();
        _rig.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.That(() => _rig.FetchAsync(offer), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("credentials-refused")
            .And.Message.Contains("ended at 2026-07-03 12:10 UTC").And.Message.Not.Contain("good"));

        _rig.Write("sas", "?" + BlobFake.Signature);
        Assert.That(((FetchedDelivery)await _rig.FetchAsync(offer)).Files, Has.Count.EqualTo(2));
    }

    [Test]
    public void SasThatIsNotAccepted_IsNamedWithoutBeingShown()
    {
        _rig.Write("sas", "sv=2023-11-03&sig=wr0ng");

        Assert.That(() => _rig.FindAsync("2026-05"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("credentials-refused")
            .And.Message.Contains("AuthenticationFailed").And.Message.Not.Contain("wr0ng"));
    }

    [TestCase("https://account.blob.core.windows.net/exports?sig=secret")]
    [TestCase("sv=2023-11-03")]
    public void SasThatIsNone_IsRefusedBeforeItIsSent(string text)
    {
        _rig.Write("sas", text);

        Assert.That(() => _rig.FindAsync("2026-05"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("credentials-refused")
            .And.Message.Not.Contain(text));
        Assert.That(_blobs.Server.Requests, Is.Empty);
    }

    [Test]
    public void RightThatIsMissing_SaysWhatToGrant()
    {
        _blobs.Server.Misbehave(Fault.Answer(403, "<Error><Code>AuthorizationPermissionMismatch</Code><Message>not authorized</Message></Error>",
            "application/xml", ("x-ms-error-code", "AuthorizationPermissionMismatch")));

        Assert.That(() => _rig.FindAsync("2026-05"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("access-denied")
            .And.Message.Contains("AuthorizationPermissionMismatch"));
    }

    [Test]
    public void Redirect_IsNotFollowed()
    {
        _blobs.Server.Misbehave(Fault.Answer(302, headers: [("Location", "http://127.0.0.1:1/")]));

        Assert.That(() => _rig.FindAsync("2026-05"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("redirect-refused"));
    }

    private async Task<FetchedDelivery> FetchMayAsync() => await _rig.FetchOnlyAsync("2026-05");

    // The regenerated run takes the place of the first, files first.
    private void OverwriteMay()
    {
        _blobs.Put(Part0, ExportLayout.File("restated", ExportLayout.MayRestated + "part_0_0001.csv.gz"), _blobs.Now);
        _blobs.Put(Part1, ExportLayout.File("restated", ExportLayout.MayRestated + "part_1_0001.csv.gz"), _blobs.Now);
        _blobs.Put(ExportLayout.May + "manifest.json",
            ExportLayout.Manifest("restated", ExportLayout.MayRestated, (ExportLayout.MayRestated, ExportLayout.May)), _blobs.Now);
    }

    private static string Blob(string name) => $"<Blob><Name>{name}</Name><Properties><Last-Modified>Fri, 03 Jul 2026 11:00:00 GMT</Last-Modified>"
        + "<Etag>0x1</Etag><Content-Length>1</Content-Length></Properties></Blob>";

    private static Fault Altered(Func<string, string> change) => Fault.Altered(async (context, next) =>
    {
        var body = context.Response.Body;
        using var memory = new MemoryStream();
        context.Response.Body = memory;
        await next(context);
        context.Response.Body = body;
        await body.WriteAsync(Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(memory.ToArray()))));
    });
}

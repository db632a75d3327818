using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Google;
using CiCost.CostIngest.Tests.Formats.GcpBilling;
using CiCost.CostIngest.Tests.Formats.Native;
using CiCost.Policy;
using CiCost.TestKit;
using CiCost.TestKit.Servers;
using static CiCost.CostIngest.Tests.Sources.Google.GoogleRig;
using static CiCost.CostIngest.Tests.Sources.Rig.SourceRig;

namespace CiCost.CostIngest.Tests.Sources.Google;

/// <summary>The billing export in BigQuery, against a server that checks tokens, paging and the form of every query.</summary>
public sealed class GoogleBigQueryTests
{
    private FakeBigQuery _table = null!;
    private FakeGoogle _google = null!;
    private TempFolder _folder = null!;

    [SetUp]
    public async Task SetUp()
    {
        _table = BillingTable.Of(GcpFile.Standard);
        _google = await FakeGoogle.StartAsync(GoogleBigQueryConnector.Scope, (c, r) => _table.AnswerAsync(c, r));
        _folder = new TempFolder();
        _folder.Write("key.json", _google.KeyJson());
    }

    [TearDown]
    public async Task TearDown()
    {
        _folder.Dispose();
        await _google.DisposeAsync();
    }

    [Test]
    public async Task Find_OffersEachMonthWithItsToken()
    {
        _table.Rows.Add(Copy(_table.Rows[0], "202606"));
        _table.Rows.Add(Copy(_table.Rows[0], "202601"));
        var offers = await FindAsync(Source(), "2026-06..2026-08");
        Assert.Multiple(() =>
        {
            Assert.That(offers.Select(o => (o.Month.ToString(), o.Part, o.Version)),
                Is.EqualTo(new[] { ("2026-06", "*", "1783600000000000|1"), ("2026-07", "*", "1783600000000000|16") }));
            Assert.That(offers[0].PublishedAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1_783_600_000)));
            Assert.That(offers[1].Description, Is.EqualTo("pytorch-ci.billing.gcp_billing_export_v1_01D4EE, invoice month 202607"));
        });
    }

    [TestCase("standard")]
    [TestCase("detailed")]
    public async Task Fetch_GivesTheRowsThatTheFormatReads(string name)
    {
        var file = GcpFile.All.Single(f => f.Name == name);
        _table = BillingTable.Of(file);
        var source = Source();
        var offer = (await FindAsync(source, "2026-07")).Single();
        var (fetched, files) = await FetchAsync(source, offer);
        var reading = GcpFile.Read(Unpacked(files.Single()));
        Assert.Multiple(() =>
        {
            Assert.That(reading.Lines.Select(NativeFile.Show), Is.EqualTo(file.Read().Lines.Select(NativeFile.Show)));
            Assert.That(((FetchedDelivery)fetched).ExpectedRows, Is.EqualTo(reading.Lines.Count), "Google's count of rows and credits");
            Assert.That(reading.Report.FormatVersion, Is.EqualTo(name));
            Assert.That(Path.GetFileName(fetched.Files.Single()), Is.EqualTo("gcp-billing-2026-07.jsonl.gz"));
        });
    }

    [Test]
    public async Task Fetch_Twice_GivesTheSameBytesUnderOtherRequestIds()
    {
        var source = Source();
        var offer = (await FindAsync(source, "2026-07")).Single();
        var first = await FetchAsync(source, offer);
        var second = await FetchAsync(source, offer);
        Assert.That(second.Files.Single(), Is.EqualTo(first.Files.Single()));
        Assert.That(_table.RequestIds.Distinct().Count(), Is.EqualTo(3), "an answer of another run would be stale");
        Assert.That(_google.TokenCount, Is.EqualTo(1), "a token is kept while it lives");
    }

    [TestCase("standard")]
    [TestCase("detailed")]
    public async Task Queries_NameTheirColumns(string name)
    {
        _table = BillingTable.Of(GcpFile.All.Single(f => f.Name == name));
        var source = Source();
        await FetchAsync(source, (await FindAsync(source, "2026-07")).Single());
        Golden.Verify(string.Join("\n\n", _table.Queries), $"Golden/query-{name}");
    }

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(100)]
    public async Task Fetch_InPages_GivesEveryRowOnce(int rowsPerPage)
    {
        _table.Unfinished = 2;
        var source = Source($"rowsPerPage: {rowsPerPage}");
        var offer = (await FindAsync(source, "2026-07")).Single();
        var (_, files) = await FetchAsync(source, offer);
        Assert.That(GcpFile.Read(Unpacked(files.Single())).Lines, Has.Count.EqualTo(29));
    }

    [Test]
    public async Task Fetch_PageTwice_IsRefused()
    {
        var (source, offer) = await FoundAsync("rowsPerPage: 5");
        _table.RepeatedPage = 1;
        Refused(() => FetchAsync(source, offer), "page-repeated");
    }

    [Test]
    public async Task Fetch_PageLeftOut_IsRefused()
    {
        var (source, offer) = await FoundAsync("rowsPerPage: 5");
        _table.SkippedPage = 1;
        Refused(() => FetchAsync(source, offer), "page-missing");
    }

    [Test]
    public async Task Fetch_LastPageLeftOut_IsRefused()
    {
        var (source, offer) = await FoundAsync("rowsPerPage: 15");
        _table.SkippedPage = 1;
        Refused(() => FetchAsync(source, offer), "rows-differ");
    }

    [Test]
    public async Task Fetch_SameTokenForEver_IsRefused()
    {
        var (source, offer) = await FoundAsync("rowsPerPage: 5");
        _table.TurnsInCircles = true;
        Refused(() => FetchAsync(source, offer), "page-repeated");
    }

    [TestCase(-1)]
    [TestCase(1)]
    public async Task Fetch_TotalThatIsWrong_IsRefused(int wrong)
    {
        var (source, offer) = await FoundAsync();
        _table.WrongTotal = wrong;
        Refused(() => FetchAsync(source, offer), "rows-differ");
    }

    [Test]
    public async Task Fetch_TableThatGrewMeanwhile_IsLeftToTheNextRun()
    {
        var (source, offer) = await FoundAsync();
        _table.Rows.Add(Copy(_table.Rows[0], "202607"));
        var error = Refused(() => FetchAsync(source, offer), "object-changed");
        Assert.That(error.Message, Does.Contain("had 16 rows when it was found and has 17 now"));
        var next = (await FindAsync(source, "2026-07")).Single();
        Assert.That(next.Version, Is.Not.EqualTo(offer.Version));
        Assert.That(((FetchedDelivery)(await FetchAsync(source, next)).Fetched).ExpectedRows, Is.EqualTo(30));
    }

    [Test]
    public async Task Query_ThatNeverEnds_IsGivenUp()
    {
        _table.Unfinished = 1000;
        Refused(() => FindAsync(Source("maxPolls: 2"), "2026-07"), "bigquery-slow");
        await Task.CompletedTask;
    }

    public static IEnumerable<TestCaseData> PassingTrouble()
    {
        yield return new TestCaseData(Fault.Answer(429, "{}", "application/json", ("Retry-After", "0"))).SetArgDisplayNames("429 with Retry-After");
        yield return new TestCaseData(Fault.Answer(429, "{}")).SetArgDisplayNames("429 without");
        yield return new TestCaseData(Fault.Answer(403, FakeGoogle.Error(403, "rateLimitExceeded", "slower"))).SetArgDisplayNames("403 rate limit");
        yield return new TestCaseData(Fault.Answer(500, "oops", "text/plain") with { Times = 2 }).SetArgDisplayNames("500 twice");
        yield return new TestCaseData(Fault.Answer(503, FakeGoogle.Error(503, "backendError", "later"))).SetArgDisplayNames("503");
        yield return new TestCaseData(Fault.CutOffAfter(40)).SetArgDisplayNames("cut off");
    }

    [TestCaseSource(nameof(PassingTrouble))]
    public async Task Pull_ThroughTroubleThatPasses_IsWhole(Fault fault)
    {
        var source = Source("rowsPerPage: 5");
        var faults = Enumerable.Range(0, 4).Select(n => fault with { After = n * 2, When = r => r.Path.StartsWithSegments("/bigquery") });
        _google.Server.Misbehave([.. faults]);
        var offer = (await FindAsync(source, "2026-07")).Single();
        var (_, files) = await FetchAsync(source, offer);
        Assert.That(GcpFile.Read(Unpacked(files.Single())).Lines, Has.Count.EqualTo(29));
        Assert.That(_google.Server.Requests, Has.Count.GreaterThan(9), "something was repeated");
    }

    [Test]
    public async Task Pull_SlowBody_IsAskedForAgain()
    {
        var source = new GoogleBigQueryConnector(o => Fast(o) with { AttemptTime = TimeSpan.FromMilliseconds(800) });
        _google.Server.Misbehave(Fault.StallAfter(30) with { When = r => r.Path.StartsWithSegments("/bigquery"), After = 1 });
        Assert.That(await FindAsync(Setup(source, Settings()).Source, "2026-07"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Token_ThatExpired_IsRenewedOnce()
    {
        var (source, offer) = await FoundAsync();
        _google.ExpireTokens();
        await FetchAsync(source, offer);
        Assert.That(_google.TokenCount, Is.EqualTo(2));
    }

    [Test]
    public void Permission_ThatIsMissing_IsNotRepeated()
    {
        _google.Server.Misbehave(Fault.Answer(403, FakeGoogle.Error(403, "accessDenied", "User does not have bigquery.jobs.create")) with
        {
            When = r => r.Method == "POST" && r.Path != "/token",
        });
        var error = Refused(() => FindAsync(Source(), "2026-07"), "access-denied");
        Assert.That(error.Message, Does.Contain("bigquery.jobs.create"));
    }

    [Test]
    public void Location_ThatIsWrong_IsSaid() =>
        Assert.That(Refused(() => FindAsync(Source("location: EU"), "2026-07"), "not-found-at-provider").Message,
            Does.Contain("not found in location EU"));

    [Test]
    public void Table_ThatIsNoBillingExport_IsRefusedBeforeAnyQuery()
    {
        _table.Schema = [_table.Schema[0]!.DeepClone()];
        var error = Refused(() => FindAsync(Source(), "2026-07"), "bigquery-schema");
        Assert.That(error.Message, Does.Contain("invoice.month, cost_type"));
        Assert.That(_table.Queries, Is.Empty);
    }

    [Test]
    public void Table_WithoutColumns_IsRefused()
    {
        _table.Schema = [];
        Assert.That(Refused(() => FindAsync(Source(), "2026-07"), "bigquery-schema").Message, Does.Contain("no columns yet"));
    }

    [Test]
    public void Key_OfSomebodyElse_GetsNoToken()
    {
        using var other = RSA.Create(2048);
        _folder.Write("key.json", _google.KeyJson(other));
        var error = Refused(() => FindAsync(Source(), "2026-07"), "credentials-refused");
        Assert.That(error.Message, Does.Contain("invalid_grant").And.Not.Contain("PRIVATE"));
    }

    [TestCase("not json at all")]
    [TestCase("{\"type\":\"service_account\",\"private_key\":\"-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----\\n\",\"client_email\":\"a\"}")]
    public void Key_ThatIsNone_IsSaidWithoutShowingIt(string text)
    {
        _folder.Write("key.json", text);
        var error = Refused(() => FindAsync(Source(), "2026-07"), "credentials-refused");
        Assert.That(error.Message, Does.Contain("key.json").And.Not.Contain("abc").And.Not.Contain("not json"));
    }

    [Test]
    public void Key_ThatIsNotThere_IsNamedByItsPlace() => Assert.That(Refused(() => FindAsync(
        Setup(new GoogleBigQueryConnector(Fast), Settings().Replace("key.json", "nowhere.json", StringComparison.Ordinal)).Source,
        "2026-07"), "secret-missing").Message, Does.Contain("nowhere.json"));

    [Test]
    public void Settings_WithMistakes_AreListedWithTheirLines()
    {
        var error = Assert.Throws<PolicyException>(() => Setup(new GoogleBigQueryConnector(), """
            project: pytorch-ci
            dataset: "bill`; DROP"
            location: US
            endpoint: http://bigquery.example.com
            credentials: "-----BEGIN PRIVATE KEY-----"
            rowsPerPage: 0
            tabel: x
            """))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Errors.Select(e => e.Line), Is.EqualTo(new[] { 2, 5, 7, 8, 9, 10 }));
            Assert.That(error.Message, Does.Contain("'tabel' is not a setting").And.Not.Contain("BEGIN PRIVATE"));
        });
    }

    private async Task<(ISource Source, Offer Offer)> FoundAsync(string more = "")
    {
        var source = Source(more);
        return (source, (await FindAsync(source, "2026-07")).Single());
    }

    private ISource Source(string more = "") => Setup(new GoogleBigQueryConnector(Fast), Settings(more)).Source;

    private string Settings(string more = "") => $"""
        project: pytorch-ci
        dataset: billing
        table: gcp_billing_export_v1_01D4EE
        {(more.StartsWith("location", StringComparison.Ordinal) ? "" : "location: US")}
        endpoint: {_google.Server.Address}
        credentials: file:{_folder.File("key.json")}
        {more}
        """;

    private static System.Text.Json.Nodes.JsonObject Copy(System.Text.Json.Nodes.JsonObject row, string month)
    {
        var copy = row.DeepClone().AsObject();
        copy["invoice"]!["month"] = month;
        return copy;
    }

    private static string Unpacked(byte[] gzip)
    {
        using var stream = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using CiCost.Accounting.Costs;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Http;
using CiCost.CostIngest.Sources.Oci;
using CiCost.Ledger.Sources;
using CiCost.Policy;
using CiCost.TestKit.Bookkeeping;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.Oci;

/// <summary>Oracle's reports: signed requests, objects that are appended, corrections as new rows.</summary>
[TestFixture]
public sealed class OciReportsTests
{
    private const string First = "FOCUS Reports/2026/06/30/0001.csv.gz";
    private const string Second = "FOCUS Reports/2026/07/01/0002.csv.gz";
    private const string Correction = "FOCUS Reports/2026/07/02/0003.csv.gz";

    private OciFake _oci = null!;
    private OneSource _rig = null!;

    [SetUp]
    public async Task SetUp()
    {
        _oci = await OciFake.StartAsync();
        _rig = Rig();
        _oci.Put("FOCUS Reports/", []);
        _oci.Put("FOCUS Reports/2026/07/", []);
        _oci.Put(First, Gzip(Bill("2026-06", ("2026-06-30", "10", ""))));
        _oci.Put(Second, Gzip(Bill("2026-07", ("2026-07-01", "4.25", ""))));
    }

    [TearDown]
    public async Task TearDown()
    {
        _rig.Dispose();
        await _oci.DisposeAsync();
    }

    [Test]
    public async Task Find_ObjectsOfTheMonths_AreEachAPartOfTheirOwn()
    {
        var offers = await _rig.FindAsync("2026-06", "2026-07");

        Assert.That(offers.Select(o => (o.Month.ToString(), o.Part)), Is.EqualTo([("2026-06", First), ("2026-07", Second)]));
        Assert.That(offers.Select(o => o.Version).Distinct().Count(), Is.EqualTo(2));
        Assert.That(offers[0].PublishedAt, Is.EqualTo(_oci.Now.AddHours(-1)));
        Assert.That(_rig.Setup.Mode, Is.EqualTo(SourceMode.Append));
        Assert.That((_rig.Setup.Format, _rig.Setup.Profile), Is.EqualTo(("oci-focus", "oci-focus-report")));
    }

    [Test]
    public async Task Find_ListingInPages_FollowsNextStartWith()
    {
        using var rig = Rig(pageSize: 2);
        for (var i = 3; i < 12; i++)
        {
            _oci.Put($"FOCUS Reports/2026/07/01/part+{i:0000} ü.csv.gz", Gzip(Bill("2026-07", ("2026-07-01", "1", ""))));
        }

        var offers = await rig.FindAsync("2026-07");

        Assert.That(offers, Has.Count.EqualTo(10));
        var fetched = (FetchedDelivery)await rig.FetchAsync(offers[^1]);
        Assert.That(Path.GetFileName(fetched.Files.Single()), Is.EqualTo("part+0011 ü.csv.gz"));
    }

    [Test]
    public async Task Pull_AppendsAndACorrectionIsNewRowsOfALaterObject()
    {
        using var books = await BookFixture.OpenAsync();
        var first = await _rig.PullAsync(books, "2026-06", "2026-07");
        Assert.That(first.Failures, Is.Empty);
        Assert.That((Billed(books, "2026-06"), Billed(books, "2026-07")), Is.EqualTo((10m, 4.25m)));

        _oci.Put(Correction, Gzip(Bill("2026-07", ("2026-07-01", "-4.25", "ref1"), ("2026-07-01", "4", "ref1"))));
        var second = await _rig.PullAsync(books, "2026-06", "2026-07");

        Assert.That(second.Failures, Is.Empty);
        Assert.That(second.Counts.Unchanged, Is.EqualTo(2));
        Assert.That((Billed(books, "2026-06"), Billed(books, "2026-07")), Is.EqualTo((10m, 4m)));
        var third = await _rig.PullAsync(books, "2026-06", "2026-07");
        Assert.That((third.Offers.Count, Billed(books, "2026-07")), Is.EqualTo((0, 4m)));
    }

    [Test]
    public async Task Pull_AnObjectWrittenAgain_TakesThePlaceOfItsPartOnly()
    {
        using var books = await BookFixture.OpenAsync();
        await _rig.PullAsync(books, "2026-07");
        _oci.Put(Second, Gzip(Bill("2026-07", ("2026-07-01", "5", ""))));

        await _rig.PullAsync(books, "2026-07");

        Assert.That(Billed(books, "2026-07"), Is.EqualTo(5m));
    }

    [Test]
    public async Task Pull_CostReports_AreBookedByTheirOwnFormat()
    {
        var report = await File.ReadAllBytesAsync(Path.Combine(Formats.TestFiles.Focus, "real", "native", "oci-cost", "oci_cost_report_part70.csv"));
        _oci.Now = new DateTimeOffset(2023, 11, 14, 0, 0, 0, TimeSpan.Zero);
        _oci.Put("reports/cost-csv/0001000000000042.csv.gz", Gzip(report));
        using var rig = Rig("report: cost", now: "2023-11-14T00:00:00Z");
        using var books = await BookFixture.OpenAsync();

        var result = await rig.PullAsync(books, "2023-10", "2023-11");

        Assert.That(result.Failures, Is.Empty);
        Assert.That(result.Offers.Select(o => (o.Month.ToString(), o.Rows)), Is.EqualTo([("2023-11", 362L)]));
        Assert.That((rig.Setup.Format, rig.Setup.Profile), Is.EqualTo(("oci", "oci-report")));
    }

    [Test]
    public async Task Sign_EveryRequest_IsVerifiedByTheServersOwnReading()
    {
        await _rig.FetchAsync((await _rig.FindAsync("2026-06")).Single());

        Assert.That(_oci.Server.Requests, Has.Count.EqualTo(2));
        Assert.That(_oci.Server.Requests.Select(r => r.Header("date")), Is.All.EqualTo("Fri, 03 Jul 2026 12:00:00 GMT"));
        Assert.That(_oci.Server.Requests[0].Query, Does.Contain("prefix=FOCUS%20Reports%2F2026%2F06%2F"));
    }

    [Test]
    public void Sign_Text_IsThatOfTheDraft()
    {
        var address = new Uri("https://objectstorage.eu-frankfurt-1.oraclecloud.com/n/bling/b/x/o?prefix=FOCUS%20Reports%2F&limit=1");

        Assert.That(OciSignatureHandler.SigningText(HttpMethod.Get, address, "Thu, 05 Jan 2014 21:31:40 GMT"), Is.EqualTo(
            "(request-target): get /n/bling/b/x/o?prefix=FOCUS%20Reports%2F&limit=1\ndate: Thu, 05 Jan 2014 21:31:40 GMT\n"
            + "host: objectstorage.eu-frankfurt-1.oraclecloud.com"));
    }

    [Test]
    public async Task Key_EncryptedWithAPassphrase_IsRead()
    {
        using var rig = Rig("passphrase: file:FOLDER/passphrase");
        rig.Write("key.pem", _oci.EncryptedKey("open sesame"));
        rig.Write("passphrase", "open sesame\n");

        Assert.That(await rig.FindAsync("2026-06"), Has.Count.EqualTo(1));

        rig.Write("passphrase", "something else");
        Assert.That(() => rig.FindAsync("2026-06"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("credentials-refused")
            .And.Message.Not.Contain("something else"));
    }

    [TestCase("-----BEGIN PRIVATE KEY-----\nMIIE-s3cret\n-----END PRIVATE KEY-----")]
    [TestCase("s3cret")]
    public void Key_ThatIsNone_IsRefusedWithoutBeingShown(string key)
    {
        _rig.Write("key.pem", key);

        Assert.That(() => _rig.FindAsync("2026-06"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("credentials-refused")
            .And.Message.Not.Contain("s3cret"));
        Assert.That(_oci.Server.Requests, Is.Empty);
    }

    [Test]
    public void Key_OfSomebodyElse_IsRefusedByTheService()
    {
        using var other = RSA.Create(2048);
        _rig.Write("key.pem", other.ExportPkcs8PrivateKeyPem());

        Assert.That(() => _rig.FindAsync("2026-06"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("credentials-refused")
            .And.Message.Contains("NotAuthenticated"));
    }

    [Test]
    public void Clock_ThatIsWrong_IsRefusedByTheService()
    {
        _oci.Now = _oci.Now.AddMinutes(6);

        Assert.That(() => _rig.FindAsync("2026-06"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("credentials-refused")
            .And.Message.Contains("clock skew"));
    }

    [Test]
    public void Policy_ThatIsMissing_SaysWhatToGrant()
    {
        _oci.MayRead = false;

        Assert.That(() => _rig.FindAsync("2026-06"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("access-denied")
            .And.Message.Contains("BucketNotFound").And.Message.Contains("home region"));
    }

    [Test]
    public async Task Throttled_WaitsAndSignsTheRepeatAnew()
    {
        _oci.Server.Misbehave(Fault.Answer(429, headers: [("Retry-After", "29")]), Fault.Answer(500), Fault.Answer(503) with { When = OciFake.IsObject });

        await _rig.FetchAsync((await _rig.FindAsync("2026-06")).Single());

        Assert.That(_rig.Time.Skipped[0], Is.EqualTo(TimeSpan.FromSeconds(29)));
        Assert.That(_oci.Server.Requests.Take(2).Select(r => r.Header("date")), Is.EqualTo(["Fri, 03 Jul 2026 12:00:00 GMT", "Fri, 03 Jul 2026 12:00:29 GMT"]));
    }

    [Test]
    public async Task Download_CutOffOrStalled_IsBegunAgain()
    {
        using var rig = Rig(time: TimeProvider.System, limits: new DownloadLimits { IdleTime = TimeSpan.FromMilliseconds(400) });
        _oci.Now = TimeProvider.System.GetUtcNow();
        var offer = (await rig.FindAsync("2026-06")).Single();
        _oci.Server.Misbehave(Fault.CutOffAfter(20) with { When = OciFake.IsObject }, Fault.StallAfter(20) with { When = OciFake.IsObject });

        var fetched = (FetchedDelivery)await rig.FetchAsync(offer);

        Assert.That(await File.ReadAllBytesAsync(fetched.Files.Single()), Is.EqualTo(Gzip(Bill("2026-06", ("2026-06-30", "10", "")))));
    }

    [Test]
    public async Task Object_ReplacedAfterTheListing_IsNotRead()
    {
        var offer = (await _rig.FindAsync("2026-06")).Single();
        _oci.Put(First, Gzip(Bill("2026-06", ("2026-06-30", "11", ""))));

        Assert.That(() => _rig.FetchAsync(offer), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("object-changed"));
        Assert.That(_rig.FetchedFiles(), Is.Empty);
    }

    [Test]
    public async Task Object_WithAnotherCheckSum_IsRefused()
    {
        _oci.OtherMd5 = "AAAAAAAAAAAAAAAAAAAAAA==";
        var offer = (await _rig.FindAsync("2026-06")).Single();

        Assert.That(() => _rig.FetchAsync(offer), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("checksum-differs"));
    }

    [Test]
    public async Task Object_ThatIsATruncatedGzip_IsRefused()
    {
        _oci.Put(First, Gzip(Bill("2026-06", ("2026-06-30", "10", "")))[..^9]);
        var offer = (await _rig.FindAsync("2026-06")).Single();

        Assert.That(() => _rig.FetchAsync(offer), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("gzip-damaged"));
    }

    [TestCase("{\"objects\":[],\"nextStartWith\":\"a\"}", "paging-broken")]
    [TestCase("{\"nextStartWith\":null}", "answer-unreadable")]
    [TestCase("{\"objects\":[{\"name\":\"FOCUS Reports/2026/06/30/0001.csv.gz\","
        + "\"etag\":\"e\",\"timeCreated\":\"2026-06-30T00:00:00Z\"}]}", "answer-unreadable")]
    [TestCase("{\"objects\":[{\"name\":\"FOCUS Reports/2026/06/x.csv.gz\","
        + "\"etag\":\"e\",\"size\":1,\"timeCreated\":\"2026-06-30T00:00:00Z\"}]}", "unsupported-format")]
    public void Listing_ThatMakesNoSense_IsRefused(string body, string code)
    {
        _oci.Alter = _ => body;

        Assert.That(() => _rig.FindAsync("2026-06"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo(code));
    }

    [Test]
    public void Listing_ThatRepeatsAPage_IsRefused()
    {
        using var rig = Rig(pageSize: 1);
        _oci.Put("FOCUS Reports/2026/06/30/0002.csv.gz", [1]);
        _oci.Put("FOCUS Reports/2026/06/30/0003.csv.gz", [1]);
        var first = "";
        _oci.Alter = text =>
        {
            var again = first.Length == 0 ? text : first.Replace("0002.csv.gz\"}", "0003.csv.gz\"}", StringComparison.Ordinal);
            first = first.Length == 0 ? text : first;
            return again;
        };

        Assert.That(() => rig.FindAsync("2026-06"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("paging-broken")
            .And.Message.Contains("listed twice"));
    }

    [TestCase("tenancyId", "ocid1.user.oc1..x", "begins with ocid1.tenancy.")]
    [TestCase("userId", "me@example.org", "begins with ocid1.user.")]
    [TestCase("fingerprint", "12:34", "16 pairs of hexadecimal digits")]
    [TestCase("region", "Frankfurt", "such as us-ashburn-1")]
    [TestCase("privateKey", "-----BEGIN-s3cret", "must name where the secret stands")]
    [TestCase("report", "usage", "'usage' is not allowed here")]
    public void Settings_WithAMistake_AreRefusedWithoutTheSecret(string key, string value, string words)
    {
        Dictionary<string, string> settings = new()
        {
            ["region"] = "eu-frankfurt-1",
            ["tenancyId"] = OciFake.Tenancy,
            ["userId"] = OciFake.User,
            ["fingerprint"] = $"\"{OciFake.Fingerprint}\"",
            ["privateKey"] = "env:OCI_KEY",
            [key] = $"\"{value}\"",
        };
        var text = string.Join('\n', settings.Select(s => $"{s.Key}: {s.Value}"));

        var error = Assert.Throws<PolicyException>(() => new OneSource("2026-07-03T12:00:00Z", new OciReportsConnector(), text).Dispose());

        Assert.That(error!.Errors.Select(e => e.Message), Has.Some.Contains(words));
        Assert.That(error.Message, Does.Not.Contain("s3cret"));
    }

    private OneSource Rig(string more = "", int pageSize = 1_000, string now = "2026-07-03T12:00:00Z", TimeProvider? time = null,
        DownloadLimits? limits = null) => new(
        now,
        new OciReportsConnector { PageSize = pageSize, Limits = limits ?? new DownloadLimits() },
        $"endpoint: {_oci.Server.Address}\ntenancyId: {OciFake.Tenancy}\nuserId: {OciFake.User}\nfingerprint: \"{OciFake.Fingerprint}\"\n"
        + $"privateKey: file:FOLDER/key.pem\n{more}",
        new Dictionary<string, string> { ["key.pem"] = _oci.PrivateKey },
        time);

    private static decimal Billed(BookFixture books, string month) => books.Total(CostMetric.Billed, month, TimeAxis.Billing);

    // As Oracle writes it: the column names of FOCUS 1.0-preview, times without seconds, columns of its own.
    private static byte[] Bill(string month, params (string Day, string Cost, string Back)[] rows)
    {
        var next = DateOnly.Parse(month + "-01", null).AddMonths(1);
        var text = new StringBuilder("AvailabilityZone,BilledCost,BillingAccountId,BillingCurrency,BillingPeriodEnd,BillingPeriodStart,ChargeCategory,"
            + "ChargeDescription,ChargeFrequency,ChargePeriodEnd,ChargePeriodStart,ChargeSubcategory,EffectiveCost,InvoiceIssuer,ListCost,ListUnitPrice,"
            + "PricingCategory,PricingQuantity,PricingUnit,Provider,Publisher,Region,ResourceId,ServiceCategory,ServiceName,SkuId,SubAccountId,Tags,"
            + "UsageQuantity,UsageUnit,oci_ReferenceNumber,oci_BackReferenceNumber\n");
        foreach (var (day, cost, back) in rows)
        {
            text.Append(null, $"AD-1,{cost},{OciFake.Tenancy},USD,{next:yyyy-MM-dd}T00:00Z,{month}-01T00:00Z,Usage,Compute,Usage-Based,{day}T13:00Z,")
                .Append(null, $"{day}T12:00Z,On-Demand,{cost},Oracle,{cost},0.1,On-Demand,10,OCPU Hours,Oracle,Oracle,us-ashburn-1,ocid1.instance.x,")
                .Append(null, $"Compute,COMPUTE,B1,{OciFake.Tenancy},\"{{\"\"team\"\": \"\"ci\"\"}}\",10,OCPU Hours,ref1,{back}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return memory.ToArray();
    }
}

using Amazon.Runtime;
using Amazon.S3;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Aws.Exports;
using CiCost.CostIngest.Sources.Http;
using CiCost.CostIngest.Tests.Sources.Http;
using CiCost.TestKit.Servers;
using static CiCost.CostIngest.Tests.Sources.Aws.AwsExportTests;
using static CiCost.CostIngest.Tests.Sources.Aws.ExportFixture;

namespace CiCost.CostIngest.Tests.Sources.Aws;

/// <summary>Everything that goes wrong with an export ends in a whole delivery or in a named error.</summary>
public sealed class AwsExportTroubleTests
{
    private const string First = May + "costroid-demo-00001.csv.gz";
    private const string Second = May + "costroid-demo-00002.csv.gz";

    private ExportFixture _it = null!;

    [SetUp]
    public async Task Start() => _it = await StartAsync();

    [TearDown]
    public async Task Stop() => await _it.DisposeAsync();

    [Test]
    public async Task Fetch_SecondFileReplacedBeforeItsTurn_TakesTheNewDelivery()
    {
        _it.S3.Server.Misbehave(Fault.Before(Rewrite) with { When = Of("00002.csv.gz") });

        var files = await _it.Fetch("2026-05");

        Assert.That(files, Is.EqualTo(new[] { _it.S3.Get(First), _it.S3.Get(Second) }));
        Assert.That(files[0], Is.EqualTo(files[1]), "the rewritten state has the second file twice");
    }

    [Test]
    public async Task Fetch_FirstFileReplacedAfterItWasRead_TakesTheNewDelivery()
    {
        // Both files are read in the old version, so only the listing afterwards tells.
        _it.S3.Server.Misbehave(Fault.DuringBody(100, Rewrite) with { When = Of("00002.csv.gz") });

        var files = await _it.Fetch("2026-05");

        Assert.That(files, Is.EqualTo(new[] { _it.S3.Get(First), _it.S3.Get(Second) }));
        Assert.That(files[0], Is.EqualTo(files[1]));
    }

    [Test]
    public async Task Fetch_ReplacedInEveryRound_IsGivenUp()
    {
        var round = 0;
        _it.S3.Server.Misbehave(Fault.Before(() => Rewrite(++round)) with { When = Of("00002.csv.gz"), Times = 99 });

        var error = await _it.FetchError("2026-05");

        Assert.That(error.Code, Is.EqualTo("export-being-rewritten"));
        Assert.That(round, Is.EqualTo(3));
    }

    [Test]
    public async Task Fetch_FileRemovedAfterTheOffer_IsNamed()
    {
        var source = _it.Source();
        var offer = await _it.Offer("2026-05", source);
        _it.S3.Remove(Second);

        Assert.That(_it.Rig.FetchError(source, offer).Code, Is.EqualTo("export-incomplete"));
    }

    [Test]
    public async Task Find_ManifestReplacedWhileItIsRead_TakesTheNewOne()
    {
        _it.S3.Server.Misbehave(Fault.Before(_it.Restate) with { When = Of(JuneManifest) });

        var restated = June.Replace("20260702T120000Z-a1b2c3d4", "20260715T090000Z-e5f6a7b8", StringComparison.Ordinal);
        Assert.That(await _it.Fetch("2026-06"), Is.EqualTo(new[] { _it.S3.Get(restated) }));
    }

    [Test]
    public async Task Find_ManifestBeforeItsFiles_IsNoOfferYetAndAnErrorLater()
    {
        _it.S3.Remove(Second);
        _it.S3.Put(MayManifest, _it.S3.Get(MayManifest), _it.Now.AddHours(-5));
        var early = await SourceRig.FindAsync(_it.Source(), "2026-05");
        _it.Rig.Time.Advance(TimeSpan.FromHours(2));

        Assert.That(early, Is.Empty);
        var error = await _it.FetchError("2026-05");
        Assert.That(error.Code, Is.EqualTo("export-incomplete"));
        Assert.That(error.Message, Does.Contain(Second));
    }

    [Test]
    public async Task Find_FileYoungerThanTheManifest_IsNoOfferUntilItIsQuiet()
    {
        _it.S3.Put(First, _it.S3.Get(First), _it.Now.AddMinutes(-10));
        var early = await SourceRig.FindAsync(_it.Source(), "2026-05");
        _it.Rig.Time.Advance(TimeSpan.FromHours(6));

        Assert.That(early, Is.Empty);
        Assert.That(await SourceRig.FindAsync(_it.Source(), "2026-05"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Find_OtherSizeThanTheManifestSays_IsNoOfferYetAndAnErrorLater()
    {
        PutManifest(_it, $$"""{"s3Uri":"s3://demo/{{First}}","size":1450}""", _it.Now.AddHours(-1));
        var early = await SourceRig.FindAsync(_it.Source(), "2026-05");
        _it.Rig.Time.Advance(TimeSpan.FromHours(6));

        Assert.That(early, Is.Empty);
        var error = await _it.FetchError("2026-05");
        Assert.That(error.Code, Is.EqualTo("size-differs"));
        Assert.That(error.Message, Does.Contain("1451").And.Contain("1450"));
    }

    [Test]
    public async Task Fetch_TruncatedAtAws_IsDamaged()
    {
        _it.S3.Put(June, _it.S3.Get(June)[..^9], Delivered);

        Assert.That((await _it.FetchError("2026-06")).Code, Is.EqualTo("gzip-damaged"));
    }

    [Test]
    public async Task Fetch_CutOffTwice_IsWhole()
    {
        _it.S3.Server.Misbehave(Fault.CutOffAfter(700) with { When = Of("00001.csv.gz"), Times = 2 });

        Assert.That((await _it.Fetch("2026-05"))[0], Is.EqualTo(_it.S3.Get(First)));
        Assert.That(_it.S3.Server.Requests.Count(r => r.Path.EndsWith("00001.csv.gz", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [Test]
    public async Task Fetch_AlwaysCutOff_IsNamed()
    {
        _it.S3.Server.Misbehave(Fault.CutOffAfter(700) with { When = Of("00001.csv.gz"), Times = 99 });

        Assert.That((await _it.FetchError("2026-05")).Code, Is.EqualTo("download-cut-off"));
    }

    [Test]
    public async Task Fetch_StandsStill_IsNamed()
    {
        var place = new ExportPlace("demo", Export, "costroid-demo");
        var source = new AwsExportSource(place, Open, TimeProvider.System);
        var offer = (await SourceRig.FindAsync(source, "2026-06")).Single();
        _it.S3.Server.Misbehave(Fault.StallAfter(700) with { When = Of(".csv.gz"), Times = 99 });

        Assert.That(_it.Rig.FetchError(source, offer).Code, Is.EqualTo("download-stalled"));

        ExportBucket Open()
        {
            var chain = new HttpChainOptions { Provider = "S3", BaseAddress = _it.S3.Server.Address };
            var client = new AmazonS3Client(
                new BasicAWSCredentials("AKIATEST", "test-secret"), AwsDataExportsConnector.Config(chain, "us-east-1", pathStyle: true));
            var limits = new DownloadLimits { IdleTime = TimeSpan.FromMilliseconds(100), MostRestarts = 1 };
            return new ExportBucket(client, "demo", TimeProvider.System, limits);
        }
    }

    [TestCase(2, null)]
    [TestCase(99, "download-cut-off")]
    public async Task Fetch_OtherChecksumThanS3Says_IsReadAgain(int times, string? code)
    {
        var altered = Fault.Altered((context, next) =>
        {
            context.Response.Headers["x-amz-checksum-crc32"] = "AAAAAA==";
            return next(context);
        });
        _it.S3.Server.Misbehave(altered with { When = Of("00002.csv.gz"), Times = times });

        if (code is null)
        {
            Assert.That((await _it.Fetch("2026-05"))[1], Is.EqualTo(_it.S3.Get(Second)));
            Assert.That(_it.S3.Server.Requests.Count(r => r.Path.EndsWith("00002.csv.gz", StringComparison.Ordinal)), Is.EqualTo(3));
        }
        else
        {
            Assert.That((await _it.FetchError("2026-05")).Code, Is.EqualTo(code));
        }
    }

    [Test]
    public async Task List_AtAwsItself_HasTheBucketInTheHost()
    {
        var stub = new StubHandler(StubHandler.Answer(200, "<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated></ListBucketResult>"));
        using var bucket = Bucket(stub);

        Assert.That(await bucket.ListAsync("cicost/focus/", default), Is.Empty);
        Assert.That(stub.Requests.Single().RequestUri!.GetLeftPart(UriPartial.Path), Is.EqualTo("https://acme-billing.s3.eu-central-1.amazonaws.com/"));
        Assert.That(stub.Requests.Single().Headers.GetValues("Authorization").Single(), Does.Contain("/eu-central-1/s3/aws4_request"));
    }

    [Test]
    public async Task Find_ManifestOrListingCutOff_IsRepeated()
    {
        _it.S3.Server.Misbehave(Fault.CutOffAfter(100) with { When = Of(MayManifest), Times = 2 });
        _it.S3.Server.Misbehave(Fault.CutOffAfter(100) with { When = r => r.Query.ContainsKey("list-type"), Times = 2 });

        Assert.That(await _it.Fetch("2026-05"), Has.Length.EqualTo(2));
    }

    [TestCase(500, null)]
    [TestCase(503, null)]
    [TestCase(429, null)]
    [TestCase(429, "7")]
    public async Task Fetch_TroubleThatPasses_IsRepeated(int status, string? retryAfter)
    {
        (string, string)[] headers = retryAfter is null ? [] : [("Retry-After", retryAfter)];
        _it.S3.Server.Misbehave(Fault.Answer(status, "<Error><Code>SlowDown</Code></Error>", "application/xml", headers) with { Times = 3 });

        Assert.That(await _it.Fetch("2026-05"), Has.Length.EqualTo(2));
        if (retryAfter is not null)
        {
            Assert.That(_it.Rig.Time.Skipped, Is.EqualTo(Enumerable.Repeat(TimeSpan.FromSeconds(7), 3)));
        }
    }

    [TestCase(500, "InternalError", null, "provider-unavailable")]
    [TestCase(503, "SlowDown", null, "provider-throttles")]
    [TestCase(429, "TooManyRequestsException", "86400", "provider-throttles")]
    [TestCase(403, "AccessDenied", null, "access-denied")]
    [TestCase(403, "InvalidAccessKeyId", null, "credentials-refused")]
    [TestCase(403, "RequestTimeTooSkewed", null, "credentials-refused")]
    [TestCase(400, "ExpiredToken", null, "credentials-refused")]
    [TestCase(400, "AuthorizationHeaderMalformed", null, "region-wrong")]
    [TestCase(404, "NoSuchBucket", null, "not-found-at-provider")]
    [TestCase(400, "InvalidRequest", null, "request-refused")]
    public void Find_TroubleThatStays_IsNamed(int status, string aws, string? retryAfter, string code)
    {
        (string, string)[] headers = retryAfter is null ? [] : [("Retry-After", retryAfter)];
        var body = $"<Error><Code>{aws}</Code><Message>because</Message></Error>";
        _it.S3.Server.Misbehave(Fault.Answer(status, body, "application/xml", headers) with { Times = 99 });

        var error = Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(_it.Source(), "2026-05..2026-06"));

        Assert.That(error.Code, Is.EqualTo(code));
        Assert.That(error.Message, Does.Contain("S3 (list s3://demo/").And.Contain("because"));
    }

    [Test]
    public void Find_WrongSecret_IsRefusedByTheSignature()
    {
        var error = Assert.ThrowsAsync<SourceException>(
            () => SourceRig.FindAsync(_it.Source(_it.Rig.Keys(secret: "wrong-secret")), "2026-05"));

        Assert.That(error.Code, Is.EqualTo("credentials-refused"));
        Assert.That(error.ToString(), Does.Contain("SignatureDoesNotMatch").And.Not.Contain("wrong-secret"));
    }

    [Test]
    public void Find_ExpiredSession_IsRefused()
    {
        _it.S3.Keys.Knows("ASIAOLD", "old-secret", "old-token", DateTimeOffset.Parse("2026-01-01T00:00:00Z"));

        var error = Assert.ThrowsAsync<SourceException>(
            () => SourceRig.FindAsync(_it.Source(_it.Rig.Keys("ASIAOLD", "old-secret", "old-token")), "2026-05"));

        Assert.That(error.Code, Is.EqualTo("credentials-refused"));
        Assert.That(error.ToString(), Does.Contain("ExpiredToken").And.Not.Contain("old-token"));
    }

    [Test]
    public void Find_BucketThatIsNotThere_IsNamed()
    {
        var error = Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(_it.Source(bucket: "nobody"), "2026-05"));

        Assert.That(error.Code, Is.EqualTo("not-found-at-provider"));
    }

    [Test]
    public async Task Find_NobodyListens_SaysSo()
    {
        var source = _it.Source();
        await _it.S3.DisposeAsync();

        var error = Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(source, "2026-05"));

        Assert.That(error.Code, Is.EqualTo("provider-unreachable"));
    }

    [Test]
    public void Find_PageThatCameTwice_IsNoticed()
    {
        _it.S3.PageSize = 1;
        var page = "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>demo</Name><IsTruncated>true</IsTruncated>"
            + $"<NextContinuationToken>x</NextContinuationToken><Contents><Key>{First}</Key><LastModified>2026-07-02T12:00:00.000Z</LastModified>"
            + "<ETag>\"a\"</ETag><Size>1</Size></Contents></ListBucketResult>";
        _it.S3.Server.Misbehave(Fault.Answer(200, page, "application/xml") with
        {
            When = r => r.Query["prefix"].ToString().Contains("/data/", StringComparison.Ordinal),
            Times = 99,
        });

        var error = Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(_it.Source(), "2026-05"));

        Assert.That(error.Code, Is.EqualTo("paging-broken"));
    }

    [TestCase("<html><body>Please sign in</body></html>")]
    [TestCase("<ListBucketResult><Name>demo</Name><IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents></ListBucketResult>")]
    [TestCase("<ListBucketResult><Contents>")]
    [TestCase("Please sign in")]
    public void Find_ListingOfSomethingElse_IsNamed(string body)
    {
        _it.S3.Server.Misbehave(Fault.Answer(200, body, "application/xml") with { Times = 99 });

        var error = Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(_it.Source(), "2026-05"));

        Assert.That(error.Code, Is.EqualTo("answer-unreadable"));
    }

    [Test]
    public void List_NoAnswerInTime_IsNamed()
    {
        using var bucket = Bucket(new StubHandler(StubHandler.Breaks(new TimeoutException("no whole answer"))));

        Assert.That(
            () => bucket.ListAsync("x", default), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("provider-silent"));
    }

    [Test]
    public void List_Cancelled_IsNoErrorOfTheSource()
    {
        using var cancel = new CancellationTokenSource();
        using var bucket = Bucket(new StubHandler((_, token) =>
        {
            cancel.Cancel();
            return Task.FromCanceled<HttpResponseMessage>(token);
        }));

        Assert.That(() => bucket.ListAsync("x", cancel.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Find_PageThatIsMissing_IsNoOffer()
    {
        // The listing of the data ends after its first object: the manifest shows that one is missing.
        _it.S3.Put(MayManifest, _it.S3.Get(MayManifest), _it.Now.AddMinutes(-5));
        var page = "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>demo</Name><IsTruncated>false</IsTruncated>"
            + $"<Contents><Key>{First}</Key><LastModified>2026-07-02T12:00:00.000Z</LastModified><ETag>\"a\"</ETag><Size>1451</Size></Contents>"
            + "</ListBucketResult>";
        _it.S3.Server.Misbehave(Fault.Answer(200, page, "application/xml") with
        {
            When = r => r.Query["prefix"].ToString().Contains("/data/", StringComparison.Ordinal),
        });

        Assert.That(await SourceRig.FindAsync(_it.Source(), "2026-05"), Is.Empty);
        Assert.That(await _it.Fetch("2026-05"), Has.Length.EqualTo(2));
    }

    [TestCase("\"s3://demo/exports/costroid-demo/data/BILLING_PERIOD=2026-05/a.snappy.parquet\"", "unsupported-format")]
    [TestCase("\"s3://elsewhere/exports/costroid-demo/data/BILLING_PERIOD=2026-05/a.csv.gz\"", "manifest-invalid")]
    [TestCase("\"s3://demo/exports/costroid-demo/data/BILLING_PERIOD=2026-06/a.csv.gz\"", "manifest-invalid")]
    [TestCase("", "manifest-invalid")]
    [TestCase("42", "manifest-invalid")]
    [TestCase("\"s3://demo/" + First + "\", {\"s3Uri\":\"s3://demo/" + First + "\"}", "manifest-invalid")]
    [TestCase("], \"billingPeriod\": \"2026-06\", \"x\": [", "manifest-invalid")]
    [TestCase("}", "manifest-invalid")]
    public async Task Fetch_ManifestThatCannotBeUsed_FailsThatMonthOnly(string files, string code)
    {
        PutManifest(_it, files);

        var offers = await SourceRig.FindAsync(_it.Source(), "2026-05..2026-06");

        Assert.That(offers, Has.Count.EqualTo(2));
        var error = _it.Rig.FetchError(_it.Source(), offers[0]);
        Assert.That(error.Code, Is.EqualTo(code));
        Assert.That(error.Message, Does.Contain("s3://"));
        Assert.That(await _it.Rig.FetchAsync(_it.Source(), offers[1]), Is.InstanceOf<FetchedDelivery>());
    }

    private static ExportBucket Bucket(HttpMessageHandler transport)
    {
        var address = new Uri("https://s3.eu-central-1.amazonaws.com/");
        var chain = new HttpChainOptions { Provider = "S3", BaseAddress = address, Transport = transport };
        var config = AwsDataExportsConnector.Config(chain, "eu-central-1", pathStyle: false);
        return new ExportBucket(new AmazonS3Client(new BasicAWSCredentials("a", "b"), config), "acme-billing", TimeProvider.System);
    }

    private void Rewrite() => Rewrite(0);

    // AWS overwrites: both files and the manifest are new; the first file has the second one's content, so that no size gives it away.
    private void Rewrite(int round)
    {
        var at = Delivered.AddDays(2).AddMinutes(round);
        _it.S3.Put(First, [.. _it.S3.Get(Second), .. Member(round)], at);
        _it.S3.Put(Second, _it.S3.Get(First), at);
        PutManifest(_it, $"\"s3://demo/{First}\", \"s3://demo/{Second}\"", at.AddSeconds(1));
    }

    // An empty gzip member changes the version and not the content.
    private static byte[] Member(int round) => [0x1f, 0x8b, 8, 0, (byte)round, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
}

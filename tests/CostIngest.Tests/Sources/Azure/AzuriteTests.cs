using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CiCost.Accounting.Costs;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Azure;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.Azure;

/// <summary>The real emulator: http with shared access signatures, https with bearer tokens.</summary>
[TestFixture]
public sealed class AzuriteTests
{
    private TempFolder _folder = null!;
    private NodeServer _http = null!;
    private NodeServer _https = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartServers()
    {
        _folder = new TempFolder();
        var (certificate, key) = MakeCertificate();
        var starts = await Task.WhenAll(
            NodeServer.StartAzuriteAsync(),
            NodeServer.StartAzuriteAsync(
                "--oauth", "basic", "--cert", _folder.Write("cert.pem", certificate), "--key", _folder.Write("key.pem", key)));
        (_http, _https) = (starts[0], starts[1]);
        _client = new HttpClient(Trusting());
    }

    [OneTimeTearDown]
    public async Task StopServers()
    {
        _client.Dispose();
        await _http.DisposeAsync();
        await _https.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Pull_OverHttpWithSas_BooksFixtureAndRestatedTotals()
    {
        var container = await MakeContainerAsync(_http);
        await SeedAsync(container, "fixture");
        using var rig = Rig(container, "credential: sas\nsas: file:FOLDER/secret", Sas("rl", "2099-01-01T00:00:00Z"));
        await PullBothAsync(rig, container);
    }

    [Test]
    public async Task Pull_OverHttpsWithBearer_BooksFixtureAndRestatedTotals()
    {
        var container = await MakeContainerAsync(_https);
        await SeedAsync(container, "fixture");
        await using var authority = await TokenFake.StartAsync("https://storage.azure.com/.default");
        using var rig = Rig(
            container,
            "credential: client-secret\ntenantId: 11111111-2222-3333-4444-555555555555\nclientId: app\nclientSecret: file:FOLDER/secret\n"
            + "authorityHost: https://login.test/",
            TokenFake.Secret,
            authority);
        await PullBothAsync(rig, container);
        Assert.That(authority.Server.Requests, Has.Count.EqualTo(1), "one token for both pulls");
    }

    [Test]
    public async Task Find_ListingInPages_IsTheEmulatorsOwn()
    {
        var container = await MakeContainerAsync(_http);
        await SeedAsync(container, "fixture");
        using var rig = Rig(container, "credential: sas\nsas: file:FOLDER/secret", Sas("rl", "2099-01-01T00:00:00Z"), pageSize: 2);

        Assert.That((await rig.FindAsync("2026-05", "2026-06")).Select(o => o.Month.ToString()), Is.EqualTo(["2026-05", "2026-06"]));
    }

    [Test]
    public async Task Fetch_BlobReplacedAfterTheListing_IsRefusedByItsETagAndTheNewRunIsFetched()
    {
        var container = await MakeContainerAsync(_http);
        await SeedAsync(container, "fixture");
        using var rig = Rig(container, "credential: sas\nsas: file:FOLDER/secret", Sas("rl", "2099-01-01T00:00:00Z"));
        var offer = (await rig.FindAsync("2026-05")).Single();
        await PutAsync(container, ExportLayout.May + "part_0_0001.csv.gz", [1, 2, 3]);
        await SeedAsync(container, "restated");

        var fetched = (FetchedDelivery)await rig.FetchAsync(offer);

        Assert.That(File.ReadAllBytes(fetched.Files[0]), Is.EqualTo(ExportLayout.File("restated", ExportLayout.MayRestated + "part_0_0001.csv.gz")));
    }

    [Test]
    public async Task Find_ExpiredSignature_IsRefusedByTheService()
    {
        var container = await MakeContainerAsync(_http);

        // In the past for the emulator's clock, in the future for the source's, which would not send it otherwise. The emulator says
        // AuthorizationFailure where the service says AuthenticationFailed.
        var yesterday = TimeProvider.System.GetUtcNow().AddDays(-1).ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture);
        using var rig = Rig(container, "credential: sas\nsas: file:FOLDER/secret", Sas("rl", yesterday), now: "2020-07-03T12:00:00Z");

        Assert.That(() => rig.FindAsync("2026-05"), Throws.TypeOf<SourceException>()
            .With.Property("Code").AnyOf("credentials-refused", "access-denied").And.Message.Contains("answered 403"));
    }

    [Test]
    public async Task Find_SignatureWithoutList_IsRefusedByTheService()
    {
        var container = await MakeContainerAsync(_http);
        using var rig = Rig(container, "credential: sas\nsas: file:FOLDER/secret", Sas("r", "2099-01-01T00:00:00Z"));

        Assert.That(() => rig.FindAsync("2026-05"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("access-denied"));
    }

    [Test]
    public async Task Find_TokenForAnotherService_IsRefusedByTheService()
    {
        var container = await MakeContainerAsync(_https);
        await using var authority = await TokenFake.StartAsync("https://storage.azure.com/.default", audience: "https://management.azure.com");
        using var rig = Rig(
            container,
            "credential: client-secret\ntenantId: 11111111-2222-3333-4444-555555555555\nclientId: app\nclientSecret: file:FOLDER/secret\n"
            + "authorityHost: https://login.test/",
            TokenFake.Secret,
            authority);

        Assert.That(() => rig.FindAsync("2026-05"), Throws.TypeOf<SourceException>()
            .With.Property("Code").AnyOf("credentials-refused", "access-denied"));
    }

    [Test]
    public void Find_ContainerThatIsNotThere_SaysSo()
    {
        using var rig = Rig(new Uri(_http.Address, "devstoreaccount1/missing"), "credential: sas\nsas: file:FOLDER/secret", Sas("rl", "2099-01-01T00:00:00Z"));

        Assert.That(() => rig.FindAsync("2026-05"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("not-found-at-provider")
            .And.Message.Contains("ContainerNotFound"));
    }

    private static async Task<T> BooksAsync<T>(Func<BookFixture, Task<T>> use)
    {
        using var books = await BookFixture.OpenAsync();
        return await use(books);
    }

    private async Task PullBothAsync(OneSource rig, Uri container) => await BooksAsync(async books =>
    {
        var first = await rig.PullAsync(books, "2026-05", "2026-06");
        Assert.That(first.Failures, Is.Empty);
        Assert.That(books.Total(CostMetric.Billed, "2026-05", TimeAxis.Billing), Is.EqualTo(20.5m));
        Assert.That(books.Total(CostMetric.Billed, "2026-06", TimeAxis.Billing), Is.EqualTo(12m));
        await SeedAsync(container, "restated");
        var second = await rig.PullAsync(books, "2026-05", "2026-06");
        Assert.That(second.Failures, Is.Empty);
        Assert.That(books.Total(CostMetric.Billed, "2026-05", TimeAxis.Billing), Is.EqualTo(19.5m));
        Assert.That(books.Total(CostMetric.Billed, "2026-06", TimeAxis.Billing), Is.EqualTo(12m));
        return true;
    });

    private static OneSource Rig(Uri container, string settings, string secret, TokenFake? authority = null, int pageSize = 5_000,
        string now = "2026-07-03T12:00:00Z") => new(
        now,
        new AzureExportsConnector
        {
            Transports = (Trusting, authority is null ? null : () => new PlainTransport(authority.Server.Address)),
            Limits = new AzureExportsLimits { PageSize = pageSize },
        },
        $"containerUrl: {container}\n{settings}",
        new Dictionary<string, string> { ["secret"] = secret });

    private async Task<Uri> MakeContainerAsync(NodeServer server)
    {
        var container = new Uri(server.Address, $"devstoreaccount1/c{Guid.NewGuid():N}");
        using var response = await _client.PutAsync(new Uri($"{container}?restype=container&{Sas("rwlc", "2099-01-01T00:00:00Z")}"), null);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        return container;
    }

    private async Task SeedAsync(Uri container, string variant)
    {
        foreach (var (name, bytes) in ExportLayout.Files(variant))
        {
            await PutAsync(container, name, bytes);
        }
    }

    private async Task PutAsync(Uri container, string name, byte[] bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"{container}/{name}?{Sas("rwlc", "2099-01-01T00:00:00Z")}"));
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        request.Headers.Add("x-ms-version", "2023-11-03");
        request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var response = await _client.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync());
    }

    // An account signature with the emulator's published key:
    // https://learn.microsoft.com/rest/api/storageservices/create-account-sas (read 2026-11-21).
    private static string Sas(string permissions, string end)
    {
        const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
        const string Version = "2019-12-12";
        var text = string.Create(CultureInfo.InvariantCulture,
            $"devstoreaccount1\n{permissions}\nb\nsco\n\n{end}\n\nhttps,http\n{Version}\n");
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(text)));
        return $"sv={Version}&ss=b&srt=sco&sp={permissions}&se={Uri.EscapeDataString(end)}&spr={Uri.EscapeDataString("https,http")}"
            + $"&sig={Uri.EscapeDataString(signature)}";
    }

    // The certificate was made by this run and is not of the machine's trust: loopback only.
    private static SocketsHttpHandler Trusting() => new()
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=azurite-test" },
    };

    private static (string Certificate, string Key) MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=azurite-test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}

using System.Globalization;
using System.Text.Json;
using CiCost.Policy;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostApi.Tests.Serving;

/// <summary>Books of two months and a server over them, asked over real HTTP. Amounts have parts of cents, so that footing shows.</summary>
internal sealed class ServedBooks : IAsyncDisposable
{
    public const string Month = "2026-03";

    private const string Splits = """
        splits:
          - id: to-acme
            name: All to Acme
            status: agreed
            currency: USD
            method: even
            fallback: unallocated
            participants: [{organisation: acme}, {organisation: birch}]
        """;

    private readonly WebApplication _host;

    private ServedBooks(BookFixture books, WebApplication host)
    {
        Books = books;
        _host = host;
        Client = new HttpClient { BaseAddress = new Uri(host.Urls.First()) };
    }

    public BookFixture Books { get; }

    public HttpClient Client { get; }

    public static async Task<ServedBooks> StartAsync(string? reports = null, string? notice = null)
    {
        var books = await BookFixture.OpenAsync();
        var files = PolicyText.Boring.Read().Files
            .Where(f => f.Name != "organisations.yaml").Append(new PolicyFile("splits.yaml", Splits)).Append(new PolicyFile(
                "organisations.yaml", """
                organisations:
                  - {id: acme, name: Acme, slug: Acme, roles: [donor, operator, chip-vendor]}
                  - {id: birch, name: Birch, slug: Birch, roles: [donor]}
                """));
        await books.AttributeAsync(PolicyLoader.Parse([.. files]));
        await books.DeliverAsync("bill", "2026-02", BillLine.ALine().On("2026-02-10").Costing("7.777"));
        await books.DeliverAsync("bill", Month,
            BillLine.ALine().On("2026-03-01").Costing("10.003").Listed("12.0011"),
            BillLine.ALine().On("2026-03-02").Costing("0.334"),
            BillLine.ALine().On("2026-03-03").For("Buckets").Costing("3.334").Effective("3.3331"),
            BillLine.ALine().On("2026-03-04").From("acct-2").Costing("0.0051"),
            BillLine.ALine().On("2026-03-05").From("nobody").Costing("0.777"),
            BillLine.ALine().On("2026-03-05").From("euro").In("EUR").Costing("5.505"),
            BillLine.ACredit("gift").On("2026-03-31").Costing("-4.0011"));
        return new ServedBooks(books, await HostAsync(books.Books.Path, reports, notice, books.Time));
    }

    /// <summary>A server over books that may not be there.</summary>
    public static async Task<WebApplication> HostAsync(string database, string? reports = null, string? notice = null,
        TimeProvider? time = null)
    {
        var host = ApiHost.Build(new ApiHostOptions
        {
            Database = database,
            Address = "http://127.0.0.1:0",
            ReportDirectory = reports,
            Notice = notice,
            ApplicationName = typeof(ServedBooks).Assembly.GetName().Name,
            CheckPatience = TimeSpan.FromSeconds(60),
            Time = time ?? TimeProvider.System,
        });
        await host.StartAsync();
        return host;
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (ifNoneMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        }

        return await Client.SendAsync(request);
    }

    /// <summary>The document of an answer, which must be 200.</summary>
    public async Task<JsonElement> JsonAsync(string path)
    {
        using var response = await GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.That((int)response.StatusCode, Is.EqualTo(200), $"{path}: {text}");
        return Parse(text);
    }

    /// <summary>The problem of an answer, which must have this status.</summary>
    public async Task<JsonElement> ProblemAsync(string path, int status)
    {
        using var response = await GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Multiple(() =>
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(status), $"{path}: {text}");
            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"), path);
            Assert.That(text, Does.Not.Contain("   at ").And.Not.Contain("Exception"), "nothing of the inside of the program");
        });
        return Parse(text);
    }

    public static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static decimal Decimal(JsonElement text) => decimal.Parse(text.GetString()!, NumberStyles.Number, CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
        Books.Dispose();
    }
}

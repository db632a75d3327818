using System.Net;
using CiCost.CostApi.Tests.Serving;
using CiCost.Ledger;
using CiCost.TestKit;

namespace CiCost.CostApi.Tests.Endpoints;

/// <summary>What goes wrong is a problem document with a stable code, the parameter, and what to do.</summary>
public sealed class ProblemTests
{
    private ServedBooks _served = null!;

    [OneTimeSetUp]
    public async Task Start() => _served = await ServedBooks.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _served.DisposeAsync();

    [TestCase("/v1/costs", "parameter-missing", "month")]
    [TestCase("/v1/costs?month=", "parameter-invalid", "month")]
    [TestCase("/v1/costs?month=2026-13", "parameter-invalid", "month")]
    [TestCase("/v1/costs?month=July", "parameter-invalid", "month")]
    [TestCase("/v1/costs?month=1969-12", "parameter-invalid", "month")]
    [TestCase("/v1/costs?month=2026-03&month=2026-02", "parameter-repeated", "month")]
    [TestCase("/v1/costs?month=2026-03&to=2026-02", "range-backwards", "to")]
    [TestCase("/v1/costs?month=2026-03&to=x", "parameter-invalid", "to")]
    [TestCase("/v1/costs?month=2026-03&metric=money", "parameter-invalid", "metric")]
    [TestCase("/v1/costs?month=2026-03&axis=fiscal", "parameter-invalid", "axis")]
    [TestCase("/v1/costs?month=2026-03&group-by=color", "dimension-unknown", "group-by")]
    [TestCase("/v1/costs?month=2026-03&group-by=project&where=color=red", "dimension-unknown", "where")]
    [TestCase("/v1/costs?month=2026-03&where=project", "parameter-invalid", "where")]
    [TestCase("/v1/costs?month=2026-03&as-of=yesterday", "parameter-invalid", "as-of")]
    [TestCase("/v1/costs?month=2026-03&as-of=2026-05-01T00:00:00", "parameter-invalid", "as-of")]
    [TestCase("/v1/costs?month=2026-03&as-of=2001-01-01T00:00:00Z", "as-of-too-early", "as-of")]
    [TestCase("/v1/costs?month=2026-03&groupby=project", "parameter-unknown", "groupby")]
    [TestCase("/v1/bridge?month=2026-03&axis=none", "parameter-invalid", "axis")]
    [TestCase("/v1/bridge?month=2026-03&metric=list", "parameter-unknown", "metric")]
    [TestCase("/v1/bridge", "parameter-missing", "month")]
    [TestCase("/v1/statements", "parameter-missing", "month")]
    [TestCase("/v1/funding?month=03-2026", "parameter-invalid", "month")]
    [TestCase("/v1/deliveries?delivery=first", "parameter-invalid", "delivery")]
    [TestCase("/v1/deliveries?delivery=99999999999", "parameter-invalid", "delivery")]
    [TestCase("/v1/deliveries?month=x", "parameter-invalid", "month")]
    [TestCase("/v1/checks?month=x", "parameter-invalid", "month")]
    [TestCase("/v1/explain", "parameter-missing", "month")]
    [TestCase("/v1/explain?delivery=1", "parameter-missing", "row")]
    [TestCase("/v1/explain?month=2026-03&rows=-1", "parameter-invalid", "rows")]
    [TestCase("/v1/explain?month=2026-03&rows=1001", "parameter-invalid", "rows")]
    [TestCase("/v1/explain?month=2026-03&where=color=red", "dimension-unknown", "where")]
    [TestCase("/?month=x", "parameter-invalid", "month")]
    public async Task Get_WithABadParameter_Is400AndNamesIt(string path, string code, string parameter)
    {
        var problem = await _served.ProblemAsync(path, 400);
        Assert.Multiple(() =>
        {
            Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo(code));
            Assert.That(problem.GetProperty("parameter").GetString(), Is.EqualTo(parameter));
            Assert.That(problem.GetProperty("detail").GetString(), Has.Length.GreaterThan(20));
            Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo(400));
            Assert.That(problem.GetProperty("type").GetString(), Does.EndWith(code));
        });
    }

    [TestCase("/v1/deliveries?delivery=77", "delivery-unknown")]
    [TestCase("/v1/explain?delivery=77&row=1", "delivery-unknown")]
    [TestCase("/v1/explain?delivery=1&row=12345", "row-unknown")]
    [TestCase("/v1/statements?month=2026-03&split=none", "split-unknown")]
    [TestCase("/v1/nothing", "not-found")]
    [TestCase("/nothing.css", "not-found")]
    public async Task Get_OfWhatIsNotThere_Is404(string path, string code)
    {
        var problem = await _served.ProblemAsync(path, 404);
        Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo(code));
    }

    [Test]
    public async Task OtherMethods_OfAnything_AreRefused(
        [Values("POST", "PUT", "PATCH", "DELETE")] string method,
        [Values("/", "/v1/costs?month=2026-03", "/v1/deliveries", "/v1/checks", "/reports/board-2026-03.pdf")] string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent("{}") };
        using var response = await _served.Client.SendAsync(request);
        var problem = ServedBooks.Parse(await response.Content.ReadAsStringAsync());
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
            Assert.That(response.Content.Headers.Allow.Except(["HEAD"]), Is.EqualTo(new[] { "GET" }));
            Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo("method-not-allowed"));
        });
    }

    [Test]
    public async Task Get_BeforeTheFirstBooking_Is503AndMakesNoFile()
    {
        using var folder = new TempFolder();
        var path = folder.File("books.db");
        await using var host = await ServedBooks.HostAsync(path);
        using var client = new HttpClient { BaseAddress = new Uri(host.Urls.First()) };
        using var ready = await client.GetAsync("/health/ready");
        using var costs = await client.GetAsync("/v1/costs?month=2026-03");
        using var page = await client.GetAsync("/");
        using var live = await client.GetAsync("/health/live");
        var problem = ServedBooks.Parse(await costs.Content.ReadAsStringAsync());
        Assert.Multiple(() =>
        {
            Assert.That(new[] { ready.StatusCode, costs.StatusCode, page.StatusCode }, Is.All.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(live.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo("books-missing"));
            Assert.That(page.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/html"));
            Assert.That(File.Exists(path), Is.False);
        });
    }

    [Test]
    public async Task Get_OfABrokenBook_IsAProblemWithoutTheInside()
    {
        using var folder = new TempFolder();
        var path = folder.Write("books.db", new string('x', 10_000));
        await using var host = await ServedBooks.HostAsync(path);
        using var client = new HttpClient { BaseAddress = new Uri(host.Urls.First()) };
        using var response = await client.GetAsync("/v1/costs?month=2026-03");
        var text = await response.Content.ReadAsStringAsync();
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(ServedBooks.Parse(text).GetProperty("code").GetString(), Is.EqualTo("books-not-a-database"));
            Assert.That(text, Does.Not.Contain("   at "));
        });
    }

    [TestCase("https://127.0.0.1:1")]
    [TestCase("http://example.org:80")]
    [TestCase("http://127.0.0.1:80/path")]
    [TestCase("127.0.0.1:80")]
    [TestCase("")]
    public void Build_WithABadAddress_IsRefused(string address) =>
        Assert.That(() => ApiHost.Build(new ApiHostOptions { Database = "none.db", Address = address }),
            Throws.TypeOf<BooksException>().With.Property(nameof(BooksException.Code)).EqualTo("address-invalid"));

    [TestCase("")]
    [TestCase("two\nlines")]
    [TestCase("caf\u00e9")]
    public void Build_WithABadNotice_IsRefused(string notice) =>
        Assert.That(() => ApiHost.Build(new ApiHostOptions { Database = "none.db", Notice = notice }),
            Throws.TypeOf<BooksException>().With.Property(nameof(BooksException.Code)).EqualTo("notice-invalid"));

    [Test]
    public async Task EveryAnswer_OfBooksWhosePolicyWasChanged_Is500AndSaysSo()
    {
        await using var served = await ServedBooks.StartAsync();
        Assert.That(served.Books.Execute("UPDATE rule_file SET content = replace(content, 'even', 'even ') WHERE name = 'splits.yaml'"), Is.Positive);
        await using var host = await ServedBooks.HostAsync(served.Books.Books.Path, time: served.Books.Time);
        using var client = new HttpClient { BaseAddress = new Uri(host.Urls.First()) };
        foreach (var path in (string[])["/v1/costs?month=2026-03", "/v1/bridge?month=2026-03", "/v1/statements?month=2026-03", "/v1/explain?month=2026-03"])
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
            var text = await response.Content.ReadAsStringAsync();
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError), $"{path}: {text}");
            Assert.That(text, Does.Contain("\"policy-changed\"").And.Contain("cicost check --deep"));
        }
    }
}

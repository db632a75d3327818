using System.Net;
using System.Text.RegularExpressions;
using CiCost.CostApi.Tests.Serving;
using CiCost.TestKit;

namespace CiCost.CostApi.Tests.Pages;

/// <summary>The start page: its figures are those of the API, everything that it names is there, and nothing on it is a script.</summary>
public sealed partial class StartPageTests
{
    private const string Notice = "Demonstration data: <invented> & calibrated.";
    private TempFolder _reports = null!;
    private ServedBooks _served = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _reports = new TempFolder();
        _reports.Write("board-2026-03.pdf", "%PDF-1.7");
        _reports.Write("board-2026-03.html", "<p>report</p>");
        _reports.Write("secret.txt", "secret");
        _reports.Write("board-2026-03.pdf.bak", "secret");
        _reports.Write("inner/board-2026-02.pdf", "secret");
        File.CreateSymbolicLink(_reports.File("board-2026-01.pdf"), _reports.File("secret.txt"));
        _served = await ServedBooks.StartAsync(_reports.FullName, Notice);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _served.DisposeAsync();
        _reports.Dispose();
    }

    [Test]
    public async Task Page_NewestMonth_ShowsTheFiguresOfTheApi()
    {
        var html = await _served.Client.GetStringAsync("/");
        var funding = await _served.JsonAsync("/v1/funding?month=2026-03");
        var bridges = await _served.JsonAsync("/v1/bridge?month=2026-03");
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.StartWith("<!DOCTYPE html>").And.Contain("CI costs, March 2026"));
            Assert.That(html, Does.Contain("14.45 USD"));
            foreach (var funder in funding.GetProperty("totals").EnumerateObject())
            {
                Assert.That(html, Does.Contain($">{funder.Value.GetProperty("display").GetString()}<"));
            }

            foreach (var bridge in bridges.GetProperty("bridges").EnumerateArray())
            {
                Assert.That(html, Does.Contain($">{bridge.GetProperty("display").GetProperty("payable").GetString()}<"));
            }

            Assert.That(html, Does.Contain("href=\"/?month=2026-02\""));
            Assert.That(html, Does.Contain("href=\"/reports/board-2026-03.pdf\"").And.Contain("href=\"/reports/board-2026-03.html\""));
        });
    }

    [TestCase("/")]
    [TestCase("/?month=2026-02")]
    [TestCase("/?month=2020-01")]
    public async Task Page_EverythingItNames_IsThere(string page)
    {
        var html = await _served.Client.GetStringAsync(page);
        var targets = Target().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).Distinct().ToList();
        Assert.That(targets, Has.Count.GreaterThan(8).And.Contains("/_content/CiCost.CostApi/cicost.css"));
        foreach (var target in targets)
        {
            using var response = await _served.GetAsync(target);
            var content = await response.Content.ReadAsByteArrayAsync();
            Assert.Multiple(() =>
            {
                Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), target);
                Assert.That(content, Is.Not.Empty, target);
            });
        }
    }

    [Test]
    public async Task Page_HasNoScriptAndAPolicyThatForbidsIt()
    {
        using var response = await _served.GetAsync("/");
        var html = await response.Content.ReadAsStringAsync();
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.Not.Contain("<script").IgnoreCase.And.Not.Contain("style=").IgnoreCase);
            Assert.That(policy, Does.Contain("default-src 'none'").And.Not.Contain("unsafe").And.Not.Contain("script-src"));
            Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
            Assert.That(response.Headers.Contains("Server"), Is.False);
        });
    }

    [TestCase("/")]
    [TestCase("/v1/costs?month=2026-03")]
    [TestCase("/v1/costs?month=x")]
    [TestCase("/nothing")]
    [TestCase("/health/live")]
    [TestCase("/openapi/v1.json")]
    [TestCase("/_content/CiCost.CostApi/cicost.css")]
    [TestCase("/reports/board-2026-03.pdf")]
    public async Task Notice_StandsInEveryAnswer(string path)
    {
        using var response = await _served.GetAsync(path);
        Assert.That(response.Headers.GetValues("X-CiCost-Notice"), Is.EqualTo(new[] { Notice }));
    }

    [Test]
    public async Task Notice_StandsOnThePageAsText() =>
        Assert.That(await _served.Client.GetStringAsync("/"), Does.Contain(WebUtility.HtmlEncode(Notice)));

    [TestCase("board-2026-03.pdf", "application/pdf")]
    [TestCase("board-2026-03.html", "text/html")]
    public async Task Report_ThatIsThere_IsServed(string name, string mediaType)
    {
        using var response = await _served.GetAsync("/reports/" + name);
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo(mediaType));
            Assert.That(response.Content.Headers.ContentLength, Is.Positive);
        });
    }

    [TestCase("secret.txt")]
    [TestCase("board-2026-04.pdf")]
    [TestCase("board-2026-03.pdf.bak")]
    [TestCase("board-2026-13.pdf")]
    [TestCase("board-2026-03.pdf%0A")]
    [TestCase("board-2026-03.PDF")]
    [TestCase("board-2026-01.pdf", Description = "a link to another file")]
    [TestCase("inner%2Fboard-2026-02.pdf")]
    [TestCase("..%2Freports%2Fboard-2026-03.pdf")]
    [TestCase("%2e%2e%2fsecret.txt")]
    [TestCase("..%5Csecret.txt")]
    [TestCase("../../../../../../etc/passwd")]
    [TestCase("%2e%2e/%2e%2e/%2e%2e/etc/passwd")]
    [TestCase("%00")]
    public async Task Report_OfAnyOtherName_IsNotThere(string name)
    {
        var answer = await RawHttp.GetAsync(_served.Client.BaseAddress!, "/reports/" + name);
        Assert.That(answer, Does.Match("^HTTP/1.1 40[04] ").And.Not.Contain("secret").And.Not.Contain("root:"));
    }

    [GeneratedRegex("(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Target();
}

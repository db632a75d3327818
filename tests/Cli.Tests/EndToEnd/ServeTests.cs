using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CiCost.Cli.Tests.Kills;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>
/// The published server, started from a folder that is not its own: pages have their assets, an endpoint gives the document of the command
/// of its name, and a signal ends it well.
/// </summary>
public sealed partial class ServeTests
{
    private static readonly Dictionary<string, string> NoVariables = [];
    private TempFolder _folder = null!;
    private Cicost _cicost = null!;
    private Process _server = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _folder = new TempFolder();
        _cicost = new Cicost(_folder.FullName);
        var bill = Bill.Write(_folder.File("bill.csv"), 62, 1);
        await _cicost.JsonAsync("ingest", "--source", "aws", "--kind", "focus-csv", "--month", Bill.Month, "--file", bill.Path);
        _folder.Write($"reports/board-{Bill.Month}.pdf", "%PDF-1.7");
        _server = _cicost.Start(NoVariables, "serve", "--address", "http://127.0.0.1:0", "--reports", "reports", "--notice",
            "Demonstration data", "--json");
        _client = new HttpClient { BaseAddress = new Uri(await AddressAsync()) };
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        if (!_server.HasExited)
        {
            _server.Kill();
            await _server.WaitForExitAsync();
        }

        _server.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Serve_EverythingThatThePageNames_IsThereAndNotEmpty()
    {
        var html = await _client.GetStringAsync("/");
        var targets = Target().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).Distinct().ToList();
        Assert.That(targets, Has.Some.EndsWith(".css").And.Some.EndsWith(".svg").And.Some.EndsWith(".pdf"));
        foreach (var target in targets)
        {
            using var response = await _client.GetAsync(target);
            var content = await response.Content.ReadAsByteArrayAsync();
            Assert.Multiple(() =>
            {
                Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), target);
                Assert.That(content, Has.Length.GreaterThan(0), target);
            });
        }
    }

    [TestCase("/v1/costs?month=2026-07&group-by=component,ServiceName", "costs --month 2026-07 --group-by component,ServiceName")]
    [TestCase("/v1/costs?month=2026-07&metric=list&axis=billing&where=ChargeCategory=Usage",
        "costs --month 2026-07 --metric list --axis billing --where ChargeCategory=Usage")]
    [TestCase("/v1/bridge?month=2026-07", "bridge --month 2026-07")]
    [TestCase("/v1/deliveries", "deliveries")]
    [TestCase("/v1/deliveries?delivery=1", "deliveries --delivery 1")]
    [TestCase("/v1/explain?month=2026-07&rows=3", "explain --month 2026-07 --rows 3")]
    [TestCase("/v1/explain?delivery=1&row=2", "explain --delivery 1 --row 2")]
    [TestCase("/v1/checks", "check")]
    public async Task Serve_AnEndpoint_GivesTheDocumentOfItsCommand(string path, string command)
    {
        var served = JsonNode.Parse(await _client.GetStringAsync(path))!.AsObject();
        var run = await _cicost.RunAsync([.. command.Split(' '), "--json"]);
        var printed = JsonNode.Parse(run.Output)!.AsObject();
        if (printed["checks"] is JsonObject inShort)
        {
            // A command does not read every line again to answer one question, and says so; all else is the same.
            Assert.That((string?)inShort["state"], Is.EqualTo("not-run"));
            Assert.That((string?)served["checks"]!["state"], Is.AnyOf("holds", "fails", "running"));
            printed.Remove("checks");
            served.Remove("checks");
        }

        Assert.That(served.ToJsonString(), Is.EqualTo(printed.ToJsonString()));
        Assert.That(served, Has.Count.GreaterThan(0));
    }

    [Test]
    public async Task Serve_WithANotice_SaysItEverywhere()
    {
        using var page = await _client.GetAsync("/");
        using var answer = await _client.GetAsync($"/v1/costs?month={Bill.Month}");
        Assert.Multiple(() =>
        {
            Assert.That(page.Headers.GetValues("X-CiCost-Notice"), Is.EqualTo(new[] { "Demonstration data" }));
            Assert.That(answer.Headers.GetValues("X-CiCost-Notice"), Is.EqualTo(new[] { "Demonstration data" }));
        });
        Assert.That(await page.Content.ReadAsStringAsync(), Does.Contain("Demonstration data"));
    }

    [TestCase("-TERM")]
    [TestCase("-INT")]
    public async Task Serve_OnASignal_EndsWithSuccess(string signal)
    {
        using var server = _cicost.Start(NoVariables, "serve", "--address", "http://127.0.0.1:0");
        var line = await server.StandardOutput.ReadLineAsync();
        await Cicost.RunProgramAsync(_folder.FullName, "kill", signal, $"{server.Id}");
        var run = await Cicost.EndAsync(server);
        Assert.Multiple(() =>
        {
            Assert.That(line, Does.Contain("Serving").And.Contain("http://127.0.0.1:"));
            Assert.That(run.ExitCode, Is.Zero, run.Errors);
        });
    }

    [Test]
    public async Task Serve_OnATakenPort_SaysSo()
    {
        var run = await _cicost.RunProcessAsync("serve", "--address", _client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        Assert.That(run.Expect(1).Errors, Does.Contain("address already in use").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Serve_OnABadAddress_IsRefused() =>
        Assert.That((await _cicost.RunProcessAsync("serve", "--address", "https://example.org")).Expect(3).Errors,
            Does.Contain("no address to listen on"));

    /// <summary>The address in the document that the server prints once it listens.</summary>
    private async Task<string> AddressAsync()
    {
        var document = "";
        while (await _server.StandardOutput.ReadLineAsync() is { } line)
        {
            document += line;
            if (line == "}")
            {
                using var parsed = JsonDocument.Parse(document);
                return parsed.RootElement.GetProperty("address").GetString()!;
            }
        }

        throw new InvalidOperationException($"The server ended: {await _server.StandardError.ReadToEndAsync()}");
    }

    [GeneratedRegex("(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Target();
}

using System.Text.Json;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>What the server says on standard error: documents for programs or lines for people, and nothing that a stranger wrote.</summary>
public sealed class LogTests
{
    [TestCase("json")]
    [TestCase("text")]
    public async Task Requests_AreLoggedByRouteStatusAndTime(string format)
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        (await cicost.RunAsync("attribute")).Expect(0);
        await using var server = RunningServer.StartProgram(folder.FullName, PublishedProgram.Executable, "--db", cicost.Books, "serve", "--address",
            "http://127.0.0.1:0", "--json", "--log-format", format, "--log-level", "information");
        var client = await server.ClientAsync();
        foreach (var path in new[] { "/health/live", "/v1/schedule/secret-name/runs?after=secret", "/nothing/secret%1b[2J" })
        {
            (await client.GetAsync(path)).Dispose();
        }

        var log = (await server.StopAsync(folder.FullName)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(log, Has.None.Contains("secret").And.None.Contains("\u001b"));
        if (format == "text")
        {
            Assert.That(log, Has.One.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info: cicost\[3001\] GET /health/live 200 in \d+ ms$"));
            return;
        }

        var requests = log.Select(l => JsonDocument.Parse(l).RootElement).Where(l => l.GetProperty("EventId").GetInt32() == 3001)
            .Select(l => l.GetProperty("State")).Select(s => (s.GetProperty("Route").GetString(), s.GetProperty("Status").GetInt32())).ToList();
        Assert.That(requests, Is.EquivalentTo(new[] { ("/health/live", 200), ("/v1/schedule/{key}/runs", 400), ("(none)", 404) }));
    }

    [Test]
    public async Task Level_IsWarningUnlessTold_AndAnotherWordIsRefused()
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        (await cicost.RunAsync("serve", "--log-level", "loud")).Expect(2);
        (await cicost.RunWithAsync(new Dictionary<string, string> { ["CICOST_Serve__LogFormat"] = "xml" }, "serve")).Expect(2);
        await using var server = RunningServer.Start(cicost, new Dictionary<string, string>());
        (await (await server.ClientAsync()).GetAsync("/health/live")).Dispose();
        Assert.That(await server.StopAsync(folder.FullName), Does.Not.Contain("/health/live"));
    }
}

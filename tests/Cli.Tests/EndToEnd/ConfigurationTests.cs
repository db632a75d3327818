using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>A mistake in the configuration is one line that names where it was made, and exit code 2; a server needs no options.</summary>
public sealed class ConfigurationTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void Open() => _folder = new TempFolder();

    [TearDown]
    public void Close() => _folder.Dispose();

    [TestCase("{\n  \"Books\": {\"Database\": \"x.db\",,}\n}\n", "appsettings.json cannot be read: line 2")]
    [TestCase("not json", "appsettings.json cannot be read: line 1")]
    [TestCase("{\n  \"Books\": {\n    \"Databse\": \"x.db\"\n  }\n}\n", "appsettings.json, line 3, Books:Databse: there is no key 'Books:Databse'. Did you mean "
        + "'Database'?")]
    [TestCase("{\n  \"Boks\": {\n    \"Database\": \"x.db\"\n  }\n}\n", "unknown sections: Boks. Did you mean 'Books'?")]
    [TestCase("{\n  \"Books\": {\n    \"BusyTimeoutSeconds\": \"soon\"\n  }\n}\n", "appsettings.json, line 3, Books:BusyTimeoutSeconds: a whole number is "
        + "expected, not 'soon'.")]
    [TestCase("{\n  \"Ingest\": {\n\n    \"MaxColumns\": 0\n  }\n}\n", "appsettings.json, line 4, Ingest:MaxColumns: The field MaxColumns must be between 1")]
    [TestCase("{\"Webhooks\": {\"GitHub\": {\"Secret\": \"s3cret\"}}}", "appsettings.json, line 1, Webhooks:GitHub:Secret: name where the secret stands")]
    [TestCase("{\"Serve\": {\"AllowRemote\": \"perhaps\"}}", "appsettings.json, line 1, Serve:AllowRemote: true or false is expected, not 'perhaps'.")]
    public async Task Mistake_InTheFile_NamesFileLineAndKey(string json, string expected)
    {
        _folder.Write("appsettings.json", json);
        await RefusesAsync([], expected);
    }

    [TestCase("CICOST_Books__BusyTimeoutSeconds", "soon", "CICOST_Books__BusyTimeoutSeconds (Books:BusyTimeoutSeconds): a whole number is expected")]
    [TestCase("CICOST_Books__Databse", "x", "CICOST_Books__Databse (Books:Databse): there is no key 'Books:Databse'. Did you mean 'Database'?")]
    [TestCase("CICOST_Ingest__MaxRows", "0", "CICOST_Ingest__MaxRows (Ingest:MaxRows): The field MaxRows must be between 1")]
    public async Task Mistake_InTheEnvironment_NamesTheVariable(string name, string value, string expected) =>
        await RefusesAsync(new Dictionary<string, string> { [name] = value }, expected);

    [TestCase(true)]
    [TestCase(false)]
    public async Task Serve_IsToldEverythingByKeys(bool byEnvironment)
    {
        var cicost = new Cicost(_folder.FullName);
        (await cicost.RunAsync("attribute")).Expect(0);
        Directory.CreateDirectory(_folder.File("reports"));
        await File.WriteAllTextAsync(_folder.File("reports", "board-2026-07.html"), "<p>a report</p>");
        _folder.Write("sources.yml", "sources: []\n");
        Dictionary<string, string> keys = new()
        {
            ["Books:Database"] = cicost.Books,
            ["Serve:Address"] = "http://127.0.0.1:0",
            ["Serve:AllowedHosts"] = "costs.example.org other.example.org",
            ["Serve:Reports"] = _folder.File("reports"),
            ["Serve:Notice"] = "Told by a key",
            ["Serve:Sources"] = _folder.File("sources.yml"),
        };
        if (!byEnvironment)
        {
            _folder.Write("appsettings.json", System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, object>
            {
                ["Books"] = new { Database = cicost.Books },
                ["Serve"] = keys.Where(k => k.Key.StartsWith("Serve:", StringComparison.Ordinal)).ToDictionary(k => k.Key[6..], k => k.Value),
            }));
        }

        await using var server = RunningServer.StartPlain(cicost,
            byEnvironment ? keys.ToDictionary(k => "CICOST_" + k.Key.Replace(":", "__", StringComparison.Ordinal), k => k.Value) : []);
        var client = await server.ClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/reports/board-2026-07.html") { Headers = { Host = "other.example.org" } };
        using var report = await client.SendAsync(request);
        Assert.Multiple(async () =>
        {
            Assert.That((int)report.StatusCode, Is.EqualTo(200));
            Assert.That(report.Headers.GetValues("X-CiCost-Notice"), Is.EqualTo(new[] { "Told by a key" }));
            Assert.That((await server.JsonAsync("/v1/schedule")).GetProperty("sources").GetArrayLength(), Is.Zero);
        });
        await server.StopAsync(_folder.FullName);
    }

    private async Task RefusesAsync(Dictionary<string, string> variables, string expected)
    {
        var run = (await new Cicost(_folder.FullName).RunWithAsync(variables, "costs", "--month", "2026-07")).Expect(2);
        Assert.Multiple(() =>
        {
            Assert.That(run.Errors, Does.Contain(expected));
            Assert.That(run.Errors.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1));
            Assert.That(run.Output, Is.Empty);
        });
    }
}

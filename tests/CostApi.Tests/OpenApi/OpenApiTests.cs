using System.Text.Json;
using CiCost.CostApi.Tests.Serving;

namespace CiCost.CostApi.Tests.OpenApi;

/// <summary>The OpenAPI document: the committed one, whole, and true to what the server answers.</summary>
public sealed class OpenApiTests
{
    private ServedBooks _served = null!;
    private JsonElement _document;

    [OneTimeSetUp]
    public async Task Start()
    {
        _served = await ServedBooks.StartAsync();
        _document = await _served.JsonAsync("/openapi/v1.json");
    }

    [OneTimeTearDown]
    public async Task Stop() => await _served.DisposeAsync();

    [Test]
    public async Task Document_IsTheCommittedOne()
    {
        var committed = CommittedFile();
        var served = (await _served.Client.GetStringAsync("/openapi/v1.json")).ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("CICOST_UPDATE_GOLDEN") == "1"
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
        {
            await File.WriteAllTextAsync(committed, served);
        }

        var text = File.Exists(committed) ? (await File.ReadAllTextAsync(committed)).ReplaceLineEndings("\n") : "";
        Assert.That(served, Is.EqualTo(text), "docs/openapi.v1.json is another; accept with CICOST_UPDATE_GOLDEN=1");
    }

    [Test]
    public void Document_IsOpenApi31AndNamesEveryEndpoint()
    {
        string[] paths = ["/v1/costs", "/v1/bridge", "/v1/statements", "/v1/funding", "/v1/reconciliation", "/v1/sources", "/v1/deliveries",
            "/v1/checks", "/v1/explain",
            "/v1/schedule", "/v1/schedule/{key}/runs", "/v1/schedule/{key}/pause", "/v1/schedule/{key}/resume", "/v1/hooks/github",
            "/health/live", "/health/ready"];
        string[] writes = ["/v1/schedule/{key}/runs", "/v1/schedule/{key}/pause", "/v1/schedule/{key}/resume", "/v1/hooks/github"];
        Assert.Multiple(() =>
        {
            Assert.That(_document.GetProperty("openapi").GetString(), Does.StartWith("3.1."));
            Assert.That(_document.GetProperty("info").GetProperty("title").GetString(), Is.EqualTo("CiCost"));
            Assert.That(_document.GetProperty("paths").EnumerateObject().Select(p => p.Name), Is.EqualTo(paths));
            Assert.That(Operations().Where(o => o.Verb != "get").Select(o => $"{o.Verb} {o.Path}"),
                Is.EqualTo(writes.Select(w => "post " + w)), "nothing else can be changed");
            Assert.That(Operations().Select(o => o.Value.GetProperty("operationId").GetString()), Is.Unique);
        });
    }

    [Test]
    public void Document_DescribesEveryParameterAnswerAndProblem()
    {
        var check = new SchemaCheck(_document);
        Assert.Multiple(() =>
        {
            foreach (var (path, _, operation) in Operations())
            {
                Assert.That(operation.GetProperty("summary").GetString(), Is.Not.Empty, path);
                foreach (var parameter in Parameters(operation))
                {
                    var name = $"{path} {parameter.GetProperty("name")}";
                    Assert.That(parameter.GetProperty("description").GetString(), Is.Not.Empty, name);
                    Assert.That(!parameter.TryGetProperty("example", out var example)
                        || !check.Errors(Without(parameter.GetProperty("schema")), example, name).Any(), Is.True, name);
                }

                foreach (var response in operation.GetProperty("responses").EnumerateObject())
                {
                    Assert.That(response.Value.GetProperty("description").GetString(), Is.Not.Empty, $"{path} {response.Name}");
                    var isEmpty = response.Name is "204" or "304" || (response.Name == "202" && path == "/v1/hooks/github");
                    Assert.That(isEmpty || response.Value.GetProperty("content").EnumerateObject().Single().Name
                        == (response.Name[0] == '2' ? "application/json" : "application/problem+json"), Is.True, $"{path} {response.Name}");
                }
            }
        });
    }

    [Test]
    public void Document_References_AllLeadSomewhereAndAreAllUsed()
    {
        var references = References(_document).ToHashSet(StringComparer.Ordinal);
        var schemas = _document.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .Select(s => "#/components/schemas/" + s.Name).ToList();
        Assert.That(references, Is.EquivalentTo(schemas));
    }

    [TestCase("/v1/costs", "?month=2026-03&group-by=component,day")]
    [TestCase("/v1/bridge", "?month=2026-03")]
    [TestCase("/v1/statements", "?month=2026-03")]
    [TestCase("/v1/funding", "?month=2026-03")]
    [TestCase("/v1/deliveries", "")]
    [TestCase("/v1/deliveries", "?delivery=1")]
    [TestCase("/v1/checks", "")]
    [TestCase("/v1/explain", "?month=2026-03")]
    [TestCase("/v1/explain", "?delivery=2&row=1")]
    [TestCase("/health/live", "")]
    [TestCase("/health/ready", "")]
    [TestCase("/v1/costs", "")]
    [TestCase("/v1/deliveries", "?delivery=99")]
    public async Task Answer_FitsItsSchema(string path, string query)
    {
        using var response = await _served.GetAsync(path + query);
        var answer = ServedBooks.Parse(await response.Content.ReadAsStringAsync());
        var media = _document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("responses")
            .GetProperty($"{(int)response.StatusCode}").GetProperty("content")
            .GetProperty(response.Content.Headers.ContentType!.MediaType!);
        Assert.That(new SchemaCheck(_document).Errors(media.GetProperty("schema"), answer, path), Is.Empty);
    }

    [Test]
    public void SchemaCheck_OfAWrongAnswer_SaysWhere()
    {
        var schema = ServedBooks.Parse("""{"$ref": "#/components/schemas/HealthDocument"}""");
        var wrong = ServedBooks.Parse("""{"status": 7, "colour": "red"}""");
        Assert.That(new SchemaCheck(_document).Errors(schema, wrong, "health"), Has.Exactly(1).Contains("health.status")
            .And.Exactly(1).Contains("colour is not in the schema").And.Exactly(1).Contains("bookVersion is missing"));
    }

    private IEnumerable<(string Path, string Verb, JsonElement Value)> Operations() =>
        from path in _document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (path.Name, operation.Name, operation.Value);

    private static IEnumerable<JsonElement> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var list) ? list.EnumerateArray() : [];

    /// <summary>A schema of a parameter without the bounds that examples of answers never have.</summary>
    private static JsonElement Without(JsonElement schema)
    {
        string[] left = ["minLength", "minimum", "maximum"];
        Dictionary<string, JsonElement> kept = schema.EnumerateObject().Where(p => !left.Contains(p.Name))
            .ToDictionary(p => p.Name, p => p.Name == "items" ? Without(p.Value) : p.Value);
        return JsonSerializer.SerializeToElement(kept);
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p =>
            p.Name == "$ref" ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static string CommittedFile()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CiCost.sln")))
        {
            folder = folder.Parent;
        }

        var root = folder?.FullName ?? throw new InvalidOperationException("Run the tests from a checkout.");
        return Path.Combine(root, "docs", "openapi.v1.json");
    }
}

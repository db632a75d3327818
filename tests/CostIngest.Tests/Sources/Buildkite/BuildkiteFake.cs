using System.Globalization;
using System.Text.Json.Nodes;
using CiCost.CostIngest.Sources;
using CiCost.TestKit.Servers;
using Microsoft.AspNetCore.Http;

namespace CiCost.CostIngest.Tests.Sources.Buildkite;

/// <summary>A build and its jobs.</summary>
internal sealed class FakeBuild
{
    public required string Id { get; init; }

    public required string Pipeline { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string State { get; set; } = "passed";

    public List<JsonObject> Jobs { get; } = [];
}

/// <summary>
/// Buildkite's REST API as far as the source uses it: builds newest first, by created_from (inclusive) and created_to (exclusive),
/// retried jobs only on demand (https://buildkite.com/docs/apis/rest-api/builds), pages of at most 100 by Link
/// (https://buildkite.com/docs/apis/rest-api#pagination), RateLimit headers (https://buildkite.com/docs/apis/rest-api/limits).
/// </summary>
internal sealed class BuildkiteFake : IAsyncDisposable
{
    public const string Token = "bkua_very-secret-0123456789";
    private const string Variable = "CICOST_TEST_BUILDKITE_TOKEN";

    private BuildkiteFake(SourceRig rig) => Rig = rig;

    public FakeServer Server { get; private set; } = null!;

    public SourceRig Rig { get; }

    public List<FakeBuild> Builds { get; } = [];

    /// <summary>What RateLimit-Remaining says; it counts down with each answer.</summary>
    public int Remaining { get; set; } = 100_000;

    public static async Task<BuildkiteFake> StartAsync()
    {
        Environment.SetEnvironmentVariable(Variable, Token);
        var fake = new BuildkiteFake(new SourceRig());
        fake.Server = await FakeServer.StartAsync(fake.AnswerAsync);
        return fake;
    }

    public SourceSetup Setup(params string[] more) => Rig.Setup("buildkite-jobs", Settings(more));

    public string[] Settings(params string[] more) => [$"endpoint: {Server.Address}", $"token: env:{Variable}", "organization: vllm", .. more];

    public FakeBuild Add(int number, string createdAt, string pipeline = "ci", int jobs = 2)
    {
        var build = new FakeBuild
        {
            Id = new Guid(number, 0, 0, new byte[8]).ToString("D"),
            Pipeline = pipeline,
            CreatedAt = DateTimeOffset.Parse(createdAt, CultureInfo.InvariantCulture),
        };
        for (var i = 0; i < jobs; i++)
        {
            build.Jobs.Add(Job(build, i));
        }

        Builds.Add(build);
        return build;
    }

    public void AddMany(int count, string from, string pipeline = "ci")
    {
        var start = DateTimeOffset.Parse(from, CultureInfo.InvariantCulture);
        for (var i = 0; i < count; i++)
        {
            Add(1 + i, start.AddMinutes(i).ToString("O", CultureInfo.InvariantCulture), pipeline);
        }
    }

    public static JsonObject Job(FakeBuild build, int number, bool isRetried = false) => new()
    {
        ["id"] = new Guid(int.Parse(build.Id[..8], NumberStyles.HexNumber), (short)(number + 1), 0, new byte[8]).ToString("D"),
        ["type"] = "script",
        ["name"] = "test",
        ["state"] = "passed",
        ["retried"] = isRetried,
        ["created_at"] = Text(build.CreatedAt),
        ["started_at"] = Text(build.CreatedAt.AddMinutes(1)),
        ["finished_at"] = Text(build.CreatedAt.AddMinutes(5)),
        ["agent_query_rules"] = new JsonArray("queue=gpu"),
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Rig.Dispose();
    }

    private Task AnswerAsync(HttpContext context, SeenRequest request)
    {
        Remaining = Math.Max(0, Remaining - 1);
        context.Response.Headers["RateLimit-Remaining"] = Remaining.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["RateLimit-Limit"] = "200";
        context.Response.Headers["RateLimit-Reset"] = "42";
        if (request.Header("Authorization") != "Bearer " + Token)
        {
            return WriteAsync(context, 401, """{"message":"Authentication required. Please supply a valid API Access Token."}""");
        }

        var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["v2", "organizations", "vllm", "builds"] => BuildsAsync(context, request, null),
            ["v2", "organizations", "vllm", "pipelines", var pipeline, "builds"] => BuildsAsync(context, request, pipeline),
            _ => WriteAsync(context, 404, """{"message":"No organization found"}"""),
        };
    }

    private Task BuildsAsync(HttpContext context, SeenRequest request, string? pipeline)
    {
        var query = context.Request.Query;
        var from = DateTimeOffset.Parse(query["created_from"]!, CultureInfo.InvariantCulture);
        var to = DateTimeOffset.Parse(query["created_to"]!, CultureInfo.InvariantCulture);
        var perPage = Math.Min(100, int.TryParse(query["per_page"], out var asked) ? asked : 30);
        var page = int.TryParse(query["page"], out var number) ? number : 1;
        var found = Builds.Where(b => b.CreatedAt >= from && b.CreatedAt < to && (pipeline is null || b.Pipeline == pipeline))
            .OrderByDescending(b => b.CreatedAt).ToList();
        if (page * perPage < found.Count)
        {
            var rest = string.Join('&', request.Query.TrimStart('?').Split('&').Where(p => !p.StartsWith("page=", StringComparison.Ordinal)));
            context.Response.Headers.Link = $"<{Server.Address.AbsoluteUri.TrimEnd('/')}{request.Path}?page={page + 1}&{rest}>; rel=\"next\"";
        }

        var withJobs = query["exclude_jobs"] != "true";
        var list = found.Skip((page - 1) * perPage).Take(perPage).Select(b => (JsonNode)Show(b, withJobs, query["include_retried_jobs"] == "true"));
        return WriteAsync(context, 200, new JsonArray([.. list]).ToJsonString());
    }

    private static JsonObject Show(FakeBuild build, bool withJobs, bool withRetried)
    {
        var shown = new JsonObject
        {
            ["id"] = build.Id,
            ["number"] = 1,
            ["state"] = build.State,
            ["created_at"] = Text(build.CreatedAt),
            ["finished_at"] = build.State == "running" ? null : Text(build.CreatedAt.AddMinutes(6)),
            ["env"] = new JsonObject { ["DEPLOY_KEY"] = "hunter2" },
            ["meta_data"] = new JsonObject { ["note"] = "hunter2" },
            ["pipeline"] = new JsonObject { ["slug"] = build.Pipeline, ["repository"] = "https://github.com/vllm-project/vllm.git" },
        };
        if (withJobs)
        {
            shown["jobs"] = new JsonArray([.. build.Jobs.Where(j => withRetried || !(bool)j["retried"]!).Select(j => j.DeepClone())]);
        }

        return shown;
    }

    private static Task WriteAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

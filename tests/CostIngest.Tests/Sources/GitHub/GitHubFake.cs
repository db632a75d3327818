using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CiCost.TestKit.Servers;
using Microsoft.AspNetCore.Http;

namespace CiCost.CostIngest.Tests.Sources.GitHub;

/// <summary>A workflow run and its jobs.</summary>
internal sealed class FakeRun
{
    public required long Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public int Attempt { get; set; } = 1;

    public string Status { get; set; } = "completed";

    public List<JsonObject> Jobs { get; } = [];
}

/// <summary>
/// GitHub's REST API as far as the sources use it. Behaviours and where they are described (docs.github.com/en/rest):
/// User-Agent required (using-the-rest-api/getting-started), 401 Bad credentials (authentication), pages by Link with at most 100 items
/// (using-the-rest-api/using-pagination-in-the-rest-api), ETag and 304 (using-the-rest-api/best-practices-for-using-the-rest-api), 1,000
/// runs for a filter (actions/workflow-runs), filter=all (actions/workflow-jobs), usage by month (billing/enhanced-billing),
/// installation tokens for a JWT of at most ten minutes (apps/creating-github-apps/authenticating-with-a-github-app).
/// </summary>
internal sealed class GitHubFake : IAsyncDisposable
{
    public const string Token = "github_pat_very-secret-0123456789";

    private readonly Dictionary<string, DateTimeOffset> _installationTokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _usage = new(StringComparer.Ordinal);
    private readonly Lazy<RSA> _appKey = new(() => RSA.Create(2048));
    private readonly TimeProvider _time;
    private readonly string _base;

    private GitHubFake(TimeProvider time, string basePath) => (_time, _base) = (time, basePath);

    public FakeServer Server { get; private set; } = null!;

    public string Endpoint => Server.Address.AbsoluteUri.TrimEnd('/') + _base;

    public Dictionary<string, List<FakeRun>> Repositories { get; } = new(StringComparer.Ordinal);

    /// <summary>Added to every total_count: it need not be exact.</summary>
    public int TotalCountError { get; set; }

    /// <summary>Leaves the Link header out.</summary>
    public bool ForgetsLinks { get; set; }

    /// <summary>The key of the installed app.</summary>
    public RSA AppKey => _appKey.Value;

    public int TokensIssued { get; private set; }

    public static async Task<GitHubFake> StartAsync(TimeProvider time, string basePath = "")
    {
        var fake = new GitHubFake(time, basePath);
        fake.Server = await FakeServer.StartAsync(fake.AnswerAsync);
        return fake;
    }

    /// <summary>Adds completed runs of one job each, a minute apart.</summary>
    public void AddRuns(string repository, string from, int count, long firstId = 1000, int secondsApart = 60)
    {
        var start = DateTimeOffset.Parse(from, CultureInfo.InvariantCulture);
        for (var i = 0; i < count; i++)
        {
            Add(repository, firstId + i, start.AddSeconds((long)i * secondsApart));
        }
    }

    public FakeRun Add(string repository, long id, DateTimeOffset createdAt, string status = "completed", int jobs = 1)
    {
        var run = new FakeRun { Id = id, CreatedAt = createdAt, UpdatedAt = createdAt.AddMinutes(9), Status = status };
        for (var i = 0; i < jobs; i++)
        {
            run.Jobs.Add(Job(repository, run, (id * 1000) + i));
        }

        if (!Repositories.TryGetValue(repository, out var runs))
        {
            Repositories[repository] = runs = [];
        }

        runs.Add(run);
        return run;
    }

    public void SetUsage(string month, string body) => _usage[month] = body;

    public void RevokeInstallationTokens() => _installationTokens.Clear();

    public static JsonObject Job(string repository, FakeRun run, long id) => new()
    {
        ["id"] = id,
        ["run_id"] = run.Id,
        ["run_attempt"] = run.Attempt,
        ["run_url"] = $"https://api.github.com/repos/{repository}/actions/runs/{run.Id}",
        ["name"] = "test",
        ["workflow_name"] = "CI",
        ["status"] = run.Status,
        ["conclusion"] = run.Status == "completed" ? "success" : null,
        ["created_at"] = Text(run.CreatedAt),
        ["started_at"] = Text(run.CreatedAt.AddMinutes(1)),
        ["completed_at"] = run.Status == "completed" ? Text(run.CreatedAt.AddMinutes(6)) : null,
        ["labels"] = new JsonArray("linux.2xlarge"),
        ["runner_name"] = "r",
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_appKey.IsValueCreated)
        {
            _appKey.Value.Dispose();
        }
    }

    private async Task AnswerAsync(HttpContext context, SeenRequest request)
    {
        if (string.IsNullOrEmpty(request.Header("User-Agent")))
        {
            await WriteAsync(context, 403, """{"message":"Request forbidden by administrative rules."}""");
            return;
        }

        var path = request.Path.StartsWith(_base, StringComparison.Ordinal) ? request.Path[_base.Length..] : "";
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is ["app", "installations", "77", "access_tokens"])
        {
            await IssueAsync(context, request);
            return;
        }

        if (!IsAllowed(request.Header("Authorization")))
        {
            await WriteAsync(context, 401, """{"message":"Bad credentials","documentation_url":"https://docs.github.com/rest"}""");
            return;
        }

        if (request.Header("Accept") != "application/vnd.github+json" || request.Header("X-GitHub-Api-Version") != "2022-11-28")
        {
            await WriteAsync(context, 400, """{"message":"Unsupported API version"}""");
            return;
        }

        await (parts switch
        {
            ["repos", var owner, var name, "actions", "runs"] => RunsAsync(context, request, $"{owner}/{name}"),
            ["repos", var owner, var name, "actions", "runs", var id, "jobs"] => JobsAsync(context, request, $"{owner}/{name}", id),
            ["orgs", var org, "repos"] => PageAsync(context, request, null,
            [
                .. Repositories.Keys.Where(k => k.StartsWith(org + "/", StringComparison.Ordinal))
                    .Select(k => (JsonNode)new JsonObject { ["full_name"] = k }),
            ]),
            ["organizations", "acme", "settings", "billing", "usage"] => UsageAsync(context, request),
            _ => WriteAsync(context, 404, """{"message":"Not Found"}"""),
        });
    }

    private bool IsAllowed(string? authorization) => authorization == "Bearer " + Token
        || (authorization?.Split(' ') is ["Bearer", var token] && _installationTokens.TryGetValue(token, out var expires)
            && expires > _time.GetUtcNow());

    private async Task IssueAsync(HttpContext context, SeenRequest request)
    {
        var jwt = request.Header("Authorization")?["Bearer ".Length..].Split('.') ?? [];
        var isSound = jwt.Length == 3
            && AppKey.VerifyData(Encoding.ASCII.GetBytes($"{jwt[0]}.{jwt[1]}"), System.Buffers.Text.Base64Url.DecodeFromChars(jwt[2]),
                HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var claims = JsonDocument.Parse(isSound ? System.Buffers.Text.Base64Url.DecodeFromChars(jwt[1]) : "{}"u8.ToArray());
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        isSound = isSound && claims.RootElement.GetProperty("iss").GetString() == "Iv1.app" && claims.RootElement.GetProperty("iat").GetInt64() <= now
            && claims.RootElement.GetProperty("exp").GetInt64() is var exp && exp > now && exp <= now + 600;
        if (!isSound)
        {
            await WriteAsync(context, 401, """{"message":"A JSON web token could not be decoded"}""");
            return;
        }

        var token = $"ghs_{++TokensIssued}";
        var expires = _time.GetUtcNow().AddHours(1);
        _installationTokens[token] = expires;
        await WriteAsync(context, 201, $$"""{"token":"{{token}}","expires_at":"{{Text(expires)}}"}""");
    }

    private Task RunsAsync(HttpContext context, SeenRequest request, string repository)
    {
        if (!Repositories.TryGetValue(repository, out var runs))
        {
            return WriteAsync(context, 404, """{"message":"Not Found"}""");
        }

        var created = context.Request.Query["created"].ToString().Split("..");
        var from = DateTimeOffset.Parse(created[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var to = created.Length == 1 ? from.AddDays(1).AddSeconds(-1) : DateTimeOffset.Parse(created[1], CultureInfo.InvariantCulture);
        var found = runs.Where(r => r.CreatedAt >= from && r.CreatedAt <= to)
            .OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id).ToList();
        return PageAsync(context, request, "workflow_runs", [.. found.Take(1000).Select(r => new JsonObject
        {
            ["id"] = r.Id,
            ["run_attempt"] = r.Attempt,
            ["status"] = r.Status,
            ["created_at"] = Text(r.CreatedAt),
            ["updated_at"] = Text(r.UpdatedAt),
        })], found.Count);
    }

    private Task JobsAsync(HttpContext context, SeenRequest request, string repository, string id)
    {
        var run = Repositories.GetValueOrDefault(repository)?.FirstOrDefault(r => r.Id.ToString(CultureInfo.InvariantCulture) == id);
        return run is null
            ? WriteAsync(context, 404, """{"message":"Not Found"}""")
            : PageAsync(context, request, "jobs", [.. run.Jobs.Select(j => j.DeepClone())]);
    }

    private Task UsageAsync(HttpContext context, SeenRequest request)
    {
        var month = $"{context.Request.Query["year"]}-{int.Parse(context.Request.Query["month"]!, CultureInfo.InvariantCulture):00}";
        return ConditionalAsync(context, request, _usage.GetValueOrDefault(month, """{"usageItems":[]}"""));
    }

    private Task PageAsync(HttpContext context, SeenRequest request, string? name, IReadOnlyList<JsonNode> items, int? total = null)
    {
        var perPage = Math.Min(100, int.TryParse(context.Request.Query["per_page"], out var asked) ? asked : 30);
        var page = int.TryParse(context.Request.Query["page"], out var number) ? number : 1;
        var list = new JsonArray([.. items.Skip((page - 1) * perPage).Take(perPage).Select(i => i.DeepClone())]);
        if (page * perPage < items.Count && !ForgetsLinks)
        {
            var query = string.Join('&', request.Query.TrimStart('?').Split('&').Where(p => !p.StartsWith("page=", StringComparison.Ordinal)));
            var self = Server.Address.AbsoluteUri.TrimEnd('/') + request.Path;
            context.Response.Headers.Link =
                $"<{self}?{query}&page={page + 1}>; rel=\"next\", <{self}?{query}&page={(items.Count + perPage - 1) / perPage}>; rel=\"last\"";
        }

        JsonNode body = name is null ? list : new JsonObject { ["total_count"] = (total ?? items.Count) + TotalCountError, [name] = list };
        return ConditionalAsync(context, request, body.ToJsonString());
    }

    private static Task ConditionalAsync(HttpContext context, SeenRequest request, string body)
    {
        var etag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))[..32]}\"";
        context.Response.Headers.ETag = etag;
        if (request.Header("If-None-Match") != etag)
        {
            return WriteAsync(context, 200, body);
        }

        // A 304 need not carry the Link header again.
        context.Response.Headers.Remove("Link");
        context.Response.StatusCode = 304;
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(body);
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

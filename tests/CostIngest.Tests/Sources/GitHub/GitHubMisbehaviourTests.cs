using System.Text.Json.Nodes;
using CiCost.TestKit.Servers;
using Microsoft.AspNetCore.Http;

namespace CiCost.CostIngest.Tests.Sources.GitHub;

/// <summary>Each misbehaviour ends in a whole delivery or in an error by name; nothing in between.</summary>
public sealed class GitHubMisbehaviourTests
{
    private const int Jobs = 250;

    private static readonly (string Name, Func<Fault> Make, string? Code)[] Cases =
    [
        ("429 with Retry-After", () => Fault.Answer(429, "{}", headers: ("Retry-After", "7")) with { Times = 2 }, null),
        ("429 without Retry-After", () => Fault.Answer(429, "{}") with { Times = 2 }, null),
        ("403 secondary with Retry-After", () => Fault.Answer(403, "{}", headers: ("Retry-After", "30")), null),
        ("403 secondary by its message",
            () => Fault.Answer(403, """{"message":"You have exceeded a secondary rate limit. Please wait a few minutes."}"""), null),
        ("403 primary until its reset", () => Fault.Answer(403, """{"message":"API rate limit exceeded"}""", "application/json",
            ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", Reset(minutes: 5))), null),
        ("403 primary that outlasts the patience", () => Fault.Answer(403, """{"message":"API rate limit exceeded"}""", "application/json",
            ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", Reset(minutes: 50))), "provider-throttles"),
        ("429 that outlasts the patience", () => Fault.Answer(429, "{}", headers: ("Retry-After", "3600")), "provider-throttles"),
        ("403 for a permission", () => Fault.Answer(403, """{"message":"Resource not accessible by personal access token"}"""), "access-denied"),
        ("401", () => Fault.Answer(401, """{"message":"Bad credentials"}"""), "credentials-refused"),
        ("500 twice", () => Fault.Answer(500) with { Times = 2 }, null),
        ("502 for ever", () => Fault.Answer(502, "<html>") with { Times = 99 }, "provider-unavailable"),
        ("body cut off", () => Fault.CutOffAfter(40), null),
        ("body cut off for ever", () => Fault.CutOffAfter(40) with { Times = 99 }, "provider-unreachable"),
        ("another server's page", () => Fault.Answer(200, "<html>Sign in</html>", "text/html"), "answer-unreadable"),
        ("JSON that ends early", () => Fault.Answer(200, """{"total_count":3,"workflow_runs":[{"id":1"""), "answer-unreadable"),
        ("JSON without the list", () => Fault.Answer(200, """{"total_count":3}"""), "answer-unreadable"),
        ("redirect", () => Fault.Answer(302, headers: ("Location", "http://127.0.0.1:1/")), "redirect-refused"),
        ("next page on another port", () => Link("<http://127.0.0.1:1/repos/x?page=2>; rel=\"next\""), "foreign-link"),
        ("next page on another host", () => Link("<https://evil.example/?page=2>; rel=\"next\""), "foreign-link"),
        ("next page is the same page", () => Fault.Altered((c, next) => Held(c, next, text => text,
            _ => $"<http://{c.Request.Host}{c.Request.Path}{c.Request.QueryString}>; rel=\"next\"")) with { When = OnPage("2") }, "paging-broken"),
        ("page left out", () => Fault.Altered((c, next) => Held(c, next, text => text,
            link => link.Replace("&page=2>; rel=\"next\"", "&page=3>; rel=\"next\"", StringComparison.Ordinal))), "paging-broken"),
        ("empty page in the middle", () => Fault.Altered((c, next) => Held(c, next, WithoutItems)) with { When = OnPage("2"), Times = 2 }, "paging-broken"),
        ("page repeated once", () => Repeated(1), null),
        ("page repeated for ever", () => Repeated(99), "listing-unstable"),
        ("items missing once", () => Fault.Altered((c, next) => Held(c, next, text => WithItems(text, 60))) with { When = OnPage("2") }, null),
        ("link forgotten once", () => Fault.Altered((c, next) => Held(c, next, text => text, _ => "")), null),
    ];

    private static IEnumerable<TestCaseData> Faults() => Cases.SelectMany(c => new[] { "runs", "jobs" }
        .Where(where => where == "runs" || !c.Name.StartsWith("JSON that", StringComparison.Ordinal))
        .Select(where => new TestCaseData(c.Name, where).SetArgDisplayNames(c.Name, where)));

    [TestCaseSource(nameof(Faults))]
    public async Task Take_ServerMisbehaves_IsWholeOrAnErrorByName(string name, string where)
    {
        var (_, make, code) = Cases.Single(c => c.Name == name);
        await using var github = await GitHubFixture.StartAsync();
        if (where == "runs")
        {
            github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", Jobs);
        }
        else
        {
            github.Fake.Add("acme/app", 5, DateTimeOffset.Parse("2026-07-02T08:00:00Z"), jobs: Jobs);
        }

        var fault = make();
        var fits = fault.When;
        github.Fake.Server.Misbehave(fault with
        {
            When = r => fits(r) && (where == "runs"
                ? r.Query["created"].ToString().StartsWith("2026-07-02", StringComparison.Ordinal)
                : r.Path.Value!.EndsWith("/jobs", StringComparison.Ordinal)),
        });

        var (actual, deliveries) = await github.Rig.TakeAsync(github.Jobs());

        Assert.That(actual, Is.EqualTo(code));
        Assert.That(SourceRig.Lines(deliveries).Distinct().Count(), Is.EqualTo(code is null ? Jobs : 0));
    }

    [Test]
    public async Task Take_SlowBody_IsAskedAgain()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 3);
        github.Fake.Server.Misbehave(Fault.DuringBody(20, () => github.Rig.Time.Advance(TimeSpan.FromSeconds(101))));

        var (code, deliveries) = await github.Rig.TakeAsync(github.Jobs());

        Assert.That((code, deliveries.Single().ExpectedRows), Is.EqualTo(((string?)null, 3L)));
    }

    [TestCase(3)]
    [TestCase(40)]
    public async Task Take_TotalThatIsNotExact_IsReadTwiceAndTaken(int error)
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.TotalCountError = error;
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 205);

        var (code, deliveries) = await github.Rig.TakeAsync(github.Jobs());

        Assert.That((code, deliveries.Single().ExpectedRows), Is.EqualTo(((string?)null, 205L)));
    }

    [TestCase(100)]
    [TestCase(250)]
    [TestCase(300)]
    public async Task Take_ServerThatForgetsLinks_IsAskedForTheNextPageAfterEachFullOne(int runs)
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.ForgetsLinks = true;
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", runs);

        var (code, deliveries) = await github.Rig.TakeAsync(github.Jobs());

        Assert.That((code, deliveries.Single().ExpectedRows), Is.EqualTo(((string?)null, (long)runs)));
    }

    [Test]
    public async Task Take_PrimaryLimit_WaitsUntilItsResetAndASecond()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 1);
        github.Fake.Server.Misbehave(Fault.Answer(403, "{}", "application/json", ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", Reset(minutes: 5))));

        await github.Rig.TakeAsync(github.Jobs());

        Assert.That(github.Rig.Time.Skipped, Is.EqualTo([TimeSpan.FromSeconds(301)]));
    }

    private static Predicate<HttpRequest> OnPage(string page) => r => r.Query["page"] == page;

    // The clock of the fixture stands at 2026-07-15T12:00:00Z.
    private static string Reset(int minutes) => DateTimeOffset.Parse("2026-07-15T12:00:00Z").AddMinutes(minutes).ToUnixTimeSeconds().ToString();

    private static Fault Link(string link) => Fault.Altered((c, next) => Held(c, next, text => text, _ => link));

    private static Fault Repeated(int times)
    {
        var first = "";
        return Fault.Altered((c, next) => Held(c, next, text =>
        {
            first = c.Request.Query["page"] == "2" && first.Length > 0 ? first : text;
            return c.Request.Query["page"] == "2" && times-- > 0 ? first : text;
        })) with
        { Times = 999 };
    }

    private static string WithoutItems(string text) => WithItems(text, 0);

    private static string WithItems(string text, int count)
    {
        var page = JsonNode.Parse(text)!.AsObject();
        var list = page.Select(p => p.Value).OfType<JsonArray>().Single();
        while (list.Count > count)
        {
            list.RemoveAt(list.Count - 1);
        }

        return page.ToJsonString();
    }

    /// <summary>Holds the proper answer back and sends another one.</summary>
    private static async Task Held(HttpContext context, RequestDelegate next, Func<string, string> alter, Func<string, string>? link = null)
    {
        var body = context.Response.Body;
        using var held = new MemoryStream();
        context.Response.Body = held;
        await next(context);
        context.Response.Body = body;
        context.Response.Headers.Link = link is null ? context.Response.Headers.Link : link(context.Response.Headers.Link.ToString());
        var text = alter(System.Text.Encoding.UTF8.GetString(held.ToArray()));
        if (context.Response.StatusCode != 304)
        {
            await context.Response.WriteAsync(text);
        }
    }
}

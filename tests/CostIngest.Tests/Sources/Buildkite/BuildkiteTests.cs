using System.Text.Json;
using CiCost.CostIngest.Sources;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.Buildkite;

public sealed class BuildkiteTests
{
    [Test]
    public async Task Take_ManyPages_DeliversEachBuildOnceWithAllItsJobs()
    {
        await using var buildkite = await BuildkiteFake.StartAsync();
        buildkite.AddMany(230, "2026-07-02T08:00:00Z");
        buildkite.Builds[7].Jobs.Add(BuildkiteFake.Job(buildkite.Builds[7], 9, isRetried: true));

        var (code, deliveries) = await buildkite.Rig.TakeAsync(buildkite.Setup());

        var builds = SourceRig.Lines(deliveries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Null);
            Assert.That(builds.Select(b => b.GetProperty("id").GetString()).Distinct().Count(), Is.EqualTo(230));
            Assert.That(builds.Sum(b => b.GetProperty("jobs").GetArrayLength()), Is.EqualTo(461));
        });
    }

    [Test]
    public async Task Fetch_Builds_LeavesOutWhatPeopleSet()
    {
        await using var buildkite = await BuildkiteFake.StartAsync();
        buildkite.Add(1, "2026-07-02T08:00:00Z");

        var (_, deliveries) = await buildkite.Rig.TakeAsync(buildkite.Setup());

        Assert.That(SourceRig.Lines(deliveries).Single(), Does.Not.Contain("hunter2").And.Contain("vllm-project/vllm"));
    }

    [Test]
    public async Task Find_Days_AreTheDaysOfCreationInUtc()
    {
        await using var buildkite = await BuildkiteFake.StartAsync();
        buildkite.Add(1, "2026-06-30T23:59:59.999Z");
        buildkite.Add(2, "2026-07-01T00:00:00Z");
        buildkite.Add(3, "2026-07-15T11:59:59Z");
        buildkite.Add(4, "2026-07-15T12:00:01Z");

        var offers = await SourceRig.FindAsync(buildkite.Setup(), "2026-06..2026-07");

        Assert.That(offers.Select(o => $"{o.Month} {o.Part}"), Is.EqualTo(["2026-06 2026-06-30", "2026-07 2026-07-01", "2026-07 2026-07-15"]));
        Assert.That((await buildkite.Rig.FetchAsync(buildkite.Setup(), offers[2])).Files, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Find_Pipelines_AreTakenApart()
    {
        await using var buildkite = await BuildkiteFake.StartAsync();
        buildkite.Add(1, "2026-07-02T08:00:00Z", "ci");
        buildkite.Add(2, "2026-07-02T08:00:00Z", "release");
        buildkite.Add(3, "2026-07-02T08:00:00Z", "fastcheck");

        var offers = await SourceRig.FindAsync(buildkite.Setup("pipelines: [ci, release]"));

        Assert.That(offers.Select(o => o.Part), Is.EqualTo(["ci/2026-07-02", "release/2026-07-02"]));
    }

    [Test]
    public async Task Version_BuildGoesOn_Changes()
    {
        await using var buildkite = await BuildkiteFake.StartAsync();
        var build = buildkite.Add(1, "2026-07-02T08:00:00Z");
        build.State = "running";
        var before = (await SourceRig.FindAsync(buildkite.Setup())).Single();
        var same = (await SourceRig.FindAsync(buildkite.Setup())).Single();
        build.State = "passed";
        var after = (await SourceRig.FindAsync(buildkite.Setup())).Single();

        Assert.That((same.Version == before.Version, after.Version == before.Version), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task Fetch_BuildDeletedSinceItWasListed_SaysThatTheOfferChanged()
    {
        await using var buildkite = await BuildkiteFake.StartAsync();
        buildkite.AddMany(3, "2026-07-02T08:00:00Z");
        var setup = buildkite.Setup();
        var offer = (await SourceRig.FindAsync(setup)).Single();
        buildkite.Builds.RemoveAt(1);

        Assert.That(Assert.ThrowsAsync<SourceException>(() => buildkite.Rig.FetchAsync(setup, offer))!.Code, Is.EqualTo("offer-changed"));
    }

    [Test]
    public async Task Requests_LimitIsSpent_WaitForTheNextWindow()
    {
        await using var buildkite = await BuildkiteFake.StartAsync();
        buildkite.AddMany(30, "2026-07-02T08:00:00Z");
        buildkite.Remaining = 4;

        var (code, _) = await buildkite.Rig.TakeAsync(buildkite.Setup());

        Assert.That(code, Is.Null);
        Assert.That(buildkite.Rig.Time.Skipped, Has.Count.EqualTo(buildkite.Server.Requests.Count - 5),
            "four answers until the limit is spent, and the fetch begins a conversation of its own");
        Assert.That(buildkite.Rig.Time.Skipped.Distinct(), Is.EqualTo([TimeSpan.FromSeconds(42)]));
    }

    private static readonly (string Name, Func<Fault> Make, string? Code)[] Cases =
    [
        ("429 with RateLimit-Reset", () => Fault.Answer(429, "{}", "application/json", ("RateLimit-Reset", "17"), ("RateLimit-Remaining", "0")), null),
        ("429 with Retry-After", () => Fault.Answer(429, "{}", headers: ("Retry-After", "3")), null),
        ("429 without anything", () => Fault.Answer(429, "{}"), null),
        ("429 that outlasts the patience", () => Fault.Answer(429, "{}", headers: ("RateLimit-Reset", "4000")), "provider-throttles"),
        ("500 twice", () => Fault.Answer(500) with { Times = 2 }, null),
        ("503 for ever", () => Fault.Answer(503) with { Times = 99 }, "provider-unavailable"),
        ("401", () => Fault.Answer(401, """{"message":"Authentication required."}"""), "credentials-refused"),
        ("403", () => Fault.Answer(403, """{"message":"Your access token doesn't have the read_builds scope"}"""), "access-denied"),
        ("cut off", () => Fault.CutOffAfter(30), null),
        ("cut off for ever", () => Fault.CutOffAfter(30) with { Times = 99 }, "provider-unreachable"),
        ("no list", () => Fault.Answer(200, "{}"), "answer-unreadable"),
        ("no JSON", () => Fault.Answer(200, "[{\"id\":"), "answer-unreadable"),
        ("foreign link", () => Fault.Altered(async (c, next) =>
        {
            await Task.CompletedTask;
            c.Response.OnStarting(() =>
            {
                c.Response.Headers.Link = "<https://evil.example/v2?page=2>; rel=\"next\"";
                return Task.CompletedTask;
            });
            await next(c);
        }), "foreign-link"),
        ("page left out", () => Fault.Altered(async (c, next) =>
        {
            c.Response.OnStarting(() =>
            {
                c.Response.Headers.Link = c.Response.Headers.Link.ToString().Replace("page=2", "page=3", StringComparison.Ordinal);
                return Task.CompletedTask;
            });
            await next(c);
        }), "paging-broken"),
    ];

    private static IEnumerable<string> Names => Cases.Select(c => c.Name);

    [Test]
    public async Task Take_ServerMisbehaves_IsWholeOrAnErrorByName([ValueSource(nameof(Names))] string name, [Values] bool withJobs)
    {
        var (_, make, code) = Cases.Single(c => c.Name == name);
        await using var buildkite = await BuildkiteFake.StartAsync();
        buildkite.AddMany(150, "2026-07-02T08:00:00Z");
        buildkite.Server.Misbehave(make() with
        {
            When = r => r.Query["created_from"].ToString().StartsWith("2026-07-02", StringComparison.Ordinal)
                && withJobs == r.Query.ContainsKey("include_retried_jobs"),
        });

        var (actual, deliveries) = await buildkite.Rig.TakeAsync(buildkite.Setup());

        Assert.That(actual, Is.EqualTo(code));
        Assert.That(SourceRig.Lines(deliveries).Distinct().Count(), Is.EqualTo(code is null ? 150 : 0));
    }

    [Test]
    public async Task Take_SlowBody_IsAskedAgain()
    {
        await using var buildkite = await BuildkiteFake.StartAsync();
        buildkite.AddMany(3, "2026-07-02T08:00:00Z");
        buildkite.Server.Misbehave(Fault.DuringBody(1, () => buildkite.Rig.Time.Advance(TimeSpan.FromSeconds(101))));

        var (code, deliveries) = await buildkite.Rig.TakeAsync(buildkite.Setup());

        Assert.That((code, SourceRig.Lines(deliveries).Count), Is.EqualTo(((string?)null, 3)));
    }

    [Test]
    public async Task Settings_Mistakes_AreAllListed()
    {
        using var rig = new SourceRig();
        var mistakes = rig.Mistakes("buildkite-jobs", "token: bkua_secret", "organization: ../x", "pipelines: [ci, ci]",
            "endpoint: http://example.org", "colour: red");

        Assert.That(mistakes, Does.Contain("env:NAME or file:PATH").And.Contain("no slug").And.Contain("there twice").And.Contain("https address")
            .And.Contain("'colour' is not a setting").And.Not.Contain("bkua_secret"));
        await Task.CompletedTask;
    }
}

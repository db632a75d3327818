using System.Net;
using System.Text.Json;
using CiCost.CostApi.Tests.OpenApi;
using CiCost.CostApi.Tests.Serving;
using CiCost.Ledger.Sources;

namespace CiCost.CostApi.Tests.Scheduling;

/// <summary>The schedule over HTTP: what it shows, what it lets change, and whom.</summary>
public sealed class ScheduleEndpointTests
{
    private static readonly string Yearly = FakePulls.Source("bill", "0 0 0 1 1 ?");

    [Test]
    public async Task Schedule_OfASource_ShowsWhenItRunsAndHowItRan()
    {
        var pulls = new FakePulls(TimeProvider.System, Yearly);
        await using var served = await ServedSchedule.StartAsync(pulls);
        var runs = new SourceRunDirectory(served.Books.Books);
        var month = Domain.Periods.MonthRange.Until(served.Books.Time.GetUtcNow(), 0);
        var run = await runs.BeginAsync("bill", PullCause.Command, month, CancellationToken.None);
        await runs.EndAsync(run, RunOutcome.Failed, default, "throttled", "Wait.", CancellationToken.None);
        var (status, document, _) = await served.SendAsync(HttpMethod.Get, "/v1/schedule");
        var source = document.GetProperty("sources")[0];
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(source.GetProperty("source").GetString(), Is.EqualTo("bill"));
            Assert.That(source.GetProperty("cron").GetString(), Is.EqualTo("0 0 0 1 1 ?"));
            Assert.That(source.GetProperty("nextRunAt").GetDateTimeOffset(), Is.GreaterThan(TimeProvider.System.GetUtcNow()));
            Assert.That(source.GetProperty("lastRun").GetProperty("outcome").GetString(), Is.EqualTo("failed"));
            Assert.That(source.GetProperty("lastRun").GetProperty("cause").GetString(), Is.EqualTo("command"));
        });
        await FitsAsync(served, "/v1/schedule", "get", "200", document);
    }

    [Test]
    public async Task PostOfARun_RunsItAndTellsWhereItShows()
    {
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pulls = new FakePulls(TimeProvider.System, Yearly);
        pulls.Outcome = (_, _, _) =>
        {
            ran.TrySetResult();
            return Task.FromResult<string?>(null);
        };
        await using var served = await ServedSchedule.StartAsync(pulls);
        var (status, document, location) = await served.SendAsync(HttpMethod.Post, "/v1/schedule/bill/runs",
            """{"firstMonth": "2026-01", "lastMonth": "2026-02"}""");
        await ran.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var (shown, runs, _) = await served.SendAsync(HttpMethod.Get, location!);
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(location, Is.EqualTo("/v1/schedule/bill/runs?after=0"));
            Assert.That(document.GetProperty("runs").GetString(), Is.EqualTo(location));
            Assert.That(document.GetProperty("cause").GetString(), Is.EqualTo("backfill"));
            Assert.That(shown, Is.EqualTo(HttpStatusCode.OK));
        });
        await FitsAsync(served, "/v1/schedule/{key}/runs", "post", "202", document);
        await FitsAsync(served, "/v1/schedule/{key}/runs", "get", "200", runs);
    }

    [Test]
    public async Task PauseAndResume_ChangeTheSchedule()
    {
        await using var served = await ServedSchedule.StartAsync(new FakePulls(TimeProvider.System, Yearly));
        var (_, paused, _) = await served.SendAsync(HttpMethod.Post, "/v1/schedule/bill/pause");
        var (_, resumed, _) = await served.SendAsync(HttpMethod.Post, "/v1/schedule/bill/resume");
        Assert.Multiple(() =>
        {
            Assert.That(paused.GetProperty("isPaused").GetBoolean(), Is.True);
            Assert.That(paused.GetProperty("nextRunAt").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(resumed.GetProperty("isPaused").GetBoolean(), Is.False);
        });
        await FitsAsync(served, "/v1/schedule/{key}/pause", "post", "200", paused);
    }

    [TestCase("""{"firstMonth": "2026-13", "lastMonth": "2026-02"}""", "application/json", 400, "body-invalid")]
    [TestCase("""{"firstMonth": "2026-03", "lastMonth": "2026-02"}""", "application/json", 400, "body-invalid")]
    [TestCase("""{"firstMonth": "2026-03"}""", "application/json", 400, "body-invalid")]
    [TestCase("""{"month": "2026-03"}""", "application/json", 400, "body-invalid")]
    [TestCase("not json", "application/json", 400, "body-invalid")]
    [TestCase("""{"firstMonth": "2026-01", "lastMonth": "2026-02"}""", "text/plain", 415, "media-type-unsupported")]
    [TestCase("""{"firstMonth": "2026-01", "lastMonth": "2026-02"}""", "", 400, "body-invalid")]
    public async Task PostOfARun_WithABadBody_IsRefused(string body, string mediaType, int expected, string code)
    {
        await using var served = await ServedSchedule.StartAsync(new FakePulls(TimeProvider.System, Yearly));
        var (status, problem, _) = await served.SendAsync(HttpMethod.Post, "/v1/schedule/bill/runs", body, mediaType);
        Assert.That(((int)status, problem.GetProperty("code").GetString()), Is.EqualTo((expected, code)));
    }

    [Test]
    public async Task PostOfARun_WithALongBody_IsRefused()
    {
        await using var served = await ServedSchedule.StartAsync(new FakePulls(TimeProvider.System, Yearly));
        var (status, problem, _) = await served.SendAsync(HttpMethod.Post, "/v1/schedule/bill/runs", new string(' ', 5000));
        Assert.That((status, problem.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.RequestEntityTooLarge, "body-too-large")));
    }

    [TestCase("GET", "/v1/schedule/nobody/runs")]
    [TestCase("POST", "/v1/schedule/nobody/runs")]
    [TestCase("POST", "/v1/schedule/nobody/pause")]
    [TestCase("POST", "/v1/schedule/nobody/resume")]
    public async Task AnUnknownSource_IsNotFound(string method, string path)
    {
        await using var served = await ServedSchedule.StartAsync(new FakePulls(TimeProvider.System, Yearly));
        var (status, problem, _) = await served.SendAsync(new HttpMethod(method), path);
        Assert.That((status, problem.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.NotFound, "source-unknown")));
    }

    [TestCase("/v1/schedule?x=1")]
    [TestCase("/v1/schedule/bill/runs?limit=0")]
    [TestCase("/v1/schedule/bill/runs?after=x")]
    public async Task ABadParameter_IsRefused(string path)
    {
        await using var served = await ServedSchedule.StartAsync(new FakePulls(TimeProvider.System, Yearly));
        var (status, _, _) = await served.SendAsync(HttpMethod.Get, path);
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Schedule_OfAServerWithoutSources_IsNotFound()
    {
        await using var served = await ServedSchedule.StartAsync(null);
        var (status, problem, _) = await served.SendAsync(HttpMethod.Get, "/v1/schedule");
        var (ready, _, _) = await served.SendAsync(HttpMethod.Get, "/health/ready");
        Assert.That((status, problem.GetProperty("code").GetString(), ready),
            Is.EqualTo((HttpStatusCode.NotFound, "schedule-missing", HttpStatusCode.OK)));
    }

    [Test]
    public async Task Ready_WhenTheScheduleHasStopped_SaysSo()
    {
        await using var served = await ServedSchedule.StartAsync(new FakePulls(TimeProvider.System, Yearly));
        var (before, _, _) = await served.SendAsync(HttpMethod.Get, "/health/ready");
        await served.Service.StopAsync(CancellationToken.None);
        var (after, problem, _) = await served.SendAsync(HttpMethod.Get, "/health/ready");
        Assert.That((before, after, problem.GetProperty("code").GetString()),
            Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, "schedule-down")));
    }

    private static async Task FitsAsync(ServedSchedule served, string path, string verb, string status, JsonElement answer)
    {
        var document = ServedBooks.Parse(await served.Client.GetStringAsync("/openapi/v1.json"));
        var schema = document.GetProperty("paths").GetProperty(path).GetProperty(verb).GetProperty("responses").GetProperty(status)
            .GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.That(new SchemaCheck(document).Errors(schema, answer, path), Is.Empty);
    }
}

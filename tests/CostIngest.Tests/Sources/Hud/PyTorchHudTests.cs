using System.Globalization;
using System.Text.Json;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Hud;
using CiCost.Domain.Reconciliation;
using CiCost.TestKit;
using CiCost.TestKit.Servers;
using Microsoft.AspNetCore.Http;
using static CiCost.CostIngest.Tests.Sources.Google.GoogleRig;
using static CiCost.CostIngest.Tests.Sources.Rig.SourceRig;

namespace CiCost.CostIngest.Tests.Sources.Hud;

/// <summary>
/// HUD's query API (pytorch/test-infra, torchci/pages/api/clickhouse/[queryName].ts: GET, parameters as one JSON text, rows as a JSON list)
/// with rows shaped as misc.runner_cost.
/// </summary>
public sealed class PyTorchHudTests
{
    private FakeServer _hud = null!;
    private ManualTime _time = null!;
    private List<Dictionary<string, object?>> _rows = null!;

    [SetUp]
    public async Task SetUp()
    {
        _time = new ManualTime(new DateTimeOffset(2026, 8, 10, 0, 0, 0, TimeSpan.Zero));
        _rows = [.. Enumerable.Range(1, 31).SelectMany(day => new[]
        {
            Row(day, "linux_foundation", "linux.2xlarge", 0.1m), Row(day, "meta", "linux.p5", 1000.25m),
        })];
        _hud = await FakeServer.StartAsync(AnswerAsync);
    }

    [TearDown]
    public async Task TearDown() => await _hud.DisposeAsync();

    [Test]
    public async Task Figures_AreExactSumsByAccountAndRunner()
    {
        _rows.Add(Row(5, "linux_foundation", "linux.g5", 0.30000000000000004m));
        var fetched = await MonthAsync(Source());
        Assert.That(fetched.Figures.Select(f => (f.PayerAccount, f.Breakdown, f.Item, (long)f.AmountNanos)), Is.EqualTo(new[]
        {
            ("111122223333", ControlBreakdown.Total, "", 3_400_000_000),
            ("111122223333", ControlBreakdown.Runner, "linux.2xlarge", 3_100_000_000),
            ("111122223333", ControlBreakdown.Runner, "linux.g5", 300_000_000),
            ("meta", ControlBreakdown.Total, "", 31_007_750_000_000),
            ("meta", ControlBreakdown.Runner, "linux.p5", 31_007_750_000_000),
        }));
        Assert.That(fetched.Figures, Is.All.Matches<ControlFigure>(f => f is
        {
            Measure: ControlMeasure.EstimatedListUsage, Currency: "USD", IsEstimated: false, InvoiceIssuer: null,
        } && f.BillingMonth.ToString() == "2026-07"));
    }

    [Test]
    public async Task Request_AsksFromBeforeTheMonth()
    {
        await MonthAsync(Source());
        var query = Uri.UnescapeDataString(_hud.Requests.Single().Query);
        Assert.That(query, Is.EqualTo("?parameters={\"startTime\":\"2026-06-30T23:59:59.999\",\"stopTime\":\"2026-08-01T00:00:00.000\"}"));
        Assert.That(_hud.Requests.Single().Header("x-hud-internal-bot"), Is.EqualTo("s3cret"));
    }

    [Test]
    public async Task CostsBelowZero_AreLeftOutAsOnHudsPages()
    {
        _rows.Add(Row(5, "meta", "linux.p5", -500m));
        Assert.That((long)(await MonthAsync(Source())).Figures.Single(f => f is { PayerAccount: "meta", Item: "" }).AmountNanos,
            Is.EqualTo(31_007_750_000_000));
    }

    [TestCase("2026-07-02", "")]
    [TestCase("2026-07-03", "2026-07-03")]
    [TestCase("2026-08-03", "2026-08-03")]
    [TestCase("2026-08-04", "settled")]
    public async Task Version_ChangesDailyUntilTheMonthHasSettled(string today, string version)
    {
        _time = new ManualTime(DateTimeOffset.Parse(today, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
        Assert.That(string.Concat((await FindAsync(Source(), "2026-07")).Select(o => o.Version)), Is.EqualTo(version));
    }

    [Test]
    public async Task OpenMonth_IsAnEstimateThatMayChange()
    {
        _time = new ManualTime(new DateTimeOffset(2026, 7, 10, 0, 0, 0, TimeSpan.Zero));
        _rows.RemoveAll(r => string.CompareOrdinal((string)r["date"]!, "2026-07-09") > 0);
        Assert.That((await MonthAsync(Source())).Figures.Select(f => f.IsEstimated), Is.All.True);
    }

    [Test]
    public async Task FirstDayMissing_IsRefused()
    {
        _rows.RemoveAll(r => (string)r["date"]! == "2026-07-01");
        var error = Refused(() => MonthAsync(Source()), "days-missing");
        Assert.That(error.Message, Does.Contain("no row for 1 days of 2026-07, the first is 2026-07-01").And.Contain("{before}"));
        Assert.That((long)(await MonthAsync(Source("everyDay: false"))).Figures[0].AmountNanos, Is.EqualTo(3_000_000_000));
    }

    [TestCase("date", "2026-06-30", "not in 2026-07")]
    [TestCase("date", null, "no date")]
    [TestCase("date", "yesterday", "'yesterday'")]
    [TestCase("cost", "much", "'much' is no cost")]
    public void Row_ThatIsNotAsTheSettingsSay_IsRefused(string field, string? value, string words)
    {
        _rows[3][field] = value;
        Assert.That(Refused(() => MonthAsync(Source()), "answer-unreadable").Message, Does.Contain(words));
    }

    [TestCase("{}")]
    [TestCase("[1]")]
    [TestCase("<html>")]
    public void Answer_ThatIsNoList_IsRefused(string body)
    {
        _hud.Misbehave(Fault.Answer(200, body));
        Refused(() => MonthAsync(Source()), "answer-unreadable");
    }

    [Test]
    public async Task Trouble_ThatPasses_IsAskedThrough()
    {
        _hud.Misbehave(Fault.Answer(429, "", "text/plain", ("Retry-After", "0")), Fault.Answer(502, "bad gateway", "text/plain"),
            Fault.CutOffAfter(100));
        Assert.That((await MonthAsync(Source())).Figures, Has.Count.EqualTo(4));
        Assert.That(_hud.Requests, Has.Count.EqualTo(4));
    }

    [Test]
    public void Token_ThatIsRefused_IsSaid()
    {
        _hud.Misbehave(Fault.Answer(401, "{\"error\":\"who are you\"}"));
        Assert.That(Refused(() => MonthAsync(Source()), "credentials-refused").Message, Does.Not.Contain("s3cret"));
    }

    private async Task<FetchedFigures> MonthAsync(ISource source)
    {
        var offer = (await FindAsync(source, "2026-07")).Single();
        var (fetched, files) = await FetchAsync(source, offer);
        Assert.That(files.Single(), Is.EqualTo(JsonSerializer.SerializeToUtf8Bytes(_rows)), "the answer is kept as it came");
        return (FetchedFigures)fetched;
    }

    private ISource Source(string more = "")
    {
        Environment.SetEnvironmentVariable("CICOST_TEST_HUD_TOKEN", "s3cret");
        return Setup(new PyTorchHudConnector(o => Fast(o) with { Time = TimeProvider.System }), $$"""
            query: cost_job_per_runner_type
            parameters: {startTime: "{before}", stopTime: "{until}"}
            accounts: {linux_foundation: "111122223333"}
            endpoint: {{_hud.Address}}
            token: env:CICOST_TEST_HUD_TOKEN
            {{more}}
            """, _time).Source;
    }

    private static Dictionary<string, object?> Row(int day, string account, string runner, decimal cost) => new()
    {
        ["date"] = $"2026-07-{day:00}",
        ["provider"] = "aws",
        ["owning_account"] = account,
        ["runner_type"] = runner,
        ["cost"] = cost,
        ["duration"] = 1.5,
    };

    private Task AnswerAsync(HttpContext context, SeenRequest request)
    {
        Assert.That(request.Path, Is.EqualTo("/api/clickhouse/cost_job_per_runner_type"));
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(_rows)).AsTask();
    }
}

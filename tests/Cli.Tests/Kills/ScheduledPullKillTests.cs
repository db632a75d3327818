using System.Globalization;
using System.Net;
using System.Text;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;
using CiCost.TestKit.Servers;
using Microsoft.AspNetCore.Http;

namespace CiCost.Cli.Tests.Kills;

/// <summary>
/// A server that is killed with SIGKILL, or stopped with SIGTERM, while it pulls a source by its schedule or for somebody who asked: after
/// the next start the pull is repeated once, without anybody asking, and the books say exactly what undisturbed books say.
/// </summary>
public sealed class ScheduledPullKillTests
{
    private const int Rows = 3_000;
    private const string OnceAYear = "0 0 0 1 1 ?";

    /// <summary>The bill is of July of last year: every day of this year, a scheduled run asks for it.</summary>
    private static readonly string Month = $"{TimeProvider.System.GetUtcNow().Year - 1}-07";

    private static readonly Dictionary<string, string> NoVariables = [];
    private TempFolder _base = null!;
    private string _expected = "";

    [OneTimeSetUp]
    public async Task PullUndisturbed()
    {
        _base = new TempFolder();
        Write(_base, edition: 1);
        (await new Cicost(_base.FullName).RunAsync("pull", "--from", Month, "--to", Month)).Expect(0);
        await using (var server = RunningServer.Start(new Cicost(_base.FullName), NoVariables))
        {
            await server.StopAsync(_base.FullName);
        }

        await MissARunAsync(_base);
        using var undisturbed = Copy();
        await ServeUntilPulledAsync(undisturbed, runs: 2);
        _expected = await new Cicost(undisturbed.FullName).DigestAsync();
        using var untouched = Copy();
        Assert.That(await new Cicost(untouched.FullName).DigestAsync(), Is.Not.EqualTo(_expected), "the scheduled pull changes the books");
    }

    [OneTimeTearDown]
    public void RemoveBase() => _base.Dispose();

    [TestCase("pull.found")]
    [TestCase("pull.fetched")]
    [TestCase("booking.before-commit")]
    [TestCase("pull.booked")]
    [TestCase("pull.before-end")]
    public async Task ScheduledPull_KilledAnywhere_IsNamedAbandoned_AndRepeatedOnce(string place)
    {
        using var folder = Copy();
        await using (var server = RunningServer.Start(new Cicost(folder.FullName), FailAt(place)))
        {
            await server.EndAsync(RunResult.Killed);
        }

        (await new Cicost(folder.FullName).RunAsync("check")).Expect(0);
        await ServeUntilPulledAsync(folder, runs: 3);
        Assert.That(await new Cicost(folder.FullName).DigestAsync(), Is.EqualTo(_expected));
        Assert.That(await RunsAsync(folder),
            Is.EqualTo(new[] { "backfill succeeded ", "schedule abandoned run-abandoned", "schedule succeeded " }));
    }

    [Test]
    public async Task AskedPull_Killed_IsRepeatedOnce_WithTheMonthsThatWereAskedFor()
    {
        using var folder = Copy();
        var cicost = new Cicost(folder.FullName);
        await MissNoRunAsync(folder);
        await using (var server = RunningServer.Start(cicost, FailAt("pull.booked")))
        {
            await AskAsync(server, "lab", Month);
            await server.EndAsync(RunResult.Killed);
        }

        await ServeUntilPulledAsync(folder, runs: 3);
        Assert.That(await new Cicost(folder.FullName).DigestAsync(), Is.EqualTo(_expected));
        Assert.That(await RunsAsync(folder),
            Is.EqualTo(new[] { "backfill succeeded ", "backfill abandoned run-abandoned", "backfill succeeded " }));
        var months = await SqliteShell.RowsAsync(cicost.Books, "SELECT DISTINCT first_month, last_month FROM source_run");
        Assert.That(months, Has.Count.EqualTo(1), "all runs are of the month that was asked for");
    }

    [TestCase("pull.fetched:1:stop")]
    [TestCase("booking.mid-rows:1:stop")]
    [TestCase("prune.mid:1:stop")]
    public async Task ScheduledPull_StoppedAnywhere_EndsWell_AndConverges(string place)
    {
        using var folder = Copy();
        await using (var server = RunningServer.Start(new Cicost(folder.FullName), FailAt(place)))
        {
            await server.EndAsync(0);
        }

        // How far it came is a matter of luck, but it said so itself.
        Assert.That((await RunsAsync(folder))[1], Is.AnyOf("schedule succeeded ", "schedule failed run-cancelled"));
        await ServeUntilPulledAsync(folder, runs: 3);
        Assert.That(await new Cicost(folder.FullName).DigestAsync(), Is.EqualTo(_expected));
        Assert.That((await RunsAsync(folder))[2], Is.EqualTo("schedule succeeded "));
    }

    [Test]
    public async Task Stop_WhileTheProviderDoesNotAnswer_CancelsThePull_AndItIsRepeatedAfterTheStart()
    {
        var asked = new TaskCompletionSource();
        var isMute = true;
        await using var provider = await FakeServer.StartAsync(async (http, _) =>
        {
            if (isMute)
            {
                asked.TrySetResult();
                var left = new TaskCompletionSource();
                await using var registration = http.RequestAborted.Register(() => left.TrySetResult());
                await left.Task;
                return;
            }

            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""
                {"usageItems":[{"date":"2026-07-01T00:00:00Z","product":"actions","sku":"Actions Linux","quantity":120,"unitType":"Minutes",
                 "pricePerUnit":0.006,"grossAmount":0.72,"discountAmount":0,"netAmount":0.72,"organizationName":"acme",
                 "repositoryName":"acme/app"}]}
                """);
        });
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        (await cicost.RunAsync("attribute")).Expect(0);
        var token = new Dictionary<string, string> { ["KILLS_TOKEN"] = "a token of the tests" };
        folder.Write("sources.yaml", $"""
            sources:
              - key: usage
                connector: github-usage
                organization: acme
                endpoint: {provider.Address}
                token: env:KILLS_TOKEN
            """);
        await using (var server = RunningServer.Start(cicost, token))
        {
            await AskAsync(server, "usage", "2026-07");
            await asked.Task.WaitAsync(TimeSpan.FromMinutes(1));
            await server.StopAsync(folder.FullName);
        }

        Assert.That(await RunsAsync(folder), Is.EqualTo(new[] { "backfill failed run-cancelled" }));
        isMute = false;
        await using (var again = RunningServer.Start(cicost, token))
        {
            await UntilPulledAsync(again, "usage", runs: 2);
            await again.StopAsync(folder.FullName);
        }

        Assert.That(await RunsAsync(folder), Is.EqualTo(new[] { "backfill failed run-cancelled", "backfill succeeded " }));
        var billed = await SqliteShell.NumberAsync(cicost.Books, "SELECT SUM(billed_nanos) AS n FROM cost_line");
        Assert.That(billed, Is.EqualTo(720_000_000));
    }

    private static Dictionary<string, string> FailAt(string place) => new() { ["CICOST_FAILPOINT"] = place };

    private static async Task AskAsync(RunningServer server, string source, string month)
    {
        using var body = new StringContent($$"""{"firstMonth": "{{month}}", "lastMonth": "{{month}}"}""", Encoding.UTF8, "application/json");
        using var response = await (await server.ClientAsync()).PostAsync($"/v1/schedule/{source}/runs", body);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), await response.Content.ReadAsStringAsync());
    }

    /// <summary>Serves until so many runs ended, the last one well, and nothing is left to be repeated.</summary>
    private static async Task ServeUntilPulledAsync(TempFolder folder, int runs)
    {
        await using var server = RunningServer.Start(new Cicost(folder.FullName), NoVariables);
        await UntilPulledAsync(server, "lab", runs);
        var next = (await server.JsonAsync("/v1/schedule")).GetProperty("sources")[0].GetProperty("nextRunAt").GetDateTimeOffset();
        Assert.That((next.Month, next.Day), Is.EqualTo((1, 1)), "the next run is the one of the schedule");
        await server.StopAsync(folder.FullName);
    }

    private static async Task UntilPulledAsync(RunningServer server, string source, int runs) => await server.UntilAsync("the pull is repeated",
        async () =>
        {
            var history = (await server.JsonAsync($"/v1/schedule/{source}/runs")).GetProperty("runs");
            var state = (await server.JsonAsync("/v1/schedule")).GetProperty("sources")[0];
            return history.GetArrayLength() >= runs && history[0].GetProperty("outcome").GetString() == "succeeded"
                && !state.GetProperty("isRunning").GetBoolean();
        });

    /// <summary>What a server that was down at the time of a run finds: the run is due since a while.</summary>
    private static Task MissARunAsync(TempFolder folder) => SetNextRunAsync(folder, TimeProvider.System.GetUtcNow().AddDays(-1));

    private static Task MissNoRunAsync(TempFolder folder) =>
        SetNextRunAsync(folder, new DateTimeOffset(TimeProvider.System.GetUtcNow().Year + 1, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static async Task SetNextRunAsync(TempFolder folder, DateTimeOffset next)
    {
        var schedule = new Cicost(folder.FullName).Books + ".schedule.db";
        var changed = await SqliteShell.NumberAsync(schedule, string.Create(CultureInfo.InvariantCulture,
            $"UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = {next.UtcTicks} WHERE TRIGGER_NAME = 'cron'; SELECT changes() AS n"));
        Assert.That(changed, Is.EqualTo(1), "triggers of the source's schedule");
    }

    private static async Task<IReadOnlyList<string>> RunsAsync(TempFolder folder) =>
    [
        .. (await SqliteShell.RowsAsync(new Cicost(folder.FullName).Books, "SELECT cause, outcome, error_code FROM source_run ORDER BY run_id"))
            .Select(r => string.Join(' ', r)),
    ];

    private TempFolder Copy()
    {
        var copy = _base.Copy();
        Write(copy, edition: 2);
        return copy;
    }

    private static void Write(TempFolder folder, int edition)
    {
        Directory.CreateDirectory(folder.File("drop", Month));
        var bill = Bill.Write(folder.File("drop", Month, "bill.csv"), Rows, edition);
        File.WriteAllText(bill.Path, File.ReadAllText(bill.Path).Replace(Bill.Month[..5], Month[..5], StringComparison.Ordinal));
        folder.Write($"drop/{Month}/.done", "");
        folder.Write("sources.yaml", $"""
            sources:
              - key: lab
                connector: drop-folder
                folder: {folder.File("drop")}
                format: focus-csv
                complete: marker
                monthsBack: 24
                schedule: '{OnceAYear}'
            """);
    }
}

using System.Diagnostics;
using System.Text.Json;
using CiCost.Cli.Tests.Kills;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>The schedule of real processes: commands beside a server and without one, on the same files.</summary>
public sealed class ScheduleTests
{
    private static readonly Dictionary<string, string> NoVariables = [];
    private static readonly string[] July = ["--from", Bill.Month, "--to", Bill.Month];

    [Test]
    public async Task Schedule_BesideAServerAndWithoutOne_IsTheSame()
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        (await cicost.RunAsync("attribute")).Expect(0);
        Drop(folder, edition: 1);
        folder.Write("sources.yaml", $"""
            sources:
              - key: lab
                connector: drop-folder
                folder: {folder.File("drop")}
                format: focus-csv
                complete: marker
                schedule: '0 0 0 1 1 ?'
            """);

        var alone = await cicost.RunAsync(["schedule", "run", "lab", .. July]);
        Assert.That(alone.Expect(0).Errors, Does.Contain("pulled in this process"));
        Assert.That((await RunsAsync(cicost)).Select(r => Text(r, "outcome")), Is.EqualTo(new[] { "succeeded" }));
        Assert.That((await cicost.JsonAsync("schedule", "list")).GetProperty("isServed").GetBoolean(), Is.False);

        using (var server = cicost.Start(NoVariables, "serve", "--address", "http://127.0.0.1:0"))
        {
            try
            {
                await server.StandardOutput.ReadLineAsync();
                await BesideAsync(cicost, folder);
                await Cicost.RunProgramAsync(folder.FullName, "kill", "-TERM", $"{server.Id}");
                (await Cicost.EndAsync(server)).Expect(0);
            }
            finally
            {
                await KillAsync(server);
            }
        }

        var stopped = await cicost.JsonAsync("schedule", "list");
        Assert.That((stopped.GetProperty("isServed").GetBoolean(), stopped.GetProperty("sources")[0].GetProperty("isPaused").GetBoolean()),
            Is.EqualTo((false, true)), "a pause survives the end of the server");
        var resumed = await cicost.JsonAsync("schedule", "resume", "lab");
        Assert.That(resumed.GetProperty("isPaused").GetBoolean(), Is.False);
        Assert.That((await cicost.RunAsync("schedule", "list")).Expect(0).Output, Does.Contain("lab").And.Contain("No server runs"));
        Assert.That((await cicost.RunAsync("schedule", "history", "lab")).Expect(0).Output, Does.Contain("backfill"));
    }

    [Test]
    public async Task Schedule_OfAnUnknownSource_IsRefused([Values("run", "pause", "resume")] string verb)
    {
        using var folder = new TempFolder();
        folder.Write("sources.yaml", "sources: []\n");
        var cicost = new Cicost(folder.FullName);
        (await cicost.RunAsync("attribute")).Expect(0);
        var run = await cicost.RunAsync("schedule", verb, "nobody", "--json");
        Assert.That(run.Expect(3).Json().GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("source-unknown"));
    }

    private static async Task BesideAsync(Cicost cicost, TempFolder folder)
    {
        var list = await cicost.JsonAsync("schedule", "list");
        Drop(folder, edition: 2);
        var handed = await cicost.JsonAsync(["schedule", "run", "lab", .. July]);
        var runs = await UntilAsync(cicost, r => r.Count == 2 && Text(r[0], "outcome") != "running");
        var paused = await cicost.JsonAsync("schedule", "pause", "lab");
        Assert.Multiple(() =>
        {
            Assert.That(list.GetProperty("isServed").GetBoolean(), Is.True);
            Assert.That(list.GetProperty("sources")[0].GetProperty("nextRunAt").ValueKind, Is.EqualTo(JsonValueKind.String));
            Assert.That(handed.GetProperty("runs").GetString(), Is.EqualTo("/v1/schedule/lab/runs?after=1"));
            Assert.That(runs.Select(r => (Text(r, "cause"), Text(r, "outcome"))), Is.All.EqualTo(("backfill", "succeeded")));
            Assert.That(paused.GetProperty("isPaused").GetBoolean(), Is.True);
        });
        Assert.That((await cicost.JsonAsync("deliveries", "--source", "lab")).GetProperty("deliveries").GetArrayLength(), Is.EqualTo(2));
    }

    /// <summary>A month's bill, and the marker that it is whole.</summary>
    private static void Drop(TempFolder folder, int edition)
    {
        Directory.CreateDirectory(folder.File("drop", Bill.Month));
        Bill.Write(folder.File("drop", Bill.Month, "bill.csv"), 62, edition);
        folder.Write($"drop/{Bill.Month}/.done", "");
    }

    private static async Task<IReadOnlyList<JsonElement>> RunsAsync(Cicost cicost) =>
        [.. (await cicost.JsonAsync("schedule", "history", "lab")).GetProperty("runs").EnumerateArray()];

    /// <summary>Asks until it is so; asking takes a while itself.</summary>
    private static async Task<IReadOnlyList<JsonElement>> UntilAsync(Cicost cicost, Func<IReadOnlyList<JsonElement>, bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!patience.IsCancellationRequested)
        {
            var runs = await RunsAsync(cicost);
            if (isSo(runs))
            {
                return runs;
            }
        }

        throw new InvalidOperationException("The server did not run what was handed to it within two minutes.");
    }

    private static string? Text(JsonElement run, string name) => run.GetProperty(name).GetString();

    private static async Task KillAsync(Process server)
    {
        if (!server.HasExited)
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }
}

using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.Kills;

/// <summary>
/// A pull that is killed with SIGKILL anywhere, from the offer to the end of the run, is repeated by the next one, and the books then say
/// exactly what undisturbed books say. The restated bill is pulled, so that pruning is among the places.
/// </summary>
public sealed class PullKillTests
{
    private const int Rows = 3_000;
    private TempFolder _base = null!;
    private string _expected = "";

    [OneTimeSetUp]
    public async Task PullAnUndisturbedBill()
    {
        _base = new TempFolder();
        Write(_base, edition: 1);
        (await new Cicost(_base.FullName).RunAsync(Pull())).Expect(0);

        // The undisturbed books are a copy, so that every test begins with the first edition booked and the second offered.
        using var undisturbed = Copy();
        (await new Cicost(undisturbed.FullName).RunAsync(Pull())).Expect(0);
        _expected = await new Cicost(undisturbed.FullName).DigestAsync();
    }

    [OneTimeTearDown]
    public void RemoveBase() => _base.Dispose();

    [TestCase("pull.found")]
    [TestCase("pull.fetched")]
    [TestCase("booking.begun")]
    [TestCase("booking.mid-rows")]
    [TestCase("booking.before-commit")]
    [TestCase("booking.after-commit")]
    [TestCase("checkpoint.before")]
    [TestCase("checkpoint.after")]
    [TestCase("prune.mid")]
    [TestCase("prune.done")]
    [TestCase("pull.booked")]
    [TestCase("pull.taken")]
    [TestCase("pull.before-end")]
    public async Task Pull_KilledAnywhere_IsRepeated_AndConverges(string place)
    {
        using var folder = Copy();
        var cicost = new Cicost(folder.FullName);
        (await cicost.RunProcessWithAsync(new Dictionary<string, string> { ["CICOST_FAILPOINT"] = place }, Pull())).Expect(RunResult.Killed);
        (await cicost.RunAsync("check")).Expect(0);
        (await cicost.RunAsync(Pull())).Expect(0);
        var runs = await SqliteShell.RowsAsync(cicost.Books, "SELECT outcome FROM source_run ORDER BY run_id");
        Assert.Multiple(async () =>
        {
            Assert.That(await new Cicost(folder.FullName).DigestAsync(), Is.EqualTo(_expected));
            Assert.That(runs.Select(r => r[0]), Is.EqualTo(new[] { "succeeded", "abandoned", "succeeded" }));
        });
    }

    private static string[] Pull() => ["--sources", "sources.yaml", "pull", "--from", Bill.Month, "--to", Bill.Month];

    private TempFolder Copy()
    {
        var copy = _base.Copy();
        Write(copy, edition: 2);
        return copy;
    }

    private static void Write(TempFolder folder, int edition)
    {
        var month = folder.File("drop", Bill.Month);
        Directory.CreateDirectory(month);
        Bill.Write(Path.Combine(month, "bill.csv"), Rows, edition);
        File.WriteAllText(Path.Combine(month, ".done"), "");
        folder.Write("sources.yaml", $"""
            sources:
              - key: neocloud
                connector: drop-folder
                folder: {folder.File("drop")}
                format: focus-csv
                complete: marker
            """);
    }
}

using CiCost.Cli.Tests.Kills;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>Two processes on the same books: writers wait for each other, readers never.</summary>
public sealed class TwoProcessesTests
{
    [Test]
    public async Task Ingest_OfTwoSourcesAtOnce_BooksBoth()
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        var one = Bill.Write(folder.File("one.csv"), 20_000, 1);
        var two = Bill.Write(folder.File("two.csv"), 20_000, 2);
        var answers = await Task.WhenAll(IngestAsync(cicost, "one", one), IngestAsync(cicost, "two", two));
        var check = await cicost.RunAsync("check");
        Assert.Multiple(() =>
        {
            Assert.That(answers.Select(a => a.GetProperty("deliveryId").GetInt32()), Is.EquivalentTo(new[] { 1, 2 }));
            Assert.That(check.ExitCode, Is.Zero, check.Output);
        });
    }

    [Test]
    public async Task Costs_WhileABillIsRestated_SayTheBooksBeforeOrAfter()
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        await IngestAsync(cicost, "aws", Bill.Write(folder.File("before.csv"), 2_000, 1));
        string[] question = ["costs", "--month", Bill.Month, "--metric", "billed"];
        var before = TotalOf(await cicost.JsonAsync(question));
        var ingest = IngestAsync(cicost, "aws", Bill.Write(folder.File("after.csv"), 120_000, 2));
        List<string> seen = [];
        while (!ingest.IsCompleted)
        {
            seen.Add(TotalOf(await cicost.JsonAsync(question)));
        }

        await ingest;
        var after = TotalOf(await cicost.JsonAsync(question));
        Assert.Multiple(() =>
        {
            Assert.That(after, Is.Not.EqualTo(before));
            Assert.That(seen, Has.Count.AtLeast(2), "the ingest was too short to be asked meanwhile");
            Assert.That(seen, Is.All.AnyOf(before, after));
            Assert.That(seen.SkipWhile(t => t == before), Is.All.EqualTo(after), "never back again");
        });
    }

    private static string TotalOf(System.Text.Json.JsonElement costs) =>
        costs.GetProperty("totals").GetProperty("USD").GetProperty("total").GetString()!;

    private static async Task<System.Text.Json.JsonElement> IngestAsync(Cicost cicost, string source, Bill bill) => (await cicost.RunProcessAsync(
        "ingest", "--source", source, "--kind", "focus-csv", "--month", Bill.Month, "--file", bill.Path, "--json")).Expect(0).Json();
}

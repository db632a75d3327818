using System.Text.Json;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>Every FOCUS file of tests/data through the real <c>cicost ingest --json</c> into one books file, against Python's
/// decimal.</summary>
public sealed class FocusFilesTests
{
    /// <summary>Files whose defects need a profile, by the end of their path.</summary>
    private static readonly (string End, string Profile)[] Profiles =
    [
        ("focus_sample_part70.csv", "focus-sample"), ("mtd-snapshot/current/part_0_0001.csv.gz", "azure-export"),
    ];

    private readonly List<(string Name, int ExitCode, JsonElement Answer, string Errors)> _runs = [];
    private JsonElement _expected;

    /// <summary>Books every file, each as a source of its own.</summary>
    [OneTimeSetUp]
    public async Task IngestAll()
    {
        var root = PublishedProgram.File("tests", "data", "focus");
        string[] files = [.. Directory.EnumerateFiles(root, "*.csv*", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/native/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        var script = await File.ReadAllTextAsync(PublishedProgram.File("tests", "independent", "focus_totals.py"));
        using var document = JsonDocument.Parse(await PythonTool.RunAsync(script, arguments: files));
        _expected = document.RootElement.Clone();
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        foreach (var (file, i) in files.Select((f, i) => (f, i)))
        {
            var name = Path.GetRelativePath(root, file);
            var run = await cicost.RunAsync(
                "ingest", "--json", "--source", $"s{i}", "--kind", "focus-csv", "--profile", ProfileOf(name), "--month", "2026-05",
                    "--accept-other-month", "--file", file);
            _runs.Add((file, run.ExitCode, run.Json(), run.Errors));
        }
    }

    [Test]
    public void Ingest_EveryCostAndUsageFile_HasTheTotalsOfPython()
    {
        var booked = _runs.Where(r => r.ExitCode == 0).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(booked, Has.Count.AtLeast(30));
            foreach (var run in booked)
            {
                AssertShape(run.Name, run.Answer, _expected.GetProperty(run.Name));
            }
        });
    }

    [Test]
    public void Ingest_FilesOfOtherDatasets_AreRefusedByName()
    {
        var refused = _runs.Where(r => r.ExitCode != 0).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(refused.Select(r => r.ExitCode), Is.All.EqualTo(3));
            Assert.That(refused, Is.Not.Empty);
            foreach (var run in refused)
            {
                var error = run.Answer.GetProperty("error");
                var first = error.GetProperty("errors")[0];
                Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("delivery-rejected"), run.Name);
                Assert.That(first.GetProperty("file").GetString(), Is.EqualTo(Path.GetFileName(run.Name)));
                Assert.That(first.GetProperty("rule").GetString(), Is.AnyOf("header-other-dataset", "header-missing-columns"), run.Errors);
                Assert.That(run.Errors, Does.Contain(Path.GetFileName(run.Name)));
            }
        });
    }

    [Test]
    public void Ingest_EachFile_IsBookedUnlessItIsOfAnotherDataset()
    {
        string[] otherDatasets = ["contract_commitment", "invoice_detail", "billing_period", "scenarios_"];
        var unexpected = _runs.Where(r => (r.ExitCode == 0) == otherDatasets.Any(r.Name.Contains)).Select(r => $"{r.Name}: {r.Errors}");
        Assert.That(unexpected, Is.Empty);
    }

    private static string ProfileOf(string name) =>
        Profiles.Where(p => name.EndsWith(p.End, StringComparison.Ordinal)).Select(p => p.Profile).FirstOrDefault("lenient");

    private static void AssertShape(string name, JsonElement answer, JsonElement expected)
    {
        Assert.That(answer.GetProperty("rows").GetInt64(), Is.EqualTo(expected.GetProperty("rows").GetInt64()), name);
        Assert.That(answer.GetProperty("emptyCosts").GetInt64(), Is.EqualTo(expected.GetProperty("emptyCosts").GetInt64()), name);
        Assert.That(answer.GetProperty("quarantined").GetInt64(), Is.Zero, name);
        Assert.That(answer.GetProperty("unchanged").GetBoolean(), Is.False, name);
        Assert.That(answer.GetProperty("supersedes").ValueKind, Is.EqualTo(JsonValueKind.Null), name);
        Assert.That(answer.GetProperty("scope").GetProperty("billingPeriod").GetString(), Is.EqualTo("2026-05"), name);
        var totals = answer.GetProperty("totals");
        var wanted = expected.GetProperty("totals");
        Assert.That(Names(totals), Is.EqualTo(Names(wanted)), name);
        foreach (var currency in wanted.EnumerateObject())
        {
            var costs = totals.GetProperty(currency.Name);
            string[] actual = [.. new[] { "billed", "effective", "list", "contracted" }.Select(c => costs.GetProperty(c).GetString()!)];
            string[] sums = [.. new[] { "BilledCost", "EffectiveCost", "ListCost", "ContractedCost" }.Select(c
                => currency.Value.GetProperty(c).GetString()!)];
            Assert.That(actual, Is.EqualTo(sums), $"{name} {currency.Name}");
            Assert.That(Names(costs.GetProperty("residue")), Is.EquivalentTo(new[] { "billed", "effective", "list", "contracted" }), name);
        }
    }

    private static List<string> Names(JsonElement element) => [.. element.EnumerateObject().Select(p => p.Name)];
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace CiCost.Cli.Tests.Demo;

/// <summary>The files add up to the public facts: recomputed from their text, by classifications of this test's own.</summary>
internal sealed partial class CalibrationTests
{
    private DemoRun _run = null!;

    [OneTimeSetUp]
    public void WriteAllMonths() => _run = new DemoRun(first: "2025-08");

    [OneTimeTearDown]
    public void Remove() => _run.Dispose();

    [Test]
    public void Aws_JulyListCostOfUsage_IsThePublishedTable()
    {
        Assert.That(ListByArchitecture(_run), Is.EquivalentTo(PublishedCost()));
        Assert.That(ListByArchitecture(_run).Values.Sum(), Is.EqualTo(746_910.13m));
    }

    [Test]
    public void Aws_July_CreditsLeaveTheTaxToPay()
    {
        var rows = _run.LastDelivery("aws-foundation", "2026-07").ToList();
        var tax = rows.Where(r => r["ChargeCategory"] == "Tax").Sum(r => Number(r["BilledCost"]));
        Assert.That(rows.Sum(r => Number(r["BilledCost"])), Is.EqualTo(tax));
        Assert.That(tax, Is.Positive.And.LessThan(0.01m * 746_910.13m));
    }

    [Test]
    public void Jobs_SecondsOfEveryMonthAndArchitecture_AreThePublishedHours()
    {
        var labels = DemoRun.Fact("job_labels.csv").ToLookup(r => r["label"], r => r["architecture"]);
        foreach (var month in _run.Plan.Deliveries.Select(d => d.Month).Distinct())
        {
            var seconds = JobText.Runs(_run, month).Where(j => j.HasHours)
                .GroupBy(j => Architecture(j.Label)).ToDictionary(g => g.Key, g => g.Sum(j => j.Seconds));
            foreach (var row in DemoRun.Fact("runtime_hours_by_architecture_12m.csv").Where(r => r["architecture"] != "Total as published"))
            {
                Assert.That(seconds.GetValueOrDefault(row["architecture"]), Is.EqualTo(long.Parse(row[month]) * 3_600),
                    $"{row["architecture"]} in {month}");
            }

            Assert.That(seconds.GetValueOrDefault(""), Is.EqualTo(month == "2026-05" ? 12 * 3_600 : 0), "hours on a label of no list");
        }

        string Architecture(string label) => labels[Unprefixed(label)].Concat(labels[label]).FirstOrDefault("");
    }

    [Test]
    public void Jobs_OfTheTwoFleets_FollowTheDatedShare([Values("2026-03", "2026-07")] string month)
    {
        var prefixed = DemoRun.Fact("job_labels.csv").Where(r => r["owner"] == "fleets").Select(r => r["label"]).ToHashSet();
        var byFleet = JobText.Runs(_run, month).Where(j => j.HasHours && prefixed.Contains(Unprefixed(j.Label)))
            .ToLookup(j => j.Label.StartsWith("lf", StringComparison.Ordinal), j => j.Seconds);
        var foundation = (decimal)byFleet[true].Sum();
        // 25 %, and from 19 to 31 March 80 %; each cell is divided to the second.
        var percent = month == "2026-03" ? ((18 * 25m) + (13 * 80m)) / 31 : 25m;
        Assert.That(foundation * 100 / (foundation + byFleet[false].Sum()), Is.EqualTo(percent).Within(0.0001m));
    }

    [Test]
    public void Jobs_EveryRun_IsInsideItsMonthAndAtMost120Hours()
    {
        foreach (var month in new[] { "2025-11", "2026-02", "2026-05" })
        {
            var first = DateTime.Parse(month + "-01T00:00:00Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
            var runs = JobText.Runs(_run, month).Where(j => j.HasHours).ToList();
            Assert.That(runs.Min(j => j.StartedAt), Is.GreaterThanOrEqualTo(first));
            Assert.That(runs.Max(j => j.CompletedAt), Is.LessThanOrEqualTo(first.AddMonths(1)));
            Assert.That(runs.Max(j => j.Seconds), Is.LessThanOrEqualTo(120 * 3_600));
        }
    }

    [Test]
    public void Aws_NoMachine_RunsLongerThanTheDay() => Assert.That(
        _run.LastDelivery("aws-foundation", "2026-07").Where(r => r["SkuMeter"].Contains("BoxUsage", StringComparison.Ordinal))
            .Max(r => Number(r["PricingQuantity"])), Is.LessThanOrEqualTo(24));

    [Test]
    public void Derivation_PrintsWhatTheFilesSumTo()
    {
        var text = _run.Text("DERIVATION.txt");
        var usage = _run.LastDelivery("aws-foundation", "2026-06").ToList();
        var billed = usage.Sum(r => Number(r["BilledCost"])).ToString("#,##0.00", CultureInfo.InvariantCulture);
        Assert.That(text, Does.Match($@"aws-foundation +2026-06 +{usage.Count} +{Regex.Escape(billed)}\b"));
        Assert.That(text, Does.Match(@"sum +746,910\.13").And.Match(@"2026-07 +2,231,305 +2,072,624 +158,681 +158,681"));
    }

    [Test]
    public void Seed_Second_ChangesBytesAndMixButNoCalibratedSum()
    {
        using var other = new DemoRun(seed: 2);
        Assert.That(ListByArchitecture(other), Is.EquivalentTo(PublishedCost()));
        var (mine, theirs) = (SecondsByLabel(_run), SecondsByLabel(other));
        Assert.That(theirs.Values.Sum(), Is.EqualTo(mine.Values.Sum()));
        Assert.That(theirs, Is.Not.EquivalentTo(mine), "hours by label");
        foreach (var file in other.Files("*.gz"))
        {
            var path = Path.GetRelativePath(other.Root, file);
            Assert.That(File.ReadAllBytes(file), Is.Not.EqualTo(File.ReadAllBytes(_run.Full(path))), path);
        }

        static Dictionary<string, long> SecondsByLabel(DemoRun run) => JobText.Runs(run, "2026-07").GroupBy(j => j.Label)
            .ToDictionary(g => g.Key, g => g.Sum(j => j.Seconds));
    }

    internal static Dictionary<string, decimal> ListByArchitecture(DemoRun run) => run.LastDelivery("aws-foundation", "2026-07")
        .Where(r => r["ChargeCategory"] == "Usage").GroupBy(ArchitectureOfRow)
        .ToDictionary(g => g.Key, g => g.Sum(r => Number(r["ListCost"])));

    private static Dictionary<string, decimal> PublishedCost() => DemoRun.Fact("foundation_aws_cost_by_architecture_2026-07.csv")
        .Where(r => r["cost_usd"] != "0.00").ToDictionary(r => r["architecture"], r => Number(r["cost_usd"]));

    private static string ArchitectureOfRow(Dictionary<string, string> row)
    {
        var machine = MachineHour().Match(row["ChargeDescription"]);
        return !machine.Success ? "N/A"
            : row["Tags"].Contains("-xpu\"", StringComparison.Ordinal) ? "XPU"
            : machine.Groups[1].Value == "Windows" ? "Windows"
            : machine.Groups[2].Value switch
            {
                "g4dn" or "g5" or "g6" => "CUDA",
                "m8g" or "r7g" => "ARM64 (AWS Graviton)",
                "c7a" or "r7a" => "x86_64 (AMD)",
                "c7i" or "r7i" or "r5" => "x86_64 (Generic)",
                "m7i" or "m6i" => "x86_64 (Intel)",
                var family => $"unexpected family {family}",
            };
    }

    private static string Unprefixed(string label) => Prefix().Replace(label, "");

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"per On Demand (\w+) ([a-z0-9]+)\.[a-z0-9-]+ Instance Hour$")]
    private static partial Regex MachineHour();

    [GeneratedRegex("^(mt-|lf-|lf[.])")]
    private static partial Regex Prefix();
}

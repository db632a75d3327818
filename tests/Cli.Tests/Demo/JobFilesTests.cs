using System.Globalization;
using System.Text.RegularExpressions;

namespace CiCost.Cli.Tests.Demo;

/// <summary>Job files hold what real ones hold: repeated, unfinished, skipped and retried jobs; and every label has its price.</summary>
internal sealed class JobFilesTests
{
    private DemoRun _run = null!;
    private List<JobText> _events = null!;

    [OneTimeSetUp]
    public void WriteTheMonthWithLateEvents()
    {
        _run = new DemoRun(first: "2026-05", last: "2026-05");
        _events = [.. _run.Plan.Deliveries.Where(d => d.Source == "github-jobs").SelectMany(d => d.Files)
            .SelectMany(f => JobText.Read(_run.Full(f)))];
    }

    [OneTimeTearDown]
    public void Remove() => _run.Dispose();

    [Test]
    public void Events_OfAMonth_HaveEveryOddity()
    {
        var completed = _events.Where(j => j.Action == "completed").ToList();
        var finished = completed.Select(j => j.Id).ToHashSet();
        Assert.Multiple(() =>
        {
            Assert.That(_events.Select(j => j.Action).Distinct(),
                Is.EquivalentTo(["queued", "waiting", "in_progress", "completed"]));
            Assert.That(completed.Count - finished.Count, Is.GreaterThan(50), "repeated");
            Assert.That(_events.Count(j => j.Action == "in_progress" && !finished.Contains(j.Id)), Is.GreaterThan(20), "never finished");
            Assert.That(completed.Count(j => j.StartedAt == DateTime.UnixEpoch), Is.GreaterThan(20), "epoch");
            Assert.That(completed.Count(j => j.Conclusion == "skipped" && j.CompletedAt == j.StartedAt), Is.GreaterThan(20), "no time");
            Assert.That(completed.Count(j => j.CompletedAt < j.StartedAt), Is.GreaterThan(20), "ends before it starts");
            Assert.That(completed.Count(j => j.Attempt == 2), Is.GreaterThan(100), "retries");
            Assert.That(completed.Select(j => j.Conclusion).Distinct(),
                Is.EquivalentTo(["success", "failure", "cancelled", "timed_out", "skipped"]));
            Assert.That(completed.Select(j => j.Repository).Distinct().Count(), Is.EqualTo(8), "repositories");
        });
    }

    [Test]
    public void Identifiers_OfJobs_AreUniqueAcrossMonths()
    {
        using var next = new DemoRun(first: "2026-06", last: "2026-06");
        var ids = _events.Select(j => j.Id).ToHashSet();
        Assert.That(JobText.Runs(next, "2026-06").Where(j => ids.Contains(j.Id)), Is.Empty);
    }

    [Test]
    public void Labels_OfEveryJob_HaveExactlyOnePriceUnlessUnlisted()
    {
        using var july = new DemoRun();
        var rates = DemoRun.Fact("demonstration_rates.csv").Select(r => new Regex(r["label_pattern"])).ToList();
        var github = DemoRun.Fact("github_prices.csv").Select(r => r["label"]).ToHashSet();
        var labels = _events.Concat(JobText.Runs(july, "2026-07")).Select(j => j.Label.Split(' ')[^1]).Distinct().ToList();
        foreach (var label in labels.Where(l => !l.Contains(".rocm.", StringComparison.Ordinal)))
        {
            var prices = rates.Count(r => r.IsMatch(label)) + (github.Contains(label) ? 1 : 0);
            Assert.That(prices, Is.EqualTo(label == "demonstration-unlisted-label" ? 0 : 1), label);
        }
    }

    [Test]
    public void UsageReport_OfAMonth_ChargesTheMinutesOfItsJobs()
    {
        var prices = DemoRun.Fact("github_prices.csv").ToDictionary(r => r["label"], r => r);
        var minutes = JobText.Runs(_run, "2026-05").Where(j => j.HasHours && prices.ContainsKey(j.Label))
            .GroupBy(j => prices[j.Label]["sku"]).ToDictionary(g => g.Key, g => g.Sum(j => (j.Seconds + 59) / 60));
        var rows = _run.LastDelivery("github-billing", "2026-05").ToList();
        Assert.That(rows.GroupBy(r => r["sku"]).ToDictionary(g => g.Key, g => g.Sum(r => long.Parse(r["quantity"]))),
            Is.EquivalentTo(minutes));
        foreach (var row in rows)
        {
            var (gross, discount) = (Number(row["gross_amount"]), Number(row["discount_amount"]));
            var price = prices.Values.First(p => p["sku"] == row["sku"]);
            Assert.That(gross, Is.EqualTo(Number(row["quantity"]) * Number(price["usd_per_minute_from_2026"])));
            Assert.That(discount, Is.EqualTo(price["free_on_public_repositories"] == "yes" ? gross : 0));
            Assert.That(Number(row["net_amount"]), Is.EqualTo(gross - discount));
            Assert.That(row["organization"], Is.EqualTo("pytorch"));
        }
    }

    [Test]
    public void Scale_OfThree_TriplesRowsAndKeepsSums()
    {
        using var scaled = new DemoRun(scale: 3, first: "2026-05", last: "2026-05");
        var (once, thrice) = (JobText.Runs(_run, "2026-05").Where(j => j.HasHours).ToList(),
            JobText.Runs(scaled, "2026-05").Where(j => j.HasHours).ToList());
        Assert.That(thrice.Sum(j => j.Seconds), Is.EqualTo(once.Sum(j => j.Seconds)));
        Assert.That(thrice, Has.Count.EqualTo(once.Count * 3).Within(50));
        var (small, large) = (_run.LastDelivery("aws-foundation", "2026-05").ToList(),
            scaled.LastDelivery("aws-foundation", "2026-05").ToList());
        Assert.That(large.Sum(r => Number(r["ListCost"])), Is.EqualTo(small.Sum(r => Number(r["ListCost"]))));
        Assert.That(large.Count(IsMachine), Is.EqualTo(small.Count(IsMachine) * 3).Within(5).Percent);

        static bool IsMachine(Dictionary<string, string> row) => row["SkuMeter"].Contains("BoxUsage", StringComparison.Ordinal);
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}

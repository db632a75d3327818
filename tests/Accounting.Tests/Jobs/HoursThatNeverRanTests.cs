using System.Globalization;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Jobs;
using CiCost.Domain.Periods;

namespace CiCost.Accounting.Tests.Jobs;

/// <summary>Hours that no machine ran have no value: copies in a re-run, and jobs that never had a runner.</summary>
public sealed class HoursThatNeverRanTests
{
    private static readonly FleetPolicy Policy = new()
    {
        Rates = """
            rates:
              - {id: mi300, labels: 'mi300(?:[.](?<gpus>[0-9]+))?', unit: gpu-hour, rate: "1.57", currency: USD, method: donor-stated,
                 evidence: test}
            """,
    };

    /// <summary>
    /// Attempt 1: a job of 4 hours passes, one of 1 hour fails. Attempt 2 lists the first again, with a new id and its old times and runner,
    /// and runs the second anew for 2 hours: 7 hours x 8 GPUs x 1.57 = 87.92 (PostHog/posthog#90752, tenstorrent/tt-metal#56278).
    /// </summary>
    [Test]
    public async Task RerunOfFailedJobs_CountsEachMachineOnce_InEveryOrder()
    {
        string[] jobs =
        [
            Job(1001, 1, "test (1, 2)", "success", "mi300-a", 10, 14), Job(1002, 1, "test (2, 2)", "failure", "mi300-b", 10, 11),
            Job(2001, 2, "test (1, 2)", "success", "mi300-a", 10, 14), Job(2002, 2, "test (2, 2)", "success", "mi300-c", 15, 17),
        ];
        foreach (var order in Orders(jobs))
        {
            using var books = await JobBooks.OpenAsync(Policy);
            await books.DeliverAsync(order[..2]);
            await books.DeliverAsync([.. order[2..], order[0]]);
            await books.ValueAsync();
            var hours = new ReadJobHours(books.Books.Books, books.Books.Policies).Run(BillingMonth.Parse("2026-07"));
            Assert.That((hours.Sum(h => h.Seconds), books.Books.Total(CostMetric.Consumption, "2026-07")),
                Is.EqualTo((7 * 3600L, 87.92m)), string.Join('\n', order));
        }
    }

    /// <summary>Waiting for an approval, cancelled in the queue, timed out in it: between their times no machine ran.</summary>
    [TestCase("skipped")]
    [TestCase("cancelled")]
    [TestCase("failure")]
    [TestCase("timed_out")]
    [TestCase("action_required")]
    [TestCase("stale")]
    [TestCase("neutral")]
    [TestCase("startup_failure")]
    public async Task Job_WithoutARunner_HasNoHours_HoweverItEnded(string conclusion)
    {
        using var books = await JobBooks.OpenAsync(Policy);
        string[] runners = ["""null, "runner_name": null""", """0, "runner_name": "" """, """null, "runner_name": "" """, "0"];
        await books.DeliverAsync([.. runners.Select((r, i) => Job(i + 1, 1, $"job {i}", conclusion, null, 0, 720, r))]);
        var valued = await books.ValueAsync();
        Assert.That((valued.Booked.Count, valued.Unvalued.Count, books.Books.Scalar("SELECT SUM(run_seconds) FROM v_job_run")),
            Is.EqualTo((0, 0, "0")));
    }

    private static string Job(int id, int attempt, string name, string conclusion, string? runner, int from, int to, string? runnerJson = null)
    {
        static string At(int hour) => new DateTime(2026, 7, 10, 0, 0, 0, DateTimeKind.Utc).AddHours(hour)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {"id": {{id}}, "run_id": 900, "run_attempt": {{attempt}}, "name": "{{name}}", "status": "completed", "conclusion": "{{conclusion}}",
             "created_at": "2026-07-10T09:58:00Z", "started_at": "{{At(from)}}", "completed_at": "{{At(to)}}", "labels": ["gpu.mi300.8"],
             "run_url": "https://api.github.com/repos/acme/app/actions/runs/900", "runner_id": {{runnerJson ?? $"11, \"runner_name\": \"{runner}\""}}}
            """);
    }

    private static IEnumerable<string[]> Orders(string[] items) => items.Length < 2
        ? [items]
        : items.SelectMany(first => Orders([.. items.Where(i => i != first)]).Select(rest => (string[])[first, .. rest]));
}

using System.Globalization;
using CiCost.Accounting.Jobs;
using CiCost.Domain.Periods;

namespace CiCost.Accounting.Tests.Jobs;

/// <summary>Jobs whose end was never told are named after a day.</summary>
public sealed class UnfinishedJobTests
{
    /// <summary>The clock of the books stands at 2026-05-01T00:00:00Z, and a second goes by with each delivery.</summary>
    [Test]
    public async Task Unfinished_ForMoreThanADay_IsListedAndFails_UntilItsEndIsTold()
    {
        using var books = await JobBooks.OpenAsync();
        await books.DeliverAsync(
            Job(1, "queued", "2026-04-29T00:00:00Z"), Job(2, "waiting", "2026-03-31T23:59:59Z"), Job(3, "in_progress", "2026-04-29T00:00:00Z"),
            Job(4, "in_progress", "2026-04-30T12:00:00Z"), Job(5, "completed", "2026-04-01T00:00:00Z"));
        var list = new ListUnfinishedJobs(books.Books.Books);
        var (all, april) = (list.Run(null), list.Run(BillingMonth.Parse("2026-04")));
        var failures = Failures(books);
        books.Books.Time.Advance(TimeSpan.FromHours(12));
        var later = list.Run(null);
        await books.DeliverAsync([.. all.Select(j => Job(j.JobId, "completed", "2026-04-29T00:00:00Z"))]);

        Assert.Multiple(() =>
        {
            Assert.That(all.Select(j => j.JobId), Is.EqualTo(new[] { 2L, 1L, 3L }), "the oldest first");
            Assert.That(april.Select(j => j.JobId), Is.EqualTo(new[] { 1L, 3L }));
            Assert.That(failures, Is.EqualTo(new[]
            {
                "jobs created in 2026-03: 1 waiting, the oldest job 2 of acme/app",
                "jobs created in 2026-04: 1 queued, 1 in_progress, the oldest job 1 of acme/app",
            }));
            Assert.That(later.Select(j => j.JobId), Is.EqualTo(new[] { 2L, 1L, 3L, 4L }), "half a day later");
            Assert.That(list.Run(null).Select(j => j.JobId), Is.EqualTo(new[] { 4L }));
        });
    }

    [Test]
    public async Task Job_ThatTellsNoTime_IsListed()
    {
        using var books = await JobBooks.OpenAsync();
        await books.DeliverAsync(Job(1, "queued", "1970-01-01T00:00:00Z"));
        Assert.That(new ListUnfinishedJobs(books.Books.Books).Run(null).Single().CreatedSeconds, Is.Zero);
        Assert.That(Failures(books), Is.EqualTo(new[] { "jobs created in 1970-01: 1 queued, the oldest job 1 of acme/app" }));
    }

    [TestCase(0, "0.00", "0")]
    [TestCase(5402, "1.50", "1.500555556")]
    [TestCase(18, "0.00", "0.005")]
    [TestCase(54, "0.02", "0.015")]
    [TestCase(5418, "1.50", "1.505")]
    [TestCase(1_721_372_956, "478,159.15", "478159.154444444")]
    [TestCase(3_599_999, "1,000.00", "999.999722222")]
    [TestCase(20, "0.01", "0.005555556")]
    public void Hours_AreRoundedHalfEven_NotCut(long seconds, string shown, string exact) =>
        Assert.That((HoursText.Shown(seconds), HoursText.Exact(seconds)), Is.EqualTo((shown, exact)));

    private static string[] Failures(JobBooks books) =>
        [.. books.Books.Check().SelectMany(o => o.Failures).Where(f => f.Check == "JobsAreFinished").Select(f => $"{f.Where}: {f.Actual}")];

    private static string Job(long id, string status, string created) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"id": {{id}}, "run_id": 1, "name": "test", "status": "{{status}}", "conclusion": null, "created_at": "{{created}}",
         "started_at": "{{created}}", "labels": ["gpu.mi300"], "runner_id": 0, "runner_name": "",
         "run_url": "https://api.github.com/repos/acme/app/actions/runs/1"}
        """);
}

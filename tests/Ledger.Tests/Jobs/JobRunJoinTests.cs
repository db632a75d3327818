using System.Globalization;
using CiCost.Domain.JobCosting;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger.Booking;
using CiCost.Ledger.Jobs;
using CiCost.Ledger.Sources;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;
using FsCheck;
using FsCheck.Fluent;

namespace CiCost.Ledger.Tests.Jobs;

/// <summary>The state of a job run is the greatest of its events: any order and repetition of deliveries gives the same rows.</summary>
public sealed class JobRunJoinTests
{
    private static readonly int Cases = Counts.Of(10_000);
    private const int JobsPerBooking = 100;
    private const long Noon = 1_782_907_200;

    private const string Rows = """
        SELECT group_concat(row, char(10)) FROM (
          SELECT host || '|' || job_id || '|' || attempt || '|' || run_id || '|' || repository || '|' || coalesce(workflow, '-')
            || '|' || name || '|' || coalesce(head_branch, '-') || '|' || coalesce(head_sha, '-') || '|' || status
            || '|' || coalesce(conclusion, '-') || '|' || coalesce(created_s, '-') || '|' || coalesce(started_s, '-')
            || '|' || coalesce(completed_s, '-') || '|' || run_seconds
            || '|' || labels || '|' || coalesce(runner_name, '-') || '|' || coalesce(runner_group, '-')
            || '|' || coalesce(native_id, '-') || '|' || event_s || '|' || hex(event_hash) AS row
          FROM job_run ORDER BY host, job_id, attempt)
        """;

    private static readonly JobEvent AnEvent = new()
    {
        Key = new JobRunKey("github", "github.com", 1, 1),
        RunId = 1,
        Repository = "acme/app",
        Name = "test",
        Status = JobStatus.Completed,
        Conclusion = "success",
        CreatedSeconds = Noon,
        StartedSeconds = Noon + 10,
        CompletedSeconds = Noon + 50,
        Labels = ["gpu"],
    };

    private static Gen<JobEvent> Event =>
        from status in Gen.Elements(Enum.GetValues<JobStatus>())
        from started in Gen.Elements<long?>(null, Noon + 10, Noon + 20)
        from completed in Gen.Elements<long?>(null, Noon + 50, Noon + 60)
        from conclusion in Gen.Elements(null, "success", "skipped")
        from runner in Gen.Elements(null, "", "r-1")
        from label in Gen.Elements("gpu", "cpu")
        select AnEvent with
        {
            Status = status,
            StartedSeconds = started,
            CompletedSeconds = completed,
            Conclusion = conclusion,
            RunnerName = runner,
            Labels = [label],
        };

    /// <summary>What is heard of one job, and the same in another order, with repetitions, cut over two deliveries.</summary>
    private static Gen<(JobEvent[] Events, JobEvent[] Other, int Cut)> History =>
        from count in Gen.Choose(1, 7)
        from events in Event.ArrayOf(count)
        from again in Gen.SubListOf(events)
        from other in Gen.Shuffle(events.Concat(again).ToArray())
        from cut in Gen.Choose(0, count)
        select (events, other, cut);

    [Test]
    public async Task Events_InAnyOrderAndRepetition_GiveTheSameRows()
    {
        using var books = await BookFixture.OpenAsync();
        var histogram = new Histogram();
        var delivery = 0;
        Properties.Hold(History.ArrayOf(JobsPerBooking), Cases / JobsPerBooking, histories =>
        {
            Array.ForEach(histories, h => Count(histogram, h.Events, h.Other, h.Cut));
            var one = RowsAfter(books, ref delivery, Numbered(histories, h => h.Events));
            var other = RowsAfter(books, ref delivery, Numbered(histories, h => h.Other[..h.Cut]),
                Numbered(histories, h => h.Other[h.Cut..]));
            return one.Zip(other).Select(r => r.First == r.Second ? null : $"{r.First}\nbut\n{r.Second}").FirstOrDefault(r => r is not null)
                ?? histories.Select((h, i) => Greatest(h.Events, one[i])).FirstOrDefault(r => r is not null);
        });
        histogram.AssertEachAtLeast(5, Cases);
    }

    [Test]
    public async Task Completed_WinsOverInProgressOverWaitingOverQueued_EvenWhenTheyComeLater()
    {
        using var books = await BookFixture.OpenAsync();
        var delivery = 0;
        JobStatus[] seen =
        [
            JobStatus.Queued, JobStatus.InProgress, JobStatus.Waiting, JobStatus.Completed, JobStatus.InProgress, JobStatus.Queued,
        ];
        var later = Noon;
        var states = seen.Select(status =>
        {
            Book(books, ref delivery, AnEvent with { Status = status, CompletedSeconds = later++ });
            return books.Scalar("SELECT status FROM v_job_run");
        }).ToArray();
        Assert.That(states, Is.EqualTo(new[] { "queued", "in_progress", "in_progress", "completed", "completed", "completed" }));
    }

    [Test]
    public async Task Run_IsKnownBySystemHostJobAndAttempt()
    {
        using var books = await BookFixture.OpenAsync();
        var delivery = 0;
        var key = AnEvent.Key;
        JobRunKey[] keys =
        [
            key, key with { Attempt = 2 }, key with { JobId = 2 }, key with { Host = "ghe.acme.org" }, key with { System = "other" },
        ];
        Book(books, ref delivery, [.. keys.Select(k => AnEvent with { Key = k })]);
        Assert.That(books.Scalar("SELECT COUNT(*) FROM job_run"), Is.EqualTo("5"));
    }

    [Test]
    public async Task NativeId_HeardAgain_IsTheEventThatWasStoredAsGroup()
    {
        const string uuid = "0190046e-e199-453b-a302-a21a4d649d31";
        using var books = await BookFixture.OpenAsync();
        var delivery = 0;
        JobEvent[] events =
        [
            AnEvent with { RunnerGroup = uuid }, AnEvent with { NativeId = uuid }, AnEvent with { RunnerGroup = uuid, NativeId = uuid },
        ];
        Book(books, ref delivery, Numbered(events, e => [e]));
        Assert.Multiple(() =>
        {
            Assert.That(books.Scalar("SELECT group_concat(coalesce(native_id, '-') || ' ' || (runner_group IS NULL), ', ') FROM job_run"),
                Is.EqualTo($"- 0, {uuid} 1, {uuid} 0"));
            Assert.That(books.Scalar("SELECT native_id FROM v_job_run WHERE job_id = 2"), Is.EqualTo(uuid));
            Assert.That(books.Scalar("SELECT hex(event_hash) FROM job_run WHERE job_id = 1"), Is.EqualTo("308B9598A1D8743A42C060A4E0B84BA2"),
                "as books hold it");
            Assert.That(books.Scalar("SELECT hex(event_hash) FROM job_run WHERE job_id = 2"), Is.EqualTo("308B9598A1D8743A42C060A4E0B84BA2"));
            Assert.That(books.Scalar("SELECT COUNT(DISTINCT event_hash) FROM job_run"), Is.EqualTo("2"), "both is another event");
        });
    }

    [Test]
    public async Task Reader_GivesRunsThatHeldARunnerInTheMonth_AndTheUnfinished()
    {
        using var books = await BookFixture.OpenAsync();
        var delivery = 0;
        const long july = 1_782_864_000, august = july + (31 * 86_400L);
        JobEvent Run(long id, long start, long end) => AnEvent with
        {
            Key = AnEvent.Key with { JobId = id },
            CreatedSeconds = start,
            StartedSeconds = start,
            CompletedSeconds = end,
        };
        Book(books, ref delivery, Run(1, july - 10, july), Run(2, july - 10, july + 1), Run(3, august - 1, august + 5),
            Run(4, august, august + 5), Run(5, july, july), Run(6, july, july + 5) with { Conclusion = "skipped" },
            Run(7, july, july + 5) with { Status = JobStatus.InProgress });
        var reader = new JobRunReader(books.Books);
        Assert.Multiple(() =>
        {
            Assert.That(reader.Overlapping(BillingMonth.Parse("2026-07")).Select(r => r.JobId), Is.EqualTo(new[] { 2L, 3L }));
            Assert.That(reader.Overlapping(BillingMonth.Parse("2026-08")).Select(r => r.JobId), Is.EqualTo(new[] { 3L, 4L }));
            var after = DateTimeOffset.FromUnixTimeSeconds(july + 1);
            Assert.That(reader.Unfinished(BillingMonth.Parse("2026-07"), after).Select(r => (r.JobId, r.Status, r.CreatedSeconds)),
                Is.EqualTo(new[] { (7L, JobStatus.InProgress, july) }));
            Assert.That(reader.Unfinished(null, after), Has.Count.EqualTo(1));
            Assert.That(reader.Unfinished(null, after.AddSeconds(-1)), Is.Empty, "created at that instant, not before it");
            Assert.That(reader.Unfinished(BillingMonth.Parse("2026-08"), DateTimeOffset.MaxValue), Is.Empty);
        });
    }

    [Test]
    public async Task Booking_ThatIsNotCommitted_LeavesNoRun()
    {
        using var books = await BookFixture.OpenAsync();
        using (var booking = await JobRunBooking.BeginAsync(books.Books, Request(1), CancellationToken.None))
        {
            booking.Write([(1, AnEvent)]);
        }

        Assert.That(books.Scalar("SELECT COUNT(*) FROM job_run"), Is.EqualTo("0"));
    }

    private static void Count(Histogram histogram, JobEvent[] events, JobEvent[] other, int cut)
    {
        var ties = events.GroupBy(e => (e.Status, e.EventSeconds)).ToArray();
        histogram.Count(
            ("one event", events.Length == 1),
            ("repeated", other.Length > events.Length),
            ("one time, two stories", ties.Any(t => t.Select(e => (e.Conclusion, e.RunnerName, e.Labels[0])).Distinct().Count() > 1)),
            ("null beside empty", ties.Any(t => t.Any(e => e.RunnerName is null) && t.Any(e => e.RunnerName?.Length == 0))),
            ("in two deliveries", cut > 0 && cut < other.Length),
            ("never completed", events.All(e => e.Status != JobStatus.Completed)));
    }

    private static JobEvent[] Numbered<T>(T[] histories, Func<T, JobEvent[]> events) =>
        [.. histories.SelectMany((h, i) => events(h).Select(e => e with { Key = e.Key with { JobId = i + 1 } }))];

    private static string? Greatest(JobEvent[] events, string row)
    {
        var status = ((int)events.Max(e => e.Status)).ToString(CultureInfo.InvariantCulture);
        return row.Split('|')[9] == status ? null : $"{row} is not of status {status}";
    }

    /// <summary>What deliveries into books without runs leave.</summary>
    private static string[] RowsAfter(BookFixture books, ref int delivery, params JobEvent[][] deliveries)
    {
        books.Execute("DELETE FROM job_run");
        foreach (var events in deliveries)
        {
            Book(books, ref delivery, events);
        }

        return books.Scalar(Rows).Split('\n');
    }

    private static void Book(BookFixture books, ref int delivery, params JobEvent[] events)
    {
        using var booking = JobRunBooking.BeginAsync(books.Books, Request(++delivery), CancellationToken.None).GetAwaiter().GetResult();
        booking.Write([.. events.Select((e, i) => ((uint)i + 1, e))]);
        booking.Finish(new BookingFindings
        {
            FormatVersion = "1",
            EmptyCostCount = 0,
            Objects = [],
            Tolerances = [],
            Quarantined = [],
            Encoded = new EncodedDelivery((uint)events.Length, [], [], [], []),
        });
        booking.Commit();
    }

    private static BookingRequest Request(int delivery) => new()
    {
        Source = new Source("jobs", "github-jobs", null, SourceMode.Append, false),
        BillingMonth = BillingMonth.Parse("2026-07"),
        Part = "main",
        Fingerprint = delivery.ToString("x64", CultureInfo.InvariantCulture),
        Objects = [],
        ToolVersion = "test",
    };
}

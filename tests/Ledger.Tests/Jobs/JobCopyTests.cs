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

/// <summary>"Re-run failed jobs" lists every passed job again: a machine that ran once counts once, in whatever order it is heard.</summary>
public sealed class JobCopyTests
{
    private const int Cases = 3_000;
    private const int RunsPerBooking = 50;
    private const long July = 1_782_864_000;
    private static readonly BillingMonth Month = BillingMonth.Parse("2026-07");

    private static readonly JobEvent AnEvent = new()
    {
        Key = new JobRunKey("github", "github.com", 1, 1),
        RunId = 1,
        Repository = "acme/app",
        Name = "test",
        Status = JobStatus.Completed,
        Conclusion = "success",
        CreatedSeconds = July,
        StartedSeconds = July + 10,
        CompletedSeconds = July + 50,
        Labels = ["gpu"],
        RunnerName = "r-1",
    };

    /// <summary>
    /// A workflow run of up to four jobs, some of one name on several runners, and up to three attempts: each job of an attempt is a copy of
    /// the one before, or runs anew. With it, the seconds that machines really ran.
    /// </summary>
    private static Gen<(JobEvent[] Events, JobEvent[] Other, int Cut, long Seconds)> Run =>
        from jobs in Gen.Choose(1, 4)
        from attempts in Gen.Choose(1, 3)
        from isCopied in Gen.Elements(true, false).ArrayOf(jobs * attempts)
        from lengths in Gen.Choose(1, 3).ArrayOf(jobs * attempts)
        let made = Make(jobs, attempts, isCopied, lengths)
        from again in Gen.SubListOf(made.Events)
        from other in Gen.Shuffle(made.Events.Concat(again).ToArray())
        from cut in Gen.Choose(0, made.Events.Length)
        select (made.Events, other, cut, made.Seconds);

    [Test]
    public async Task Machines_CountOnce_InAnyOrderAndRepetitionOfAttempts_OverDeliveries()
    {
        using var books = await BookFixture.OpenAsync();
        var histogram = new Histogram();
        var delivery = 0;
        Properties.Hold(Run.ArrayOf(RunsPerBooking), Cases / RunsPerBooking, runs =>
        {
            Array.ForEach(runs, r => histogram.Count(
                ("with copies", r.Events.Length > 1 && r.Seconds < r.Events.Sum(e => e.RunSeconds)),
                ("nothing copied", r.Seconds == r.Events.Sum(e => e.RunSeconds)),
                ("repeated", r.Other.Length > r.Events.Length),
                ("in two deliveries", r.Cut > 0 && r.Cut < r.Other.Length)));
            books.Execute("DELETE FROM job_run");
            Book(books, ref delivery, "2026-08", [.. runs.SelectMany((r, i) => Numbered(r.Other[..r.Cut], i))]);
            Book(books, ref delivery, "2026-07", [.. runs.SelectMany((r, i) => Numbered(r.Other[r.Cut..], i))]);
            var reader = new JobRunReader(books.Books);
            var (counted, copies) = (reader.Overlapping(Month).Sum(r => r.CompletedSeconds - r.StartedSeconds), reader.Copies(Month));
            var (ran, listed) = (runs.Sum(r => r.Seconds), runs.Sum(r => r.Events.Sum(e => e.RunSeconds)));
            return counted == ran && copies.Seconds == listed - ran
                && books.Scalar("SELECT COALESCE(SUM(is_copy), 0) FROM v_job_run") == copies.Runs.ToString(CultureInfo.InvariantCulture)
                ? null
                : $"{counted} seconds and {copies} of {ran} that ran and {listed} that are listed";
        });
        histogram.AssertEachAtLeast(5, Cases);
    }

    /// <summary>What makes a run another one, though all else is equal.</summary>
    [TestCase("runner")]
    [TestCase("name")]
    [TestCase("start")]
    [TestCase("end")]
    [TestCase("run")]
    [TestCase("host")]
    [TestCase("attempt")]
    public async Task Run_ThatDiffers_IsNoCopy(string what)
    {
        using var books = await BookFixture.OpenAsync();
        var delivery = 0;
        var again = AnEvent with { Key = AnEvent.Key with { JobId = 2, Attempt = 2 }, CreatedSeconds = July + 60 };
        Book(books, ref delivery, "2026-07", AnEvent, what switch
        {
            "runner" => again with { RunnerName = "r-2" },
            "name" => again with { Name = "other" },
            "start" => again with { StartedSeconds = July + 11 },
            "end" => again with { CompletedSeconds = July + 51 },
            "run" => again with { RunId = 2 },
            "host" => again with { Key = again.Key with { Host = "ghe.acme.org" } },
            _ => again with { Key = again.Key with { Attempt = 1 } },
        });
        var reader = new JobRunReader(books.Books);
        Assert.That((reader.Overlapping(Month).Count, reader.Copies(Month).Runs), Is.EqualTo((2, 0L)));
    }

    /// <summary>The attempt that ran first was never heard of: its copy is all that there is, and counts.</summary>
    [Test]
    public async Task Copy_WithoutItsOriginal_CountsUntilTheOriginalComes_AndAMonthKnowsOnlyItsPart()
    {
        using var books = await BookFixture.OpenAsync();
        var delivery = 0;
        var over = AnEvent with { StartedSeconds = July - 100 };
        var reader = new JobRunReader(books.Books);
        Book(books, ref delivery, "2026-07", over with { Key = over.Key with { JobId = 3, Attempt = 3 } });
        var alone = reader.Overlapping(Month).Select(r => r.JobId).ToArray();
        Book(books, ref delivery, "2026-07", over with { Key = over.Key with { JobId = 2, Attempt = 2 } });
        Book(books, ref delivery, "2026-07", over);
        Assert.Multiple(() =>
        {
            Assert.That(alone, Is.EqualTo(new[] { 3L }));
            Assert.That(reader.Overlapping(Month).Select(r => r.JobId), Is.EqualTo(new[] { 1L }));
            Assert.That(reader.Copies(Month), Is.EqualTo(new JobCopies(2, 100)));
            Assert.That(reader.Copies(BillingMonth.Parse("2026-06")), Is.EqualTo(new JobCopies(2, 200)));
        });
    }

    /// <summary>Rows of older programs have seconds where no runner ever was.</summary>
    [Test]
    public async Task Run_ThatOlderProgramsBookedWithoutARunner_CountsNothing()
    {
        using var books = await BookFixture.OpenAsync();
        var delivery = 0;
        JobEvent Old(long id, string? runner, string conclusion, string system = "github") => AnEvent with
        {
            Key = new JobRunKey(system, "host", id, 1),
            RunnerName = runner,
            Conclusion = conclusion,
            RunId = id,
        };
        Book(books, ref delivery, "2026-07", Old(1, null, "cancelled"), Old(2, "", "failure"), Old(3, " ", "action_required"),
            Old(4, "r-1", "failure"), Old(5, null, "success"), Old(6, null, "failure", "buildkite"));
        Assert.Multiple(() =>
        {
            Assert.That(books.Scalar("SELECT COUNT(*) FROM job_run WHERE run_seconds = 40"), Is.EqualTo("6"));
            Assert.That(new JobRunReader(books.Books).Overlapping(Month).Select(r => r.JobId), Is.EquivalentTo(new[] { 4L, 5L, 6L }));
            Assert.That(books.Scalar("SELECT group_concat(job_id) FROM v_job_run WHERE run_seconds = 0"), Is.EqualTo("1,2,3"));
        });
    }

    /// <summary>One event says that there was no runner, another of the same job does not say: the order decides nothing.</summary>
    [Test]
    public async Task WordOfNoRunner_InAnyOrder_GivesTheSameRow()
    {
        using var books = await BookFixture.OpenAsync();
        var delivery = 0;
        var silent = AnEvent with { RunnerName = null };
        string After(params JobEvent[] events)
        {
            books.Execute("DELETE FROM job_run");
            Array.ForEach(events, e => Book(books, ref delivery, "2026-07", e));
            return books.Scalar("SELECT run_seconds || hex(event_hash) FROM job_run");
        }

        var said = silent with { NeverHadRunner = true };
        Assert.That(After(silent, said), Is.EqualTo(After(said, silent)));
    }

    private static (JobEvent[] Events, long Seconds) Make(int jobs, int attempts, bool[] isCopied, int[] lengths)
    {
        List<JobEvent> events = [];
        var seconds = 0L;
        for (var attempt = 1; attempt <= attempts; attempt++)
        {
            for (var job = 0; job < jobs; job++)
            {
                var at = ((attempt - 1) * jobs) + job;
                var isCopy = attempt > 1 && isCopied[at];
                var start = July + (attempt * 10_000);
                var e = isCopy ? events[at - jobs] : AnEvent with
                {
                    Name = $"test {job / 2}",
                    RunnerName = $"r-{job}",
                    StartedSeconds = start,
                    CompletedSeconds = start + lengths[at],
                };
                events.Add(e with
                {
                    Key = e.Key with { JobId = at + 1, Attempt = attempt },
                    CreatedSeconds = start - 5,
                });
                seconds += isCopy ? 0 : lengths[at];
            }
        }

        return ([.. events], seconds);
    }

    private static IEnumerable<JobEvent> Numbered(JobEvent[] events, int run) =>
        events.Select(e => e with { RunId = run, Key = e.Key with { JobId = (run * 100) + e.Key.JobId } });

    private static void Book(BookFixture books, ref int delivery, string month, params JobEvent[] events)
    {
        var request = new BookingRequest
        {
            Source = new Source("jobs", "github-jobs", null, SourceMode.Append, false),
            BillingMonth = BillingMonth.Parse(month),
            Part = "main",
            Fingerprint = (++delivery).ToString("x64", CultureInfo.InvariantCulture),
            Objects = [],
            ToolVersion = "test",
        };
        using var booking = JobRunBooking.BeginAsync(books.Books, request, CancellationToken.None).GetAwaiter().GetResult();
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
}

using CiCost.CostApi.Scheduling;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Sources;
using CiCost.TestKit;

namespace CiCost.CostApi.Tests.Scheduling;

/// <summary>What becomes due, what is repeated, what a pause and a restart change.</summary>
public sealed class QuartzScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string Daily = FakePulls.Source("bill", "0 30 5 * * ?");

    private TempFolder _folder = null!;
    private ManualTime _time = null!;

    [SetUp]
    public void Open() => (_folder, _time) = (new TempFolder(), new ManualTime(Start));

    [TearDown]
    public void Close() => _folder.Dispose();

    [Test]
    public async Task Run_ByItsSchedule_IsAtItsTimeEveryDay()
    {
        var pulls = new FakePulls(_time, Daily, FakePulls.Source("asked", null));
        await using var timed = await TimedSchedule.OpenAsync(_folder, pulls, _time);
        var before = await timed.SourceAsync("bill");
        await timed.AdvanceToAsync(Start.AddDays(3));
        Assert.Multiple(() =>
        {
            Assert.That(before.NextRunAt, Is.EqualTo(Start.AddHours(5.5)));
            Assert.That(Near(pulls.Of("bill")), Is.EqualTo(Hours(5.5, 29.5, 53.5)));
            Assert.That(pulls.Runs.Select(r => r.Cause), Is.All.EqualTo(PullCause.Schedule));
            Assert.That(pulls.Of("asked"), Is.Empty);
        });
        Assert.That((await timed.SourceAsync("asked")).NextRunAt, Is.Null);
    }

    [Test]
    public async Task Run_WithJitter_IsInsideItsBoundsAndNotAlwaysTheSame()
    {
        var pulls = new FakePulls(_time, FakePulls.Source("bill", "0 0 * * * ?", jitterMinutes: 20));
        await using var timed = await TimedSchedule.OpenAsync(_folder, pulls, _time);
        await timed.AdvanceToAsync(Start.AddHours(24.5));
        var late = pulls.Runs.Select(r => (r.At - Start).TotalMinutes % 60).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(late, Has.Count.EqualTo(25), "from midnight to midnight, both included");
            Assert.That(late, Is.All.InRange(0, 20.1));
            Assert.That(late.Distinct().Count(), Is.GreaterThan(15));
        });
    }

    [Test]
    public async Task Run_ThatThrowsWhatNobodyExpects_IsLoggedOnceEachTimeAndRepeated()
    {
        var pulls = new FakePulls(_time, Daily) { Outcome = (_, _, _) => throw new InvalidCastException("a mistake of the program") };
        using var log = new LogLines();
        await using (var timed = await TimedSchedule.OpenAsync(_folder.File("books.db"), pulls, _time, log))
        {
            await timed.AdvanceToAsync(Start.AddHours(5.52));
            pulls.Outcome = (_, _, _) => Task.FromResult<string?>(null);
            await timed.AdvanceToAsync(Start.AddHours(6));
        }

        Assert.Multiple(() =>
        {
            Assert.That(log.Lines, Has.Exactly(1).Contains("The pull of bill (run 0) met a mistake in the program").And.Contains("InvalidCastException"));
            Assert.That(pulls.Runs.Select(r => r.Cause), Is.EqualTo(new[] { PullCause.Retry }), "the repetition that succeeded");
        });
    }

    [Test]
    public async Task Run_FailedRetriably_IsRepeatedWithGrowingPausesAndThenLeftToTheSchedule()
    {
        var pulls = new FakePulls(_time, Daily) { Outcome = (_, _, _) => Task.FromResult<string?>("provider-unavailable") };
        await using var timed = await TimedSchedule.OpenAsync(_folder, pulls, _time);
        await timed.AdvanceToAsync(Start.AddHours(29));
        var pauses = pulls.Runs.Zip(pulls.Runs.Skip(1), (a, b) => (b.At - a.At).TotalMinutes).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(pulls.Runs.Select(r => r.Cause),
                Is.EqualTo(new[] { PullCause.Schedule, PullCause.Retry, PullCause.Retry, PullCause.Retry }));
            Assert.That(pauses[0], Is.InRange(4, 6.1));
            Assert.That(pauses[1], Is.InRange(8, 12.1));
            Assert.That(pauses[2], Is.InRange(16, 24.1));
        });
    }

    [Test]
    public async Task Run_FailedFinally_IsNotRepeated()
    {
        var pulls = new FakePulls(_time, Daily) { Outcome = (_, _, _) => Task.FromResult<string?>("access-denied") };
        await using var timed = await TimedSchedule.OpenAsync(_folder, pulls, _time);
        await timed.AdvanceToAsync(Start.AddHours(29));
        Assert.That(pulls.Runs, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Run_FailedOnce_SucceedsWhenRepeatedAndThenWaitsForTheNextDay()
    {
        var pulls = new FakePulls(_time, Daily) { Outcome = (_, before, _) => Task.FromResult(before == 0 ? "throttled" : null) };
        await using var timed = await TimedSchedule.OpenAsync(_folder, pulls, _time);
        await timed.AdvanceToAsync(Start.AddHours(30));
        Assert.That(pulls.Runs.Select(r => r.Cause), Is.EqualTo(new[] { PullCause.Schedule, PullCause.Retry, PullCause.Schedule }));
    }

    [Test]
    public async Task Repetition_SurvivesARestart()
    {
        var pulls = new FakePulls(_time, Daily) { Outcome = (_, before, _) => Task.FromResult(before == 0 ? "throttled" : null) };
        await using (var timed = await TimedSchedule.OpenAsync(_folder, pulls, _time))
        {
            await timed.AdvanceToAsync(Start.AddHours(5.5));
        }

        await using var again = await TimedSchedule.OpenAsync(_folder, pulls, _time);
        await again.AdvanceToAsync(Start.AddHours(6));
        Assert.That(pulls.Runs.Select(r => r.Cause), Is.EqualTo(new[] { PullCause.Schedule, PullCause.Retry }));
    }

    [Test]
    public async Task Run_MissedForDays_IsMadeUpForOnce()
    {
        var pulls = new FakePulls(_time, Daily);
        await using (await TimedSchedule.OpenAsync(_folder, pulls, _time))
        {
        }

        _time.Advance(TimeSpan.FromDays(4.5));
        await using var timed = await TimedSchedule.OpenAsync(_folder, pulls, _time);
        await timed.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Multiple(() =>
        {
            Assert.That(pulls.Runs, Has.Count.EqualTo(1));
            Assert.That(pulls.Runs[0].At, Is.EqualTo(Start.AddDays(4.5)).Within(TimeSpan.FromMinutes(2)));
        });
        Assert.That((await timed.SourceAsync("bill")).NextRunAt, Is.EqualTo(Start.AddDays(5).AddHours(5.5)));
    }

    [Test]
    public async Task Pause_SurvivesARestartAndKeepsRunsBackUntilResumed()
    {
        var pulls = new FakePulls(_time, Daily);
        await using (var timed = await TimedSchedule.OpenAsync(_folder, pulls, _time))
        {
            await timed.Schedule.PauseAsync("bill", CancellationToken.None);
        }

        await using var again = await TimedSchedule.OpenAsync(_folder, pulls, _time);
        await again.AdvanceToAsync(Start.AddDays(2));
        var paused = await again.SourceAsync("bill");
        Assert.That(pulls.Runs, Is.Empty);
        await again.Schedule.ResumeAsync("bill", CancellationToken.None);
        await again.AdvanceAsync(TimeSpan.FromMinutes(5));
        var resumed = await again.SourceAsync("bill");
        Assert.Multiple(() =>
        {
            Assert.That((paused.IsPaused, paused.NextRunAt), Is.EqualTo((true, (DateTimeOffset?)null)));
            Assert.That((resumed.IsPaused, resumed.NextRunAt), Is.EqualTo((false, Start.AddDays(2).AddHours(5.5))));
            Assert.That(pulls.Runs, Has.Count.EqualTo(1), "what was missed is made up for once");
        });
    }

    [Test]
    public async Task Pause_OfAnotherProcess_HoldsForTheOneThatRuns()
    {
        var pulls = new FakePulls(_time, Daily);
        await using var running = await TimedSchedule.OpenAsync(_folder, pulls, _time);
        await using (var other = await TimedSchedule.OpenAsync(_folder, pulls, _time, start: false))
        {
            await other.Schedule.PauseAsync("bill", CancellationToken.None);
        }

        await running.AdvanceToAsync(Start.AddDays(1));
        Assert.That(pulls.Runs, Is.Empty);
    }

    [Test]
    public async Task Request_OfAnotherProcess_IsRunByTheOneThatRuns()
    {
        var pulls = new FakePulls(_time, Daily);
        await using var running = await TimedSchedule.OpenAsync(_folder, pulls, _time);
        await using (var other = await TimedSchedule.OpenAsync(_folder, pulls, _time, start: false))
        {
            await other.Schedule.RequestRunAsync("bill", null, PullCause.Command, CancellationToken.None);
        }

        // It looks into the store every few seconds.
        _time.Advance(TimeSpan.FromSeconds(10));
        await running.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.That(pulls.Runs.Select(r => r.Cause), Is.EqualTo(new[] { PullCause.Command }));
    }

    [Test]
    public async Task Request_OfAPausedSource_RunsOnceWithItsMonths()
    {
        var pulls = new FakePulls(_time, Daily);
        await using var timed = await TimedSchedule.OpenAsync(_folder, pulls, _time, start: false);
        var months = new MonthRange(BillingMonth.Parse("2026-01"), BillingMonth.Parse("2026-03"));
        await timed.Schedule.PauseAsync("bill", CancellationToken.None);
        await timed.Schedule.RequestRunAsync("bill", months, PullCause.Backfill, CancellationToken.None);
        await timed.Schedule.RequestRunAsync("bill", months, PullCause.Backfill, CancellationToken.None);
        await timed.Schedule.StartAsync([], CancellationToken.None);
        await timed.AdvanceToAsync(Start.AddDays(1));
        Assert.That(pulls.Runs.Select(r => (r.Cause, r.Months)), Is.EqualTo(new[] { (PullCause.Backfill, (MonthRange?)months) }));
    }

    [Test]
    public async Task Run_AskedForWhileOneGoesOn_WaitsForItsEnd()
    {
        var gate = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pulls = new FakePulls(_time, Daily);
        pulls.Outcome = (_, before, _) =>
        {
            begun.TrySetResult();
            return before == 0 ? gate.Task : Task.FromResult<string?>(null);
        };
        await using var timed = await TimedSchedule.OpenAsync(_folder, pulls, _time);
        await timed.Schedule.RequestRunAsync("bill", null, PullCause.Api, CancellationToken.None);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var running = await timed.SourceAsync("bill");
        await timed.Schedule.RequestRunAsync("bill", null, PullCause.Command, CancellationToken.None);
        _time.Advance(TimeSpan.FromHours(6));
        gate.SetResult(null);
        await timed.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Multiple(() =>
        {
            Assert.That(running.IsRunning, Is.True);
            Assert.That(pulls.Overlapped, Is.False);
            Assert.That(pulls.Runs.Select(r => r.Cause),
                Is.EquivalentTo(new[] { PullCause.Api, PullCause.Command, PullCause.Schedule }));
        });
    }

    [Test]
    public async Task Stop_EndsARunningPullAndTheNextStartRepeatsIt()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pulls = new FakePulls(_time, Daily);
        pulls.Outcome = async (_, before, token) =>
        {
            begun.TrySetResult();
            if (before == 0)
            {
                // As a pull does: it ends when it is told to, and says so.
                await Task.Delay(Timeout.InfiniteTimeSpan, token).ContinueWith(_ => { }, TaskScheduler.Default);
                return "run-cancelled";
            }

            return null;
        };
        await using (var timed = await TimedSchedule.OpenAsync(_folder, pulls, _time))
        {
            _time.Advance(TimeSpan.FromHours(5.5));
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        Assert.That(pulls.Runs.Select(r => r.ErrorCode), Is.EqualTo(new[] { "run-cancelled" }));
        await using var again = await TimedSchedule.OpenAsync(_folder, pulls, _time);
        await again.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.That(pulls.Runs.Select(r => r.ErrorCode), Is.EqualTo(new[] { "run-cancelled", null }));
    }

    [Test]
    public async Task Kill_WhileARunGoesOn_RepeatsItOnceAfterTheStart()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var killed = new FakePulls(_time, Daily);
        killed.Outcome = (_, _, _) =>
        {
            begun.TrySetResult();
            return end.Task;
        };
        using var copy = new TempFolder();
        await using (await TimedSchedule.OpenAsync(_folder, killed, _time))
        {
            _time.Advance(TimeSpan.FromHours(5.5));
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

            // What a killed process leaves is what is on disk now.
            File.Copy(ScheduleFiles.Database(_folder.File("books.db")), ScheduleFiles.Database(copy.File("books.db")));
            end.SetResult(null);
        }

        var pulls = new FakePulls(_time, Daily);
        await using var after = await TimedSchedule.OpenAsync(copy, pulls, _time);
        await after.AdvanceAsync(TimeSpan.FromHours(1));
        var source = await after.SourceAsync("bill");
        Assert.Multiple(() =>
        {
            Assert.That(pulls.Runs.Select(r => r.Cause), Is.EqualTo(new[] { PullCause.Schedule }));
            Assert.That((source.IsRunning, source.NextRunAt), Is.EqualTo((false, Start.AddHours(29.5))));
        });
    }

    [Test]
    public void Database_ThatIsNone_IsRefusedWithWhatToDo()
    {
        File.WriteAllText(ScheduleFiles.Database(_folder.File("books.db")), new string('x', 10_000));
        Assert.That(() => TimedSchedule.OpenAsync(_folder, new FakePulls(_time, Daily), _time),
            Throws.TypeOf<BooksException>().With.Property(nameof(BooksException.Code)).EqualTo("schedule-unusable")
                .And.Message.Contains("remove that file"));
    }

    [Test]
    public async Task Source_ThatLeftTheFile_IsGoneAndComesBackUnpaused()
    {
        var both = new FakePulls(_time, Daily, FakePulls.Source("old", "0 0 6 * * ?"));
        await using (var timed = await TimedSchedule.OpenAsync(_folder, both, _time))
        {
            await timed.Schedule.PauseAsync("old", CancellationToken.None);
        }

        await using (var timed = await TimedSchedule.OpenAsync(_folder, new FakePulls(_time, Daily), _time))
        {
            Assert.That(await timed.Schedule.Scheduler.Exists(QuartzKeys.Source("old")), Is.False);
        }

        await using var back = await TimedSchedule.OpenAsync(_folder, both, _time);
        var old = await back.SourceAsync("old");
        Assert.That((old.IsPaused, old.NextRunAt), Is.EqualTo((false, Start.AddHours(6))));
    }

    [Test]
    public async Task Source_WithAnotherTime_MovesToIt()
    {
        await using (await TimedSchedule.OpenAsync(_folder, new FakePulls(_time, Daily), _time))
        {
        }

        await using var timed = await TimedSchedule.OpenAsync(_folder, new FakePulls(_time, FakePulls.Source("bill", "0 0 7 * * ?")), _time);
        Assert.That((await timed.SourceAsync("bill")).NextRunAt, Is.EqualTo(Start.AddHours(7)));
    }

    [Test]
    public void Source_WithABadSchedule_IsRefusedByNameAndLine() => Assert.That(
        () => TimedSchedule.OpenAsync(_folder, new FakePulls(_time, FakePulls.Source("bill", "every morning")), _time),
        Throws.TypeOf<BooksException>().With.Property(nameof(BooksException.Code)).EqualTo("schedule-invalid")
            .And.Message.Contains("'bill'").And.Message.Contains("line 2"));

    [Test]
    public async Task Request_OfAnUnknownSource_IsRefused()
    {
        await using var timed = await TimedSchedule.OpenAsync(_folder, new FakePulls(_time, Daily), _time);
        Assert.That(() => timed.Schedule.RequestRunAsync("nobody", null, PullCause.Api, CancellationToken.None),
            Throws.TypeOf<BooksException>().With.Property(nameof(BooksException.Code)).EqualTo("source-unknown"));
    }

    [Test]
    public void Lock_OfASecondServer_IsRefused()
    {
        using var held = ScheduleFiles.Lock(_folder.File("books.db"));
        Assert.Multiple(() =>
        {
            Assert.That(ScheduleFiles.IsServed(_folder.File("books.db")), Is.True);
            Assert.That(() => ScheduleFiles.Lock(_folder.File("books.db")),
                Throws.TypeOf<BooksException>().With.Property(nameof(BooksException.Code)).EqualTo("schedule-busy"));
        });
    }

    [Test]
    public async Task Lock_HeldForAnInstantByACommandThatLooks_IsWaitedFor()
    {
        var looking = ScheduleFiles.Lock(_folder.File("books.db"));
        var server = ScheduleFiles.LockAsync(_folder.File("books.db"), _time, CancellationToken.None);
        Assert.That(server.IsCompleted, Is.False);
        await looking.DisposeAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await using var held = await server.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(ScheduleFiles.IsServed(_folder.File("books.db")), Is.True);
    }

    private static IEnumerable<double> Near(IEnumerable<FakeRun> runs) => runs.Select(r => Math.Round((r.At - Start).TotalHours, 2));

    private static double[] Hours(params double[] hours) => hours;
}

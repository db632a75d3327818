using CiCost.CostApi.Scheduling;
using CiCost.Ledger;
using CiCost.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quartz;

namespace CiCost.CostApi.Tests.Scheduling;

/// <summary>The real scheduler on its real store, on a clock that moves from one due time to the next.</summary>
internal sealed class TimedSchedule : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Books _books;
    private readonly SemaphoreSlim _ended;

    private TimedSchedule(Books books, QuartzSchedule schedule, ManualTime time, SemaphoreSlim ended) =>
        (_books, Schedule, Time, _ended) = (books, schedule, time, ended);

    public QuartzSchedule Schedule { get; }

    public ManualTime Time { get; }

    /// <summary>Opens the schedule beside <c>books.db</c> of a folder; a second one on the same folder is a restart.</summary>
    public static Task<TimedSchedule> OpenAsync(TempFolder folder, IPulls pulls, ManualTime time, bool start = true,
        params IRecurringTask[] tasks) => OpenAsync(folder.File("books.db"), pulls, time, start, tasks);

    /// <summary>Opens the schedule of some books.</summary>
    public static async Task<TimedSchedule> OpenAsync(string booksPath, IPulls pulls, ManualTime time, bool start = true,
        params IRecurringTask[] tasks) => await OpenAsync(booksPath, pulls, time, NullLoggerFactory.Instance, start, tasks);

    /// <summary>Opens the schedule of some books, with a log.</summary>
    public static async Task<TimedSchedule> OpenAsync(string booksPath, IPulls pulls, ManualTime time, ILoggerFactory logging, bool start = true,
        params IRecurringTask[] tasks)
    {
        var books = await Books.OpenAsync(booksPath, TimeSpan.FromSeconds(10), time, CancellationToken.None);
        var schedule = await QuartzSchedule.OpenAsync(books.Path, pulls, tasks, time, logging, CancellationToken.None);
        var ended = new SemaphoreSlim(0);
        schedule.Scheduler.ListenerManager.AddJobListener(new Ending(ended));
        if (start)
        {
            await schedule.StartAsync(tasks, CancellationToken.None);
        }

        return new TimedSchedule(books, schedule, time, ended);
    }

    /// <summary>Moves the clock to an instant, stopping at every due time on the way until what was due has ended.</summary>
    public async Task AdvanceToAsync(DateTimeOffset end)
    {
        await SettleAsync();
        while (await NextAsync() is { } next && next <= end)
        {
            Time.Advance(next - Time.GetUtcNow());
            await SettleAsync();
        }

        // Waiting may have moved it a little further.
        var left = end - Time.GetUtcNow();
        Time.Advance(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    public Task AdvanceAsync(TimeSpan by) => AdvanceToAsync(Time.GetUtcNow() + by);

    /// <summary>Waits until nothing is due and nothing runs.</summary>
    public async Task SettleAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await IsBusyAsync())
        {
            // The scheduler tells of ends of runs; a wait without one looks again, and lets the scheduler's own timers run.
            if (!await _ended.WaitAsync(TimeSpan.FromMilliseconds(10), patience.Token))
            {
                Time.Advance(TimeSpan.FromMilliseconds(1));
            }
        }
    }

    public async Task<ScheduledSource> SourceAsync(string key) =>
        (await Schedule.ListAsync(CancellationToken.None)).Single(s => s.Key == key);

    public async ValueTask DisposeAsync()
    {
        await Schedule.DisposeAsync();
        _books.Dispose();
        _ended.Dispose();
    }

    private async Task<DateTimeOffset?> NextAsync() => (await WaitingAsync()).Min(t => t.NextFireTimeUtc);

    private async Task<bool> IsBusyAsync()
    {
        // In this order: what is no longer due has begun, and is seen running until all that it put into the schedule is there.
        var now = Time.GetUtcNow();
        return (await WaitingAsync()).Any(t => t.NextFireTimeUtc <= now)
            || (await Schedule.Scheduler.QueryFireInstances(new FireInstanceQuery { Take = PagedQuery.All })).Items
                .Any(f => f.State == FireInstanceState.Executing);
    }

    private async Task<IReadOnlyList<TriggerHeader>> WaitingAsync() =>
        [.. (await Schedule.Scheduler.QueryTriggers(new TriggerQuery { Take = PagedQuery.All })).Items
            .Where(t => t.State is not (TriggerState.Paused or TriggerState.Complete))];

    private sealed class Ending(SemaphoreSlim ended) : IJobListener
    {
        public string Name => "ending";

        public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException,
            CancellationToken cancellationToken = default)
        {
            ended.Release();
            return ValueTask.CompletedTask;
        }
    }
}

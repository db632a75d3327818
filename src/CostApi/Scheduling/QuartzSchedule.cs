using System.Data.Common;
using System.Globalization;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartz;

namespace CiCost.CostApi.Scheduling;

/// <summary>The schedule in Quartz's SQLite store, <c>&lt;books&gt;.schedule.db</c>. Runs nothing until it is started.</summary>
internal sealed class QuartzSchedule : IPullSchedule
{
    /// <summary>Pulls wait for the network most of the time, and book one after another anyway.</summary>
    private const int MaxConcurrentRuns = 4;

    /// <summary>How soon a running server sees what another process changed in the schedule.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly StandaloneSchedulerFactory _factory;
    private readonly IPulls _pulls;

    private QuartzSchedule(StandaloneSchedulerFactory factory, IScheduler scheduler, IPulls pulls) =>
        (_factory, Scheduler, _pulls) = (factory, scheduler, pulls);

    internal IScheduler Scheduler { get; }

    /// <summary>Opens the schedule of some books, which are open already: they choose the SQLite library.</summary>
    public static async Task<QuartzSchedule> OpenAsync(string booksPath, IPulls pulls, IReadOnlyList<IRecurringTask> tasks,
        TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var connection = new DbConnectionStringBuilder
        {
            ["Data Source"] = ScheduleFiles.Database(booksPath),
            ["Pooling"] = "False",
        }.ConnectionString;
        var factory = QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.Services.AddSingleton(logging);
            quartz.UseTimeProvider(time);
            quartz.UseJobFactory(new QuartzJobs(pulls, tasks, logging));
            quartz.UseDefaultThreadPool(MaxConcurrentRuns);
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "cicost";
                scheduler.IdleWaitTime = LookInterval;
                scheduler.DefaultTimeZone = TimeZoneInfo.Utc;
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.UsePersistentStore(store =>
            {
                store.UseSqlite(connection);
                store.ProvisionSchema();
                store.ConfigureStore(options =>
                {
                    options.StoreJobDataAsStrings = true;
                    options.RecoverFiringsCancelledByShutdown = true;
                });
            });
        }).Build();
        try
        {
            var scheduler = await UsableAsync(async () => await factory.GetScheduler(cancellationToken).ConfigureAwait(false))
                .ConfigureAwait(false);
            return new QuartzSchedule(factory, scheduler, pulls);
        }
        catch
        {
            await factory.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes the schedule that of the sources and tasks, and runs it until it is disposed of.</summary>
    /// <exception cref="BooksException">A cron expression or the database cannot be used.</exception>
    public Task StartAsync(IReadOnlyList<IRecurringTask> tasks, CancellationToken cancellationToken) => UsableAsync(async () =>
    {
        await QuartzSync.RunAsync(Scheduler, _pulls.Entries, tasks, cancellationToken).ConfigureAwait(false);
        await Scheduler.Start(cancellationToken).ConfigureAwait(false);
        return true;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<ScheduledSource>> ListAsync(CancellationToken cancellationToken) =>
        UsableAsync(() => ReadAsync(cancellationToken));

    private async Task<IReadOnlyList<ScheduledSource>> ReadAsync(CancellationToken cancellationToken)
    {
        var all = await Scheduler.QueryTriggers(new TriggerQuery { Take = PagedQuery.All }, cancellationToken).ConfigureAwait(false);
        var groups = await Scheduler.QueryTriggerGroups(new TriggerGroupQuery { Paused = true, Take = PagedQuery.All }, cancellationToken)
            .ConfigureAwait(false);
        var running = await Scheduler.QueryFireInstances(new FireInstanceQuery { Take = PagedQuery.All }, cancellationToken)
            .ConfigureAwait(false);
        var paused = groups.Items.Select(g => g.Name).ToHashSet(StringComparer.Ordinal);
        var triggers = all.Items.ToLookup(t => t.JobKey);
        return
        [
            .. _pulls.Entries.Select(e => new ScheduledSource(e.Key, e.Connector, e.Schedule, e.JitterMinutes,
                triggers[QuartzKeys.Source(e.Key)]
                    .Where(t => t.State is not (TriggerState.Paused or TriggerState.Complete or TriggerState.Error))
                    .Min(t => t.NextFireTimeUtc),
                paused.Contains(QuartzKeys.ScheduledGroup(e.Key)),
                running.Items.Any(f => f.JobKey == QuartzKeys.Source(e.Key)))),
        ];
    }

    /// <inheritdoc/>
    public Task RequestRunAsync(string sourceKey, MonthRange? months, PullCause cause, CancellationToken cancellationToken)
    {
        Require(sourceKey);
        return UsableAsync(() => RequestAsync(sourceKey, months, cause, cancellationToken));
    }

    private async Task<ScheduleTriggerResult> RequestAsync(string sourceKey, MonthRange? months, PullCause cause,
        CancellationToken cancellationToken)
    {
        // No server may have made the job yet.
        await Scheduler.AddJob(QuartzSync.JobOf(sourceKey), AddJobOptions.Replacing, cancellationToken).ConfigureAwait(false);
        var trigger = TriggerBuilder.Create(Scheduler.TimeProvider)
            .WithIdentity(QuartzKeys.Asked(sourceKey, months is { } m ? $"{m.First} {m.Last}" : "now")).ForJob(QuartzKeys.Source(sourceKey))
            .StartNow().WithSchedule(Once()).UsingJobData(QuartzKeys.Cause, cause.ToString());
        if (months is { } range)
        {
            trigger = trigger.UsingJobData(QuartzKeys.FirstMonth, range.First.Index.ToString(CultureInfo.InvariantCulture))
                .UsingJobData(QuartzKeys.LastMonth, range.Last.Index.ToString(CultureInfo.InvariantCulture));
        }

        return await Scheduler.ScheduleTrigger(trigger.Build(), TriggerConflict.Keep, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task PauseAsync(string sourceKey, CancellationToken cancellationToken)
    {
        Require(sourceKey);
        return UsableAsync(async () => await Scheduler.PauseTriggerGroups(Group(sourceKey), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public Task ResumeAsync(string sourceKey, CancellationToken cancellationToken)
    {
        Require(sourceKey);
        return UsableAsync(async () => await Scheduler.ResumeTriggerGroups(Group(sourceKey), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Ends what runs and waits for it: a pull ends as whole or nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await Scheduler.Shutdown(waitForJobsToComplete: true, CancellationToken.None).ConfigureAwait(false);
        await _factory.DisposeAsync().ConfigureAwait(false);
    }

    internal static SimpleScheduleBuilder Once() =>
        SimpleScheduleBuilder.Create().WithRepeatCount(0).WithMisfireInstruction(SimpleTriggerMisfireInstruction.FireNow);

    internal static GroupMatcher<TriggerKey> Group(string sourceKey) =>
        GroupMatcher<TriggerKey>.GroupEquals(QuartzKeys.ScheduledGroup(sourceKey));

    /// <summary>Whatever is wrong with the database is said in one way.</summary>
    private static async Task<T> UsableAsync<T>(Func<Task<T>> use)
    {
        try
        {
            return await use().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SchedulerException or DbException)
        {
            throw new BooksException("schedule-unusable",
                "The schedule's database, beside the books with the ending .schedule.db, cannot be used: "
                    + $"{exception.GetBaseException().Message} When it stays so, stop the server and remove that file: it is made anew "
                    + "from sources.yaml, and only pauses and runs that were asked for are lost.");
        }
    }

    private void Require(string sourceKey)
    {
        if (_pulls.Entries.All(e => e.Key != sourceKey))
        {
            throw new BooksException("source-unknown",
                $"There is no source '{sourceKey}' in sources.yaml. There are: {string.Join(", ", _pulls.Entries.Select(e => e.Key))}.");
        }
    }
}

using CiCost.Ledger;
using CiCost.Policy.Sources;
using Quartz;

namespace CiCost.CostApi.Scheduling;

/// <summary>Makes the schedule in the database the one of sources.yaml, and leaves alone what is so already: a run that was missed while
/// the server was down is still due.</summary>
internal static class QuartzSync
{
    private const int SoonPart = 10;

    /// <summary>Adds what is new, moves what has another time, removes what left the file.</summary>
    /// <exception cref="BooksException">A cron expression cannot be used.</exception>
    public static async Task RunAsync(IScheduler scheduler, IReadOnlyList<SourceEntry> entries, IReadOnlyList<IRecurringTask> tasks,
        CancellationToken cancellationToken)
    {
        CronSchedules.Require(entries);
        await RemoveAsync(scheduler, entries, tasks, cancellationToken).ConfigureAwait(false);
        foreach (var entry in entries)
        {
            await scheduler.AddJob(JobOf(entry.Key), AddJobOptions.Replacing, cancellationToken).ConfigureAwait(false);
            await PlaceAsync(scheduler, entry, cancellationToken).ConfigureAwait(false);
        }

        foreach (var task in tasks)
        {
            var job = JobBuilder.Create<RecurringJob>().WithIdentity(QuartzKeys.Task(task.Name)).StoreDurably().Build();
            var trigger = TriggerBuilder.Create(scheduler.TimeProvider).WithIdentity(task.Name, QuartzKeys.TaskJobs).ForJob(job)

                // Soon, so that a server that is started more often than every pause does its work, too.
                .StartAt(scheduler.TimeProvider.GetUtcNow() + (task.Pause / SoonPart))
                .WithSchedule(SimpleScheduleBuilder.Create().WithInterval(task.Pause).RepeatForever()
                    .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithExistingCount)).Build();
            await scheduler.ScheduleJob(job, trigger, ScheduleJobOptions.Replacing, cancellationToken).ConfigureAwait(false);
        }
    }

    internal static IJobDetail JobOf(string sourceKey) => JobBuilder.Create<PullJob>().WithIdentity(QuartzKeys.Source(sourceKey))
        .StoreDurably().RequestRecovery().Build();

    private static async Task RemoveAsync(IScheduler scheduler, IReadOnlyList<SourceEntry> entries, IReadOnlyList<IRecurringTask> tasks,
        CancellationToken cancellationToken)
    {
        var jobs = await scheduler.QueryJobs(new JobQuery { Take = PagedQuery.All }, cancellationToken).ConfigureAwait(false);
        var wanted = entries.Select(e => QuartzKeys.Source(e.Key)).Concat(tasks.Select(t => QuartzKeys.Task(t.Name))).ToHashSet();
        foreach (var gone in jobs.Items.Select(j => j.Key).Where(k => !wanted.Contains(k)))
        {
            await scheduler.DeleteJob(gone, cancellationToken).ConfigureAwait(false);
            if (gone.Group == QuartzKeys.SourceJobs)
            {
                // A source that comes back under this name is another one: it does not begin paused.
                await scheduler.ResumeTriggerGroups(QuartzSchedule.Group(gone.Name), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task PlaceAsync(IScheduler scheduler, SourceEntry entry, CancellationToken cancellationToken)
    {
        var key = QuartzKeys.Cron(entry.Key);
        if (entry.Schedule is not { } cron)
        {
            await scheduler.UnscheduleJob(key, cancellationToken).ConfigureAwait(false);
            return;
        }

        var known = await scheduler.GetTrigger(key, cancellationToken).ConfigureAwait(false) as ICronTrigger;
        if (known?.CronExpressionString == cron)
        {
            return;
        }

        var trigger = TriggerBuilder.Create(scheduler.TimeProvider).WithIdentity(key).ForJob(QuartzKeys.Source(entry.Key))
            .WithSchedule(CronScheduleBuilder.Create(cron).InTimeZone(TimeZoneInfo.Utc)
                .WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
            .UsingJobData(QuartzKeys.IsDue, "true").Build();
        await scheduler.ScheduleJob(trigger, ScheduleJobOptions.Replacing, cancellationToken).ConfigureAwait(false);
    }
}

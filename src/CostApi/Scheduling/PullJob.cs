using System.Globalization;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;
using Microsoft.Extensions.Logging;
using Quartz;

namespace CiCost.CostApi.Scheduling;

/// <summary>Hosts one pull: reads from the trigger what is asked for, and puts a repetition into the schedule when it failed.</summary>
[DisallowConcurrentExecution]
internal sealed partial class PullJob(IPulls pulls, ILogger logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        if (pulls.Entries.FirstOrDefault(e => e.Key == context.JobDetail.Key.Name) is not { } entry)
        {
            return; // It left sources.yaml after this was due.
        }

        var data = context.MergedJobDataMap;
        if (data.ContainsKey(QuartzKeys.IsDue) && !context.Recovering
            && await DelayAsync(context, entry, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var cause = data.TryGetString(QuartzKeys.Cause, out var word) ? Enum.Parse<PullCause>(word!) : PullCause.Schedule;
        if (cause == PullCause.Schedule)
        {
            await context.Scheduler.UnscheduleJob(QuartzKeys.Retry(entry.Key), cancellationToken).ConfigureAwait(false);
        }

        var result = await PullAsync(entry, Months(data), cause, cancellationToken).ConfigureAwait(false);

        // A run that a stop ended is handed back to the scheduler, which repeats it after the next start.
        cancellationToken.ThrowIfCancellationRequested();
        if (cause is PullCause.Schedule or PullCause.Retry)
        {
            await RepeatAsync(context, entry, result, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Puts the run itself into the schedule, later by the jitter; false when there is none to wait for.</summary>
    private static async Task<bool> DelayAsync(IJobExecutionContext context, SourceEntry entry, CancellationToken cancellationToken)
    {
        var due = context.ScheduledFireTimeUtc ?? context.FireTimeUtc;
        var start = due + PullTiming.Jitter(entry, due);
        if (start <= context.Scheduler.TimeProvider.GetUtcNow())
        {
            return false;
        }

        var later = TriggerBuilder.Create(context.Scheduler.TimeProvider).WithIdentity(QuartzKeys.Delayed(entry.Key))
            .ForJob(context.JobDetail.Key).StartAt(start).WithSchedule(QuartzSchedule.Once()).Build();
        await context.Scheduler.ScheduleJob(later, ScheduleJobOptions.Replacing, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Null when no run began: the source was busy with a run of another process, or the books did not take it.</summary>
    private async Task<PullResult?> PullAsync(SourceEntry entry, MonthRange? months, PullCause cause, CancellationToken cancellationToken)
    {
        try
        {
            var result = await pulls.RunAsync(entry.Key, months, cause, cancellationToken).ConfigureAwait(false);
            using var scope = logger.BeginScope(new Dictionary<string, object> { ["Source"] = entry.Key, ["Run"] = result.RunId });
            if (result.IsSuccess)
            {
                Pulled(entry.Key, result.RunId, result.Counts.Taken, result.Counts.Rows);
            }
            else
            {
                Failed(entry.Key, result.RunId, result.ErrorCode, result.ErrorMessage);
                foreach (var defect in result.Defects)
                {
                    Broke(defect, entry.Key, result.RunId);
                }
            }

            return result;
        }
        catch (BooksException exception) when (exception.Code == "source-busy")
        {
            Failed(entry.Key, 0, exception.Code, exception.Message);
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The scheduler would swallow it. Whatever it is, it is heard once and tried again.
            if (StorageFault.Of(exception) is { } fault)
            {
                Failed(entry.Key, 0, fault.Code, fault.Message);
            }
            else if (exception is BooksException refusal)
            {
                Failed(entry.Key, 0, refusal.Code, refusal.Message);
            }
            else
            {
                Broke(exception, entry.Key, 0);
            }

            return null;
        }
    }

    private static async Task RepeatAsync(IJobExecutionContext context, SourceEntry entry, PullResult? result,
        CancellationToken cancellationToken)
    {
        var attempt = context.MergedJobDataMap.TryGetInt(QuartzKeys.Attempt, out var number) ? number : 0;
        var now = context.Scheduler.TimeProvider.GetUtcNow();
        if (PullTiming.RetryPause(entry, result, attempt, now) is not { } pause)
        {
            return;
        }

        var cron = await context.Scheduler.GetTrigger(QuartzKeys.Cron(entry.Key), cancellationToken).ConfigureAwait(false);
        if (cron?.NextFireTimeUtc is { } next && next <= now + pause)
        {
            return; // The schedule itself comes first.
        }

        var again = TriggerBuilder.Create(context.Scheduler.TimeProvider).WithIdentity(QuartzKeys.Retry(entry.Key))
            .ForJob(context.JobDetail.Key).StartAt(now + pause).WithSchedule(QuartzSchedule.Once())
            .UsingJobData(QuartzKeys.Cause, nameof(PullCause.Retry))
            .UsingJobData(QuartzKeys.Attempt, (attempt + 1).ToString(CultureInfo.InvariantCulture)).Build();
        await context.Scheduler.ScheduleJob(again, ScheduleJobOptions.Replacing, cancellationToken).ConfigureAwait(false);
    }

    private static MonthRange? Months(JobDataMap data) =>
        data.TryGetInt(QuartzKeys.FirstMonth, out var first) && data.TryGetInt(QuartzKeys.LastMonth, out var last)
            ? new MonthRange(BillingMonth.FromIndex(first), BillingMonth.FromIndex(last))
            : null;

    [LoggerMessage(EventId = 3101, EventName = "PullFailed", Level = LogLevel.Warning,
        Message = "The pull of {Source} failed (run {Run}, {Code}): {Reason}")]
    private partial void Failed(string source, long run, string? code, string? reason);

    [LoggerMessage(EventId = 3100, EventName = "Pulled", Level = LogLevel.Information,
        Message = "The pull of {Source} succeeded (run {Run}): {Taken} taken, {Rows} rows")]
    private partial void Pulled(string source, long run, int taken, long rows);

    [LoggerMessage(EventId = 3103, EventName = "PullBroke", Level = LogLevel.Error,
        Message = "The pull of {Source} (run {Run}) met a mistake in the program; it is tried again.")]
    private partial void Broke(Exception exception, string source, long run);
}

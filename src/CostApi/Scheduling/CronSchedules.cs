using CiCost.Ledger;
using CiCost.Policy.Sources;
using Quartz;

namespace CiCost.CostApi.Scheduling;

/// <summary>The schedules of sources.yaml, as the scheduler understands them.</summary>
public static class CronSchedules
{
    /// <summary>Refuses a schedule that could never run, wherever the file is read: not only when a server starts.</summary>
    /// <param name="entries">The sources.</param>
    /// <exception cref="BooksException">A cron expression cannot be used.</exception>
    public static void Require(IEnumerable<SourceEntry> entries)
    {
        if (entries.FirstOrDefault(e => e.Schedule is not null && !CronExpression.TryParse(e.Schedule, out _)) is { } entry)
        {
            throw new BooksException("schedule-invalid",
                $"The source '{entry.Key}' (line {entry.Line} of sources.yaml) has the schedule '{entry.Schedule}', which is no cron "
                    + "expression of six fields: seconds, minutes, hours, day of month, month, day of week. '0 30 5 * * ?' is 05:30 UTC "
                    + "every day.");
        }
    }
}

using Quartz;

namespace CiCost.CostApi.Scheduling;

/// <summary>What jobs and triggers are called in the scheduler's database.</summary>
internal static class QuartzKeys
{
    public const string SourceJobs = "source";
    public const string TaskJobs = "task";

    /// <summary>The name of a trigger's datum: why it runs.</summary>
    public const string Cause = "cause";

    /// <summary>The months, as first and last index; absent for those of a scheduled run.</summary>
    public const string FirstMonth = "first-month";

    /// <inheritdoc cref="FirstMonth"/>
    public const string LastMonth = "last-month";

    /// <summary>How often the run was repeated already.</summary>
    public const string Attempt = "attempt";

    /// <summary>Present on the trigger that only says that a run is due: it starts later by the jitter.</summary>
    public const string IsDue = "due";

    public static JobKey Source(string sourceKey) => new(sourceKey, SourceJobs);

    public static JobKey Task(string name) => new(name, TaskJobs);

    /// <summary>Everything that a pause holds back: a group per source, so that what is added while it is paused is paused, too.</summary>
    public static string ScheduledGroup(string sourceKey) => "source." + sourceKey;

    public static TriggerKey Cron(string sourceKey) => new("cron", ScheduledGroup(sourceKey));

    public static TriggerKey Delayed(string sourceKey) => new("delayed", ScheduledGroup(sourceKey));

    public static TriggerKey Retry(string sourceKey) => new("retry", ScheduledGroup(sourceKey));

    /// <summary>A run that somebody asked for; the same question has the same key.</summary>
    public static TriggerKey Asked(string sourceKey, string question) => new(question, "asked." + sourceKey);
}

using Microsoft.Extensions.Logging;
using Quartz;
using Quartz.Extensibility;

namespace CiCost.CostApi.Scheduling;

/// <summary>Makes the two hosts of jobs, with what they run.</summary>
internal sealed class QuartzJobs(IPulls pulls, IReadOnlyList<IRecurringTask> tasks, ILoggerFactory logging) : IJobFactory
{
    private readonly ILogger _logger = logging.CreateLogger("CiCost.Schedule");

    public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default)
    {
        IJob job = bundle.JobDetail.Key.Group == QuartzKeys.SourceJobs ? new PullJob(pulls, _logger) : new RecurringJob(tasks, _logger);
        return ValueTask.FromResult(new JobScope(job, null));
    }

    public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}

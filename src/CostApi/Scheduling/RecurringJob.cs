using CiCost.Ledger;
using Microsoft.Extensions.Logging;
using Quartz;

namespace CiCost.CostApi.Scheduling;

/// <summary>Hosts one run of the server's own work.</summary>
[DisallowConcurrentExecution]
internal sealed partial class RecurringJob(IReadOnlyList<IRecurringTask> tasks, ILogger logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        if (tasks.FirstOrDefault(t => t.Name == context.JobDetail.Key.Name) is not { } task)
        {
            return;
        }

        try
        {
            await task.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Failed(exception, task.Name, exception is BooksException books ? books.Code : "internal-error");
        }
    }

    [LoggerMessage(EventId = 3102, EventName = "TaskFailed", Level = LogLevel.Error,
        Message = "The task {Name} failed ({Code}); it is tried again at its next time.")]
    private partial void Failed(Exception exception, string name, string code);
}

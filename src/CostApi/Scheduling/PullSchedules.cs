using CiCost.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace CiCost.CostApi.Scheduling;

/// <summary>Opens the schedule of some books for a command: it is read and changed, and nothing is run.</summary>
public static class PullSchedules
{
    /// <summary>Opens it, beside a server that runs it or alone.</summary>
    public static async Task<IPullSchedule> OpenAsync(Books books, IPulls pulls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(books);
        return await QuartzSchedule.OpenAsync(books.Path, pulls, [], books.Time, NullLoggerFactory.Instance, cancellationToken)
            .ConfigureAwait(false);
    }
}

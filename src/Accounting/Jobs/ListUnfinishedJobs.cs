using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Jobs;

namespace CiCost.Accounting.Jobs;

/// <summary>
/// Jobs that should have ended: queued, waiting or running, and created more than a day ago. Most likely their end was never told, and the
/// hours that they ran are missing.
/// </summary>
public sealed class ListUnfinishedJobs(Books books)
{
    /// <summary>So long a job may be unfinished without anybody being told.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <summary>Lists them, the oldest first.</summary>
    /// <param name="month">Only those that were created in this month; null for all.</param>
    public IReadOnlyList<UnfinishedJob> Run(BillingMonth? month) =>
        new JobRunReader(books).Unfinished(month, books.Time.GetUtcNow() - Patience);
}

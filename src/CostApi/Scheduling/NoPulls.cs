using CiCost.CostIngest.Sources.Pulling;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;

namespace CiCost.CostApi.Scheduling;

/// <summary>No sources: for a server that receives webhooks only.</summary>
internal sealed class NoPulls : IPulls
{
    public IReadOnlyList<SourceEntry> Entries => [];

    public Task<PullResult> RunAsync(string sourceKey, MonthRange? months, PullCause cause, CancellationToken cancellationToken) =>
        throw new BooksException("source-unknown", $"There is no source '{sourceKey}': this server has no sources.yaml.");
}

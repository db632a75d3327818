using CiCost.CostIngest.Sources.Pulling;
using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;

namespace CiCost.CostApi.Scheduling;

/// <summary>What a schedule runs: the pulls of configured sources. It knows no schedule.</summary>
public interface IPulls
{
    /// <summary>The configured sources.</summary>
    IReadOnlyList<SourceEntry> Entries { get; }

    /// <summary>Pulls one source; the run and its outcome are in the books when this returns.</summary>
    Task<PullResult> RunAsync(string sourceKey, MonthRange? months, PullCause cause, CancellationToken cancellationToken);
}

/// <summary>The pulls into some books.</summary>
public sealed class BookedPulls(PullSources pulls) : IPulls
{
    /// <inheritdoc/>
    public IReadOnlyList<SourceEntry> Entries => pulls.Entries;

    /// <inheritdoc/>
    public Task<PullResult> RunAsync(string sourceKey, MonthRange? months, PullCause cause, CancellationToken cancellationToken) =>
        pulls.RunAsync(sourceKey, months, cause, cancellationToken);
}

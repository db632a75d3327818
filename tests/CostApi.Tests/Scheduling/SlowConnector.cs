using System.Runtime.CompilerServices;
using CiCost.CostIngest.Sources;
using CiCost.Domain.Periods;
using CiCost.Policy.Sources;

namespace CiCost.CostApi.Tests.Scheduling;

/// <summary>A provider that accepts the question and never answers.</summary>
internal sealed class SlowConnector : ISourceConnector, ISource
{
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "slow";

    public SourceSetup Create(SourceSettings settings, SourceServices services) => new(this, "focus-csv");

    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Begun.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        yield break;
    }

    public Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("It offers nothing.");
}

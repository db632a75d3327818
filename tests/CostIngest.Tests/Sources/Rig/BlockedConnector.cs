using System.Runtime.CompilerServices;
using CiCost.CostIngest.Sources;
using CiCost.Domain.Periods;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Tests.Sources.Rig;

/// <summary>A folder on a server that does not answer: it blocks its thread, whatever is cancelled, until a test lets it go on.</summary>
internal sealed class BlockedConnector : ISourceConnector, ISource, IDisposable
{
    private readonly ManualResetEventSlim _answer = new();

    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What it throws instead of blocking.</summary>
    public Exception? Mistake { get; init; }

    public string Name => "blocked";

    public SourceSetup Create(SourceSettings settings, SourceServices services) => new(this, "focus-csv");

    public void Answer() => _answer.Set();

    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Mistake is not null)
        {
            throw Mistake;
        }

        Begun.TrySetResult();
        _answer.Wait(CancellationToken.None);
        await Task.CompletedTask;
        yield break;
    }

    public Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("It offers nothing.");

    public void Dispose()
    {
        _answer.Set();
        _answer.Dispose();
    }
}

using CiCost.Accounting.Checks;
using CiCost.Accounting.Policies;
using CiCost.CostApi.Documents;
using CiCost.Domain.Checks;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;

namespace CiCost.CostApi.Hosting;

/// <summary>
/// Runs the checks once per book version, beside the answers: they read every line and every raw object, which one answer must not wait
/// for. One run at a time.
/// </summary>
internal sealed class CheckBoard(Books books, PolicyShelf policies, TimeSpan patience)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentExclusiveSchedulerPair _schedulers = new();
    private (long Version, Task<ChecksInShort> Outcome)? _run;

    /// <summary>How the checks on the newest book version ended, or that they still run.</summary>
    public async Task<ChecksInShort> InShortAsync(BookVersion newest, CancellationToken cancellationToken)
    {
        Task<ChecksInShort> outcome;
        lock (_lock)
        {
            if (_run is not { } run || run.Version != newest.Id || run.Outcome.IsFaulted)
            {
                _run = run = (newest.Id, Task.Run(() => ShortAsync(newest.Id), CancellationToken.None));
            }

            outcome = run.Outcome;
        }

        try
        {
            return await outcome.WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return ChecksInShort.Running(newest.Id);
        }
    }

    /// <summary>Runs every check now.</summary>
    public Task<IReadOnlyList<CheckOutcome>> RunAsync(BillingMonth? month, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => new RunChecks(books, policies).Run(month),
        cancellationToken,
        TaskCreationOptions.DenyChildAttach,
        _schedulers.ExclusiveScheduler);

    private async Task<ChecksInShort> ShortAsync(long version) =>
        ChecksInShort.Of(await RunAsync(null, CancellationToken.None).ConfigureAwait(false), version);
}

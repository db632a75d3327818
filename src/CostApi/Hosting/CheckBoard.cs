using CiCost.Accounting.Checks;
using CiCost.Accounting.Freshness;
using CiCost.Accounting.Policies;
using CiCost.CostApi.Documents;
using CiCost.Domain.Checks;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;

namespace CiCost.CostApi.Hosting;

/// <summary>
/// Runs the checks once per book version, beside the answers: they read every line and every raw object, which one answer must not wait
/// for. One run at a time. Freshness is a matter of the clock and not of the version: it is asked anew for each answer.
/// </summary>
internal sealed class CheckBoard(Books books, PolicyShelf policies, TimeSpan patience)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentExclusiveSchedulerPair _schedulers = new();
    private readonly AssessSources _sources = new(books);
    private (long Version, Task<IReadOnlyList<CheckOutcome>> Outcomes)? _run;

    /// <summary>How the checks on the newest book version ended, or that they still run, and how fresh the sources are now.</summary>
    public async Task<BooksCondition> ConditionAsync(BookVersion newest, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<CheckOutcome>> outcomes;
        lock (_lock)
        {
            if (_run is not { } run || run.Version != newest.Id || run.Outcomes.IsFaulted)
            {
                _run = run = (newest.Id, Task.Run(() => RunAsync(null, CancellationToken.None), CancellationToken.None));
            }

            outcomes = run.Outcomes;
        }

        var sources = _sources.RunInShort();
        ChecksInShort checks;
        try
        {
            checks = ChecksInShort.Of(await outcomes.WaitAsync(patience, cancellationToken).ConfigureAwait(false), newest.Id, sources);
        }
        catch (TimeoutException)
        {
            checks = ChecksInShort.Running(newest.Id);
        }

        return new BooksCondition(checks, SourcesInShort.Of(sources));
    }

    /// <summary>Runs every check now.</summary>
    public Task<IReadOnlyList<CheckOutcome>> RunAsync(BillingMonth? month, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => new RunChecks(books, policies).Run(month),
        cancellationToken,
        TaskCreationOptions.DenyChildAttach,
        _schedulers.ExclusiveScheduler);
}

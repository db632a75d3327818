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
/// Runs the checks once per book version and month, beside the answers: they read every line and every raw object, which one answer must
/// not wait for. One run at a time. Freshness is a matter of the clock and not of the version: it is asked anew for each answer.
/// </summary>
internal sealed class CheckBoard(Books books, PolicyShelf policies, TimeSpan patience)
{
    /// <summary>Runs that are remembered; the months of some years, of one version.</summary>
    private const int MostRuns = 64;

    private readonly Lock _lock = new();
    private readonly ConcurrentExclusiveSchedulerPair _schedulers = new();
    private readonly AssessSources _sources = new(books, policies);
    private readonly Dictionary<(long Version, BillingMonth? Month), Task<IReadOnlyList<CheckOutcome>>> _runs = [];
    private long _newest;

    /// <summary>How the checks on a book version ended, or that they still run, and how fresh the sources are now.</summary>
    /// <param name="version">The book version of the answer.</param>
    /// <param name="month">The month of the answer; null for all.</param>
    /// <param name="cancellationToken">Ends the waiting; the checks go on.</param>
    public async Task<BooksCondition> ConditionAsync(BookVersion version, BillingMonth? month, CancellationToken cancellationToken)
    {
        var outcomes = RunOnce(version, month);
        var sources = _sources.RunInShort();
        ChecksInShort checks;
        try
        {
            checks = ChecksInShort.Of(await outcomes.WaitAsync(patience, cancellationToken).ConfigureAwait(false), version.Id, month, sources);
        }
        catch (TimeoutException)
        {
            checks = ChecksInShort.Running(version.Id, month);
        }

        return new BooksCondition(checks, SourcesInShort.Of(sources));
    }

    /// <summary>Runs every check now.</summary>
    public Task<IReadOnlyList<CheckOutcome>> RunAsync(BillingMonth? month, CancellationToken cancellationToken) =>
        RunAsync(month, null, cancellationToken);

    private Task<IReadOnlyList<CheckOutcome>> RunOnce(BookVersion version, BillingMonth? month)
    {
        lock (_lock)
        {
            if (version.Id > _newest || _runs.Count >= MostRuns)
            {
                // What is asked from now on is about the newest version; an older one is run again when somebody asks.
                _runs.Clear();
                _newest = Math.Max(_newest, version.Id);
            }

            if (!_runs.TryGetValue((version.Id, month), out var run) || run.IsFaulted)
            {
                _runs[(version.Id, month)] = run = Task.Run(() => RunAsync(month, version, CancellationToken.None), CancellationToken.None);
            }

            return run;
        }
    }

    private Task<IReadOnlyList<CheckOutcome>> RunAsync(BillingMonth? month, BookVersion? version, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () => new RunChecks(books, policies).Run(month, version),
            cancellationToken,
            TaskCreationOptions.DenyChildAttach,
            _schedulers.ExclusiveScheduler);
}

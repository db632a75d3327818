using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Pulling;

/// <summary>What one run did so far. It may be asked while the run still works: one that hangs is left behind by whoever waited for it.</summary>
internal sealed class PullRun(long runId, SourceEntry entry, SourceSetup setup, MonthRange months, string spool)
{
    private readonly Lock _lock = new();
    private readonly HashSet<(BillingMonth, string)> _seen = [];
    private readonly List<PulledOffer> _offers = [];
    private readonly List<PullFailure> _failures = [];
    private readonly List<Exception> _defects = [];
    private int _unchanged;

    public long RunId => runId;

    public SourceEntry Entry => entry;

    public SourceSetup Setup => setup;

    public MonthRange Months => months;

    public string Spool => spool;

    public RunCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return new(_seen.Count, _offers.Count, _unchanged, _offers.Sum(o => o.Rows));
            }
        }
    }

    /// <summary>Notes an offer; false when the run had it already.</summary>
    public bool Find(Offer offer)
    {
        lock (_lock)
        {
            return _seen.Add((offer.Month, offer.Part));
        }
    }

    /// <summary>Notes that the books have an offer's version already.</summary>
    public void LeaveUnchanged()
    {
        lock (_lock)
        {
            _unchanged++;
        }
    }

    /// <summary>Notes an offer that was taken.</summary>
    public void Take(PulledOffer offer)
    {
        lock (_lock)
        {
            _offers.Add(offer);
        }
    }

    /// <summary>Notes a failure; returns how many there are.</summary>
    public int Fail(PullFailure failure)
    {
        lock (_lock)
        {
            _failures.Add(failure);
            return _failures.Count;
        }
    }

    /// <summary>Notes what ended the run; an exception that stands for no failure is a mistake of the program, and is kept for the log.</summary>
    public int Fail(string where, Exception exception) => Fail(PullFailures.Of(where, exception) ?? Defect(where, exception));

    /// <summary>Notes what kept an offer from being taken; returns how many failures there are.</summary>
    public int FailOffer(string offer, Exception exception) => Fail(PullFailures.OfOffer(offer, exception) ?? Defect(offer, exception));

    /// <summary>How the run ends: what its record says.</summary>
    public (RunOutcome Outcome, string? Code, string? Message) Ending()
    {
        lock (_lock)
        {
            return _failures.Count == 0
                ? (RunOutcome.Succeeded, null, null)
                : (RunOutcome.Failed, _failures[0].Code, _failures[0].Message + (_failures.Count == 1 ? "" : $" (and {_failures.Count - 1} more: "
                    + $"{string.Join("; ", _failures.Skip(1).Select(f => f.Where + " " + f.Code))})"));
        }
    }

    /// <summary>What the run came to.</summary>
    public PullResult ToResult()
    {
        lock (_lock)
        {
            return new PullResult
            {
                RunId = runId,
                SourceKey = entry.Key,
                Months = months,
                Counts = Counts,
                Offers = [.. _offers],
                Failures = [.. _failures],
                Defects = [.. _defects],
            };
        }
    }

    private PullFailure Defect(string where, Exception exception)
    {
        lock (_lock)
        {
            _defects.Add(exception);
        }

        return new PullFailure(where, "internal-error", $"{where}: a mistake in the program ended it ({exception.GetType().Name}); the log has it. "
            + "Nothing of it was booked, and it is tried again.", IsRetriable: true);
    }
}

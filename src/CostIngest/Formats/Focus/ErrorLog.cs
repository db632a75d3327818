using CiCost.Accounting.Booking;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>
/// Collects what is wrong with a delivery until enough is known. Of one rule and column only the first few errors are listed, the
/// others are counted, so that a refusal shows every kind of defect and not fifty times the same one.
/// </summary>
internal sealed class ErrorLog(FormatLimits limits, bool allowQuarantine)
{
    private const int ListedPerKind = 2;

    /// <summary>Reading stops after this many counted errors for each one that may be listed.</summary>
    private const int CountedPerListed = 20;

    private readonly List<RowError> _errors = [];
    private readonly List<RowError> _quarantined = [];
    private readonly Dictionary<(string File, string Rule, string Column), (int Count, int LastListed)> _kinds = [];
    private long _counted;

    /// <summary>Rows set aside.</summary>
    public IReadOnlyList<RowError> Quarantined => _quarantined;

    /// <summary>Is the delivery refused already? Then reading goes on only to list more errors.</summary>
    public bool IsRefused => _errors.Count > 0;

    /// <summary>Takes what is wrong with one row; a row that is set aside keeps its first error.</summary>
    public void AddRow(IReadOnlyList<RowError> errors)
    {
        if (!allowQuarantine)
        {
            foreach (var error in errors)
            {
                Add(error);
            }

            return;
        }

        _quarantined.Add(errors[0]);
        if (_quarantined.Count > limits.MaxQuarantinedRows)
        {
            _errors.AddRange(_quarantined.Take(limits.MaxReportedErrors));
            throw Refusal(new RowError(errors[0].File, errors[0].RowNumber, "", "too-many-quarantined-rows", "",
                $"More than {limits.MaxQuarantinedRows} rows (MaxQuarantinedRows) cannot be read. Mend the source or choose its profile."));
        }
    }

    /// <summary>Takes an error that refuses the delivery; reading goes on.</summary>
    public void Add(RowError error)
    {
        var kind = (error.File, error.Rule, error.Column);
        var (count, lastListed) = _kinds.GetValueOrDefault(kind);
        if (count < ListedPerKind)
        {
            lastListed = _errors.Count;
            _errors.Add(error);
        }

        _kinds[kind] = (count + 1, lastListed);
        _counted++;
        if (_errors.Count >= limits.MaxReportedErrors || _counted >= (long)limits.MaxReportedErrors * CountedPerListed)
        {
            throw Refusal(null);
        }
    }

    /// <summary>Ends the reading with a last error after which nothing can be read.</summary>
    public DeliveryRejectedException Refusal(RowError? last)
    {
        var listed = _errors.ToList();
        foreach (var (count, lastListed) in _kinds.Values.Where(k => k.Count > ListedPerKind))
        {
            var error = listed[lastListed];
            var more = $" {count - ListedPerKind} more of this kind follow in what was read.";
            listed[lastListed] = error with { Message = error.Message + more };
        }

        if (last is not null)
        {
            listed.Add(last);
        }

        return new DeliveryRejectedException(listed);
    }
}

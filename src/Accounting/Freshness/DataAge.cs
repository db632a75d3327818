using System.Globalization;
using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.Ledger.Audit;

namespace CiCost.Accounting.Freshness;

/// <summary>How old the books' newest data of a ledger source may be, and how old it is.</summary>
internal sealed class DataAge(IReadOnlyList<CoverageEntry> entries, IReadOnlyDictionary<string, NewestDay> newest, DateTimeOffset now)
{
    /// <summary>Books that have no ledger source of the table are not books of this table: nothing is expected of it.</summary>
    private readonly bool _hasAny = entries.Any(e => !e.IsValuedFromJobs && newest.ContainsKey(e.LedgerSource));

    private readonly DateOnly _today = DateOnly.FromDateTime(now.UtcDateTime);

    /// <summary>Is anything expected of it today? What is valued from jobs only once it was.</summary>
    public bool IsExpected(CoverageEntry entry) => entry.Covers(ChargeDay.Of(_today))
        && (entry.IsValuedFromJobs ? newest.ContainsKey(entry.LedgerSource) : _hasAny);

    /// <summary>Null while a source is new enough; else since when it is not, and what to do.</summary>
    public string? Judge(IEnumerable<CoverageEntry> ofSource)
    {
        var entry = ofSource.OrderByDescending(IsByDay).ThenBy(e => e.FinalAfterDays).First();
        if (entry.Cadence == Cadence.Irregular)
        {
            return null;
        }

        if (newest.GetValueOrDefault(entry.LedgerSource) is not { } data)
        {
            return "The books have nothing of it. Deliver it, or take its domain out of policy/coverage.yaml.";
        }

        var (isOld, usual) = IsByDay(entry)
            ? ((data.ChargeDay is { } day ? ChargeDay.ToDate(day) : data.BillingMonth.FirstDay) < _today.AddDays(-1 - entry.FinalAfterDays),
                $"data of every day, {entry.FinalAfterDays} days later at most, is usual")
            : (data.BillingMonth < LastDue(entry.FinalAfterDays), $"a delivery for each month, {entry.FinalAfterDays} days after its end at most, is usual");
        return isOld
            ? $"{Text(entry.LedgerSource)} That is {Days(data)} ago; {usual}. "
                + (entry.IsValuedFromJobs ? "Are job runs missing, or was 'cicost value' not run?" : "Deliver what is missing, or ask the provider.")
            : null;
    }

    /// <summary>The newest data in words.</summary>
    public string Text(string source) => newest.GetValueOrDefault(source) is not { } data ? "The books have nothing of it."
        : data.ChargeDay is { } day ? $"Its newest data is of {ChargeDay.ToText(day)}." : $"Its newest delivery, for {data.BillingMonth}, has no row.";

    /// <summary>The last day that the data of a source reaches.</summary>
    public DateOnly? Until(string source)
    {
        if (newest.GetValueOrDefault(source) is not { ChargeDay: { } day } data)
        {
            return null;
        }

        var own = entries.Where(e => e.LedgerSource == source).ToList();
        return own.Count == 0 || own.Exists(IsByDay) ? ChargeDay.ToDate(day) : data.BillingMonth.LastDay;
    }

    private static bool IsByDay(CoverageEntry entry) => entry.Cadence is Cadence.Daily or Cadence.Append;

    private BillingMonth LastDue(int finalAfterDays) => BillingMonth.FromIndex(BillingMonth.Of(_today.AddDays(-finalAfterDays)).Index - 1);

    private string Days(NewestDay data)
    {
        var since = data.ChargeDay is { } day ? ChargeDay.ToDate(day) : data.BillingMonth.LastDay;
        return string.Create(CultureInfo.InvariantCulture, $"{_today.DayNumber - since.DayNumber:N0} days");
    }
}

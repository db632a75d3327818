using CiCost.Accounting.Booking;
using CiCost.Accounting.Policies;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Costs;
using CiCost.Ledger.Upkeep;

namespace CiCost.Accounting.Jobs;

/// <summary>
/// Values every month again that older programs valued: they gave a BilledCost to what nobody bills these books for (accounting.md, amended
/// rule 1). Once per books; a month that was reached before an interruption is unchanged when it is valued again. What the books said
/// before stays readable as of then.
/// </summary>
public sealed class RebookValues(Books books, PolicyShelf policies, ValueJobs value)
{
    private readonly UpkeepTasks _tasks = new(books);

    /// <summary>Does it, when it is due; returns the deliveries that it made.</summary>
    public async Task<IReadOnlyList<BookDeliveryResult>> RunAsync(CancellationToken cancellationToken)
    {
        if (!_tasks.IsDue(UpkeepTasks.RebookValues))
        {
            return [];
        }

        var valued = policies.Current().Set.CoverageEntries.Where(e => e.IsValuedFromJobs).Select(e => e.LedgerSource)
            .ToHashSet(StringComparer.Ordinal);
        var months = new CostCellReader(books).Scopes(new BookVersionDirectory(books).AsOf(null))
            .Where(s => valued.Contains(s.SourceKey)).Select(s => s.BillingMonth).Distinct().Order();
        List<BookDeliveryResult> booked = [];
        foreach (var month in months)
        {
            var valuation = await value.RunAsync(month, cancellationToken).ConfigureAwait(false);
            booked.AddRange(valuation.Booked.Where(b => !b.IsUnchanged));
        }

        await _tasks.DoneAsync(UpkeepTasks.RebookValues, cancellationToken).ConfigureAwait(false);
        return booked;
    }
}

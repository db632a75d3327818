using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Costs;
using CiCost.Ledger.Deliveries;

namespace CiCost.Accounting.Explain;

/// <summary>The lines behind some cells of one scope: from the ledger, or, when its delivery was superseded and pruned, from the raw
/// objects.</summary>
internal sealed class LineSource(Books books, RereadLines reread, ScopeState scope)
{
    private readonly DeliveryDirectory _deliveries = new(books);

    public IReadOnlyList<DeliveryObject> Objects { get; } = new DeliveryDirectory(books).ObjectsOf(scope.DeliveryId);

    public bool WasReread { get; private set; }

    /// <summary>The lines with the currency of each.</summary>
    public IEnumerable<(CostLine Line, AttributedCell Cell)> Lines(IReadOnlyList<AttributedCell> cells, CancellationToken cancellationToken)
    {
        var byKey = cells.ToDictionary(c => (c.ChargeMonthIndex, c.ChargeDay, c.Cell.DimensionSetId, c.Cell.BillingMonthIndex));
        var sets = cells.Select(c => c.Cell.DimensionSetId).ToHashSet();
        var firstDay = cells.Min(c => c.ChargeDay ?? ChargeDay.Of(BillingMonth.FromIndex(c.ChargeMonthIndex).FirstDay));
        var lastDay = cells.Max(c => c.ChargeDay ?? ChargeDay.Of(BillingMonth.FromIndex(c.ChargeMonthIndex).LastDay));
        WasReread = _deliveries.Get(scope.DeliveryId).SupersededBy is not null;
        var lines = WasReread
            ? reread.Lines(scope.DeliveryId, cancellationToken).Where(l => sets.Contains(l.DimensionSetId))
            : new LineReader(books).Lines(scope.DeliveryId, sets, firstDay, lastDay);
        foreach (var line in lines)
        {
            var date = DateOnly.FromDateTime(line.ChargePeriodStart.UtcDateTime);
            var (month, day) = (BillingMonth.Of(date).Index, ChargeDay.Of(date));
            if (byKey.TryGetValue((month, null, line.DimensionSetId, line.BillingMonthIndex), out var cell)
                || byKey.TryGetValue((month, day, line.DimensionSetId, line.BillingMonthIndex), out cell))
            {
                yield return (line, cell);
            }
        }
    }
}

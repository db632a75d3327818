using CiCost.Accounting.Costs;
using CiCost.Ledger.Costs;
using CiCost.Ledger.Deliveries;

namespace CiCost.Accounting.Explain;

/// <summary>Adds bill rows up and keeps the largest.</summary>
internal sealed class RowCollector(int kept, CostMetric metric)
{
    private readonly SortedDictionary<string, Int128> _totals = new(StringComparer.Ordinal);
    private readonly PriorityQueue<FigureRow, (Int128 Magnitude, long Order)> _largest = new();

    public long Count { get; private set; }

    public IReadOnlyDictionary<string, Int128> Totals => _totals;

    public IReadOnlyList<FigureRow> Largest =>
        [.. _largest.UnorderedItems.OrderByDescending(i => i.Priority.Magnitude).ThenByDescending(i => i.Priority.Order).Select(i
            => i.Element)];

    public void Add(IEnumerable<(CostLine Line, AttributedCell Cell)> lines, ScopeState scope, IReadOnlyList<DeliveryObject> objects)
    {
        foreach (var (line, cell) in lines)
        {
            Count++;
            var nanos = cell.Nanos(metric, line.BilledNanos, line.EffectiveNanos, line.ListNanos, line.ContractedNanos);
            _totals[cell.Currency] = _totals.GetValueOrDefault(cell.Currency) + nanos;
            var priority = (Int128.Abs(nanos), -(((long)scope.DeliveryId << 32) | line.RowNumber));
            if (_largest.Count >= kept
                && (_largest.Count == 0 || !_largest.TryPeek(out _, out var least) || priority.CompareTo(least) <= 0))
            {
                continue;
            }

            var holder = line.IsRounding ? null : objects.LastOrDefault(o => o.FirstRow <= line.RowNumber);
            _largest.Enqueue(
                new FigureRow(scope.DeliveryId, line.RowNumber, holder?.Sha256, holder?.Name, holder is null ? null
                    : line.RowNumber - holder.FirstRow + 1, cell.Currency, nanos, line),
                priority);
            if (_largest.Count > kept)
            {
                _largest.Dequeue();
            }
        }
    }
}

using CiCost.Accounting.Costs;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Costs;
using CiCost.Ledger.Evidence;
using CiCost.Ledger.Sources;

namespace CiCost.Accounting.Reconciliation;

/// <summary>Ties a billing period to what providers state of it: the four tie-outs of accounting.md, 2, and estimates beside them.</summary>
public sealed class ReconcileMonth(Books books, QueryCosts costs)
{
    private static readonly ControlMeasure[] Billed = [ControlMeasure.ChargesWithoutTax, ControlMeasure.Tax, ControlMeasure.Credits];

    /// <summary>Reconciles.</summary>
    /// <param name="month">The billing period.</param>
    /// <param name="asOf">As books and figures were known at this instant; null for now.</param>
    public MonthReconciliation Run(BillingMonth month, DateTimeOffset? asOf)
    {
        var cube = CubeOf(month, asOf);
        var figures = new EvidenceStore(books).Figures(month, cube.Version);
        var bills = BilledCells.Of(cube, month).Cells;
        var asked = new SourceRunDirectory(books).LastAsked(month, asOf ?? DateTimeOffset.MaxValue);
        var split = new DifferenceSplit(cube.Policy.Set, month, bills);
        return new MonthReconciliation
        {
            Version = cube.Version,
            Month = month,
            TieOuts = TieOuts(month, bills, figures),
            Causes =
            [
                .. figures.GroupBy(f => f.SourceKey, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
                    .SelectMany(g => split.Of(g.Key, [.. g.Select(f => f.Figure).Where(f => f.Measure != ControlMeasure.RequestSpend)],
                        BillsWhenAsked(cube, month, bills, [.. g], asked))),
            ],
            RequestSpend =
            [
                .. figures.Where(f => f.Figure.Measure == ControlMeasure.RequestSpend)
                    .GroupBy(f => (f.SourceKey, f.Figure.Currency))
                    .Select(g => (g.Key.SourceKey, g.Key.Currency, g.Aggregate((Int128)0, (sum, f) => sum + f.Figure.AmountNanos))),
            ],
        };
    }

    /// <summary>The tie-outs of bills with figures.</summary>
    internal static IReadOnlyList<TieOut> TieOuts(BillingMonth month, IReadOnlyList<BilledCell> bills, IReadOnlyList<RecordedFigure> figures) =>
        TieOutEngine.Run(month, [.. Sums(bills)], figures.GroupBy(f => f.SourceKey, StringComparer.Ordinal).ToDictionary(
            g => g.Key, g => (IReadOnlyList<ControlFigure>)[.. g.Select(f => f.Figure)], StringComparer.Ordinal));

    private CostCube CubeOf(BillingMonth month, DateTimeOffset? asOf) =>
        costs.CubeFor(costs.Canonical(new CostQuery { From = month, To = month, Axis = TimeAxis.Billing, AsOf = asOf, Where = [] }));

    /// <summary>The bills as the books had them when a source was last asked: when its figures were recorded, or found unchanged.</summary>
    private IReadOnlyList<BilledCell> BillsWhenAsked(CostCube cube, BillingMonth month, IReadOnlyList<BilledCell> now,
        IReadOnlyList<RecordedFigure> figures, IReadOnlyDictionary<string, DateTimeOffset> asked)
    {
        var versions = new BookVersionDirectory(books);
        var recorded = figures.Max(f => f.BookVersionId);
        var confirmed = asked.TryGetValue(figures[0].SourceKey, out var at) ? versions.AsOfOrNull(at)?.Id ?? 0 : 0;
        var then = Math.Max(recorded, confirmed);

        // Figures that were there before the first version: the books had nothing yet.
        return then == 0 ? [] : IsSame(versions.ById(then), cube.Version, month) ? now
            : BilledCells.Of(costs.BillsOf(month, versions.ById(then)), month).Cells;
    }

    /// <summary>Most versions come from other months and sources: then nothing has to be read again.</summary>
    private bool IsSame(BookVersion then, BookVersion now, BillingMonth month)
    {
        var reader = new CostCellReader(books);
        IEnumerable<int> Deliveries(BookVersion version) =>
            reader.Scopes(version).Where(s => s.BillingMonth == month).Select(s => s.DeliveryId).Order();
        return then.Id >= now.Id || (then.RuleSetId == now.RuleSetId && Deliveries(then).SequenceEqual(Deliveries(now)));
    }

    private static IEnumerable<LedgerSum> Sums(IReadOnlyList<BilledCell> cells)
    {
        foreach (var group in cells.GroupBy(c => c.Key))
        {
            LedgerSum Sum(ControlMeasure measure, IEnumerable<BilledCell> part, Func<BilledCell, Int128> nanos)
            {
                var list = part.ToList();
                return new LedgerSum(group.Key.PayerAccount, group.Key.Issuer, group.Key.Currency, measure,
                    list.Aggregate((Int128)0, (sum, c) => sum + nanos(c)), list.Sum(c => c.Rows));
            }

            foreach (var measure in Billed)
            {
                yield return Sum(measure, group.Where(c => c.Measure == measure), c => c.BilledNanos);
            }

            yield return Sum(ControlMeasure.Payable, group, c => c.BilledNanos);
            yield return Sum(ControlMeasure.EstimatedListUsage, group.Where(c => c.ListOfMachinesNanos != 0), c => c.ListOfMachinesNanos);
        }
    }
}

using CiCost.Accounting.Costs;
using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Ledger;
using CiCost.Ledger.Evidence;

namespace CiCost.Accounting.Reconciliation;

/// <summary>Ties a billing period to what providers state of it: the four tie-outs of accounting.md, 2, and estimates beside them.</summary>
public sealed class ReconcileMonth(Books books, QueryCosts costs)
{
    private const string Compute = "compute";
    private const string Support = "support";

    /// <summary>Reconciles.</summary>
    /// <param name="month">The billing period.</param>
    /// <param name="asOf">As books and figures were known at this instant; null for now.</param>
    public MonthReconciliation Run(BillingMonth month, DateTimeOffset? asOf)
    {
        var cube = costs.CubeFor(costs.Canonical(new CostQuery { From = month, To = month, Axis = TimeAxis.Billing, AsOf = asOf, Where = [] }));
        var figures = new EvidenceStore(books).Figures(month, asOf);
        return Of(cube, month, figures);
    }

    /// <summary>Reconciles the cells of a cube by billing period with figures.</summary>
    internal static MonthReconciliation Of(CostCube cube, BillingMonth month, IReadOnlyList<RecordedFigure> figures)
    {
        var counted = cube.Cells.Where(c => c.Counts && c.Scope.BillingMonth == month && IsBill(c)).ToLookup(IsRounding);
        var lines = counted[false].Select(c => (Cell: c, Described: Described(cube, c))).ToList();

        // A rounding line belongs to a delivery, not to an account: it goes to the account with most lines of its delivery.
        var largest = lines.GroupBy(l => (l.Cell.Scope.ScopeId, l.Cell.Currency)).ToDictionary(g => g.Key, g => g
            .GroupBy(l => (l.Described.PayerAccount, l.Described.Issuer))
            .OrderByDescending(a => a.Sum(l => l.Described.Rows)).ThenBy(a => a.Key.PayerAccount, StringComparer.Ordinal)
            .ThenBy(a => a.Key.Issuer, StringComparer.Ordinal).First().Key);
        List<LedgerCell> cells = [.. lines.Select(l => l.Described)];
        cells.AddRange(counted[true].Select(c => largest.TryGetValue((c.Scope.ScopeId, c.Currency), out var account)
            ? Described(cube, c) with { PayerAccount = account.PayerAccount, Issuer = account.Issuer }
            : Described(cube, c)));
        var bySource = figures.GroupBy(f => f.SourceKey, StringComparer.Ordinal).ToDictionary(
            g => g.Key, g => (IReadOnlyList<ControlFigure>)[.. g.Select(f => f.Figure)], StringComparer.Ordinal);
        return new MonthReconciliation
        {
            Version = cube.Version,
            Month = month,
            TieOuts = TieOutEngine.Run(month, [.. Sums(cells)], bySource),
            Causes = [.. Causes(cells, bySource)],
            RequestSpend =
            [
                .. figures.Where(f => f.Figure.Measure == ControlMeasure.RequestSpend)
                    .GroupBy(f => (f.SourceKey, f.Figure.Currency))
                    .Select(g => (g.Key.SourceKey, g.Key.Currency, g.Aggregate((Int128)0, (sum, f) => sum + f.Figure.AmountNanos))),
            ],
        };
    }

    /// <summary>Machines that are valued by rates have no bill and no invoice to tie to.</summary>
    private static bool IsBill(AttributedCell cell) => cell.Basis is not (CostBasis.Estimated or CostBasis.DonorStated);

    private static bool IsRounding(AttributedCell cell) => cell.Attribution.Role is LineRole.RoundingOfCharges or LineRole.RoundingOfCredits;

    private static LedgerCell Described(CostCube cube, AttributedCell cell)
    {
        string Column(DimensionColumn column) => cube.ValueOf(cell, column.ToString());
        var account = cube.Policy.Set.Accounts.FirstOrDefault(a => a.Id == cell.Attribution[AttributeName.PayerAccount]);
        var payer = Column(DimensionColumn.BillingAccountId);
        var issuer = Column(DimensionColumn.InvoiceIssuerName) is { Length: > 0 } named ? named : account?.InvoiceIssuer;
        var isCredit = cell.Attribution.Role == LineRole.RoundingOfCredits
            || (Column(DimensionColumn.ChargeCategory) == "Credit" && Column(DimensionColumn.ChargeClass).Length == 0);
        var isTax = Column(DimensionColumn.ChargeCategory) == "Tax";
        var measure = isCredit ? ControlMeasure.Credits : isTax ? ControlMeasure.Tax : ControlMeasure.ChargesWithoutTax;
        return new LedgerCell(payer.Length > 0 ? payer : account?.Id ?? AttributionResult.Unattributed, issuer, cell.Currency, measure,
            CauseOf(cube, cell, measure), cell.Cell.BilledNanos, cell.Cell.LineCount, ListOfMachines(cube, cell));
    }

    private static DifferenceCause CauseOf(CostCube cube, AttributedCell cell, ControlMeasure measure) => cell.Attribution.Role switch
    {
        LineRole.RoundingOfCharges or LineRole.RoundingOfCredits => DifferenceCause.Rounding,
        _ when cube.ValueOf(cell, nameof(DimensionColumn.ChargeClass)) == "Correction" => DifferenceCause.Refunds,
        _ when measure == ControlMeasure.Tax => DifferenceCause.Tax,
        _ when measure == ControlMeasure.Credits => DifferenceCause.Credits,
        _ when cell.Attribution[AttributeName.Component] == Support => DifferenceCause.Support,
        _ => cube.ValueOf(cell, nameof(DimensionColumn.ChargeCategory)) switch
        {
            "Usage" => DifferenceCause.Usage,
            "Purchase" => DifferenceCause.Purchases,
            _ => DifferenceCause.Other,
        },
    };

    private static Int128 ListOfMachines(CostCube cube, AttributedCell cell) =>
        cell.Attribution[AttributeName.Component] == Compute && cube.ValueOf(cell, nameof(DimensionColumn.ChargeCategory)) == "Usage"
            ? cell.Cell.ListNanos
            : 0;

    private static IEnumerable<LedgerSum> Sums(IReadOnlyList<LedgerCell> cells)
    {
        foreach (var group in cells.GroupBy(c => (c.PayerAccount, c.Issuer, c.Currency)))
        {
            LedgerSum Sum(ControlMeasure measure, IEnumerable<LedgerCell> part, Func<LedgerCell, Int128> nanos)
            {
                var list = part.ToList();
                return new LedgerSum(group.Key.PayerAccount, group.Key.Issuer, group.Key.Currency, measure,
                    list.Aggregate((Int128)0, (sum, c) => sum + nanos(c)), list.Sum(c => c.Rows));
            }

            foreach (var measure in new[] { ControlMeasure.ChargesWithoutTax, ControlMeasure.Tax, ControlMeasure.Credits })
            {
                yield return Sum(measure, group.Where(c => c.Measure == measure), c => c.BilledNanos);
            }

            yield return Sum(ControlMeasure.Payable, group, c => c.BilledNanos);
            yield return Sum(ControlMeasure.EstimatedListUsage, group.Where(c => c.ListOfMachinesNanos != 0), c => c.ListOfMachinesNanos);
        }
    }

    private static IEnumerable<CausedDifference> Causes(IReadOnlyList<LedgerCell> cells,
        IReadOnlyDictionary<string, IReadOnlyList<ControlFigure>> figures)
    {
        foreach (var (source, stated) in figures.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            // One breakdown is enough: the others are the same money. By service, support can be told from usage.
            foreach (var account in stated.Where(f => f.RecordType is not null).GroupBy(f => (f.PayerAccount, f.Currency)))
            {
                var breakdown = account.Select(f => f.Breakdown).Distinct()
                    .OrderBy(b => b == ControlBreakdown.Service ? 0 : 1).ThenBy(b => b).First();
                var control = account.Where(f => f.Breakdown == breakdown).ToLookup(DifferenceCauses.Of, f => (Int128)f.AmountNanos);
                var ledger = cells.Where(c => c.PayerAccount == account.Key.PayerAccount && c.Currency == account.Key.Currency)
                    .ToLookup(c => c.Cause, c => (Int128)c.BilledNanos);
                foreach (var cause in Enum.GetValues<DifferenceCause>().Where(c => control.Contains(c) || ledger.Contains(c)))
                {
                    yield return new CausedDifference(account.Key.PayerAccount, account.Key.Currency, source, cause,
                        Total(ledger[cause]), Total(control[cause]));
                }
            }
        }
    }

    private static Int128 Total(IEnumerable<Int128> nanos) => nanos.Aggregate((Int128)0, (sum, n) => sum + n);

    private sealed record LedgerCell(string PayerAccount, string? Issuer, string Currency, ControlMeasure Measure, DifferenceCause Cause,
        long BilledNanos, long Rows, Int128 ListOfMachinesNanos);
}

using System.Collections.Concurrent;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Policies;
using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Costs;
using CiCost.Ledger.Evidence;

namespace CiCost.Accounting.Reconciliation;

/// <summary>What invoices ask for a source's bills of a billing period.</summary>
/// <param name="InvoiceNanos">The sum of the invoices, in 1e-9.</param>
/// <param name="PayableNanos">BilledCost of the source's bills of that billing period.</param>
public sealed record SourceInvoice(Int128 InvoiceNanos, Int128 PayableNanos);

/// <summary>
/// Which costs are <c>invoiced</c> in a book version: those of accounts and billing periods that tie to their invoices (accounting.md, 5).
/// A version's answer never changes, because evidence makes a version of its own; it is found once.
/// </summary>
public sealed class InvoicedCosts(Books books, PolicyShelf policies)
{
    private const int KeptMonths = 240;
    private readonly ConcurrentDictionary<(long Version, int Month), InvoicedMonth> _months = new();

    /// <summary>A cube with the basis of what is invoiced.</summary>
    public CostCube Mark(CostCube cube)
    {
        ArgumentNullException.ThrowIfNull(cube);
        var invoiced = cube.Cells.Select(c => c.Scope.BillingMonth).Distinct()
            .ToDictionary(m => m, m => Of(cube.Version, m)).Where(m => m.Value.Invoiced.Count > 0).ToDictionary();
        return invoiced.Count == 0 ? cube : cube.With(cell => cell.Basis == CostBasis.Billed && BilledCells.IsBill(cell)
            && invoiced.TryGetValue(cell.Scope.BillingMonth, out var month)
            && month.Invoiced.Contains(month.Rounding!.KeyOf(cell.Scope.ScopeId, cell.Attribution, BilledCells.LineKey(cube, cell)))
                ? cell with { Basis = CostBasis.Invoiced }
                : cell);
    }

    /// <summary>Is a line of a bill invoiced?</summary>
    /// <param name="version">The book version.</param>
    /// <param name="scope">The billing period that the line is in.</param>
    /// <param name="attribution">What the rules decided of it.</param>
    /// <param name="own">Whose invoice the line says that it stands on.</param>
    internal bool Contains(BookVersion version, ScopeState scope, AttributionResult attribution, InvoiceKey own) =>
        Of(version, scope.BillingMonth) is { Rounding: { } rounding } month
        && month.Invoiced.Contains(rounding.KeyOf(scope.ScopeId, attribution, own));

    /// <summary>
    /// What the invoices of a billing period ask for a source's bills, by source and currency, beside the bills' payable. A source is left
    /// out when an invoice is missing or not final, when two control sources state it differently, or when it also asks for what another
    /// source brought.
    /// </summary>
    public IReadOnlyDictionary<(string Source, string Currency), SourceInvoice> InvoicesOf(BookVersion version, BillingMonth month) =>
        Of(version, month).Invoices;

    private InvoicedMonth Of(BookVersion version, BillingMonth month)
    {
        var found = _months.GetOrAdd((version.Id, month.Index), _ => Find(version, month));
        if (_months.Count > KeptMonths)
        {
            // The books go on: what is asked most is the newest.
            foreach (var old in _months.Keys.OrderByDescending(k => k.Version).Skip(KeptMonths / 2))
            {
                _months.TryRemove(old, out _);
            }
        }

        return found;
    }

    private InvoicedMonth Find(BookVersion version, BillingMonth month)
    {
        var figures = new EvidenceStore(books).Figures(month, version);
        if (!figures.Any(f => f.Figure.Breakdown == ControlBreakdown.Invoice))
        {
            return InvoicedMonth.None;
        }

        var bills = BilledCells.Of(CostCube.Read(books, policies, version, TimeAxis.Billing, month, month, byDay: false), month);
        var tieOuts = ReconcileMonth.TieOuts(month, bills.Cells, figures);
        return new InvoicedMonth(bills.Rounding, InvoicedAccounts.Of(bills.Cells.Select(c => c.Key).Distinct(), tieOuts), Invoices(bills, tieOuts));
    }

    private static Dictionary<(string Source, string Currency), SourceInvoice> Invoices(BilledCells bills, IReadOnlyList<TieOut> tieOuts)
    {
        // What invoices ask for, with the keys that they cover: one issuer's, or all of an account when they name no issuer. Two sources
        // that state the same of the same keys state one invoice.
        var keys = bills.Cells.GroupBy(c => c.Key).ToDictionary(g => g.Key, g => g.Select(c => c.Source).ToHashSet());
        var asked = tieOuts.Where(t => t is { Measure: ControlMeasure.Payable, IsInvoice: true, IsEstimated: false, ControlNanos: not null })
            .Select(t => (Nanos: t.ControlNanos!.Value, Keys: keys.Keys.Where(k => k.PayerAccount == t.PayerAccount
                && k.Currency == t.Currency && (t.Issuer is null || k.Issuer == t.Issuer)).ToHashSet()))
            .DistinctBy(a => (a.Nanos, string.Join('\n', a.Keys.Select(k => k.ToString()).Order(StringComparer.Ordinal)))).ToList();
        Dictionary<(string Source, string Currency), SourceInvoice> invoices = [];
        foreach (var source in bills.Cells.GroupBy(c => (c.Source, c.Key.Currency)))
        {
            var covered = source.Select(c => c.Key).Distinct().ToList();
            var own = asked.Where(a => a.Keys.Overlaps(covered)).ToList();
            if (covered.All(k => own.Count(a => a.Keys.Contains(k)) == 1) && own.All(a => a.Keys.All(k => keys[k].Count == 1
                && keys[k].Contains(source.Key.Source))))
            {
                invoices.Add(source.Key, new SourceInvoice(own.Aggregate((Int128)0, (sum, a) => sum + a.Nanos),
                    source.Aggregate((Int128)0, (sum, c) => sum + c.BilledNanos)));
            }
        }

        return invoices;
    }

    private sealed record InvoicedMonth(RoundingAccounts? Rounding, IReadOnlySet<InvoiceKey> Invoiced,
        IReadOnlyDictionary<(string Source, string Currency), SourceInvoice> Invoices)
    {
        public static InvoicedMonth None { get; } = new(null, new HashSet<InvoiceKey>(), new Dictionary<(string, string), SourceInvoice>());
    }
}

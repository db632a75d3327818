using CiCost.Accounting.Freshness;
using CiCost.Accounting.Reconciliation;
using CiCost.Domain.Checks;
using CiCost.Domain.Money;
using CiCost.Domain.Reconciliation;
using CiCost.Ledger.Evidence;

namespace CiCost.Accounting.Checks;

/// <summary>No source grows old in silence.</summary>
public sealed class SourcesAreFresh() : Check(
    CheckName, "Every configured source was pulled in time and delivers as often as it should.")
{
    /// <summary>Its name: what it says changes with the clock, while the other checks hold or fail for a book version.</summary>
    public const string CheckName = "SourcesAreFresh";

    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new AssessSources(context.Books).RunInShort().Where(s => s.IsOverdue)
            .Select(s => Failure($"source {s.Feed.SourceKey}", s.Message, "fresh", s.State == FreshnessState.Stale ? "stale" : "silent"));
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Notices(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new AssessSources(context.Books).RunInShort()
            .Where(s => s.State is FreshnessState.Failing or FreshnessState.Waiting)
            .Select(s => $"source {s.Feed.SourceKey}: {s.Message}");
    }
}

/// <summary>The books say what invoices and the providers' own usage interfaces say.</summary>
public sealed class BooksTieOut() : Check(
    "BooksTieOut", "Charges, tax, credits and payable of every billing period are those that the provider states, within FOCUS's tolerance.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context) => Outcomes(context)
        .Where(t => t is { State: TieState.Differs, IsEstimated: false })
        .Select(t => Failure(Where(t), t.Reason.Length > 0
                ? t.Reason
                : $"The difference is {DecimalText.OfNanos(t.DifferenceNanos!.Value)}, the tolerance {DecimalText.OfNanos(t.ToleranceNanos)}. "
                    + $"'cicost reconcile --month {t.BillingMonth}' splits it by cause.",
            $"{DecimalText.OfNanos(t.ControlNanos ?? 0)} {t.Currency}", $"{DecimalText.OfNanos(t.LedgerNanos)} {t.Currency}"));

    /// <inheritdoc/>
    public override IEnumerable<string> Notices(CheckContext context) => Outcomes(context)
        .Where(t => t.ControlSource is not null && (t.State is TieState.Weak or TieState.NotProvable || t is { State: TieState.Differs, IsEstimated: true }))
        .Select(t => $"{Where(t)}: {(t.State == TieState.Differs ? "differs from figures that are not final yet" : t.Reason)}");

    private static IEnumerable<TieOut> Outcomes(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var store = new EvidenceStore(context.Books);
        return context.Scopes.Select(s => s.BillingMonth).Distinct().Order()
            .Select(month => (Month: month, Figures: store.Figures(month, context.Version))).Where(m => m.Figures.Count > 0)
            .SelectMany(m => ReconcileMonth.TieOuts(m.Month, BilledCells.Of(context.Cube, m.Month).Cells, m.Figures));
    }

    private static string Where(TieOut t) => $"{t.PayerAccount} {t.BillingMonth} {t.Measure} against {t.ControlSource}";
}

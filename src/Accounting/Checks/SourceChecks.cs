using CiCost.Accounting.Freshness;
using CiCost.Domain.Checks;
using CiCost.Domain.Reconciliation;

namespace CiCost.Accounting.Checks;

/// <summary>No source grows old in silence.</summary>
public sealed class SourcesAreFresh() : Check(
    CheckName, "Every configured source was pulled in time, and every ledger source has new data as often as its coverage says.")
{
    /// <summary>Its name: what it says changes with the clock, while the other checks hold or fail for a book version.</summary>
    public const string CheckName = "SourcesAreFresh";

    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context) => Sources(context).Where(s => s.IsOverdueFor(context.Month))
        .Select(s => Failure($"source {s.SourceKey}", s.Message, "fresh", s.State.ToString().ToLowerInvariant()));

    /// <inheritdoc/>
    public override IEnumerable<string> Notices(CheckContext context) => Sources(context)
        .Where(s => s.State is FreshnessState.Failing or FreshnessState.Waiting).Select(s => $"source {s.SourceKey}: {s.Message}");

    /// <inheritdoc/>
    public override bool HasAnything(CheckContext context) => Sources(context).Count > 0;

    private static IReadOnlyList<SourceFreshness> Sources(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new AssessSources(context.Books, context.Policies).RunInShort();
    }
}

/// <summary>The books say what invoices and the providers' own usage interfaces say.</summary>
public sealed class BooksTieOut() : Check(
    "BooksTieOut", "Charges, tax, credits and payable of every billing period are those that the provider states, within FOCUS's tolerance.")
{
    private const int MostNamed = 5;

    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context) => Outcomes(context)
        .Where(t => t is { State: TieState.Differs, IsEstimated: false })
        .Select(t => Failure(Where(t), t.Reason.Length > 0
                ? t.Reason
                : $"The difference is {CheckWords.Amount(t.DifferenceNanos!.Value, t.Currency)}, the tolerance "
                    + $"{CheckWords.Amount(t.ToleranceNanos, t.Currency)}. 'cicost reconcile --month {t.BillingMonth}' splits it by cause.",
            CheckWords.Amount(t.ControlNanos ?? 0, t.Currency), CheckWords.Amount(t.LedgerNanos, t.Currency)));

    /// <inheritdoc/>
    public override IEnumerable<string> Notices(CheckContext context)
    {
        var accounts = Outcomes(context).GroupBy(t => (t.PayerAccount, t.BillingMonth, t.Currency)).ToList();
        var unprovable = accounts.Where(a => !a.Any(IsCompared)).Select(a => $"{a.Key.PayerAccount} {a.Key.BillingMonth}").ToList();
        if (unprovable.Count > 0)
        {
            yield return $"Of {CheckWords.Number(accounts.Count)} account months, {CheckWords.Number(accounts.Count - unprovable.Count)} are compared "
                + $"with a provider's figures, and {CheckWords.Number(unprovable.Count)} are not provable: "
                + string.Join(", ", unprovable.Take(MostNamed))
                + (unprovable.Count > MostNamed ? $", and {CheckWords.Number(unprovable.Count - MostNamed)} more." : ".");
        }

        foreach (var t in Outcomes(context).Where(t => t.ControlSource is not null
            && (t.State is TieState.Weak or TieState.NotProvable || t is { State: TieState.Differs, IsEstimated: true })))
        {
            yield return $"{Where(t)}: {(t.State == TieState.Differs ? "differs from figures that are not final yet" : t.Reason)}";
        }
    }

    /// <inheritdoc/>
    public override bool HasAnything(CheckContext context) => Outcomes(context).Any(IsCompared);

    private static bool IsCompared(TieOut t) => t is { ControlSource: not null, IsEstimated: false, State: TieState.Ties or TieState.Weak or TieState.Differs };

    private static IReadOnlyList<TieOut> Outcomes(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.TieOuts;
    }

    private static string Where(TieOut t) => $"{t.PayerAccount} {t.BillingMonth} {t.Measure} against {t.ControlSource}";
}

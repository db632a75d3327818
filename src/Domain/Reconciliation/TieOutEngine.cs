using CiCost.Domain.Periods;

namespace CiCost.Domain.Reconciliation;

/// <summary>
/// Ties the books' sums of a billing period to control figures (accounting.md, 2): charges without tax, tax, credits and payable, per
/// payer account, invoice issuer and currency. Nothing is green that is not proved.
/// </summary>
public static class TieOutEngine
{
    private const string WithoutIssuer =
        "Lines without InvoiceIssuerName: say who issues the account's invoice (invoiceIssuer in policy/accounts.yaml).";

    private static readonly ControlMeasure[] Measures =
        [ControlMeasure.ChargesWithoutTax, ControlMeasure.Tax, ControlMeasure.Credits, ControlMeasure.Payable];

    /// <summary>Every tie-out of a billing period, in order of account, issuer, currency, measure and control source.</summary>
    /// <param name="month">The billing period.</param>
    /// <param name="sums">The books' four sums; <see cref="ControlMeasure.EstimatedListUsage"/> where an estimate exists.</param>
    /// <param name="figures">What each control source states of the same period.</param>
    public static IReadOnlyList<TieOut> Run(BillingMonth month, IReadOnlyList<LedgerSum> sums,
        IReadOnlyDictionary<string, IReadOnlyList<ControlFigure>> figures)
    {
        ArgumentNullException.ThrowIfNull(sums);
        ArgumentNullException.ThrowIfNull(figures);
        List<TieOut> outcomes = [];
        foreach (var account in sums.GroupBy(s => (s.PayerAccount, s.Currency))
            .OrderBy(g => g.Key.PayerAccount, StringComparer.Ordinal).ThenBy(g => g.Key.Currency, StringComparer.Ordinal))
        {
            var known = figures.Select(f => (Source: f.Key, Figures: Of(f.Value, account.Key.PayerAccount, account.Key.Currency)))
                .Where(f => f.Figures.Count > 0).OrderBy(f => f.Source, StringComparer.Ordinal).ToList();
            if (known.All(k => k.Figures.All(f => f.Measure is ControlMeasure.EstimatedListUsage or ControlMeasure.RequestSpend)))
            {
                outcomes.AddRange(account.Where(s => Measures.Contains(s.Measure)).OrderBy(s => s.Issuer, StringComparer.Ordinal)
                    .ThenBy(s => s.Measure).Select(s => NotProvable(month, s, "No invoice and no usage interface states this account's month.")));
            }

            var compared = known.SelectMany(k => Compare(month, [.. account], k.Source, k.Figures)).ToList();
            outcomes.AddRange(compared.Select(o => Weighed(o, [.. account], compared)));
        }

        return [.. outcomes, .. Unknown(month, sums, figures)];
    }

    /// <summary>The payable that a source states of an account, of all issuers together; null when it states none.</summary>
    /// <param name="stated">What it states of one account, billing period and currency.</param>
    public static Int128? PayableOf(IReadOnlyList<ControlFigure> stated)
    {
        ArgumentNullException.ThrowIfNull(stated);
        return Stated(stated, ControlMeasure.Payable).Nanos;
    }

    private static IEnumerable<TieOut> Compare(BillingMonth month, IReadOnlyList<LedgerSum> account, string source,
        IReadOnlyList<ControlFigure> stated)
    {
        var byIssuer = stated.Any(f => f.InvoiceIssuer is not null);
        foreach (var group in account.GroupBy(s => byIssuer ? s.Issuer : null).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            if (byIssuer && group.Key is null)
            {
                foreach (var sum in group.Where(s => stated.Any(f => f.Measure == s.Measure)).OrderBy(s => s.Measure))
                {
                    yield return NotProvable(month, sum, WithoutIssuer) with { ControlSource = source };
                }

                continue;
            }

            var own = byIssuer ? stated.Where(f => f.InvoiceIssuer == group.Key).ToList() : [.. stated];
            foreach (var outcome in Measures.Append(ControlMeasure.EstimatedListUsage)
                .Select(m => One(month, [.. group.Where(s => s.Measure == m)], m, source, own, byIssuer, account)).OfType<TieOut>())
            {
                yield return outcome;
            }
        }

        foreach (var outcome in OtherIssuers(month, account, source, stated))
        {
            yield return outcome;
        }
    }

    /// <summary>A net payable that ties, on an account with credits, is weak until somebody's credits tie, too: an invoice states the net,
    /// and a usage interface beside it the credits. Credits and their reversals that add up to nothing are credits, too.</summary>
    private static TieOut Weighed(TieOut outcome, IReadOnlyList<LedgerSum> account, IReadOnlyList<TieOut> all)
    {
        var hasCredits = account.Any(s => s.Measure == ControlMeasure.Credits && s.Rows > 0
            && (outcome.Issuer is null || s.Issuer == outcome.Issuer));
        return outcome is { Measure: ControlMeasure.Payable, State: TieState.Ties } && hasCredits && !all.Any(ProvesCredits)
            ? outcome with
            {
                State = TieState.Weak,
                Reason = "Only the net ties: a usage row and its credit could be missing together. Ask for charges and credits apart.",
            }
            : outcome;

        bool ProvesCredits(TieOut t) => t is { Measure: ControlMeasure.Credits, State: TieState.Ties }
            && (t.Issuer is null || t.Issuer == outcome.Issuer) && (outcome.IsEstimated || !t.IsEstimated);
    }

    /// <summary>Invoices of an issuer that no line of the account names.</summary>
    private static IEnumerable<TieOut> OtherIssuers(BillingMonth month, IReadOnlyList<LedgerSum> account, string source,
        IReadOnlyList<ControlFigure> stated)
    {
        if (account.Any(s => s.Issuer is null))
        {
            // Which issuer those lines belong to is unknown: they may be these.
            return [];
        }

        return stated.Where(f => f.InvoiceIssuer is not null && account.All(s => s.Issuer != f.InvoiceIssuer)).GroupBy(f => f.InvoiceIssuer)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .SelectMany(g => Measures.Select(m => One(month, [], m, source, [.. g], byIssuer: true, [account[0] with { Issuer = g.Key }])))
            .OfType<TieOut>();
    }

    private static TieOut? One(BillingMonth month, IReadOnlyList<LedgerSum> sums, ControlMeasure measure, string source,
        IReadOnlyList<ControlFigure> stated, bool byIssuer, IReadOnlyList<LedgerSum> account)
    {
        var (control, isEstimated, contradiction) = Stated(stated, measure);
        if (control is null && contradiction.Length == 0)
        {
            return null;
        }

        var isInvoice = stated.All(f => f.Breakdown == ControlBreakdown.Invoice);
        var first = sums.Count > 0 ? sums[0] : account[0];
        var rows = sums.Sum(s => s.Rows);
        var ledger = sums.Aggregate((Int128)0, (sum, s) => sum + s.Nanos);
        var tolerance = Tolerance.Nanos(first.Currency, rows);
        var difference = ledger - (control ?? 0);
        var (state, reason) = (measure, contradiction) switch
        {
            (_, { Length: > 0 }) => (TieState.Differs, contradiction),
            (ControlMeasure.EstimatedListUsage, _) => (TieState.Estimate, "An estimate at list prices: it shows where to look and proves nothing."),
            _ when Int128.Abs(difference) <= tolerance => (TieState.Ties, ""),
            _ => (TieState.Differs, ""),
        };
        return new TieOut
        {
            PayerAccount = first.PayerAccount,
            Issuer = byIssuer ? first.Issuer : null,
            BillingMonth = month,
            Currency = first.Currency,
            Measure = measure,
            ControlSource = source,
            LedgerNanos = ledger,
            ControlNanos = control,
            ToleranceNanos = tolerance,
            Rows = rows,
            IsEstimated = isEstimated,
            IsInvoice = isInvoice,
            State = state,
            Reason = reason,
        };
    }

    /// <summary>
    /// What a source states of a measure. Its breakdowns are the same money divided differently: they must agree. A payable that it does
    /// not state is the sum of the three others, when it states charges.
    /// </summary>
    private static (Int128? Nanos, bool IsEstimated, string Contradiction) Stated(IReadOnlyList<ControlFigure> figures, ControlMeasure measure)
    {
        var own = figures.Where(f => f.Measure == measure).ToList();
        if (own.Count == 0 && measure == ControlMeasure.Payable && figures.Any(f => f.Measure == ControlMeasure.ChargesWithoutTax))
        {
            own = [.. figures.Where(f => Measures.Contains(f.Measure))];
        }

        // A source that divides charges by service and states no tax has no tax: its figures are complete for the account.
        if (own.Count == 0 && Measures.Contains(measure) && figures.Any(f => f.Measure == ControlMeasure.ChargesWithoutTax))
        {
            return (0, figures.Any(f => f.IsEstimated), "");
        }

        var totals = own.GroupBy(f => f.Breakdown).Select(g => (g.Key, Nanos: g.Aggregate((Int128)0, (sum, f) => sum + f.AmountNanos))).ToList();
        if (totals.Count == 0)
        {
            return (null, false, "");
        }

        // Each stated part is rounded to nanos on its own, so that two breakdowns may differ by a nano a part.
        var contradiction = totals.Max(t => t.Nanos) - totals.Min(t => t.Nanos) <= own.Count
            ? ""
            : "The source contradicts itself: " + string.Join(", ", totals.OrderBy(t => t.Key)
                .Select(t => $"{Money.DecimalText.OfNanos(t.Nanos)} by {t.Key}")) + ".";
        return (totals.OrderBy(t => t.Key).First().Nanos, own.Any(f => f.IsEstimated), contradiction);
    }

    private static List<ControlFigure> Of(IReadOnlyList<ControlFigure> figures, string account, string currency) =>
        [.. figures.Where(f => f.PayerAccount == account && f.Currency == currency)];

    /// <summary>Accounts that somebody states and the books do not know: a whole bill may be missing.</summary>
    private static IEnumerable<TieOut> Unknown(BillingMonth month, IReadOnlyList<LedgerSum> sums,
        IReadOnlyDictionary<string, IReadOnlyList<ControlFigure>> figures)
    {
        var known = sums.Select(s => (s.PayerAccount, s.Currency)).ToHashSet();
        foreach (var (source, stated) in figures.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            foreach (var account in stated.Where(f => !known.Contains((f.PayerAccount, f.Currency)) && f.Measure != ControlMeasure.RequestSpend)
                .GroupBy(f => (f.PayerAccount, f.Currency)))
            {
                foreach (var measure in account.Select(f => f.Measure).Distinct().Order())
                {
                    var (control, isEstimated, contradiction) = Stated([.. account], measure);
                    if (control is { } nanos && nanos != 0)
                    {
                        yield return new TieOut
                        {
                            PayerAccount = account.Key.PayerAccount,
                            Issuer = null,
                            BillingMonth = month,
                            Currency = account.Key.Currency,
                            Measure = measure,
                            ControlSource = source,
                            LedgerNanos = 0,
                            ControlNanos = nanos,
                            ToleranceNanos = Tolerance.Nanos(account.Key.Currency, 0),
                            Rows = 0,
                            IsEstimated = isEstimated,
                            IsInvoice = account.All(f => f.Breakdown == ControlBreakdown.Invoice),
                            State = measure == ControlMeasure.EstimatedListUsage ? TieState.Estimate : TieState.Differs,
                            Reason = contradiction.Length > 0 ? contradiction : "The books have no bill of this account for the month.",
                        };
                    }
                }
            }
        }
    }

    private static TieOut NotProvable(BillingMonth month, LedgerSum sum, string reason) => new()
    {
        PayerAccount = sum.PayerAccount,
        Issuer = sum.Issuer,
        BillingMonth = month,
        Currency = sum.Currency,
        Measure = sum.Measure,
        ControlSource = null,
        LedgerNanos = sum.Nanos,
        ControlNanos = null,
        ToleranceNanos = Tolerance.Nanos(sum.Currency, sum.Rows),
        Rows = sum.Rows,
        IsEstimated = false,
        IsInvoice = false,
        State = TieState.NotProvable,
        Reason = reason,
    };
}

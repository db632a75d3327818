using System.Globalization;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Domain.Attribution;
using CiCost.Domain.Checks;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger.Audit;
using CiCost.Ledger.Costs;
using CiCost.Ledger.Deliveries;

namespace CiCost.Accounting.Checks;

/// <summary>The rows of a delivery are of the period that it was delivered for.</summary>
public sealed class PeriodMatchesScope() : Check(
    "PeriodMatchesScope", "The rows of every current delivery are of the billing period that it was delivered for; parts may bring late rows.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Foreign(context).Where(f => !f.IsUsual).Select(f => Failure(
            Where(f.Scope), Words(f.Fact, f.Scope.BillingMonth), f.Scope.BillingMonth.ToString(),
            BillingMonth.FromIndex(f.Fact.BillingMonth).ToString()));
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Notices(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Foreign(context).Where(f => f.IsUsual)
            .GroupBy(f => (f.Scope.SourceKey, f.Scope.BillingMonth, f.Fact.BillingMonth, f.Fact.Currency))
            .Select(g => $"{g.Key.SourceKey} {g.Key.Item2}, {CheckWords.Number(g.Count())} deliveries with rows of "
                + $"{BillingMonth.FromIndex(g.Key.Item3)}: " + Words(new ForeignPeriodFact
                {
                    BillingMonth = g.Key.Item3,
                    Currency = g.Key.Currency,
                    LineCount = g.Sum(f => f.Fact.LineCount),
                    BilledNanos = g.Aggregate((Int128)0, (sum, f) => sum + f.Fact.BilledNanos),
                }, g.Key.Item2));
    }

    /// <summary>
    /// Parts of a source that appends reach over the month's end and bring rows of months before, again and again: their provider's habit,
    /// and no fault. So is what somebody, or the provider itself, put into the month.
    /// </summary>
    private static IEnumerable<(ScopeState Scope, ForeignPeriodFact Fact, bool IsUsual)> Foreign(CheckContext context)
    {
        var deliveries = new DeliveryDirectory(context.Books);
        foreach (var scope in context.Scopes)
        {
            var facts = context.Audit.ForeignPeriods(scope.ScopeId, scope.DeliveryId);
            var isAccepted = facts.Count > 0 && deliveries.TolerancesOf(scope.DeliveryId).Any(t => t.Name == DeliveryGuard.OtherMonth);
            foreach (var fact in facts)
            {
                yield return (scope, fact, isAccepted || (scope.Part != "*" && fact.BillingMonth <= scope.BillingMonth.Index + 1));
            }
        }
    }

    private static string Words(ForeignPeriodFact fact, BillingMonth month) =>
        $"{CheckWords.Number(fact.LineCount)} rows with {CheckWords.Amount(fact.BilledNanos, fact.Currency)} billed are of another billing "
            + $"period, {BillingMonth.FromIndex(fact.BillingMonth)}. By charge month they count on their own days; by billing month they count in "
            + $"{month}, that of the delivery.";
}

/// <summary>No row was set aside.</summary>
public sealed class NoQuarantinedRows() : Check("NoQuarantinedRows", "No row of a current delivery was set aside.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Scopes.SelectMany(scope => context.Audit.Quarantine(scope.DeliveryId)
            .Select(q => Failure(Where(scope), $"{q} The row's amount is not in the books.", "", q.Value)));
    }
}

/// <summary>One currency per billing account and period.</summary>
public sealed class OneCurrencyPerAccount() : Check(
    "OneCurrencyPerAccount", "A billing account is billed in one currency within a billing period.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Scopes.SelectMany(scope
            => context.Audit.AccountsOfSeveralCurrencies(scope.ScopeId, scope.DeliveryId).Select(a => Failure(
            $"{Where(scope)}, billing account '{a.BillingAccountId}'",
            "Its lines are in several currencies. They are kept apart and never added; ask the provider whether this is right.",
            "one currency",
            a.Currencies)));
    }
}

/// <summary>No day is missing within a source's month that otherwise has lines on most days.</summary>
public sealed class NoGapInDays() : Check(
    "NoGapInDays", "Between its first and last day, a source's month with usage on most days has usage on every day.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // Machines that nobody used on a day are no gap: what is made from job runs has lines for the days that had some.
        var valued = context.Policy.Set.CoverageEntries.Where(e => e.IsValuedFromJobs).Select(e => e.LedgerSource).ToHashSet();
        foreach (var month in context.Scopes.Where(s => !valued.Contains(s.SourceKey)).GroupBy(s => (s.SourceKey, s.BillingMonth)))
        {
            // All parts together, and the month's own days only: late rows and those over its end come as it pleases the provider.
            var (first, last) = (ChargeDay.Of(month.Key.BillingMonth.FirstDay), ChargeDay.Of(month.Key.BillingMonth.LastDay));
            var present = month.SelectMany(s => context.Audit.UsageDays(s.ScopeId, s.DeliveryId)).Where(d => d >= first && d <= last).ToHashSet();
            var span = present.Count == 0 ? 0 : present.Max() - present.Min() + 1;
            if (present.Count == span || present.Count * 2 <= span)
            {
                continue; // Complete, or a source that does not bill by day.
            }

            var missing = Enumerable.Range(present.Min(), span).Where(d => !present.Contains(d)).Select(ChargeDay.ToText).ToList();
            var where = month.Count() == 1 ? Where(month.Single()) : $"{month.Key.SourceKey} {month.Key.BillingMonth} ({month.Count()} parts)";
            yield return Failure(where, "Usage is missing on some days. Ask whether the provider's export is complete.",
                $"{span} days", $"{present.Count} days; missing {string.Join(", ", missing)}");
        }
    }
}

/// <summary>Every currency is one that ISO 4217 knows.</summary>
public sealed class CurrencyIsKnown() : Check("CurrencyIsKnown", "Every billing currency is in ISO 4217.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Scopes.SelectMany(scope
            => context.Audit.Totals(scope.DeliveryId).Select(t => t.Currency).Distinct(StringComparer.Ordinal)
            .Where(c => !CurrencyList.Contains(c))
            .Select(c => Failure(Where(scope), $"'{c}' is no currency of ISO 4217. Ask the provider what it means.", "", c)));
    }
}

/// <summary>A delivery brings few new dimension sets.</summary>
public sealed class DimensionGrowth() : Check(
    "DimensionGrowth", "No current delivery brought more than 50,000 new dimension sets.")
{
    /// <summary>The most new sets that a delivery may bring.</summary>
    public const int MaxNewSets = 50_000;

    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var deliveries = new DeliveryDirectory(context.Books);
        foreach (var scope in context.Scopes)
        {
            var count = deliveries.Get(scope.DeliveryId).NewDimensionSets;
            if (count > MaxNewSets)
            {
                var columns = string.Join(", ",
                    context.Audit.WidestColumns(scope.DeliveryId).Select(c => $"{c.ColumnName} ({c.DistinctValues} values)"));
                yield return Failure(
                    Where(scope),
                    $"A column that identifies single things makes dimension sets useless. The widest are {columns}: a listed tag or "
                        + "custom column belongs out of policy/dimensions.yaml.",
                    $"at most {MaxNewSets}",
                    count.ToString(CultureInfo.InvariantCulture));
            }
        }
    }
}

/// <summary>No Credit row is left that nobody classified.</summary>
public sealed class NoUnclassifiedCredit() : Check(
    "NoUnclassifiedCredit", "Every Credit row is mapped to a grant or to a charge by policy/funding.yaml.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var cube = context.Cube;
        return cube.Cells.Where(c => c.Counts && c.Attribution.IsUnclassifiedCredit)
            .GroupBy(c => (c.Scope, c.Currency, Description: cube.ValueOf(c, nameof(DimensionColumn.ChargeDescription))))
            .Select(g => Failure(
                Where(g.Key.Scope),
                $"Credit rows of {CheckWords.Amount(g.Aggregate((Int128)0, (s, c) => s + c.Nanos(CostMetric.Effective)), g.Key.Currency)}, described "
                    + $"as '{g.Key.Description}', are neither a draw on a grant nor a charge; until then they lower consumption. Add a rule to "
                    + "policy/funding.yaml, then 'cicost attribute'."));
    }
}

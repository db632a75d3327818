using System.Globalization;
using CiCost.Accounting.Costs;
using CiCost.Domain.Attribution;
using CiCost.Domain.Checks;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;

namespace CiCost.Accounting.Checks;

/// <summary>The rows of a delivery are of the period that it was delivered for.</summary>
public sealed class PeriodMatchesScope() : Check(
    "PeriodMatchesScope", "The rows of every current delivery are of the billing period that it was delivered for.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Scopes.SelectMany(scope => context.Audit.ForeignPeriods(scope.ScopeId, scope.DeliveryId).Select(f => Failure(
            Where(scope),
            $"{f.LineCount} rows with {DecimalText.OfNanos(f.BilledNanos)} {f.Currency} billed are of another billing period. They "
                + "are booked here and keep their own period.",
            scope.BillingMonth.ToString(),
            BillingMonth.FromIndex(f.BillingMonth).ToString())));
    }
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

/// <summary>No day is missing within a delivery that otherwise has lines on most days.</summary>
public sealed class NoGapInDays() : Check(
    "NoGapInDays", "Between its first and last day, a delivery with usage on most days has usage on every day.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // Machines that nobody used on a day are no gap: what is made from job runs has lines for the days that had some.
        var valued = context.Policy.Set.CoverageEntries.Where(e => e.IsValuedFromJobs).Select(e => e.LedgerSource).ToHashSet();
        foreach (var scope in context.Scopes.Where(s => !valued.Contains(s.SourceKey)))
        {
            var days = context.Audit.UsageDays(scope.ScopeId, scope.DeliveryId);
            var span = days.Count == 0 ? 0 : days[^1] - days[0] + 1;
            if (days.Count == span || days.Count * 2 <= span)
            {
                continue; // Complete, or a source that does not bill by day.
            }

            var present = days.ToHashSet();
            var missing = Enumerable.Range(days[0], span).Where(d => !present.Contains(d)).Select(ChargeDay.ToText).ToList();
            yield return Failure(Where(scope), "Usage is missing on some days. Ask whether the provider's export is complete.",
                $"{span} days", $"{days.Count} days; missing {string.Join(", ", missing)}");
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
        var deliveries = new Ledger.Deliveries.DeliveryDirectory(context.Books);
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
            .Select(g => (g.Key, Amount: DecimalText.OfNanos(g.Aggregate((Int128)0, (s, c) => s + c.Nanos(CostMetric.Effective)))))
            .Select(g => Failure(
                Where(g.Key.Scope),
                $"Credit rows of {g.Amount} {g.Key.Currency} described as '{g.Key.Description}' are neither a draw on a grant nor a charge. "
                    + "Add a rule to policy/funding.yaml, then 'cicost attribute'.",
                "",
                $"{g.Amount} {g.Key.Currency}"));
    }
}

using CiCost.Accounting.Costs;
using CiCost.Domain.Attribution;
using CiCost.Domain.Checks;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Ledger.Costs;

namespace CiCost.Accounting.Checks;

/// <summary>Payable = consumption and the five terms of the bridge, against the file's own total.</summary>
public sealed class PayableIsItsParts() : Check(
    "PayableIsItsParts", "Per source, billing period and currency: payable = consumption + credits + free-terms + borne-outside + accrued + "
        + "timing; it contains no estimate, and is else the file's billed total rounded once.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var inScope = context.Scopes.Select(s => s.ScopeId).ToHashSet();
        var cells = context.Cube.Cells.Where(c => inScope.Contains(c.Scope.ScopeId)).ToLookup(c => (c.Scope.ScopeId, c.Currency));
        foreach (var scope in context.Scopes)
        {
            var totals = context.Audit.Totals(scope.DeliveryId).Where(t => t.CostColumn == "BilledCost").ToLookup(t => t.Currency);
            var currencies = totals.Select(t => t.Key).Union(cells.Where(g => g.Key.ScopeId == scope.ScopeId).Select(g => g.Key.Currency));
            foreach (var currency in currencies.Order(StringComparer.Ordinal))
            {
                var billed = totals[currency].Aggregate(default(ExactAmount), (s, t) => s + ExactText.Of(t.Exact)).RoundHalfEven();
                var parts = cells[(scope.ScopeId, currency)].Aggregate((Int128)0, (s, c) =>
                    s + c.Nanos(CostMetric.Consumption) + CostBridge.Terms.Aggregate((Int128)0, (t, m) => t + c.Nanos(m)));

                // What the file asks for an estimate or a gift is nobody's debt: it is billed and not payable.
                var notPayable = cells[(scope.ScopeId, currency)].Aggregate((Int128)0, (s, c) =>
                    s + c.Nanos(CostMetric.Billed) - c.Nanos(CostMetric.Payable));
                if (billed != parts + notPayable)
                {
                    yield return Failure($"{Where(scope)}, {currency}", "Consumption and the terms of the bridge do not make the payable.",
                        DecimalText.OfNanos(billed - notPayable), DecimalText.OfNanos(parts));
                }
            }
        }
    }
}

/// <summary>Rollup = attributed + unattributed: every dimension set has one attribution on every day.</summary>
public sealed class EverySetIsAttributed() : Check(
    "EverySetIsAttributed",
        "Every dimension set has exactly one attribution on every day under the current rule set, so that the rollup is attributed + "
        + "unattributed.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var attributions = new AttributionReader(context.Books).All(context.Version.RuleSetId);
        foreach (var (id, _) in new DimensionReader(context.Books).All())
        {
            var intervals = attributions.GetValueOrDefault(id, []);
            var next = int.MinValue;
            var isWhole = intervals.Length > 0;
            foreach (var interval in intervals)
            {
                isWhole &= interval.ValidFromDay == next;
                next = interval.ValidToDay;
            }

            if (!isWhole || next != int.MaxValue)
            {
                yield return Failure($"dimension set {id}",
                    "Its attributions leave days out or say two things about one day. 'cicost attribute' with a changed policy writes "
                    + "them anew.", "all days once", string.Join(" ", intervals.Select(i => $"[{i.ValidFromDay}, {i.ValidToDay})")));
            }
        }
    }
}

/// <summary>What is stored is what the rules say.</summary>
public sealed class AttributionFollowsRules() : Check(
    "AttributionFollowsRules", "The stored attributions are those that the current rule set gives.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var attributions = new AttributionReader(context.Books).All(context.Version.RuleSetId);
        foreach (var (id, set) in new DimensionReader(context.Books).All())
        {
            var expected = context.Policy.Set.Attributor.Attribute(set);
            if (attributions.TryGetValue(id, out var stored) && !stored.SequenceEqual(expected))
            {
                yield return Failure(
                    $"dimension set {id} ({set[DimensionColumn.ServiceName]}, {set[DimensionColumn.ChargeDescription]})",
                    "The stored attribution is not the one of the rules.",
                    Text(expected),
                    Text(stored));
            }
        }
    }

    internal static string Text(IEnumerable<DatedAttribution> attributions) =>
        string.Join(" | ", attributions.Select(a => $"{a.Result.Role} {string.Join(",", a.Result.Values.Select(v => v ?? "-"))}"));
}

/// <summary>One ledger source per spend domain and day.</summary>
public sealed class OneLedgerSource() : Check(
    "OneLedgerSource", "For every spend domain and charge day with lines, the coverage table names one ledger source, and only its "
        + "lines count.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var group in context.Cube.Cells.Where(c => c.Attribution[AttributeName.Domain] is not null && c.Attribution.Role
            is LineRole.Charge or LineRole.Funding)
            .GroupBy(c => (Domain: c.Attribution[AttributeName.Domain], c.ChargeMonthIndex)).OrderBy(g => g.Key))
        {
            var where = $"domain {group.Key.Domain}, charge month {BillingMonth.FromIndex(group.Key.ChargeMonthIndex)}";
            foreach (var uncovered in group.Where(c => c.Standing is SourceStanding.Uncovered or SourceStanding.UncoveredEvidence)
                .GroupBy(c => (c.Scope.SourceKey, c.Currency, c.Counts)))
            {
                yield return Failure(
                    where,
                    $"No ledger source is named for days on which {uncovered.Key.SourceKey} has lines. "
                        + (uncovered.Key.Counts ? "They count, because it is that of the nearest dates. "
                            : "They do not count: the source of the nearest dates is another. ")
                        + "Name one in policy/coverage.yaml, then 'cicost attribute'.",
                    "one ledger source",
                    $"none; {DecimalText.OfNanos(uncovered.Aggregate((Int128)0, (s, c) => s + c.Cell.EffectiveNanos))} "
                        + $"{uncovered.Key.Currency}");
            }

            var counting = group.Where(c => c.Counts).GroupBy(c => c.ChargeDay ?? -1)
                .Select(d => d.Select(c => c.Scope.SourceKey).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList())
                .FirstOrDefault(sources => sources.Count > 1);
            if (counting is not null)
            {
                yield return Failure(where, "The lines of two sources count for the same spend.", "one ledger source",
                    string.Join(", ", counting));
            }
        }
    }
}

using CiCost.Domain.Checks;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Ledger.Audit;
using CiCost.Ledger.Costs;

namespace CiCost.Accounting.Checks;

/// <summary>The lines of every current delivery add up to its rollup, group by group.</summary>
public sealed class LinesEqualRollup() : Check(
    "LinesEqualRollup", "The cost lines of every current delivery add up to its rollup, per day, dimension set and cost.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var scope in context.Scopes.Where(context.HasLines))
        {
            foreach (var (lines, rollup) in SumComparison.Differences(context.Audit.LineSums(scope.DeliveryId),
                context.Audit.RollupDays(scope.ScopeId, scope.DeliveryId)))
            {
                var key = (rollup ?? lines)!;
                yield return Failure(
                    $"{Where(scope)}, {ChargeDay.ToText(key.Period)}, dimension set {key.DimensionSetId}",
                    "Lines and rollup differ: one of them was changed after the booking. Restore a backup, or deliver the file again.",
                    SumComparison.Text(rollup),
                    SumComparison.Text(lines));
            }
        }
    }
}

/// <summary>The month rollup is the day rollup, added up.</summary>
public sealed class MonthsEqualDays() : Check(
    "MonthsEqualDays", "The rollup by charge month is the rollup by charge day added up.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var scope in context.Scopes)
        {
            var days = context.Audit.RollupDays(scope.ScopeId, scope.DeliveryId)
                .GroupBy(d => (BillingMonth.Of(ChargeDay.ToDate(d.Period)).Index, d.DimensionSetId, d.BillingMonth))
                .OrderBy(g => g.Key)
                .Select(g => SumComparison.Sum(g.Key.Index, g.Key.DimensionSetId, g.Key.BillingMonth, g))
                .ToList();
            foreach (var (fromDays, month) in SumComparison.Differences(days, context.Audit.RollupMonths(scope.ScopeId, scope.DeliveryId)))
            {
                var key = (month ?? fromDays)!;
                yield return Failure(
                    $"{Where(scope)}, {BillingMonth.FromIndex(key.Period)}, dimension set {key.DimensionSetId}",
                    "The two rollups differ: one of them was changed after the booking. Restore a backup, or deliver the file again.",
                    SumComparison.Text(fromDays),
                    SumComparison.Text(month));
            }
        }
    }
}

/// <summary>The open rollup of every scope is the delivery's exact total rounded once.</summary>
public sealed class RollupEqualsExactTotals() : Check(
    "RollupEqualsExactTotals",
        "The rollup of every current delivery is, per currency and cost, the exact total of its file rounded once to nanos.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var currencyOf = new Ledger.Costs.DimensionReader(context.Books).Column(nameof(DimensionColumn.BillingCurrency));
        foreach (var scope in context.Scopes)
        {
            var rollup = context.Audit.RollupMonths(scope.ScopeId, scope.DeliveryId)
                .GroupBy(r => currencyOf.GetValueOrDefault(r.DimensionSetId, "?"))
                .ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
            var totals = context.Audit.Totals(scope.DeliveryId).ToLookup(t => (t.Currency, t.CostColumn));
            foreach (var key in Keys(totals.Select(t => t.Key.Currency).Union(rollup.Keys, StringComparer.Ordinal)))
            {
                var expected = totals[key].Aggregate(default(ExactAmount), (sum, t) => sum + ExactText.Of(t.Exact)).RoundHalfEven();
                var actual = rollup.GetValueOrDefault(key.Currency, []).Aggregate((Int128)0, (sum, r) => sum
                    + SumComparison.Nanos(r, key.Column));
                if (expected != actual)
                {
                    yield return Failure(
                        $"{Where(scope)}, {key.Currency}, {key.Column}",
                        "The rollup is not the file's total. Restore a backup, or deliver the file again.",
                        DecimalText.OfNanos(expected),
                        DecimalText.OfNanos(actual));
                }
            }
        }
    }

    /// <summary>Both sides name currencies: a total that is gone must not hide the lines that it was of.</summary>
    private static IEnumerable<(string Currency, string Column)> Keys(IEnumerable<string> currencies) =>
        from currency in currencies.Order(StringComparer.Ordinal)
        from column in SumComparison.Columns
        select (currency, column);
}

/// <summary>What rounding the lines left out is kept and booked.</summary>
public sealed class ResidueIsBooked() : Check(
    "ResidueIsBooked", "For every current delivery, exact total = rounded lines + residue, and the residue is booked as rounding lines "
        + "on the last day of the billing period.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var scope in context.Scopes.Where(context.HasLines))
        {
            var lines = context.Audit.Rounding(scope.DeliveryId);
            foreach (var total in context.Audit.Totals(scope.DeliveryId))
            {
                var where = $"{Where(scope)}, {total.Currency}, {total.CostColumn}, {(total.AreCredits == 0 ? "charges" : "credits")}";
                var (exact, parts) = (ExactText.Of(total.Exact), ExactText.Of(total.Rounded) + ExactText.Of(total.Residue));
                if (exact != parts)
                {
                    yield return Failure(where, "Exact total and rounded lines plus residue differ.", total.Exact,
                        parts.ToString());
                }

                var booked = lines.Where(l => l.Currency == total.Currency && l.Origin == 1 + total.AreCredits)
                    .Aggregate((Int128)0, (sum, l) => sum + Nanos(l, total.CostColumn));
                if (booked != total.RoundingNanos)
                {
                    yield return Failure(where, "The rounding lines are not the recorded residue.",
                        DecimalText.OfNanos(total.RoundingNanos), DecimalText.OfNanos(booked));
                }
            }

            foreach (var failure in Unrecorded(scope, lines, context.Audit.Totals(scope.DeliveryId)))
            {
                yield return failure;
            }

            var lastDay = ChargeDay.Of(scope.BillingMonth.LastDay);
            foreach (var line in lines.Where(l => l.ChargeDay != lastDay))
            {
                yield return Failure(Where(scope), "A rounding line is not on the last day of the billing period.",
                    ChargeDay.ToText(lastDay), ChargeDay.ToText(line.ChargeDay));
            }
        }
    }

    private IEnumerable<CheckFailure> Unrecorded(ScopeState scope, IReadOnlyList<RoundingFact> lines, IReadOnlyList<TotalFact> totals)
    {
        var recorded = totals.Select(t => (t.Currency, Origin: 1 + t.AreCredits, t.CostColumn)).ToHashSet();
        return from line in lines
               from column in SumComparison.Columns
               where Nanos(line, column) != 0 && !recorded.Contains((line.Currency, line.Origin, column))
               select Failure(
                   $"{Where(scope)}, {line.Currency}, {column}", "A rounding line has no recorded total.", "nothing",
                       DecimalText.OfNanos(Nanos(line, column)));
    }

    private static long Nanos(RoundingFact line, string column) => column switch
    {
        "BilledCost" => line.BilledNanos,
        "EffectiveCost" => line.EffectiveNanos,
        "ListCost" => line.ListNanos,
        _ => line.ContractedNanos,
    };
}

/// <summary>The day totals recorded with a delivery are those of its rollup.</summary>
public sealed class DayTotalsHold() : Check(
    "DayTotalsHold", "The totals per charge day that were recorded with every current delivery are those of its rollup.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var scope in context.Scopes)
        {
            foreach (var day in context.Audit.DayTotals(scope.ScopeId, scope.DeliveryId))
            {
                Int128[] recorded = [day.RecordedBilledNanos, day.RecordedEffectiveNanos, day.RecordedListNanos, day.RecordedContractedNanos];
                Int128[] actual = [day.BilledNanos, day.EffectiveNanos, day.ListNanos, day.ContractedNanos];
                if (!recorded.SequenceEqual(actual))
                {
                    yield return Failure(
                        $"{Where(scope)}, {ChargeDay.ToText(day.ChargeDay)}, {day.Currency}",
                        "The day's recorded totals and its rollup differ.",
                        string.Join(" / ", recorded.Select(n => DecimalText.OfNanos(n))),
                        string.Join(" / ", actual.Select(n => DecimalText.OfNanos(n))));
                }
            }
        }
    }
}

/// <summary>The intervals of the rollup are sound.</summary>
public sealed class IntervalsHold() : Check(
    "IntervalsHold", "The intervals of the rollup do not overlap, and each begins and ends with a delivery of its scope.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Audit.BrokenIntervals().Select(i => Failure(
            $"{i.TableName}, scope {i.ScopeId}, period {i.Period}, dimension set {i.DimensionSetId}",
            "An interval overlaps another one, or no delivery of the scope explains it.",
            "",
            $"[{i.FromDelivery}, {i.ToDelivery})"));
    }
}

/// <summary>The list of book versions is sound.</summary>
public sealed class BookVersionsHold() : Check(
    "BookVersionsHold", "Book versions are in order of time, every delivery made one, and no lines remain of deliveries whose lines "
        + "were removed.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Audit.VersionsOutOfOrder() is > 0 and var count)
        {
            yield return Failure("book versions", "Versions were recorded before their predecessors.", "0",
                count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        foreach (var delivery in context.Audit.LooseDeliveries())
        {
            yield return Failure($"delivery {delivery}", "No book version was made by this delivery.");
        }

        foreach (var delivery in context.Audit.PrunedWithLines())
        {
            yield return Failure($"delivery {delivery}", "It is marked as removed and has lines.");
        }
    }
}

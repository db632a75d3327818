using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;

namespace CiCost.Accounting.Costs;

/// <summary>
/// From list usage to payable, per source and currency (accounting.md, 1). Each step is an exact sum, and
/// list usage + discounts + other charges = consumption, consumption + credits + timing = payable.
/// </summary>
/// <param name="Source">The source.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="ListUsageNanos">ListCost of Usage charges.</param>
/// <param name="DiscountNanos">EffectiveCost minus ListCost of Usage charges.</param>
/// <param name="OtherChargeNanos">EffectiveCost of all other charges: purchases, support, tax, adjustments, rounding.</param>
/// <param name="ConsumptionNanos">EffectiveCost of all that is not funding.</param>
/// <param name="CreditNanos">EffectiveCost of funding.</param>
/// <param name="TimingNanos">BilledCost minus EffectiveCost.</param>
/// <param name="PayableNanos">BilledCost.</param>
/// <param name="InvoiceNanos">What invoices ask for; null where one is missing or not final, or where the payable is not that of whole
/// billing periods.</param>
public sealed record CostBridge(
    string Source,
    string Currency,
    Int128 ListUsageNanos,
    Int128 DiscountNanos,
    Int128 OtherChargeNanos,
    Int128 ConsumptionNanos,
    Int128 CreditNanos,
    Int128 TimingNanos,
    Int128 PayableNanos,
    Int128? InvoiceNanos)
{
    /// <summary>Invoice minus payable; null without an invoice.</summary>
    public Int128? DifferenceNanos => InvoiceNanos - PayableNanos;
}

/// <summary>Builds the bridges of a range of months.</summary>
public sealed class BuildBridge(QueryCosts costs)
{
    /// <summary>One bridge per source and currency, in order of both.</summary>
    /// <exception cref="InvariantException">A bridge does not foot: a bug.</exception>
    public (BookVersion Version, IReadOnlyList<CostBridge> Bridges) Run(BillingMonth from, BillingMonth to, TimeAxis axis,
        DateTimeOffset? asOf)
    {
        var query = costs.Canonical(new CostQuery { From = from, To = to, Axis = axis, AsOf = asOf, Where = [] });
        var cube = costs.CubeFor(query);
        var usageSets = cube.Cells.Where(c => cube.ValueOf(c, nameof(DimensionColumn.ChargeCategory)) == "Usage").Select(c
            => c.Cell.DimensionSetId).ToHashSet();
        var bridges = cube.Cells.Where(c => c.Counts)
            .GroupBy(c => (c.Scope.SourceKey, c.Currency))
            .Select(g => Of(g.Key.SourceKey, g.Key.Currency, [.. g], usageSets))
            .Select(b => b with { InvoiceNanos = InvoiceOf(b, cube.Version, from, to) })
            .OrderBy(b => b.Source, StringComparer.Ordinal).ThenBy(b => b.Currency, StringComparer.Ordinal).ToList();
        return (cube.Version, bridges);
    }

    /// <summary>An invoice is for a billing period: it stands beside the same money only.</summary>
    private Int128? InvoiceOf(CostBridge bridge, BookVersion version, BillingMonth from, BillingMonth to)
    {
        Int128 invoice = 0, payable = 0;
        for (var month = from; month <= to; month = month.Next)
        {
            if (!costs.Invoiced.InvoicesOf(version, month).TryGetValue((bridge.Source, bridge.Currency), out var of))
            {
                return null;
            }

            (invoice, payable) = (invoice + of.InvoiceNanos, payable + of.PayableNanos);
        }

        return payable == bridge.PayableNanos ? invoice : null;
    }

    private static CostBridge Of(string source, string currency, List<AttributedCell> cells, HashSet<long> usageSets)
    {
        Int128 listUsage = 0, effectiveUsage = 0, otherCharges = 0;
        foreach (var cell in cells.Where(c => c.BelongsTo(CostMetric.Consumption)))
        {
            if (usageSets.Contains(cell.Cell.DimensionSetId) && cell.Attribution.Role == LineRole.Charge)
            {
                listUsage += cell.Cell.ListNanos;
                effectiveUsage += cell.Cell.EffectiveNanos;
            }
            else
            {
                otherCharges += cell.Cell.EffectiveNanos;
            }
        }

        Int128 Sum(CostMetric metric) => cells.Aggregate((Int128)0, (sum, c) => sum + c.Nanos(metric));
        var bridge = new CostBridge(
            source,
            currency,
            listUsage,
            effectiveUsage - listUsage,
            otherCharges,
            Sum(CostMetric.Consumption),
            Sum(CostMetric.Credits),
            Sum(CostMetric.Timing),
            Sum(CostMetric.Payable),
            null);
        return bridge.ListUsageNanos + bridge.DiscountNanos + bridge.OtherChargeNanos == bridge.ConsumptionNanos
            && bridge.ConsumptionNanos + bridge.CreditNanos + bridge.TimingNanos == bridge.PayableNanos
            ? bridge
            : throw new InvariantException($"The bridge of {source} in {currency} does not foot.");
    }
}

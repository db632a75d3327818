using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;

namespace CiCost.Accounting.Costs;

/// <summary>Builds the bridges of a range of months.</summary>
public sealed class BuildBridge(QueryCosts costs)
{
    /// <summary>One bridge per source, part of the books and currency, in order of these.</summary>
    /// <exception cref="InvariantException">A bridge does not foot: a bug.</exception>
    public BridgeAnswer Run(BillingMonth from, BillingMonth to, TimeAxis axis, DateTimeOffset? asOf)
    {
        var query = costs.Canonical(new CostQuery { From = from, To = to, Axis = axis, AsOf = asOf, Where = [] });
        var cube = costs.CubeFor(query);
        var cells = cube.Cells.Where(c => c.Counts).ToList();
        var steps = new BridgeSteps(cube);

        // A line of no known account stands with the bill that it came on.
        var parts = cells.Where(c => c.Meaning.PayerAccount is not null).GroupBy(c => c.Scope.SourceKey, StringComparer.Ordinal).ToDictionary(
            g => g.Key, g => g.GroupBy(c => c.Meaning.Part).MaxBy(p => p.Sum(c => c.Cell.LineCount))!.Key, StringComparer.Ordinal);
        return new BridgeAnswer
        {
            Version = cube.Version,
            Cents = new Presentation.SourceCents(cube, axis),
            Bridges =
            [
                .. cells.GroupBy(c => (c.Scope.SourceKey, Part: PartOf(c, parts), c.Currency))
                    .Select(g => steps.Of(g.Key.SourceKey, g.Key.Part, g.Key.Currency, [.. g]))
                    .Select(b => b with { InvoiceNanos = InvoiceOf(b, cube.Version, from, to) })
                    .OrderBy(b => b.Source, StringComparer.Ordinal).ThenBy(b => b.Part).ThenBy(b => b.Currency, StringComparer.Ordinal),
            ],
            Payables =
            [
                .. cells.Where(c => c.BelongsTo(CostMetric.Payable))
                    .GroupBy(c => (c.Meaning.PayerAccount, Part: PartOf(c, parts), c.Scope.SourceKey, c.Currency))
                    .Select(g => new PayerPayable(g.Key.PayerAccount, g.Key.Part, g.Key.SourceKey, g.Key.Currency, Sum(g, CostMetric.Payable)))
                    .Where(p => p.Nanos != 0).OrderBy(p => p.Part).ThenBy(p => p.PayerAccount, StringComparer.Ordinal)
                    .ThenBy(p => p.Source, StringComparer.Ordinal).ThenBy(p => p.Currency, StringComparer.Ordinal),
            ],
        };
    }

    private static BooksPart PartOf(AttributedCell cell, Dictionary<string, BooksPart> parts) =>
        cell.Meaning.PayerAccount is null && parts.TryGetValue(cell.Scope.SourceKey, out var part) ? part : cell.Meaning.Part;

    private static Int128 Sum(IEnumerable<AttributedCell> cells, CostMetric metric) =>
        cells.Aggregate((Int128)0, (sum, c) => sum + c.Nanos(metric));

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

    /// <summary>Tells the charges of a bridge apart.</summary>
    private sealed class BridgeSteps
    {
        private readonly CostCube _cube;
        private readonly HashSet<string> _discountRules;

        public BridgeSteps(CostCube cube) => (_cube, _discountRules) = (cube,
            cube.Policy.Set.RuleSet.FundingRules.Where(r => r.IsDiscount).Select(r => r.Id).ToHashSet(StringComparer.Ordinal));

        public CostBridge Of(string source, BooksPart part, string currency, IReadOnlyList<AttributedCell> cells)
        {
            Int128 listUsage = 0, discounts = 0, unpriced = 0, corrections = 0, others = 0;
            long unpricedLines = 0;
            foreach (var cell in cells.Where(c => c.BelongsTo(CostMetric.Consumption)))
            {
                var (list, effective) = (cell.Cell.ListNanos, cell.Cell.EffectiveNanos);
                switch (StepOf(cell))
                {
                    case Step.Correction:
                        corrections += effective;
                        break;
                    case Step.Discount:
                        discounts += effective;
                        break;
                    case Step.Usage when list == 0 && effective != 0:
                        unpriced += effective;
                        unpricedLines += cell.Cell.LineCount;
                        break;
                    case Step.Usage:
                        listUsage += list;
                        discounts += (Int128)effective - list;
                        break;
                    default:
                        others += effective;
                        break;
                }
            }

            var bridge = new CostBridge
            {
                Source = source,
                Part = part,
                Currency = currency,
                ListUsageNanos = listUsage,
                DiscountNanos = discounts,
                UnpricedUsageNanos = unpriced,
                UnpricedLines = unpricedLines,
                CorrectionNanos = corrections,
                OtherChargeNanos = others,
                ConsumptionNanos = Sum(cells, CostMetric.Consumption),
                CreditNanos = Sum(cells, CostMetric.Credits),
                FreeTermsNanos = Sum(cells, CostMetric.FreeTerms),
                BorneOutsideNanos = Sum(cells, CostMetric.BorneOutside),
                AccruedNanos = Sum(cells, CostMetric.Accrued),
                TimingNanos = Sum(cells, CostMetric.Timing),
                PayableNanos = Sum(cells, CostMetric.Payable),
            };
            return bridge.Foots ? bridge : throw new InvariantException($"The bridge of {source} in {currency} does not foot.");
        }

        private Step StepOf(AttributedCell cell)
        {
            if (cell.Attribution.Role != LineRole.Charge)
            {
                return Step.Other;
            }

            if (cell.Attribution.RoleRuleId is { } rule && _discountRules.Contains(rule))
            {
                return Step.Discount;
            }

            return _cube.ValueOf(cell, nameof(DimensionColumn.ChargeClass)).Length > 0 ? Step.Correction
                : _cube.ValueOf(cell, nameof(DimensionColumn.ChargeCategory)) == "Usage" ? Step.Usage
                : Step.Other;
        }
    }

    private enum Step
    {
        Usage,
        Discount,
        Correction,
        Other,
    }
}

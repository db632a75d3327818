using CiCost.Accounting.Costs;

namespace CiCost.Accounting.Presentation;

/// <summary>
/// The cents of the sources of a cube: one total for each source, period, currency and metric, which everything that is shown of it adds
/// up to (accounting.md, 9). Consumption and payable are the exact sums rounded once, and so is every metric that stands alone; the terms
/// between consumption and payable are cut by largest remainder, so that the equation of accounting.md, 1 holds in cents as in nanos. Of
/// several periods it is the sum of their cents, so that a month has one figure whichever range it was asked in.
/// </summary>
public sealed class SourceCents
{
    private readonly CostCube _cube;
    private readonly TimeAxis _axis;
    private readonly Dictionary<CostMetric, Dictionary<SourcePeriod, Int128>> _exact = [];
    private readonly Dictionary<SourcePeriod, Dictionary<CostMetric, long>> _terms = [];

    /// <summary>Reads nothing: the cube is added up when a metric is asked for.</summary>
    /// <param name="cube">The cube, with whole periods.</param>
    /// <param name="axis">By which month the cube was read: the period of a cell.</param>
    public SourceCents(CostCube cube, TimeAxis axis) => (_cube, _axis) = (cube, axis);

    /// <summary>What stands between consumption and payable: consumption + these = payable (accounting.md, 1).</summary>
    public static IReadOnlyList<CostMetric> Terms => CostBridge.Terms;

    /// <summary>The period of a cell on an axis: the index of its charge, billing or posting month.</summary>
    public static int PeriodOf(AttributedCell cell, TimeAxis axis)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return axis switch
        {
            TimeAxis.Billing => cell.Scope.BillingMonth.Index,
            TimeAxis.Posting => cell.Scope.PostingMonth.Index,
            _ => cell.ChargeMonthIndex,
        };
    }

    /// <summary>The total of a metric in all periods of the cube, of what counts.</summary>
    /// <param name="source">The source.</param>
    /// <param name="currency">ISO 4217.</param>
    /// <param name="metric">The metric.</param>
    public long Of(string source, string currency, CostMetric metric) =>
        Exact(metric).Keys.Where(k => k.Source == source && k.Currency == currency && k.Counts).Sum(k => Of(k, metric));

    /// <summary>The total of a metric in one period.</summary>
    public long Of(SourcePeriod key, CostMetric metric)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (metric == CostMetric.Effective)
        {
            return Of(key, CostMetric.Consumption) + Of(key, CostMetric.Credits) + Of(key, CostMetric.FreeTerms);
        }

        if (!Terms.Contains(metric))
        {
            return PresentationCube.RoundHalfEven(Nanos(key, metric));
        }

        if (!_terms.TryGetValue(key, out var terms))
        {
            var between = Of(key, CostMetric.Payable) - Of(key, CostMetric.Consumption);
            terms = PresentationCube.CentsOf(Terms.Select(t => (t, Nanos(key, t))), between).ToDictionary();
            _terms.Add(key, terms);
        }

        return terms[metric];
    }

    /// <summary>Cents of the parts of a metric of a source, by largest remainder within each period; over all periods they add up to
    /// <see cref="Of(string, string, CostMetric)"/>.</summary>
    /// <param name="source">The source.</param>
    /// <param name="currency">ISO 4217.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="parts">All parts of the metric of what counts, with the period of each; ties go to the smallest key.</param>
    public IReadOnlyDictionary<TKey, long> Parts<TKey>(string source, string currency, CostMetric metric,
        IEnumerable<(int Period, TKey Key, Int128 Nanos)> parts)
        where TKey : notnull => parts.GroupBy(p => p.Period)
            .SelectMany(g => PresentationCube.CentsOf(g.Select(p => (p.Key, p.Nanos)),
                Of(new SourcePeriod(source, g.Key, currency, Counts: true), metric)))
            .GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Sum(p => p.Value));

    private Int128 Nanos(SourcePeriod key, CostMetric metric) => Exact(metric).GetValueOrDefault(key);

    private Dictionary<SourcePeriod, Int128> Exact(CostMetric metric)
    {
        if (!_exact.TryGetValue(metric, out var sums))
        {
            sums = [];
            foreach (var cell in _cube.Cells)
            {
                var key = new SourcePeriod(cell.Scope.SourceKey, PeriodOf(cell, _axis), cell.Currency, cell.Counts);
                sums[key] = sums.GetValueOrDefault(key) + cell.Nanos(metric);
            }

            _exact.Add(metric, sums);
        }

        return sums;
    }
}

/// <summary>What one total is rounded for.</summary>
/// <param name="Source">The source.</param>
/// <param name="Period">The index of the month.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Counts">False for evidence.</param>
public sealed record SourcePeriod(string Source, int Period, string Currency, bool Counts);

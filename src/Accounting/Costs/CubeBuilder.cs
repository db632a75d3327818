using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Costs;

namespace CiCost.Accounting.Costs;

/// <summary>Joins cells with attribution and coverage, and finds the months that must be read by day.</summary>
internal sealed class CubeBuilder(
    IReadOnlyList<ScopeState> scopes,
    IReadOnlyDictionary<long, ImmutableArray<DatedAttribution>> attributions,
    ICoverage coverage,
    LineSorts sorts,
    IReadOnlyDictionary<long, string> currencies)
{
    private readonly Dictionary<long, ScopeState> _scopes = scopes.ToDictionary(s => s.ScopeId);
    private readonly Dictionary<(string? Domain, string Source), IReadOnlyList<int>> _changeDays = [];
    private readonly HashSet<(long ScopeId, int Month, long DimensionSetId)> _toSplit = [];
    private readonly ImmutableArray<AttributedCell>.Builder _cells = ImmutableArray.CreateBuilder<AttributedCell>();
    private bool _splitAll;

    /// <summary>The scopes and charge months that have cells which must be read by day.</summary>
    public IEnumerable<(ScopeState Scope, BillingMonth Month)> MonthsToSplit =>
        _toSplit.Select(s => (s.ScopeId, s.Month)).Distinct().Order().Select(s => (_scopes[s.ScopeId], BillingMonth.FromIndex(s.Month)));

    public ImmutableArray<AttributedCell> Cells => [.. LineSorts.WithRounding(_cells.DrainToImmutable())];

    /// <summary>Takes month cells; those that a rule or the coverage cuts, or all when asked, are left for <see cref="AddDays"/>.</summary>
    public void AddMonths(IReadOnlyList<CostCell> cells, bool byDay)
    {
        _splitAll = byDay;
        foreach (var cell in cells)
        {
            var month = BillingMonth.FromIndex(cell.Period);
            var (first, last) = (ChargeDay.Of(month.FirstDay), ChargeDay.Of(month.LastDay));
            var scope = _scopes[cell.ScopeId];
            var attribution = AttributionOn(cell.DimensionSetId, first);
            if (byDay || attribution.ValidToDay <= last
                || CoverageChangesWithin(attribution.Result[AttributeName.Domain], scope.SourceKey, first, last))
            {
                _toSplit.Add((cell.ScopeId, cell.Period, cell.DimensionSetId));
                continue;
            }

            _cells.Add(Attributed(cell, scope, cell.Period, null, attribution.Result, first));
        }
    }

    /// <summary>Takes the day cells of one scope and month; those whose month cell was taken already are passed over.</summary>
    public void AddDays(IReadOnlyList<CostCell> cells, ScopeState scope, BillingMonth month)
    {
        foreach (var cell in cells)
        {
            if (_splitAll || _toSplit.Contains((scope.ScopeId, month.Index, cell.DimensionSetId)))
            {
                _cells.Add(Attributed(cell, scope, month.Index, cell.Period, AttributionOn(cell.DimensionSetId, cell.Period).Result,
                    cell.Period));
            }
        }
    }

    private AttributedCell Attributed(CostCell cell, ScopeState scope, int month, int? day, AttributionResult result, int coverageDay)
    {
        var (standing, basis) = coverage.Resolve(result[AttributeName.Domain], scope.SourceKey, coverageDay);
        return new AttributedCell(cell, scope, month, day, result, standing, basis, CurrencyOf(cell.DimensionSetId))
        {
            Meaning = sorts.Of(result, basis),
        };
    }

    private string CurrencyOf(long dimensionSetId) => currencies.TryGetValue(dimensionSetId, out var currency)
        ? currency
        : throw new InvariantException($"The rollup names dimension set {dimensionSetId}, which is not in the books. Run 'cicost check'.");

    private DatedAttribution AttributionOn(long dimensionSetId, int day)
    {
        if (attributions.TryGetValue(dimensionSetId, out var intervals))
        {
            foreach (var interval in intervals)
            {
                if (interval.ValidFromDay <= day && day < interval.ValidToDay)
                {
                    return interval;
                }
            }
        }

        throw new InvariantException($"Dimension set {dimensionSetId} has no attribution on {ChargeDay.ToText(day)}. Run 'cicost check'.");
    }

    private bool CoverageChangesWithin(string? domain, string source, int first, int last)
    {
        if (!_changeDays.TryGetValue((domain, source), out var days))
        {
            days = coverage.ChangeDays(domain, source);
            _changeDays.Add((domain, source), days);
        }

        return days.Any(d => d > first && d <= last);
    }
}

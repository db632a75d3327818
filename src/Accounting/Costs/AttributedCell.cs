using CiCost.Domain.Attribution;
using CiCost.Ledger.Costs;

namespace CiCost.Accounting.Costs;

/// <summary>A cell of the rollup with what policy decides about it. Either a whole charge month or, where a rule changes within the month,
/// one day.</summary>
/// <param name="Cell">The sums.</param>
/// <param name="Scope">The scope.</param>
/// <param name="ChargeMonthIndex">The charge month.</param>
/// <param name="ChargeDay">The charge day of a day cell; null for a month cell.</param>
/// <param name="Attribution">What the rules decided.</param>
/// <param name="Standing">Whether it counts.</param>
/// <param name="Basis">How sure it is.</param>
/// <param name="Currency">The billing currency.</param>
public sealed record AttributedCell(
    CostCell Cell,
    ScopeState Scope,
    int ChargeMonthIndex,
    int? ChargeDay,
    AttributionResult Attribution,
    SourceStanding Standing,
    CostBasis Basis,
    string Currency)
{
    /// <summary>Is it a part of the ledger, or only evidence?</summary>
    public bool Counts => Standing != SourceStanding.Evidence;

    /// <summary>The amount of a metric, in nanos.</summary>
    public Int128 Nanos(CostMetric metric) => metric switch
    {
        CostMetric.Consumption => IsCredits ? 0 : Cell.EffectiveNanos,
        CostMetric.Credits => IsCredits ? Cell.EffectiveNanos : 0,
        CostMetric.Timing => (Int128)Cell.BilledNanos - Cell.EffectiveNanos,
        CostMetric.Payable or CostMetric.Billed => Cell.BilledNanos,
        CostMetric.Effective => Cell.EffectiveNanos,
        CostMetric.List => Cell.ListNanos,
        CostMetric.Contracted => Cell.ContractedNanos,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "Not a metric."),
    };

    /// <summary>Does the line count belong to the metric? Lines of the other side of the books are no lines behind it.</summary>
    public bool BelongsTo(CostMetric metric) => metric switch
    {
        CostMetric.Consumption => !IsCredits,
        CostMetric.Credits => IsCredits,
        _ => true,
    };

    private bool IsCredits => Attribution.Role is LineRole.Funding or LineRole.RoundingOfCredits;
}

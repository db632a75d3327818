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
    public bool Counts => Standing.Counts();

    /// <summary>Its sort, part and payer.</summary>
    public LineMeaning Meaning { get; init; }

    /// <summary>The amount of a metric, in nanos.</summary>
    public Int128 Nanos(CostMetric metric) =>
        Nanos(metric, Cell.BilledNanos, Cell.EffectiveNanos, Cell.ListNanos, Cell.ContractedNanos);

    /// <summary>What costs of one of its lines add to a metric, in nanos: the terms of accounting.md, 1.</summary>
    public Int128 Nanos(CostMetric metric, Int128 billed, Int128 effective, Int128 list, Int128 contracted) => metric switch
    {
        CostMetric.Consumption => IsFunding ? 0 : effective,
        CostMetric.Credits => Meaning.Sort == LineSort.Credits ? effective : 0,
        CostMetric.FreeTerms => Meaning.Sort == LineSort.FreeTerms ? effective : 0,
        CostMetric.BorneOutside => Meaning.Sort == LineSort.BorneOutside ? -effective : 0,
        CostMetric.Accrued => Meaning.Sort == LineSort.Accrued ? -effective : 0,
        CostMetric.Timing => IsBilledElsewhere ? 0 : billed - effective,
        CostMetric.Payable => IsBilledElsewhere ? 0 : billed,
        CostMetric.Billed => billed,
        CostMetric.Effective => effective,
        CostMetric.List => IsFunding ? 0 : list,
        CostMetric.Contracted => IsFunding ? 0 : contracted,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "Not a metric."),
    };

    /// <summary>Does the line count belong to the metric? Lines of the other side of the books are no lines behind it.</summary>
    public bool BelongsTo(CostMetric metric) => metric switch
    {
        CostMetric.Consumption or CostMetric.List or CostMetric.Contracted => !IsFunding,
        CostMetric.Credits => Meaning.Sort == LineSort.Credits,
        CostMetric.FreeTerms => Meaning.Sort == LineSort.FreeTerms,
        CostMetric.BorneOutside => Meaning.Sort == LineSort.BorneOutside,
        CostMetric.Accrued => Meaning.Sort == LineSort.Accrued,
        CostMetric.Timing or CostMetric.Payable => !IsBilledElsewhere,
        _ => true,
    };

    /// <summary>Nobody is asked for it in these books: an estimate, or in-kind.</summary>
    private bool IsBilledElsewhere => Meaning.Sort is LineSort.BorneOutside or LineSort.Accrued;

    private bool IsFunding => Attribution.Role is LineRole.Funding or LineRole.RoundingOfCredits;
}

using CiCost.Domain.Periods;

namespace CiCost.Ledger.Costs;

/// <summary>A scope and the delivery that holds for it in a book version.</summary>
/// <param name="ScopeId">The scope.</param>
/// <param name="SourceKey">Its source.</param>
/// <param name="BillingMonth">Its billing period.</param>
/// <param name="Part">Its part.</param>
/// <param name="DeliveryId">The delivery.</param>
/// <param name="PostingMonth">The open month that took the delivery into the books.</param>
public sealed record ScopeState(long ScopeId, string SourceKey, BillingMonth BillingMonth, string Part, int DeliveryId,
    BillingMonth PostingMonth);

/// <summary>A cell of the rollup.</summary>
/// <param name="ScopeId">The scope.</param>
/// <param name="Period">The charge month's index, or the charge day, as asked.</param>
/// <param name="DimensionSetId">The dimension set.</param>
/// <param name="BillingMonthIndex">The rows' own billing period.</param>
/// <param name="LineCount">Lines.</param>
/// <param name="BilledNanos">Sum of BilledCost in nanos.</param>
/// <param name="EffectiveNanos">Sum of EffectiveCost in nanos.</param>
/// <param name="ListNanos">Sum of ListCost in nanos.</param>
/// <param name="ContractedNanos">Sum of ContractedCost in nanos.</param>
public readonly record struct CostCell(
    long ScopeId,
    int Period,
    long DimensionSetId,
    int BillingMonthIndex,
    long LineCount,
    Int128 BilledNanos,
    Int128 EffectiveNanos,
    Int128 ListNanos,
    Int128 ContractedNanos);

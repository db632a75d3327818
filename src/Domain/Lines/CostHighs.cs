using CiCost.Domain.Money;

namespace CiCost.Domain.Lines;

/// <summary>
/// What the four costs of a line have beyond 64 bits of nanos, in 1e18 nanos, a billion units (<see cref="WideNanos"/>). Almost no line has
/// any: it takes an amount beyond 9.2 billion, as bills in rupiah, dong or rial may have.
/// </summary>
/// <param name="Billed">Of BilledCost.</param>
/// <param name="Effective">Of EffectiveCost.</param>
/// <param name="List">Of ListCost.</param>
/// <param name="Contracted">Of ContractedCost.</param>
public readonly record struct CostHighs(long Billed, long Effective, long List, long Contracted)
{
    /// <summary>True when every cost fits in 64 bits.</summary>
    public bool AreZero => (Billed | Effective | List | Contracted) == 0;
}

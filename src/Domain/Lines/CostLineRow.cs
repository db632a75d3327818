namespace CiCost.Domain.Lines;

/// <summary>
/// One cost line on its way into the ledger: numbers only, its texts are ordinals in dictionaries of the delivery.
/// A mutable struct on purpose: a batch holds thousands of them in one array on the measured path.
/// </summary>
public struct CostLineRow
{
    /// <summary>Ordinal of the dimension set in this delivery, from <see cref="LineEncoder.AddDimensionSet"/>; from 0.</summary>
    public int DimensionSet;

    /// <summary>Ordinal of (ResourceId, ResourceName) in this delivery; from 1, 0 for none.</summary>
    public int Resource;

    /// <summary>Ordinal of the tags that are no dimensions in this delivery; from 1, 0 for none.</summary>
    public int TagSet;

    /// <summary>Ordinal of the texts of (ListUnitPrice, ContractedUnitPrice) in this delivery; from 1, 0 for none.</summary>
    public int UnitPrices;

    /// <summary>ChargePeriodStart, in seconds since 1970-01-01T00:00:00Z.</summary>
    public long ChargeStartSeconds;

    /// <summary>ChargePeriodEnd minus ChargePeriodStart, in seconds.</summary>
    public int ChargeSeconds;

    /// <summary>The row's own BillingPeriodStart as a month, see <see cref="Periods.BillingMonth.Index"/>.</summary>
    public int BillingMonthIndex;

    /// <summary>BilledCost in nanos, rounded half-even; of a cost beyond 64 bits the low part, see <see cref="CostHighs"/>.</summary>
    public long BilledNanos;

    /// <summary>EffectiveCost in nanos, likewise.</summary>
    public long EffectiveNanos;

    /// <summary>ListCost in nanos, likewise.</summary>
    public long ListNanos;

    /// <summary>ContractedCost in nanos, likewise.</summary>
    public long ContractedNanos;

    /// <summary>What rounding left out of BilledCost, in 1e-18: exact minus rounded.</summary>
    public int BilledResidueAttos;

    /// <summary>What rounding left out of EffectiveCost, in 1e-18.</summary>
    public int EffectiveResidueAttos;

    /// <summary>What rounding left out of ListCost, in 1e-18.</summary>
    public int ListResidueAttos;

    /// <summary>What rounding left out of ContractedCost, in 1e-18.</summary>
    public int ContractedResidueAttos;

    /// <summary>PricingQuantity, whole units. 0 when <see cref="HasPricingQuantity"/> is false.</summary>
    public long PricingUnits;

    /// <summary>ConsumedQuantity, whole units. 0 when <see cref="HasConsumedQuantity"/> is false.</summary>
    public long ConsumedUnits;

    /// <summary>PricingQuantity, the rest in 1e-9 with the sign of the quantity.</summary>
    public int PricingSubunitNanos;

    /// <summary>ConsumedQuantity, the rest in 1e-9 with the sign of the quantity.</summary>
    public int ConsumedSubunitNanos;

    /// <summary>Does the bill state a PricingQuantity?</summary>
    public bool HasPricingQuantity;

    /// <summary>Does the bill state a ConsumedQuantity?</summary>
    public bool HasConsumedQuantity;

    /// <summary>The UTC day of ChargePeriodStart, in days since 1970-01-01.</summary>
    public readonly int ChargeDay => (int)(ChargeStartSeconds / Periods.ChargeDay.SecondsPerDay);
}

using CiCost.Domain.Attribution;

namespace CiCost.Accounting.Costs;

/// <summary>
/// From list usage to payable, per source, part of the books and currency (accounting.md, 1). Each step is an exact sum in nanos:
/// list usage + discounts + unpriced usage + corrections + other charges = consumption, and
/// consumption + credits + free terms + borne outside + accrued + timing = payable.
/// </summary>
public sealed record CostBridge
{
    /// <summary>The terms that lead from consumption to payable, in their order.</summary>
    public static IReadOnlyList<CostMetric> Terms { get; } =
        [CostMetric.Credits, CostMetric.FreeTerms, CostMetric.BorneOutside, CostMetric.Accrued, CostMetric.Timing];

    /// <summary>The source.</summary>
    public required string Source { get; init; }

    /// <summary>The part of the books.</summary>
    public required BooksPart Part { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>ListCost of Usage charges with ChargeClass null whose list price is known.</summary>
    public required Int128 ListUsageNanos { get; init; }

    /// <summary>EffectiveCost minus ListCost of the same, and charges that the policy calls discounts, whatever the file's form.</summary>
    public required Int128 DiscountNanos { get; init; }

    /// <summary>EffectiveCost of Usage charges that have a cost and a ListCost of 0: their list price is not known.</summary>
    public required Int128 UnpricedUsageNanos { get; init; }

    /// <summary>The lines behind <see cref="UnpricedUsageNanos"/>.</summary>
    public required long UnpricedLines { get; init; }

    /// <summary>EffectiveCost of charges with ChargeClass Correction.</summary>
    public required Int128 CorrectionNanos { get; init; }

    /// <summary>EffectiveCost of all other charges: purchases, support, tax, adjustments, rounding.</summary>
    public required Int128 OtherChargeNanos { get; init; }

    /// <summary>EffectiveCost of all that is not funding.</summary>
    public required Int128 ConsumptionNanos { get; init; }

    /// <summary>Draws on grants.</summary>
    public required Int128 CreditNanos { get; init; }

    /// <summary>What providers give to anybody by published terms.</summary>
    public required Int128 FreeTermsNanos { get; init; }

    /// <summary>Minus the consumption that others are billed for or bear themselves.</summary>
    public required Int128 BorneOutsideNanos { get; init; }

    /// <summary>Minus the consumption of Foundation accounts that is estimated while its bill is still to come.</summary>
    public required Int128 AccruedNanos { get; init; }

    /// <summary>What these books' own bills ask in another month.</summary>
    public required Int128 TimingNanos { get; init; }

    /// <summary>BilledCost of all but estimates.</summary>
    public required Int128 PayableNanos { get; init; }

    /// <summary>What invoices ask for; null where one is missing or not final, or where the payable is not that of whole billing
    /// periods.</summary>
    public Int128? InvoiceNanos { get; init; }

    /// <summary>Invoice minus payable; null without an invoice.</summary>
    public Int128? DifferenceNanos => InvoiceNanos - PayableNanos;

    /// <summary>True where list usage and what follows it, and consumption and its terms, add up.</summary>
    internal bool Foots =>
        ListUsageNanos + DiscountNanos + UnpricedUsageNanos + CorrectionNanos + OtherChargeNanos == ConsumptionNanos
        && ConsumptionNanos + CreditNanos + FreeTermsNanos + BorneOutsideNanos + AccruedNanos + TimingNanos == PayableNanos;
}

/// <summary>What a payer is asked for in these books: never an estimate, and always stated per payer (accounting.md, 1).</summary>
/// <param name="PayerAccount">The account; null where no rule knows it.</param>
/// <param name="Part">The part of the books.</param>
/// <param name="Source">The source of its bill.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Nanos">The payable amount.</param>
public sealed record PayerPayable(string? PayerAccount, BooksPart Part, string Source, string Currency, Int128 Nanos);

/// <summary>The bridges of a range of months.</summary>
public sealed record BridgeAnswer
{
    /// <summary>The book version.</summary>
    public required Ledger.BookVersions.BookVersion Version { get; init; }

    /// <summary>The cents of its sources.</summary>
    public required Presentation.SourceCents Cents { get; init; }

    /// <summary>One per source, part and currency, in this order.</summary>
    public required IReadOnlyList<CostBridge> Bridges { get; init; }

    /// <summary>What each payer is asked for, Foundation accounts first; accounts that are asked for nothing are left out.</summary>
    public required IReadOnlyList<PayerPayable> Payables { get; init; }
}

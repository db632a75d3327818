namespace CiCost.Reports.Models;

/// <summary>
/// From list usage to payable and invoice, for one source (accounting.md, 1). Signs are those of the books: discounts are negative.
/// </summary>
public sealed record BridgeRow
{
    /// <summary>The source.</summary>
    public required string Source { get; init; }

    /// <summary>Usage at list price.</summary>
    public long ListUsageCents { get; init; }

    /// <summary>Discounts.</summary>
    public long DiscountCents { get; init; }

    /// <summary>Purchases, support, tax, adjustments, rounding.</summary>
    public long OtherChargeCents { get; init; }

    /// <summary>List usage + discounts + other charges.</summary>
    public long ConsumptionCents { get; init; }

    /// <summary>Draws on grants.</summary>
    public long CreditCents { get; init; }

    /// <summary>Billed now for later use, or the other way round.</summary>
    public long TimingCents { get; init; }

    /// <summary>Consumption + credits + timing.</summary>
    public long PayableCents { get; init; }

    /// <summary>What the invoice asks for; null where there is no invoice.</summary>
    public long? InvoiceCents { get; init; }

    /// <summary>Invoice minus payable; null where there is no invoice.</summary>
    public long? DifferenceCents { get; init; }
}

/// <summary>The bridge of every source.</summary>
public sealed record BridgeBySource
{
    /// <summary>The sentence that says what to see.</summary>
    public required string Say { get; init; }

    /// <summary>The sources.</summary>
    public required IReadOnlyList<BridgeRow> Rows { get; init; }

    /// <summary>All sources together. It has no invoice: what has none cannot be compared, so that is in <see cref="Invoiced"/>.</summary>
    public required BridgeRow Total { get; init; }

    /// <summary>The sources that have an invoice, together, with invoice and difference; null when none has.</summary>
    public required BridgeRow? Invoiced { get; init; }
}

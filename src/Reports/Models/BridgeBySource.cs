using CiCost.Domain.Attribution;

namespace CiCost.Reports.Models;

/// <summary>
/// From list usage to payable and invoice, for one source (accounting.md, 1). Signs are those of the books: discounts are negative.
/// </summary>
public sealed record BridgeRow
{
    /// <summary>The source.</summary>
    public required string Source { get; init; }

    /// <summary>The part of the books.</summary>
    public BooksPart Part { get; init; }

    /// <summary>Usage at list price.</summary>
    public long ListUsageCents { get; init; }

    /// <summary>Discounts.</summary>
    public long DiscountCents { get; init; }

    /// <summary>Usage whose list price is not known, at its cost.</summary>
    public long UnpricedUsageCents { get; init; }

    /// <summary>Corrections of earlier bills.</summary>
    public long CorrectionCents { get; init; }

    /// <summary>Purchases, support, tax, adjustments, rounding.</summary>
    public long OtherChargeCents { get; init; }

    /// <summary>List usage + discounts + unpriced usage + corrections + other charges.</summary>
    public long ConsumptionCents { get; init; }

    /// <summary>Draws on grants.</summary>
    public long CreditCents { get; init; }

    /// <summary>What providers give to anybody by published terms.</summary>
    public long FreeTermsCents { get; init; }

    /// <summary>Minus what others are billed for or bear themselves.</summary>
    public long BorneOutsideCents { get; init; }

    /// <summary>Minus what is estimated while its bill is still to come.</summary>
    public long AccruedCents { get; init; }

    /// <summary>Billed now for later use, or the other way round.</summary>
    public long TimingCents { get; init; }

    /// <summary>Consumption + credits + free terms + borne outside + accrued + timing. Of a total it is not printed: payables of different
    /// payers are never added.</summary>
    public long PayableCents { get; init; }

    /// <summary>What the invoice asks for; null where there is no invoice.</summary>
    public long? InvoiceCents { get; init; }

    /// <summary>Invoice minus payable; null where there is no invoice.</summary>
    public long? DifferenceCents { get; init; }
}

/// <summary>What a payer is asked for.</summary>
/// <param name="Payer">The organisation that the invoices are addressed to.</param>
/// <param name="Part">The part of the books.</param>
/// <param name="Cents">The payable amount.</param>
public sealed record PayerRow(string Payer, BooksPart Part, long Cents);

/// <summary>The bridge of every source.</summary>
public sealed record BridgeBySource
{
    /// <summary>The sentence that says what to see.</summary>
    public required string Say { get; init; }

    /// <summary>The sources.</summary>
    public required IReadOnlyList<BridgeRow> Rows { get; init; }

    /// <summary>The sources of each part of the books together.</summary>
    public required IReadOnlyList<BridgeRow> Parts { get; init; }

    /// <summary>What each payer is asked for.</summary>
    public required IReadOnlyList<PayerRow> Payers { get; init; }

    /// <summary>All sources together. It has no invoice: what has none cannot be compared, so that is in <see cref="Invoiced"/>.</summary>
    public required BridgeRow Total { get; init; }

    /// <summary>The sources that have an invoice, together, with invoice and difference; null when none has.</summary>
    public required BridgeRow? Invoiced { get; init; }
}

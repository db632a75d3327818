using CiCost.Accounting.Costs;
using CiCost.Accounting.Presentation;
using CiCost.Domain.Money;
using CiCost.Ledger.BookVersions;

namespace CiCost.CostApi.Documents;

/// <summary>From list usage to payable, per source and currency: <c>/v1/bridge</c> and <c>cicost bridge --json</c>.</summary>
/// <param name="BookVersion">The books that answered.</param>
/// <param name="Bridges">One per source and currency.</param>
/// <param name="Checks">How the checks on the books ended.</param>
/// <param name="Sources">How fresh the sources are now.</param>
public sealed record BridgeDocument(BookVersionDocument BookVersion, IReadOnlyList<SourceBridge> Bridges, ChecksInShort Checks,
    SourcesInShort Sources)
{
    /// <summary>The document of some bridges.</summary>
    public static BridgeDocument Of(BookVersion version, IReadOnlyList<CostBridge> bridges, BooksCondition condition) =>
        new(BookVersionDocument.Of(version), [.. bridges.Select(SourceBridge.Of)], condition.Checks, condition.Sources);
}

/// <summary>
/// The steps of one source: listUsage + discounts + otherCharges = consumption; consumption + credits + timing = payable, to the nano and
/// in cents.
/// </summary>
/// <param name="Source">The source.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Steps">The exact amount of each step.</param>
/// <param name="Display">The same in cents: consumption, credits and payable are the exact ones rounded once, timing is what is between
/// them.</param>
/// <param name="Invoice">What the invoices ask for; null where one is missing or not final, or the payable is not that of whole billing
/// periods.</param>
/// <param name="Difference">Invoice minus payable; null without an invoice.</param>
public sealed record SourceBridge(
    string Source,
    string Currency,
    IReadOnlyDictionary<string, string> Steps,
    IReadOnlyDictionary<string, string> Display,
    AmountDocument? Invoice,
    AmountDocument? Difference)
{
    /// <summary>The document of a bridge.</summary>
    public static SourceBridge Of(CostBridge bridge)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        (string Key, Int128 Nanos)[] steps =
        [
            ("listUsage", bridge.ListUsageNanos),
            ("discounts", bridge.DiscountNanos),
            ("otherCharges", bridge.OtherChargeNanos),
            ("consumption", bridge.ConsumptionNanos),
            ("credits", bridge.CreditNanos),
            ("timing", bridge.TimingNanos),
            ("payable", bridge.PayableNanos),
        ];
        var parts = PresentationCube.CentsOf([bridge.ListUsageNanos, bridge.DiscountNanos, bridge.OtherChargeNanos]);
        var consumption = PresentationCube.RoundHalfEven(bridge.ConsumptionNanos);
        var credits = PresentationCube.RoundHalfEven(bridge.CreditNanos);
        var payable = PresentationCube.RoundHalfEven(bridge.PayableNanos);
        long[] cents = [.. parts, consumption, credits, payable - consumption - credits, payable];
        return new SourceBridge(
            bridge.Source,
            bridge.Currency,
            steps.ToDictionary(s => s.Key, s => DecimalText.OfNanos(s.Nanos)),
            steps.Select((s, i) => (s.Key, Cents: cents[i])).ToDictionary(s => s.Key, s => Amounts.OfCents(s.Cents)),
            bridge.InvoiceNanos is { } invoice ? AmountDocument.Of(invoice) : null,
            bridge.DifferenceNanos is { } difference ? AmountDocument.Of(difference) : null);
    }
}

using CiCost.Accounting.Costs;
using CiCost.Accounting.Presentation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Money;

namespace CiCost.CostApi.Documents;

/// <summary>From list usage to payable, per source and currency: <c>/v1/bridge</c> and <c>cicost bridge --json</c>.</summary>
/// <param name="BookVersion">The books that answered.</param>
/// <param name="Bridges">One per source, part of the books and currency.</param>
/// <param name="Payables">What each payer is asked for in these books; payables of different payers are never added.</param>
/// <param name="Checks">How the checks on the books ended.</param>
/// <param name="Sources">How fresh the sources are now.</param>
public sealed record BridgeDocument(BookVersionDocument BookVersion, IReadOnlyList<SourceBridge> Bridges,
    IReadOnlyList<PayableDocument> Payables, ChecksInShort Checks, SourcesInShort Sources)
{
    /// <summary>The document of some bridges.</summary>
    public static BridgeDocument Of(BridgeAnswer answer, BooksCondition condition)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(condition);
        return new BridgeDocument(BookVersionDocument.Of(answer.Version), SourceBridge.Of(answer),
            PayableDocument.Of(answer), condition.Checks, condition.Sources);
    }
}

/// <summary>What a payer is asked for.</summary>
/// <param name="PayerAccount">The account, or Unattributed.</param>
/// <param name="Part">foundation-accounts (Part A) or contributions (Part B).</param>
/// <param name="Source">The source of its bill.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Payable">The amount.</param>
public sealed record PayableDocument(string PayerAccount, string Part, string Source, string Currency, AmountDocument Payable)
{
    /// <summary>The payables of an answer: those of a source add up to the payable of its bridge, in cents too.</summary>
    public static IReadOnlyList<PayableDocument> Of(BridgeAnswer answer)
    {
        return
        [
            .. BridgeCents.OfPayers(answer).Select(p => new PayableDocument(p.Payer.PayerAccount ?? AttributionResult.Unattributed,
                BooksParts.Text(p.Payer.Part), p.Payer.Source, p.Payer.Currency,
                new AmountDocument(DecimalText.OfNanos(p.Payer.Nanos), Amounts.OfCents(p.Cents)))),
        ];
    }
}

/// <summary>
/// The steps of one source: listUsage + discounts + unpricedUsage + corrections + otherCharges = consumption; consumption + credits +
/// freeTerms + borneOutside + accrued + timing = payable, to the nano and in cents.
/// </summary>
/// <param name="Source">The source.</param>
/// <param name="Part">foundation-accounts (Part A) or contributions (Part B).</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Steps">The exact amount of each step.</param>
/// <param name="Display">The same in cents: consumption and payable are the exact ones rounded once; the others are cut to foot.</param>
/// <param name="UnpricedLines">Lines of usage whose list price is not known: no discount is made from them.</param>
/// <param name="Invoice">What the invoices ask for; null where one is missing or not final, or the payable is not that of whole billing
/// periods.</param>
/// <param name="Difference">Invoice minus payable; null without an invoice.</param>
public sealed record SourceBridge(
    string Source,
    string Part,
    string Currency,
    IReadOnlyDictionary<string, string> Steps,
    IReadOnlyDictionary<string, string> Display,
    long UnpricedLines,
    AmountDocument? Invoice,
    AmountDocument? Difference)
{
    /// <summary>The documents of the bridges of an answer.</summary>
    public static IReadOnlyList<SourceBridge> Of(BridgeAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var cents = BridgeCents.Of(answer);
        return [.. answer.Bridges.Select(b => Of(b, cents[b]))];
    }

    private static SourceBridge Of(CostBridge bridge, BridgeCents cents) =>
        new(
            bridge.Source,
            BooksParts.Text(bridge.Part),
            bridge.Currency,
            BridgeCents.NanosOf(bridge).ToDictionary(s => s.Key, s => DecimalText.OfNanos(s.Value)),
            BridgeCents.Steps.ToDictionary(s => s, s => Amounts.OfCents(cents[s])),
            bridge.UnpricedLines,
            bridge.InvoiceNanos is { } invoice ? AmountDocument.Of(invoice) : null,
            bridge.DifferenceNanos is { } difference ? AmountDocument.Of(difference) : null);
}

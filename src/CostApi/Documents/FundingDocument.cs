using CiCost.Accounting.Costs;
using CiCost.Accounting.Funding;
using CiCost.Accounting.Presentation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;

namespace CiCost.CostApi.Documents;

/// <summary>Who paid for what was consumed in a charge month, and with what: <c>/v1/funding</c>.</summary>
/// <param name="Month">The charge month.</param>
/// <param name="BookVersion">The books that answered.</param>
/// <param name="Funders">Who paid, by organisation and kind; per currency they add up to the consumption.</param>
/// <param name="Totals">The proof per currency.</param>
/// <param name="PaidAhead">How what is paid ahead changed in the month: purchases less use, refunds and expiry.</param>
/// <param name="Draws">Draws on grants as the bills state them; a reversal is negative.</param>
/// <param name="UnappliedCredits">Draws above what the month consumed and bought.</param>
/// <param name="NegativePrepaid">Commitments used for more than was paid for them: an opening balance is missing.</param>
/// <param name="Checks">How the checks on the books ended.</param>
/// <param name="Sources">How fresh the sources are now.</param>
public sealed record FundingDocument(
    string Month,
    BookVersionDocument BookVersion,
    IReadOnlyList<FunderDocument> Funders,
    IReadOnlyDictionary<string, FundingTotalDocument> Totals,
    IReadOnlyList<FundingEntryDocument> PaidAhead,
    IReadOnlyList<FundingEntryDocument> Draws,
    IReadOnlyList<FundingEntryDocument> UnappliedCredits,
    IReadOnlyList<PrepaidDocument> NegativePrepaid,
    ChecksInShort Checks,
    SourcesInShort Sources)
{
    /// <summary>What was paid ahead, commitment by commitment.</summary>
    public IReadOnlyList<RollForwardDocument> Prepaid { get; init; } = [];

    /// <summary>The purchases of the month, by funder.</summary>
    public IReadOnlyList<FundingEntryDocument> Purchases { get; init; } = [];

    /// <summary>What was paid ahead and never used, by funder.</summary>
    public IReadOnlyList<FundingEntryDocument> Expired { get; init; } = [];

    /// <summary>Changes of who gave what earlier months used.</summary>
    public IReadOnlyList<SettledUseDocument> Settlements { get; init; } = [];

    /// <summary>Credits of unknown origin.</summary>
    public IReadOnlyList<UnclassifiedCreditDocument> UnclassifiedCredits { get; init; } = [];

    /// <summary>The document of an answer about one month.</summary>
    public static FundingDocument Of(BillingMonth month, FundingAnswer answer, BooksCondition condition)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(condition);
        var cents = PresentationCube.Of(answer.Cells).ToLookup(c => (c.Currency, c.Organisation, c.Kind));
        return new FundingDocument(
            month.ToString(),
            BookVersionDocument.Of(answer.BookVersion),
            [
                .. answer.Cells.GroupBy(c => (c.Currency, c.Funder.Organisation, c.Funder.Kind))
                    .OrderBy(g => g.Key.Currency, StringComparer.Ordinal).ThenBy(g => g.Key.Organisation, StringComparer.Ordinal)
                    .ThenBy(g => g.Key.Kind)
                    .Select(g => FunderDocument.Of(g.Key.Organisation, g.Key.Kind, g.Key.Currency, [.. g], [.. cents[g.Key]])),
            ],
            answer.Cells.GroupBy(c => c.Currency).OrderBy(g => g.Key, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => FundingTotalDocument.Of(
                    [.. g], cents.Where(c => c.Key.Currency == g.Key).Sum(c => c.Sum(i => i.Cents)))),
            [.. answer.PaidAhead.Select(FundingEntryDocument.Of)],
            [.. answer.Draws.Select(FundingEntryDocument.Of)],
            [.. answer.UnappliedCredits.Select(FundingEntryDocument.Of)],
            [.. answer.NegativePrepaid.Select(p => new PrepaidDocument(p.Commitment, p.Currency, DecimalText.OfNanos(p.Nanos),
                Amounts.Cents(p.Nanos)))],
            condition.Checks,
            condition.Sources)
        {
            Prepaid = [.. answer.Prepaid.Select(RollForwardDocument.Of)],
            Purchases = [.. answer.Purchases.Select(FundingEntryDocument.Of)],
            Expired = [.. answer.Expired.Select(FundingEntryDocument.Of)],
            Settlements = [.. answer.Settlements.Select(SettledUseDocument.Of)],
            UnclassifiedCredits = [.. answer.UnclassifiedCredits.Select(UnclassifiedCreditDocument.Of)],
        };
    }

    internal static Int128 Sum(IEnumerable<FundedCell> cells) => cells.Aggregate((Int128)0, (sum, c) => sum + c.Nanos);

    internal static IReadOnlyDictionary<string, string> BasisOf(IEnumerable<FundedCell> cells) => cells.GroupBy(c => c.Basis)
        .OrderBy(g => g.Key).ToDictionary(g => CostCube.BasisText(g.Key), g => DecimalText.OfNanos(Sum(g)));
}

/// <summary>What one organisation paid with one kind.</summary>
/// <param name="Organisation">The organisation, or Unfunded.</param>
/// <param name="Kind">
/// <c>foundation-cash</c>, <c>member-paid</c>, <c>credits</c>, <c>in-kind</c>, <c>free-tier</c> or <c>unfunded</c>.
/// </param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">The exact amount.</param>
/// <param name="Display">The amount in cents, for people: the same figure in every table.</param>
/// <param name="Basis">How sure: the amount by basis, exact.</param>
/// <param name="Grants">The grants that were drawn on, exact; empty for other kinds.</param>
/// <param name="Parts">The same by basis and grant, exact and in cents; their <c>display</c> adds up to that of the funder.</param>
public sealed record FunderDocument(
    string Organisation,
    string Kind,
    string Currency,
    string Amount,
    string Display,
    IReadOnlyDictionary<string, string> Basis,
    IReadOnlyDictionary<string, string> Grants,
    IReadOnlyList<FunderPartDocument> Parts)
{
    internal static FunderDocument Of(
        string organisation, FundingKind kind, string currency, IReadOnlyList<FundedCell> cells,
        IReadOnlyList<PresentationCell> shown) =>
        new(organisation, kind.ToText(), currency, DecimalText.OfNanos(FundingDocument.Sum(cells)), Amounts.OfCents(shown.Sum(c => c.Cents)),
            FundingDocument.BasisOf(cells),
            cells.Where(c => c.Funder.GrantId is not null).GroupBy(c => c.Funder.GrantId!).OrderBy(g => g.Key, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => DecimalText.OfNanos(FundingDocument.Sum(g))),
            [
                .. shown.GroupBy(c => (c.Basis, c.Grant)).OrderBy(g => g.Key.Basis).ThenBy(g => g.Key.Grant, StringComparer.Ordinal)
                    .Select(g => new FunderPartDocument(CostCube.BasisText(g.Key.Basis), g.Key.Grant,
                        DecimalText.OfNanos(g.Aggregate((Int128)0, (sum, c) => sum + c.Nanos)), Amounts.OfCents(g.Sum(c => c.Cents)))),
            ]);
}

/// <summary>What one organisation paid with one kind, of one basis and grant.</summary>
/// <param name="Basis">How sure it is.</param>
/// <param name="Grant">The grant that was drawn on; null for none.</param>
/// <param name="Amount">The exact amount.</param>
/// <param name="Display">The amount in cents, for people.</param>
public sealed record FunderPartDocument(string Basis, string? Grant, string Amount, string Display);

/// <summary>The proof of one currency: total = sum of the funders = funded + unfunded = sum of the basis mix.</summary>
/// <param name="Total">All consumption, exact.</param>
/// <param name="Funded">The part that somebody is known to pay, exact.</param>
/// <param name="Unfunded">The rest, exact.</param>
/// <param name="Attributed">The part whose payer account is decided, exact.</param>
/// <param name="Unattributed">The part where it is not, exact.</param>
/// <param name="Basis">How sure: the total by basis, exact.</param>
/// <param name="Display">The total in cents, for people.</param>
public sealed record FundingTotalDocument(
    string Total,
    string Funded,
    string Unfunded,
    string Attributed,
    string Unattributed,
    IReadOnlyDictionary<string, string> Basis,
    string Display)
{
    internal static FundingTotalDocument Of(IReadOnlyList<FundedCell> cells, long cents)
    {
        var total = FundingDocument.Sum(cells);
        var unfunded = FundingDocument.Sum(cells.Where(c => c.Funder.Kind == FundingKind.Unfunded));
        var unattributed = FundingDocument.Sum(cells.Where(c => c[AttributeName.PayerAccount] is null));
        return new FundingTotalDocument(DecimalText.OfNanos(total), DecimalText.OfNanos(total - unfunded), DecimalText.OfNanos(unfunded),
            DecimalText.OfNanos(total - unattributed), DecimalText.OfNanos(unattributed), FundingDocument.BasisOf(cells),
            Amounts.OfCents(cents));
    }
}

/// <summary>Something paid ahead, drawn, or left over of a draw.</summary>
/// <param name="PayerAccount">The account.</param>
/// <param name="Subject">The commitment or the grant.</param>
/// <param name="Organisation">Who paid.</param>
/// <param name="Kind">With what.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">The exact amount.</param>
/// <param name="Display">The amount in cents, for people.</param>
public sealed record FundingEntryDocument(
    string PayerAccount, string Subject, string Organisation, string Kind, string Currency, string Amount, string Display)
{
    internal static FundingEntryDocument Of(FundingEntry entry) => new(entry.PayerAccount, entry.Subject, entry.Funder.Organisation,
        entry.Funder.Kind.ToText(), entry.Currency, DecimalText.OfNanos(entry.Nanos), Amounts.Cents(entry.Nanos));
}

/// <summary>What is left of what was paid ahead for a commitment.</summary>
/// <param name="Commitment">The commitment.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">The exact amount.</param>
/// <param name="Display">The amount in cents, for people.</param>
public sealed record PrepaidDocument(string Commitment, string Currency, string Amount, string Display);

using CiCost.Accounting.Funding;
using CiCost.Domain.Funding;

namespace CiCost.Accounting.Presentation;

/// <summary>What an organisation gave in a currency that a statement or report cannot add to its own.</summary>
/// <param name="Organisation">The organisation, or Unfunded.</param>
/// <param name="Kind">With what it pays.</param>
/// <param name="Nanos">The exact amount.</param>
/// <param name="Cents">What is shown of it.</param>
public sealed record OtherMoneyRow(string Organisation, FundingKind Kind, Int128 Nanos, long Cents);

/// <summary>Consumption in a currency for which there is no rate: shown with its amount, never added and never shared (accounting.md,
/// 19).</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Nanos">The exact amount.</param>
/// <param name="Cents">What is shown of it: the sum of the rows.</param>
/// <param name="Rows">Who gave it, largest first.</param>
public sealed record OtherMoney(string Currency, Int128 Nanos, long Cents, IReadOnlyList<OtherMoneyRow> Rows)
{
    /// <summary>What is said beside the amount.</summary>
    public const string Reason = "not shared: no rate";

    /// <summary>What is said where there is nothing in the statement's own currency.</summary>
    public const string NothingShared = "Nothing could be shared: all consumption is in currencies without a rate.";

    /// <summary>Everything in other currencies than one, by currency.</summary>
    /// <param name="cells">Funded cells of any currency.</param>
    /// <param name="own">The statement's or report's own currency.</param>
    public static IReadOnlyList<OtherMoney> Of(IEnumerable<FundedCell> cells, string own) =>
    [
        .. PresentationCube.Of(cells.Where(c => c.Currency != own)).GroupBy(c => c.Currency).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new OtherMoney(g.Key, Sum(g), g.Sum(c => c.Cents),
            [
                .. g.GroupBy(c => (c.Organisation, c.Kind)).Select(o => new OtherMoneyRow(o.Key.Organisation, o.Key.Kind, Sum(o), o.Sum(c => c.Cents)))
                    .OrderByDescending(r => r.Nanos).ThenBy(r => r.Organisation, StringComparer.Ordinal).ThenBy(r => r.Kind),
            ])),
    ];

    private static Int128 Sum(IEnumerable<PresentationCell> cells) => cells.Aggregate((Int128)0, (sum, c) => sum + c.Nanos);
}

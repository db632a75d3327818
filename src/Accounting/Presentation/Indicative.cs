using CiCost.Domain.Attribution;

namespace CiCost.Accounting.Presentation;

/// <summary>The one definition of <c>Indicative</c> (accounting.md, 14): less than 80 % of absolute consumption has basis
/// <c>invoiced</c>. A function over cells, so that it can be asked of a part of the books.</summary>
public static class Indicative
{
    /// <summary>Below this many percent invoiced, figures are indicative.</summary>
    public const int LeastInvoicedPercent = 80;

    /// <summary>What every text, page and report says of it.</summary>
    public const string Reason = "Indicative: less than 80% of consumption is invoiced.";

    /// <summary>Are these figures indicative? Without consumption they are not.</summary>
    public static bool Is(IEnumerable<PresentationCell> cells) => Is(cells.Select(c => (c.Basis, c.Cents)));

    /// <summary>The same of cents by basis; the parts of one basis are added up before the sign is dropped.</summary>
    public static bool Is(IEnumerable<(CostBasis Basis, long Cents)> amounts)
    {
        var sums = amounts.GroupBy(a => a.Basis)
            .ToDictionary(g => g.Key, g => Int128.Abs(g.Aggregate((Int128)0, (sum, a) => sum + a.Cents)));
        var all = sums.Values.Aggregate((Int128)0, (sum, c) => sum + c);
        return sums.GetValueOrDefault(CostBasis.Invoiced) * 100 < all * LeastInvoicedPercent;
    }
}

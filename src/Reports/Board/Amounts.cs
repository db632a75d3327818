using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Accounting.Presentation;
using CiCost.Reports.Models;

namespace CiCost.Reports.Board;

/// <summary>Sums of cells by basis and by kind.</summary>
internal static class Amounts
{
    public static BasisAmounts ByBasis(IEnumerable<PresentationCell> cells)
    {
        var sums = cells.GroupBy(c => c.Basis).ToDictionary(g => g.Key, g => g.Sum(c => c.Cents));
        return new BasisAmounts
        {
            InvoicedCents = sums.GetValueOrDefault(CostBasis.Invoiced),
            BilledCents = sums.GetValueOrDefault(CostBasis.Billed),
            EstimatedCents = sums.GetValueOrDefault(CostBasis.Estimated),
            DonorStatedCents = sums.GetValueOrDefault(CostBasis.DonorStated),
            CarriedForwardCents = sums.GetValueOrDefault(CostBasis.CarriedForward),
        };
    }

    public static KindAmounts ByKind(IEnumerable<PresentationCell> cells)
    {
        var sums = cells.GroupBy(c => c.Kind).ToDictionary(g => g.Key, g => g.Sum(c => c.Cents));
        return new KindAmounts
        {
            MemberPaidCents = sums.GetValueOrDefault(FundingKind.MemberPaid),
            FoundationCashCents = sums.GetValueOrDefault(FundingKind.FoundationCash),
            CreditsCents = sums.GetValueOrDefault(FundingKind.Credits),
            InKindCents = sums.GetValueOrDefault(FundingKind.InKind),
            FreeTierCents = sums.GetValueOrDefault(FundingKind.FreeTier),
            UnfundedCents = sums.GetValueOrDefault(FundingKind.Unfunded),
        };
    }
}

using CiCost.CostApi.Hosting;
using CiCost.Domain.Periods;
using CiCost.Ledger.BookVersions;

namespace CiCost.CostApi.Pages;

/// <summary>Which month a page shows, of which books, and which others it links.</summary>
/// <param name="Version">The newest book version.</param>
/// <param name="Months">Every billing period with a delivery, newest first.</param>
/// <param name="Month">The asked month; without one the newest with a delivery, else that of the books' last event.</param>
internal sealed record ShownMonth(BookVersion Version, IReadOnlyList<BillingMonth> Months, BillingMonth Month)
{
    public static ShownMonth Of(OpenBooks books, BillingMonth? asked)
    {
        var version = books.Versions.AsOf(null);
        var months = books.Scopes(version).Select(s => s.BillingMonth).Distinct().OrderDescending().ToList();
        return new ShownMonth(version, months,
            asked ?? (months.Count > 0 ? months[0] : BillingMonth.Of(DateOnly.FromDateTime(version.RecordedAt.UtcDateTime))));
    }
}

using CiCost.Accounting.Policies;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Costs;
using CiCost.Ledger.Deliveries;

namespace CiCost.Accounting.Booking;

/// <summary>
/// Books every current delivery again from its raw objects: after a custom column or tag key became a dimension, lines booked before do not
/// have it. Each is an ordinary delivery that supersedes; one whose lines would be the same stays as it is.
/// </summary>
public sealed class RereadDeliveries(Books books, PolicyShelf policies, BookDelivery bookDelivery)
{
    /// <summary>Books them again, oldest first.</summary>
    /// <returns>What each booking did.</returns>
    public async Task<IReadOnlyList<BookDeliveryResult>> RunAsync(IProgress<BookingProgress>? progress, CancellationToken cancellationToken)
    {
        _ = policies.Current();
        var directory = new DeliveryDirectory(books);
        var scopes = new CostCellReader(books).Scopes(new BookVersionDirectory(books).AsOf(null));
        List<BookDeliveryResult> results = [];
        foreach (var scope in scopes.OrderBy(s => s.DeliveryId))
        {
            var delivery = directory.Get(scope.DeliveryId);
            var request = new BookDeliveryRequest
            {
                SourceKey = scope.SourceKey,
                Profile = delivery.Profile,
                BillingMonth = scope.BillingMonth,
                Part = scope.Part,
                ObjectAddresses = [.. directory.ObjectsOf(delivery.Id).Select(o => o.Sha256)],
            };
            results.Add(await bookDelivery.RunAsync(request, progress, cancellationToken).ConfigureAwait(false));
        }

        return results;
    }
}

using CiCost.Accounting.Booking;
using CiCost.CostApi.Scheduling;
using CiCost.Domain.Lines;
using CiCost.Ledger;
using CiCost.Ledger.Sources;

namespace CiCost.CostApi.Webhooks;

/// <summary>
/// Books received events every few minutes, each piece as one delivery. A piece is removed only after it is in the books, and its name is
/// its content: whatever is repeated after a crash changes nothing.
/// </summary>
internal sealed class BookHooks(HookInbox inbox, BookDelivery booking, GitHubHookOptions options) : IRecurringTask
{
    /// <summary>The format of GitHub's workflow_job events.</summary>
    public const string Kind = "github-jobs";

    public string Name => "book-hooks";

    public TimeSpan Pause => options.BookEvery;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<Exception> failures = [];
        foreach (var piece in await inbox.SealAsync(cancellationToken).ConfigureAwait(false))
        {
            FailPoint.Reach("hooks.sealed");
            try
            {
                await booking.RunAsync(new BookDeliveryRequest
                {
                    SourceKey = options.SourceKey,
                    Kind = Kind,
                    Mode = SourceMode.Append,
                    BillingMonth = piece.Month,
                    Part = piece.Name,
                    Files = [piece.Path],
                }, null, cancellationToken).ConfigureAwait(false);
                FailPoint.Reach("hooks.booked");
                inbox.Remove(piece);
                FailPoint.Reach("hooks.removed");
            }
            catch (Exception exception) when (exception is DeliveryRejectedException or BooksException or IOException)
            {
                // One piece that cannot be booked keeps no other one back, and stays where it is.
                failures.Add(exception);
            }
        }

        if (failures.Count > 0)
        {
            throw new BooksException("hooks-not-booked",
                $"{failures.Count} pieces of received events could not be booked and stay in their folder: {failures[0].Message}");
        }
    }
}

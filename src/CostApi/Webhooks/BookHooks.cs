using System.Globalization;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Jobs;
using CiCost.CostApi.Scheduling;
using CiCost.CostIngest.Formats.GitHubJobs;
using CiCost.Domain.Lines;
using CiCost.Ledger;
using CiCost.Ledger.Sources;

namespace CiCost.CostApi.Webhooks;

/// <summary>
/// Books received events every few minutes, each piece as one delivery. A piece is removed only after it is in the books, and its name is
/// its content: whatever is repeated after a crash changes nothing. An event that cannot be read is set aside, and the rest of its piece is
/// booked.
/// </summary>
internal sealed class BookHooks(HookInbox inbox, EventsAside aside, BookDelivery booking, GitHubHookOptions options) : IRecurringTask
{
    /// <summary>The format of GitHub's workflow_job events.</summary>
    public const string Kind = "github-jobs";

    private static readonly GitHubJobFormat Format = new();

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
                await BookAsync(piece, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // One piece that cannot be booked keeps no other one back, whatever the reason, and stays where it is.
                failures.Add(exception);
            }
        }

        if (failures.Count > 0)
        {
            throw new BooksException("hooks-not-booked",
                $"{failures.Count} pieces of received events could not be booked and stay in their folder: {failures[0].Message}", failures[0]);
        }
    }

    private async Task BookAsync(HookPiece piece, CancellationToken cancellationToken)
    {
        try
        {
            await BookWholeAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        catch (DeliveryRejectedException)
        {
            if (await SetAsideAsync(piece, cancellationToken).ConfigureAwait(false) is { } rest)
            {
                await BookWholeAsync(rest, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task BookWholeAsync(HookPiece piece, CancellationToken cancellationToken)
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

    /// <summary>Sets aside each line that cannot be read by itself; returns the piece of the others.</summary>
    /// <exception cref="DeliveryRejectedException">Every line can be read by itself: it is the piece as a whole that cannot.</exception>
    private async Task<HookPiece?> SetAsideAsync(HookPiece piece, CancellationToken cancellationToken)
    {
        var bytes = await File.ReadAllBytesAsync(piece.Path, cancellationToken).ConfigureAwait(false);
        var day = DateOnly.ParseExact(piece.Name.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture);
        using var rest = new MemoryStream();
        foreach (var line in LinesOf(bytes))
        {
            if (ReasonAgainst(line) is { } reason)
            {
                aside.Add(day, line.Span, reason);
            }
            else
            {
                rest.Write(line.Span);
            }
        }

        return rest.Length == bytes.Length
            ? throw new BooksException("hooks-not-booked",
                $"The events of {piece.Name} can be read one by one and not together. This is a defect of the program; report it with the file.")
            : inbox.Replace(piece, rest.ToArray());
    }

    private static string? ReasonAgainst(ReadOnlyMemory<byte> line)
    {
        try
        {
            return Format.Read(new ContentObject("event", () => new MemoryStream(line.ToArray(), writable: false)), CancellationToken.None).Any()
                ? null
                : "It holds no workflow_job.";
        }
        catch (DeliveryRejectedException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>The lines with their ends; the last one may have none.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> LinesOf(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var end = bytes.Span.IndexOf((byte)'\n') + 1;
            var line = bytes[..(end == 0 ? bytes.Length : end)];
            yield return line;
            bytes = bytes[line.Length..];
        }
    }
}

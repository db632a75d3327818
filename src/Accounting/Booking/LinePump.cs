using System.Collections.Concurrent;
using CiCost.Domain.Lines;
using CiCost.Ledger.Booking;

namespace CiCost.Accounting.Booking;

/// <summary>
/// Two threads for one booking: one reads and encodes, the calling one writes. They hand four recycled batches to and fro, so memory is
/// bounded and neither waits long. (The store's read-ahead is the third.)
/// </summary>
internal static class LinePump
{
    private const int BatchCount = 4;

    public static BookingFindings Run(
        ILineFormat format,
        FormatRequest request,
        LineEncoderLimits limits,
        Action<LineBatch> write,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var empty = new BlockingCollection<LineBatch>(BatchCount);
        using var full = new BlockingCollection<LineBatch>(BatchCount);
        for (var i = 0; i < BatchCount; i++)
        {
            empty.Add(new LineBatch(), CancellationToken.None);
        }

        var reading = Task.Factory.StartNew(
            () => Read(format, request, limits, empty, full, stop.Token),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            foreach (var batch in full.GetConsumingEnumerable(CancellationToken.None))
            {
                write(batch);
                batch.Clear();
                empty.Add(batch, CancellationToken.None);
            }
        }
        catch
        {
            stop.Cancel();
            ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
            _ = reading.Exception; // The writer's own failure is the one to report.
            throw;
        }

        return reading.GetAwaiter().GetResult();
    }

    private static BookingFindings Read(
        ILineFormat format,
        FormatRequest request,
        LineEncoderLimits limits,
        BlockingCollection<LineBatch> empty,
        BlockingCollection<LineBatch> full,
        CancellationToken cancellationToken)
    {
        try
        {
            var encoder = new LineEncoder(limits, () => empty.Take(cancellationToken), batch => full.Add(batch, cancellationToken));
            var report = format.Read(request, encoder, cancellationToken);
            return new BookingFindings
            {
                FormatVersion = report.FormatVersion,
                EmptyCostCount = report.EmptyCosts,
                Objects = [.. report.Objects.Select(o => (o.FirstRowNumber, o.RowCount, o.ContentBytes, o.Checkpoints))],
                Tolerances = [.. report.Tolerances.Select(t => (t.Name, t.Count, t.FirstRowNumber, t.Example))],
                Quarantined = report.Quarantined,
                Encoded = encoder.Complete(),
            };
        }
        finally
        {
            full.CompleteAdding();
        }
    }
}

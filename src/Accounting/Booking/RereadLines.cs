using System.Collections.Concurrent;
using CiCost.Accounting.Policies;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Booking;
using CiCost.Ledger.Costs;
using CiCost.Ledger.Deliveries;
using CiCost.Ledger.Sources;

namespace CiCost.Accounting.Booking;

/// <summary>
/// Reads the lines of a delivery from its raw objects again, as they were booked: with its own profile, and the dimensions of the policy
/// that was current then. For questions at line grain about deliveries whose lines were removed.
/// </summary>
public sealed class RereadLines(Books books, PolicyShelf policies, IEnumerable<ILineFormat> formats, BookDeliveryOptions options)
{
    private readonly Dictionary<string, ILineFormat> _formats = formats.ToDictionary(f => f.Kind, StringComparer.Ordinal);

    /// <summary>The bill's lines and the rounding lines of a delivery, in row order.</summary>
    public IEnumerable<CostLine> Lines(int deliveryId, CancellationToken cancellationToken)
    {
        var directory = new DeliveryDirectory(books);
        var delivery = directory.Get(deliveryId);
        var ids = new DimensionReader(books).IdsByKey();
        List<long> setIds = [];
        using var batches = new BlockingCollection<Batch>(4);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Factory.StartNew(
            () => Read(delivery, directory, ids, batches, stop.Token),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            foreach (var (rows, firstRow, newSets, highs) in batches.GetConsumingEnumerable(CancellationToken.None))
            {
                setIds.AddRange(newSets);
                for (var i = 0; i < rows.Length; i++)
                {
                    yield return Line(deliveryId, firstRow + (uint)i, setIds[rows[i].DimensionSet], rows[i], highs.GetValueOrDefault(i));
                }
            }
        }
        finally
        {
            stop.Cancel();
            ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
        }

        var encoded = reading.GetAwaiter().GetResult();
        var rowNumber = RoundingLines.FirstRowNumber;
        foreach (var line in RoundingLines.Of(encoded.Totals, delivery.BillingMonth).Where(l => !l.IsZero))
        {
            yield return Line(deliveryId, rowNumber++, ids[Convert.ToHexString(line.Set.Key)], line.Row, default);
        }
    }

    /// <summary>The rows of the file that lines of one object were made from: a row may make several lines.</summary>
    /// <param name="kind">The format of the delivery.</param>
    /// <param name="holder">The object.</param>
    /// <param name="rowNumbers">Numbers of lines in the delivery, all of the object, in any order.</param>
    /// <returns>By number of the line the row in the file, from 1, a header not counted.</returns>
    public IReadOnlyDictionary<uint, long> FileRows(
        string kind, DeliveryObject holder, IEnumerable<uint> rowNumbers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(holder);
        uint[] numbers = [.. rowNumbers.Distinct().Order()];
        var inObject = numbers.Select(n => (long)n - holder.FirstRow + 1).ToList();
        if (!_formats.TryGetValue(kind, out var format) || format.LinesOfARow is 1)
        {
            return numbers.Zip(inObject).ToDictionary(n => n.First, n => n.Second);
        }

        if (format.LinesOfARow is { } linesPerRow)
        {
            return numbers.Zip(inObject).ToDictionary(n => n.First, n => (n.Second + linesPerRow - 1) / linesPerRow);
        }

        var content = new ContentObject(holder.Name, () => books.Objects.OpenContent(holder.Sha256, options.MaxContentBytes, holder.Name));
        return numbers.Zip(format.ReadRows(content, inObject, cancellationToken)).ToDictionary(n => n.First, n => n.Second.RowNumber);
    }

    private EncodedDelivery Read(
        Delivery delivery,
        DeliveryDirectory directory,
        IReadOnlyDictionary<string, long> ids,
        BlockingCollection<Batch> batches,
        CancellationToken cancellationToken)
    {
        try
        {
            var batch = new LineBatch();
            var encoder = new LineEncoder(options.EncoderLimits, () => batch, full =>
            {
                batches.Add(new Batch(full.Rows[..full.Count], full.FirstRowNumber,
                    [.. full.NewDimensionSets.Select(s => ids[Convert.ToHexString(s.Key)])],
                    full.Highs.ToDictionary(h => h.Index, h => h.Highs)), cancellationToken);
                full.Clear();
            });
            var source = new SourceRegistry(books).List().First(s => s.Key == delivery.SourceKey);
            var version = new BookVersionDirectory(books).ById(delivery.BookVersionId);
            _formats[delivery.Kind].Read(
                new FormatRequest
                {
                    Objects = [.. directory.ObjectsOf(delivery.Id).Select(o
                        => new ContentObject(o.Name, () => books.Objects.OpenContent(o.Sha256, options.MaxContentBytes, o.Name)))],
                    Profile = delivery.Profile,
                    Dimensions = policies.Get(version.RuleSetId).Set.DimensionOptions,
                    Limits = options.FormatLimits,
                    AllowQuarantine = source.AllowQuarantine,
                },
                encoder,
                cancellationToken);
            return encoder.Complete();
        }
        finally
        {
            batches.CompleteAdding();
        }
    }

    private static CostLine Line(int deliveryId, uint rowNumber, long dimensionSetId, CostLineRow row, CostHighs highs) => new()
    {
        DeliveryId = deliveryId,
        RowNumber = rowNumber,
        DimensionSetId = dimensionSetId,
        ChargePeriodStart = DateTimeOffset.FromUnixTimeSeconds(row.ChargeStartSeconds),
        ChargePeriodEnd = DateTimeOffset.FromUnixTimeSeconds(row.ChargeStartSeconds + row.ChargeSeconds),
        BillingMonthIndex = row.BillingMonthIndex,
        BilledNanos = WideNanos.Join(highs.Billed, row.BilledNanos),
        EffectiveNanos = WideNanos.Join(highs.Effective, row.EffectiveNanos),
        ListNanos = WideNanos.Join(highs.List, row.ListNanos),
        ContractedNanos = WideNanos.Join(highs.Contracted, row.ContractedNanos),
        PricingQuantity = row.HasPricingQuantity ? Quantity.FromParts(row.PricingUnits, row.PricingSubunitNanos) : null,
        ConsumedQuantity = row.HasConsumedQuantity ? Quantity.FromParts(row.ConsumedUnits, row.ConsumedSubunitNanos) : null,
    };

    private sealed record Batch(CostLineRow[] Rows, uint FirstRow, List<long> NewSets, Dictionary<int, CostHighs> Highs);
}

using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Ledger.Booking;
using CiCost.Ledger.Deliveries;
using CiCost.Ledger.Sources;

namespace CiCost.TestKit.Bookkeeping;

/// <summary>
/// Books lines through encoder and ledger without a file: some milliseconds cheaper, for simulations of ten thousand bookings. One row
/// batch is used again and again. A null among the lines stands for a reader that fails there.
/// </summary>
public sealed class DirectBooking(BookFixture books)
{
    private static readonly LineEncoderLimits Small = new() { ResourceCacheEntries = 4, TagSetCacheEntries = 4, UnitPriceCacheEntries = 4 };
    private readonly LineBatch _batch = new();

    /// <summary>Books them.</summary>
    /// <returns>The delivery, and whether its lines were booked already.</returns>
    /// <exception cref="IOException">The reader failed; nothing is booked.</exception>
    public async Task<(int DeliveryId, bool IsUnchanged)> RunAsync(Source source, BillingMonth month, string part,
        IReadOnlyList<BillLine?> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        books.Time.Advance(TimeSpan.FromSeconds(1));
        var request = new BookingRequest
        {
            Source = source,
            BillingMonth = month,
            Part = part,
            Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
                lines.Select(l => l?.ToCsv() ?? "broken"))))),
            Objects = [],
            ToolVersion = "test",
        };
        int deliveryId;
        using (var booking = await DeliveryBooking.BeginAsync(books.Books, request, CancellationToken.None))
        {
            if (booking.UnchangedDeliveryId is { } unchanged)
            {
                return (unchanged, true);
            }

            var findings = new BookingFindings
            {
                FormatVersion = "test",
                EmptyCostCount = 0,
                Objects = [],
                Tolerances = [],
                Quarantined = [],
                Encoded = Encode(lines, booking.Write),
            };
            deliveryId = booking.Finish(findings, books.Policies.Current().Set.Attributor).DeliveryId;
            booking.Commit();
            booking.Checkpoint();
        }

        await new SupersededLines(books.Books).PruneAsync(CancellationToken.None);
        return (deliveryId, false);
    }

    private EncodedDelivery Encode(IReadOnlyList<BillLine?> lines, Action<LineBatch> write)
    {
        _batch.Clear();
        var encoder = new LineEncoder(Small, () => _batch, batch =>
        {
            write(batch);
            batch.Clear();
        });
        foreach (var line in lines)
        {
            var row = RowOf(line ?? throw new IOException("The reader fails here."));
            var key = Hash128.Seed.Append(Encoding.UTF8.GetBytes(
                string.Join('\n', line.Account, line.Currency, line.Category, line.Class, line.Description, line.Service)));
            row.DimensionSet = encoder.TryFindDimensionSet(key, out var ordinal) ? ordinal : encoder.AddDimensionSet(key, SetOf(line));
            encoder.Add(in row, default);
        }

        return encoder.Complete();
    }

    private static DimensionSet SetOf(BillLine line)
    {
        var values = new string?[DimensionSet.ColumnCount];
        values[(int)DimensionColumn.BillingAccountId] = line.Account;
        values[(int)DimensionColumn.BillingCurrency] = line.Currency;
        values[(int)DimensionColumn.ChargeCategory] = line.Category;
        values[(int)DimensionColumn.ChargeClass] = line.Class.Length == 0 ? null : line.Class;
        values[(int)DimensionColumn.ChargeDescription] = line.Description;
        values[(int)DimensionColumn.ServiceName] = line.Service;
        return new DimensionSet(values, ImmutableSortedDictionary<string, string>.Empty);
    }

    private static CostLineRow RowOf(BillLine line)
    {
        var row = new CostLineRow
        {
            ChargeStartSeconds = (long)ChargeDay.Of(line.Day) * ChargeDay.SecondsPerDay,
            ChargeSeconds = ChargeDay.SecondsPerDay,
            BillingMonthIndex = BillingMonth.Of(line.BillingStart ?? line.Day).Index,
        };
        (row.BilledNanos, row.BilledResidueAttos) = Parse(line.BilledCost);
        (row.EffectiveNanos, row.EffectiveResidueAttos) = Parse(line.EffectiveCost);
        (row.ListNanos, row.ListResidueAttos) = Parse(line.ListCost);
        (row.ContractedNanos, row.ContractedResidueAttos) = Parse(line.ContractedCost);
        return row;
    }

    private static (long Nanos, int ResidueAttos) Parse(string text) =>
        FocusDecimal.TryParse(Encoding.UTF8.GetBytes(text), out var nanos, out var residue) == FocusDecimalError.None
            ? (nanos, (int)residue)
            : throw new FormatException($"'{text}' is no amount.");
}

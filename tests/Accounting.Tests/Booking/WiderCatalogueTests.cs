using CiCost.Accounting.Booking;
using CiCost.Accounting.Policies;
using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Booking;

/// <summary>Books that were filled before the catalogue of dimension columns had one column more.</summary>
public sealed class WiderCatalogueTests
{
    private static readonly BookDeliveryRequest March = new() { SourceKey = "bill", Kind = "focus-csv", BillingMonth = new BillingMonth(2026, 3) };
    private static readonly ILineFormat[] Wider = [new OneColumnMore()];

    [Test]
    public async Task Booking_AfterAColumnWasAdded_AddsNoSet_AndOlderDeliveriesAreReadAgain()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("0.0000000004"), ALine().For("Disks").Costing("7"),
            ALine().In("EUR").Costing("0.0000000004"), ALine().In("EUR").Costing("0.0000000003"));
        var before = books.Scalar("SELECT group_concat(hex(dimension_key)) FROM dimension_set ORDER BY dimension_set_id");
        var path = Path.Combine(Path.GetDirectoryName(books.Books.Path)!, "wider.csv");
        await System.IO.File.WriteAllTextAsync(path, BillLine.File([ALine().Costing("0.0000000004"), ALine().For("Disks").Costing("8"),
            ALine().In("EUR").Costing("0.0000000004"), ALine().In("EUR").Costing("0.0000000003")]));

        var policies = new PolicyShelf(books.Books);
        var result = await new BookDelivery(books.Books, policies, Wider, [], new BookDeliveryOptions())
            .RunAsync(March with { Files = [path] }, null, CancellationToken.None);
        var old = new RereadLines(books.Books, policies, Wider, new BookDeliveryOptions()).Lines(1, CancellationToken.None).ToList();
        Assert.Multiple(() =>
        {
            Assert.That((result.Supersedes, result.NewDimensionSets), Is.EqualTo(((int?)1, 0L)));
            Assert.That(books.Scalar("SELECT group_concat(hex(dimension_key)) FROM dimension_set ORDER BY dimension_set_id"), Is.EqualTo(before));
            Assert.That(old.Select(l => (l.RowNumber, l.DimensionSetId, DecimalText.OfNanos(l.BilledNanos))), Is.EqualTo(new[]
            {
                (1u, 1L, "0"), (2u, 2L, "7"), (3u, 3L, "0"), (4u, 3L, "0"), (4_294_900_000u, 4L, "0.000000001"),
            }));
            Assert.That(books.Scalar("SELECT COUNT(*) FROM delivery_day a JOIN delivery_day b ON b.delivery_id = 2 AND a.delivery_id = 1 "
                + "AND a.charge_day = b.charge_day AND a.digest <> b.digest"), Is.EqualTo("1"));
        });
    }

    /// <summary>Reads FOCUS as ever and gives every set a column more, which is null.</summary>
    private sealed class OneColumnMore : ILineFormat
    {
        private readonly FocusCsvFormat _focus = new();

        public string Kind => _focus.Kind;

        public IReadOnlyDictionary<string, string> Profiles => _focus.Profiles;

        public int MappingVersion => _focus.MappingVersion;

        public FormatReport Read(FormatRequest request, LineEncoder encoder, CancellationToken cancellationToken)
        {
            List<int> sets = [];
            List<int> resources = [0];
            var batch = new LineBatch();
            var inner = new LineEncoder(new LineEncoderLimits(), () => batch, full =>
            {
                foreach (var set in full.NewDimensionSets)
                {
                    string?[] values = [.. Enumerable.Range(0, DimensionSet.ColumnCount).Select(i => set[(DimensionColumn)i]), null];
                    sets.Add(encoder.AddDimensionSet(Hash128.Seed.Append(set.Key), new DimensionSet(values, set.Extras, set.Origin, values.Length)));
                }

                for (var i = 0; i < full.NewResources.Count; i++)
                {
                    resources.Add(encoder.AddResource(Hash128.Seed.Append(full.NewResources.First(i)), full.NewResources.First(i), default));
                }

                foreach (var row in full.Rows.AsSpan(0, full.Count))
                {
                    var wide = row;
                    wide.DimensionSet = sets[row.DimensionSet];
                    wide.Resource = resources[row.Resource];
                    encoder.Add(in wide, default);
                }

                full.Clear();
            });
            var report = _focus.Read(request, inner, cancellationToken);
            _ = inner.Complete();
            return report;
        }

        public IReadOnlyList<RawRow> ReadRows(ContentObject content, IReadOnlyList<long> rowNumbers, CancellationToken cancellationToken) =>
            _focus.ReadRows(content, rowNumbers, cancellationToken);
    }
}

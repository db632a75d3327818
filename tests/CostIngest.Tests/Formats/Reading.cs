using System.Text;
using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>What a read gave: the report, the totals, and every line with its texts.</summary>
internal sealed record Reading(FormatReport Report, EncodedDelivery Delivery, IReadOnlyList<ReadLine> Lines)
{
    public static Reading Of(string text, string? profile = null, DimensionOptions? dimensions = null, bool quarantine = false,
        FormatLimits? limits = null) =>
        Of([TestFiles.Content("test.csv", Encoding.UTF8.GetBytes(text))], profile, dimensions, quarantine, limits);

    public static Reading Of(
        IReadOnlyList<ContentObject> objects, string? profile = null, DimensionOptions? dimensions = null, bool quarantine = false,
        FormatLimits? limits = null, LineEncoderLimits? encoderLimits = null, ILineFormat? format = null)
    {
        var collector = new Collector();
        var encoder = new LineEncoder(encoderLimits ?? new LineEncoderLimits(), () => new LineBatch(), collector.Take);
        var request = new FormatRequest
        {
            Objects = objects,
            Profile = profile,
            Dimensions = dimensions ?? DimensionOptions.None,
            AllowQuarantine = quarantine,
            Limits = limits ?? new FormatLimits(),
        };
        var report = (format ?? new FocusCsvFormat()).Read(request, encoder, CancellationToken.None);
        var delivery = encoder.Complete();
        return new Reading(report, delivery, collector.Lines());
    }

    /// <summary>The refusal of a text that must be refused.</summary>
    public static DeliveryRejectedException Refusal(
        string text, string? profile = null, DimensionOptions? dimensions = null, bool quarantine = false, FormatLimits? limits = null)
    {
        var refusal = Assert.Throws<DeliveryRejectedException>(() => Of(text, profile, dimensions, quarantine, limits));
        return refusal!;
    }

    public long Uses(string tolerance) => Report.Tolerances.FirstOrDefault(t => t.Name == tolerance)?.Count ?? 0;

    private sealed class Collector
    {
        private readonly List<(uint Number, CostLineRow Row)> _rows = [];
        private readonly List<DimensionSet> _sets = [];
        private readonly Dictionary<int, (string, string)> _resources = [];
        private readonly Dictionary<int, (string, string)> _tags = [];
        private readonly Dictionary<int, (string, string)> _prices = [];

        public void Take(LineBatch batch)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                _rows.Add((batch.FirstRowNumber + (uint)i, batch.Rows[i]));
            }

            _sets.AddRange(batch.NewDimensionSets);
            Copy(batch.NewResources, _resources);
            Copy(batch.NewTagSets, _tags);
            Copy(batch.NewUnitPrices, _prices);
        }

        public IReadOnlyList<ReadLine> Lines() =>
        [
            .. _rows.Select(r => new ReadLine(
                r.Number, r.Row, _sets[r.Row.DimensionSet], Pair(_resources, r.Row.Resource), Pair(_tags, r.Row.TagSet).First,
                    Pair(_prices, r.Row.UnitPrices))),
        ];

        private static (string First, string Second) Pair(Dictionary<int, (string, string)> pairs, int ordinal) => ordinal == 0 ? ("", "")
            : pairs[ordinal];

        private static void Copy(TextPairs from, Dictionary<int, (string, string)> to)
        {
            for (var i = 0; i < from.Count; i++)
            {
                to.Add(from.FirstOrdinal + i, (Encoding.UTF8.GetString(from.First(i)), Encoding.UTF8.GetString(from.Second(i))));
            }
        }
    }
}

/// <summary>One line with its texts.</summary>
internal sealed record ReadLine(
    uint Number, CostLineRow Row, DimensionSet Set, (string Id, string Name) Resource, string Tags, (string List,
        string Contracted) UnitPrices);

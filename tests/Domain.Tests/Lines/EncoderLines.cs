using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using FsCheck;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Lines;

/// <summary>A line as a format would find it, before it is encoded; null among lines stands for a row that is skipped.</summary>
internal sealed record EncoderLine(
    int Set,
    string Resource,
    string Tags,
    string Price,
    int Day,
    int Month,
    Int128[] CostAttos,
    long? PricingNanos,
    long? ConsumedNanos)
{
    public override string ToString() => $"(set {Set}, '{Resource}', '{Tags}', '{Price}', day {Day}, month {Month}, "
        + $"{string.Join(" ", CostAttos.Select(DecimalText.OfAttos))}, {PricingNanos} {ConsumedNanos})";
}

/// <summary>Generates lines and the few dimension sets that they use.</summary>
internal static class EncoderLines
{
    /// <summary>Two currencies, credits and charges.</summary>
    public static IReadOnlyList<DimensionSet> Sets { get; } =
    [
        Set("USD", "Usage", "EC2"), Set("USD", "Usage", "S3"), Set("USD", "Credit", "EC2"),
        Set("EUR", "Usage", "EC2"), Set("EUR", "Credit", "EC2"), Set("USD", "Tax", "Tax"),
    ];

    public static Gen<EncoderLine> One { get; } =
        from set in Gen.Choose(0, Sets.Count - 1)
        from texts in Gen.Three(Gen.Choose(0, 12))
        from day in Gen.Choose(20_635, 20_640)
        from month in Gen.Choose(678, 679)
        from costs in CostAttos.ArrayOf(4)
        from pricing in Quantity
        from consumed in Quantity
        let resource = Text("i-", texts.Item1)
        select new EncoderLine(set, resource, Text("t-", texts.Item2), Text("", texts.Item3), day, month, costs, pricing, consumed);

    public static Gen<EncoderLine[]> Many { get; } =
        Gen.Frequency((1, Gen.Constant(0)), (12, Gen.Choose(1, 30))).SelectMany(n => One.ArrayOf(n));

    public static DimensionSet Set(string currency, string category, string service)
    {
        var values = new string?[DimensionSet.ColumnCount];
        values[(int)DimensionColumn.BillingCurrency] = currency;
        values[(int)DimensionColumn.ChargeCategory] = category;
        values[(int)DimensionColumn.ServiceName] = service;
        return new DimensionSet(values, ImmutableSortedDictionary<string, string>.Empty);
    }

    private static Gen<long?> Quantity => Gen.Frequency(
        (1, Gen.Constant<long?>(null)),
        (1, Gen.Constant<long?>(0)),
        (4, Gen.Choose(int.MinValue, int.MaxValue).Select(n => (long?)(n * 3L))));

    // A tie at half a nano, a residue of a few attos, an ordinary price, and a hundred million units.
    private static Gen<Int128> CostAttos => Gen.Frequency(
        (2, Gen.Choose(-99, 99).Select(n => (n * (Int128)FocusDecimal.AttosPerNano) + (FocusDecimal.AttosPerNano / 2))),
        (2, Gen.Choose(-99, 99).Select(n => (Int128)n)),
        (4, Gen.Two(Gen.Choose(int.MinValue, int.MaxValue)).Select(n => n.Item1 * (Int128)n.Item2)),
        (1, Gen.Elements<Int128>(0, 100_000_000 * (Int128)1_000_000_000_000_000_000, -100_000_000 * (Int128)1_000_000_000_000_000_000)));

    private static string Text(string prefix, int number) => number == 0 ? "" : prefix + number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What an encoder made of lines, with all ordinals turned back into texts.</summary>
internal sealed class EncodedLines
{
    private static readonly Stack<LineBatch> Pool = new();
    private readonly List<DimensionSet> _sets = [];
    private readonly Dictionary<int, (string, string)> _resources = new() { [0] = ("", "") };
    private readonly Dictionary<int, (string, string)> _tagSets = new() { [0] = ("", "") };
    private readonly Dictionary<int, (string, string)> _prices = new() { [0] = ("", "") };

    /// <summary>Row number, the set's key, the texts and the numbers of each line, as the ledger would store them.</summary>
    public List<(uint RowNumber, string SetKey, string Texts, CostLineRow Row)> Rows { get; } = [];

    public int Batches { get; private set; }

    public EncodedDelivery Delivery { get; private set; } = null!;

    /// <summary>Encodes lines.</summary>
    /// <param name="lines">The lines; null is a row to skip.</param>
    /// <param name="cacheEntries">Of each cache; 4 pushes almost everything out at once.</param>
    public static EncodedLines Of(IEnumerable<EncoderLine?> lines, int cacheEntries = 256)
    {
        var limits = new LineEncoderLimits
        {
            ResourceCacheEntries = cacheEntries,
            TagSetCacheEntries = cacheEntries,
            UnitPriceCacheEntries = cacheEntries,
        };
        var result = new EncodedLines();
        var encoder = new LineEncoder(limits, Rent, result.Take);
        foreach (var line in lines)
        {
            if (line is null)
            {
                encoder.Skip();
            }
            else
            {
                Add(encoder, line);
            }
        }

        result.Delivery = encoder.Complete();
        return result;
    }

    public static CostLineRow RowOf(EncoderLine line)
    {
        var row = new CostLineRow
        {
            ChargeStartSeconds = line.Day * 86_400L,
            ChargeSeconds = 3_600,
            BillingMonthIndex = line.Month,
            HasPricingQuantity = line.PricingNanos is not null,
            HasConsumedQuantity = line.ConsumedNanos is not null,
        };
        (row.PricingUnits, row.PricingSubunitNanos) = Parts(line.PricingNanos);
        (row.ConsumedUnits, row.ConsumedSubunitNanos) = Parts(line.ConsumedNanos);
        (row.BilledNanos, row.BilledResidueAttos) = Round(line.CostAttos[0]);
        (row.EffectiveNanos, row.EffectiveResidueAttos) = Round(line.CostAttos[1]);
        (row.ListNanos, row.ListResidueAttos) = Round(line.CostAttos[2]);
        (row.ContractedNanos, row.ContractedResidueAttos) = Round(line.CostAttos[3]);
        return row;
    }

    private static void Add(LineEncoder encoder, EncoderLine line)
    {
        var set = EncoderLines.Sets[line.Set];
        var row = RowOf(line);
        var setKey = Hash128.Seed.Append(set.Key);
        row.DimensionSet = encoder.TryFindDimensionSet(setKey, out var ordinal) ? ordinal : encoder.AddDimensionSet(setKey, set);
        var resource = Encoding.UTF8.GetBytes(line.Resource);
        var tags = Encoding.UTF8.GetBytes(line.Tags);
        var price = Encoding.UTF8.GetBytes(line.Price);
        if (resource.Length > 0)
        {
            var key = Hash128.Seed.Append(resource);
            row.Resource = encoder.TryFindResource(key, out ordinal) ? ordinal : encoder.AddResource(key, resource, resource);
        }

        if (tags.Length > 0)
        {
            var key = Hash128.Seed.Append(tags);
            row.TagSet = encoder.TryFindTagSet(key, out ordinal) ? ordinal : encoder.AddTagSet(key, tags);
        }

        if (price.Length > 0)
        {
            var key = Hash128.Seed.Append(price);
            row.UnitPrices = encoder.TryFindUnitPrices(key, out ordinal) ? ordinal : encoder.AddUnitPrices(key, price, default);
        }

        encoder.Add(in row, Hash128.Seed.Append(resource).Append(tags).Append(price));
    }

    private static LineBatch Rent() => Pool.TryPop(out var batch) ? batch : new LineBatch();

    private void Take(LineBatch batch)
    {
        _sets.AddRange(batch.NewDimensionSets);
        Note(batch.NewResources, _resources);
        Note(batch.NewTagSets, _tagSets);
        Note(batch.NewUnitPrices, _prices);
        for (var i = 0; i < batch.Count; i++)
        {
            var row = batch.Rows[i];
            var texts = $"{_resources[row.Resource]} {_tagSets[row.TagSet]} {_prices[row.UnitPrices]}";
            var key = Convert.ToHexString(_sets[row.DimensionSet].Key);
            (row.DimensionSet, row.Resource, row.TagSet, row.UnitPrices) = (0, 0, 0, 0);
            Rows.Add((batch.FirstRowNumber + (uint)i, key, texts, row));
        }

        Batches++;
        batch.Clear();
        Pool.Push(batch);
    }

    private static void Note(TextPairs pairs, Dictionary<int, (string, string)> texts)
    {
        for (var i = 0; i < pairs.Count; i++)
        {
            texts.Add(pairs.FirstOrdinal + i, (Encoding.UTF8.GetString(pairs.First(i)), Encoding.UTF8.GetString(pairs.Second(i))));
        }
    }

    private static (long Nanos, int ResidueAttos) Round(Int128 attos) =>
        FocusDecimal.TryRound(attos, out var nanos, out var residue) == FocusDecimalError.None
            ? (nanos, (int)residue)
            : throw new ArgumentOutOfRangeException(nameof(attos), attos, "beyond 64 bits");

    private static (long Units, int SubunitNanos) Parts(long? nanos)
    {
        var quantity = new Quantity(nanos ?? 0);
        return (quantity.Units, quantity.SubunitNanos);
    }
}

using CiCost.Domain.Lines;
using CiCost.Domain.Money;

namespace CiCost.Domain.Tests.Lines;

[NonParallelizable]
public sealed class LineEncoderTests
{
    [TestCase(0, 1)]
    [TestCase(1, 1)]
    [TestCase(LineBatch.Capacity - 1, 1)]
    [TestCase(LineBatch.Capacity, 2)]
    [TestCase(LineBatch.Capacity + 1, 2)]
    [TestCase(25_000, 4)]
    public void Encode_ManyLines_FillsBatchesAndBlocksWithoutAGap(int lineCount, int batches)
    {
        var encoded = EncodedLines.Of(Lines(lineCount));

        Assert.That(encoded.Batches, Is.EqualTo(batches));
        Assert.That(encoded.Rows.Select(r => r.RowNumber), Is.EqualTo(Enumerable.Range(1, lineCount).Select(n => (uint)n)));
        Assert.That(encoded.Delivery.Blocks.Select(b => b.FirstRowNumber), Is.EqualTo(BlockStarts(lineCount)));
        Assert.That(encoded.Delivery.Blocks.Sum(b => b.RowCount), Is.EqualTo(lineCount));
        Assert.That(encoded.Delivery.Totals.Sum(t => t.RowCount), Is.EqualTo(lineCount));
    }

    [Test]
    public void Blocks_OfManyLines_KnowTheirDays()
    {
        var block = EncodedLines.Of(Lines(10)).Delivery.Blocks.Single();

        Assert.That((block.FirstChargeDay, block.LastChargeDay), Is.EqualTo((20_635, 20_639)));
    }

    [Test]
    public void Add_SumOfADayBeyond64Bits_IsHeld()
    {
        var line = Line(0) with { CostAttos = [Int128.CreateChecked(long.MaxValue) * 1_000_000_000, 0, 0, 0] };

        Assert.That(EncodedLines.Of([line, line]).Delivery.Groups.Single().BilledNanos, Is.EqualTo(2 * (Int128)long.MaxValue));
    }

    [Test]
    public void Add_RowWithHighParts_IsInTotalsGroupBatchAndDigest()
    {
        var batch = new LineBatch();
        var rows = new LineEncoder(new LineEncoderLimits(), () => batch, _ => { });
        rows.AddDimensionSet(Hash128.Seed, EncoderLines.Sets[0]);
        var row = EncodedLines.RowOf(Line(0)) with { BilledNanos = -5 };
        rows.Add(in row, Hash128.Seed);
        rows.Add(in row, new CostHighs(-3, 0, 0, 2), Hash128.Seed);
        rows.Add(in row, default(CostHighs), Hash128.Seed);
        var delivery = rows.Complete();
        Assert.Multiple(() =>
        {
            Assert.That(batch.Highs, Is.EqualTo(new[] { (1, new CostHighs(-3, 0, 0, 2)) }));
            Assert.That(delivery.Totals.Single().RoundedNanos(CostColumn.Billed), Is.EqualTo((-3 * (Int128)WideNanos.PerHigh) - 15));
            Assert.That(delivery.Groups.Single().BilledNanos, Is.EqualTo((-3 * (Int128)WideNanos.PerHigh) - 15));
            Assert.That(delivery.Groups.Single().ContractedNanos - (3 * (Int128)row.ContractedNanos), Is.EqualTo(2 * (Int128)WideNanos.PerHigh));
            Assert.That(DigestWith(new CostHighs(-3, 0, 0, 2)), Is.Not.EqualTo(DigestWith(default)).And.Not.EqualTo(DigestWith(new CostHighs(-3, 0, 2, 0))));
        });

        UInt128 DigestWith(CostHighs highs)
        {
            var one = new LineEncoder(new LineEncoderLimits(), () => new LineBatch(), _ => { });
            one.AddDimensionSet(Hash128.Seed, EncoderLines.Sets[0]);
            one.Add(in row, in highs, Hash128.Seed);
            return one.Complete().Days.Single().Digest;
        }
    }

    [Test]
    public void Add_MoreThanALimit_NamesTheLimitAndTheRow()
    {
        var batch = new LineBatch();
        var rows = new LineEncoder(new LineEncoderLimits { MaxRows = 1 }, () => batch, _ => { });
        rows.AddDimensionSet(Hash128.Seed, EncoderLines.Sets[0]);
        var row = EncodedLines.RowOf(Line(0));
        rows.Add(in row, Hash128.Seed);
        var sets = new LineEncoder(new LineEncoderLimits { MaxDimensionSets = 1 }, () => batch, _ => { });
        sets.AddDimensionSet(Hash128.Seed, EncoderLines.Sets[0]);
        var groups = new LineEncoder(new LineEncoderLimits { MaxRollupGroups = 1 }, () => batch, _ => { });
        groups.AddDimensionSet(Hash128.Seed, EncoderLines.Sets[0]);
        groups.Add(in row, Hash128.Seed);
        var nextDay = EncodedLines.RowOf(Line(1));

        Assert.That(() => rows.Add(in row, Hash128.Seed), Refuses(nameof(LineEncoderLimits.MaxRows), 2));
        Assert.That(() => sets.AddDimensionSet(default, EncoderLines.Sets[1]), Refuses(nameof(LineEncoderLimits.MaxDimensionSets), 1));
        Assert.That(() => groups.Add(in nextDay, Hash128.Seed), Refuses(nameof(LineEncoderLimits.MaxRollupGroups), 2));
    }

    [Test]
    public void Add_MoreBytesThanALimit_NamesTheLimitFileAndRow()
    {
        var text = new byte[100];
        var entry = Limited(new LineEncoderLimits { MaxEntryBytes = 99 });
        var total = Limited(new LineEncoderLimits { MaxDictionaryBytes = 250 });
        total.AddTagSet(Hash128.Seed, text);
        total.AddResource(Hash128.Seed, text, default);
        var sets = Limited(new LineEncoderLimits { MaxDimensionSetBytes = 1 });
        Assert.Multiple(() =>
        {
            Assert.That(() => entry.AddTagSet(Hash128.Seed, text), Refuses(nameof(LineEncoderLimits.MaxEntryBytes), 1));
            Assert.That(() => entry.AddResource(Hash128.Seed, text.AsSpan(50), text.AsSpan(50)), Refuses(nameof(LineEncoderLimits.MaxEntryBytes), 1));
            Assert.That(() => total.AddUnitPrices(Hash128.Seed, text, default), Refuses(nameof(LineEncoderLimits.MaxDictionaryBytes), 1));
            Assert.That(() => sets.AddDimensionSet(Hash128.Seed, EncoderLines.Sets[0]), Refuses(nameof(LineEncoderLimits.MaxDimensionSetBytes), 1));
            Assert.That(() => entry.AddTagSet(Hash128.Seed, text), Throws.Exception.Message.StartsWith("part-2.csv: row 1 reaches"));
        });
    }

    [Test]
    public void Add_MuchText_GivesTheBatchOnBeforeItHasAllItsRows()
    {
        List<(uint First, int Count)> given = [];
        var encoder = new LineEncoder(new LineEncoderLimits { MaxEntryBytes = 8 * 1024 * 1024 }, () => new LineBatch(),
            b => given.Add((b.FirstRowNumber, b.Count)));
        encoder.AddDimensionSet(Hash128.Seed, EncoderLines.Sets[0]);
        var row = EncodedLines.RowOf(Line(0));
        for (var i = 0; i < 5; i++)
        {
            encoder.AddTagSet(new Hash128((ulong)i + 1, 1), new byte[4 * 1024 * 1024]);
            encoder.Add(in row, Hash128.Seed);
        }

        Assert.That(encoder.Complete().RowCount, Is.EqualTo(5u));
        Assert.That(given, Is.EqualTo(new[] { (1u, 2), (3u, 2), (5u, 1) }));
    }

    private static LineEncoder Limited(LineEncoderLimits limits)
    {
        var encoder = new LineEncoder(limits, () => new LineBatch(), _ => { });
        encoder.BeginObject("part-2.csv");
        return encoder;
    }

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(100)]
    public void Constructor_CacheSizeThatIsNoPowerOfTwo_Throws(int entries) => Assert.That(
        () => new LineEncoder(new LineEncoderLimits { TagSetCacheEntries = entries }, () => new LineBatch(), _ => { }),
        Throws.TypeOf<ArgumentOutOfRangeException>());

    private static NUnit.Framework.Constraints.IResolveConstraint Refuses(string limit, long row) => Throws.TypeOf<LineLimitException>()
        .With.Property(nameof(LineLimitException.Limit)).EqualTo(limit)
        .And.Property(nameof(LineLimitException.RowNumber)).EqualTo(row);

    private static IEnumerable<uint> BlockStarts(int lineCount)
    {
        for (var start = 1; start <= lineCount; start += LineBlock.RowsPerBlock)
        {
            yield return (uint)start;
        }
    }

    private static IEnumerable<EncoderLine> Lines(int count) => Enumerable.Range(0, count).Select(Line);

    private static EncoderLine Line(int number) =>
        new(number % 6, $"i-{number}", "t", "1", 20_635 + (number % 5), 678, [number, number, number, number], number, null);
}

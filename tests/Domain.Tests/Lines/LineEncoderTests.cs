using CiCost.Domain.Lines;

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
    public void Add_SumOfADayBeyond64Bits_Throws()
    {
        var line = Line(0) with { CostAttos = [Int128.CreateChecked(long.MaxValue) * 1_000_000_000, 0, 0, 0] };

        Assert.That(() => EncodedLines.Of([line, line]), Throws.TypeOf<OverflowException>());
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

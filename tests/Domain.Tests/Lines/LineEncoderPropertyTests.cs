using System.Globalization;
using System.Numerics;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.TestKit;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Lines;

/// <summary>Nothing is lost between the rows of a bill and what the ledger gets of them.</summary>
[NonParallelizable]
public sealed class LineEncoderPropertyTests
{
    private static readonly int Cases = Counts.Of(10_000);
    private static readonly CostColumn[] Columns = Enum.GetValues<CostColumn>();

    [Test]
    public void ExactTotals_AnyLines_AreRoundedPlusResidueAndTheSumOfTheTexts()
    {
        var histogram = new Histogram();
        Properties.Hold(EncoderLines.Many, Cases, lines =>
        {
            var encoded = EncodedLines.Of(lines);
            histogram.Count(
                ("no line", lines.Length == 0),
                ("a credit", lines.Any(l => IsCredit(l.Set))),
                ("two currencies", lines.Select(l => CurrencyOf(l.Set)).Distinct().Count() == 2),
                ("negative cost", lines.Any(l => l.CostAttos[0] < 0)),
                ("tie", lines.Any(l => Math.Abs(EncodedLines.RowOf(l).BilledResidueAttos) == FocusDecimal.AttosPerNano / 2)),
                ("residue", encoded.Delivery.Totals.Any(t => t.ResidueAttos(CostColumn.Billed) != 0)));
            return ExpectedTotals(lines).Concat(ActualTotals(encoded)).GroupBy(t => t.Key)
                .Where(g => g.Select(t => t.Text).Distinct().Count() != 1 || g.Count() != 2)
                .Select(g => $"{g.Key}: {string.Join(" but ", g.Select(t => t.Text))}").FirstOrDefault();
        });
        histogram.AssertEachAtLeast(percent: 5, leastCases: Cases);
    }

    [Test]
    public void Groups_AnyLines_SumToTheLinesAndTheTotals() => Properties.Hold(EncoderLines.Many, Cases, lines =>
    {
        var delivery = EncodedLines.Of(lines).Delivery;
        var rows = lines.Select(EncodedLines.RowOf).ToArray();
        var (pricing, consumed) = (Sum(lines, l => l.PricingNanos ?? 0), Sum(lines, l => l.ConsumedNanos ?? 0));
        (string What, BigInteger OfGroups, BigInteger OfTotals, BigInteger OfLines)[] sums =
        [
            ("lines", Sum(delivery.Groups, g => g.LineCount), Sum(delivery.Totals, t => t.RowCount), lines.Length),
            ("days", Sum(delivery.Days, d => d.LineCount), delivery.RowCount, lines.Length),
            ("blocks", Sum(delivery.Blocks, b => b.RowCount), delivery.RowCount, lines.Length),
            ("billed", Sum(delivery.Groups, g => g.BilledNanos), Rounded(CostColumn.Billed), Sum(rows, r => r.BilledNanos)),
            ("effective", Sum(delivery.Groups, g => g.EffectiveNanos), Rounded(CostColumn.Effective), Sum(rows, r => r.EffectiveNanos)),
            ("list", Sum(delivery.Groups, g => g.ListNanos), Rounded(CostColumn.List), Sum(rows, r => r.ListNanos)),
            ("contracted", Sum(delivery.Groups, g => g.ContractedNanos), Rounded(CostColumn.Contracted), Sum(rows, r => r.ContractedNanos)),
            ("pricing", Sum(delivery.Groups, g => g.PricingNanos), pricing, pricing),
            ("consumed", Sum(delivery.Groups, g => g.ConsumedNanos), consumed, consumed),
        ];
        return sums.Where(s => s.OfGroups != s.OfTotals || s.OfTotals != s.OfLines).Select(s => s.ToString()).FirstOrDefault();

        BigInteger Rounded(CostColumn column) => Sum(delivery.Totals, t => t.RoundedNanos(column));
    });

    [Test]
    public void Encode_LinesInAnotherOrder_HaveTheSameDaysAndTotalsButOtherBlocks()
    {
        var histogram = new Histogram();
        Properties.Hold(EncoderLines.Many.SelectMany(l => Gen.Shuffle(l).Select(s => (Lines: l, Shuffled: s.ToArray()))), Cases, c =>
        {
            var (one, other) = (EncodedLines.Of(c.Lines), EncodedLines.Of(c.Shuffled));
            var moved = !one.Rows.Select(Content).SequenceEqual(other.Rows.Select(Content));
            histogram.Count(("moved", moved), ("empty", c.Lines.Length == 0));
            return !Days(one).SequenceEqual(Days(other)) ? "the digests of days differ"
                : !ActualTotals(one).Order().SequenceEqual(ActualTotals(other).Order()) ? "the totals differ"
                : moved == one.Delivery.Blocks.Select(b => b.Digest).SequenceEqual(other.Delivery.Blocks.Select(b => b.Digest))
                    ? $"the digests of blocks {(moved ? "do not notice" : "differ without")} another order"
                : null;
        });
        histogram.AssertEachAtLeast(percent: 5, leastCases: Cases);
    }

    [Test]
    public void DayDigests_OneChangedLine_Differ() => Properties.Hold(
        EncoderLines.Many.Where(l => l.Length > 0).SelectMany(l => Gen.Zip(Gen.Choose(0, l.Length - 1), Gen.Choose(0, 8))
            .Select(at => (Lines: l, Changed: (EncoderLine[])[.. l[..at.Item1], Change(l[at.Item1], at.Item2), .. l[(at.Item1 + 1)..]]))),
        Cases,
        c => Days(EncodedLines.Of(c.Lines)).SequenceEqual(Days(EncodedLines.Of(c.Changed))) ? "a changed line was not noticed" : null);

    [Test]
    public void Encode_TinyCaches_ChangesNoLineAndNoFigure()
    {
        var evictions = 0;
        Properties.Hold(EncoderLines.Many, Cases, lines =>
        {
            var (large, tiny) = (EncodedLines.Of(lines, cacheEntries: 4096), EncodedLines.Of(lines, cacheEntries: 4));
            evictions += lines.Select(l => l.Resource).Distinct().Count() > 5 ? 1 : 0;
            return Difference(large, tiny, r => (r.RowNumber, Content(r)));
        });
        Assert.That(evictions, Is.AtLeast(Cases / 2), "cases with more resources than the tiny cache holds");
    }

    [Test]
    public void Skip_AnywhereBetweenLines_KeepsRowNumbersAndFigures() => Properties.Hold(
        EncoderLines.Many.SelectMany(l => Gen.Choose(0, 3).ArrayOf(l.Length + 1).Select(skips => (Lines: l, Skips: skips))),
        Cases,
        c =>
        {
            var withSkips = c.Lines.SelectMany((line, i) => Enumerable.Repeat<EncoderLine?>(null, c.Skips[i]).Append(line))
                .Concat(Enumerable.Repeat<EncoderLine?>(null, c.Skips[^1])).ToArray();
            var (plain, skipped) = (EncodedLines.Of(c.Lines), EncodedLines.Of(withSkips));
            var numbers = withSkips.Index().Where(x => x.Item is not null).Select(x => (uint)x.Index + 1);
            return !skipped.Rows.Select(r => r.RowNumber).SequenceEqual(numbers) ? "a row has another number"
                : skipped.Delivery.RowCount != withSkips.Length ? $"{skipped.Delivery.RowCount} rows, not {withSkips.Length}"
                : Difference(plain, skipped, Content);
        });

    private static string? Difference<T>(
        EncodedLines one, EncodedLines other, Func<(uint RowNumber, string SetKey, string Texts, CostLineRow Row), T> content) =>
        !one.Rows.Select(content).SequenceEqual(other.Rows.Select(content)) ? "the lines differ"
        : !Days(one).SequenceEqual(Days(other)) ? "the digests of days differ"
        : !ActualTotals(one).SequenceEqual(ActualTotals(other)) ? "the totals differ"
        : one.Delivery.Groups.Count != other.Delivery.Groups.Count ? "the groups differ"
        : null;

    private static EncoderLine Change(EncoderLine line, int what) => what switch
    {
        0 => line with { Set = (line.Set + 1) % EncoderLines.Sets.Count },
        1 => line with { Resource = line.Resource + "x" },
        2 => line with { Tags = line.Tags + "x" },
        3 => line with { Price = line.Price + "x" },
        4 => line with { Day = line.Day + 1 },
        5 => line with { Month = line.Month + 1 },
        6 => line with { PricingNanos = line.PricingNanos is null ? 0 : null },
        7 => line with { ConsumedNanos = (line.ConsumedNanos ?? 0) + 1 },
        _ => line with { CostAttos = [line.CostAttos[0] + (2 * FocusDecimal.AttosPerNano), .. line.CostAttos[1..]] },
    };

    private static IEnumerable<(string Key, string Text)> ExpectedTotals(EncoderLine[] lines) =>
        from line in lines
        from column in Columns
        group line.CostAttos[(int)column] by $"{CurrencyOf(line.Set)} credits {IsCredit(line.Set)} {column}" into sums
        select (sums.Key, Sum(sums, attos => attos).ToString(CultureInfo.InvariantCulture));

    private static IEnumerable<(string Key, string Text)> ActualTotals(EncodedLines encoded) =>
        from totals in encoded.Delivery.Totals
        from column in Columns
        let exact = (BigInteger)totals.ExactAttos(column)
        let parts = ((BigInteger)totals.RoundedNanos(column) * FocusDecimal.AttosPerNano) + totals.ResidueAttos(column)
        let text = exact == parts ? exact.ToString(CultureInfo.InvariantCulture) : "torn"
        select ($"{totals.Currency} credits {totals.AreCredits} {column}", text);

    private static IEnumerable<(int, long, UInt128)> Days(EncodedLines encoded) =>
        encoded.Delivery.Days.Select(d => (d.ChargeDay, d.LineCount, d.Digest));

    private static (string, string, CostLineRow) Content((uint RowNumber, string SetKey, string Texts, CostLineRow Row) row) =>
        (row.SetKey, row.Texts, row.Row);

    private static BigInteger Sum<T>(IEnumerable<T> items, Func<T, BigInteger> value) =>
        items.Aggregate(BigInteger.Zero, (sum, item) => sum + value(item));

    private static string? CurrencyOf(int set) => EncoderLines.Sets[set][DimensionColumn.BillingCurrency];

    private static bool IsCredit(int set) => EncoderLines.Sets[set][DimensionColumn.ChargeCategory] == "Credit";
}

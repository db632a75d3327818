using CiCost.Reports.Charts;
using CiCost.Reports.Models;
using CiCost.Reports.Tests.Fixtures;

namespace CiCost.Reports.Tests.Charts;

public sealed class ChartTests
{
    [TestCase(0, 154_219_513, 0, 175_000_000, 25_000_000)]
    [TestCase(0, 0, 0, 100_000, 100_000)]
    [TestCase(-30_000_000, 100_000_000, -40_000_000, 100_000_000, 20_000_000)]
    [TestCase(0, 1, 0, 100_000, 100_000)]
    public void NiceScale_OfEnds_HasRoundLinesAroundThem(long lowest, long highest, long low, long high, long step) =>
        Assert.That(NiceScale.Of(lowest, highest), Is.EqualTo(new NiceScale(low, high, step)));

    [Test]
    public void NiceScale_OfAnyEnds_HoldsThemInAtMostEightLines()
    {
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            var (low, high) = (-random.NextInt64(1L << random.Next(1, 50)), random.NextInt64(1L << random.Next(1, 50)));
            var scale = NiceScale.Of(low, high);
            Assert.That(scale.LowCents <= low && scale.HighCents >= high && scale.Lines.Count() <= 8 && scale.Lines.Contains(0),
                $"{low} {high} {scale}");
        }
    }

    [Test]
    public void StackedColumns_Bars_HaveHeightsInProportionToMoney()
    {
        var trend = SampleReport.Create().Trend;
        var layout = StackedColumns.Of(trend);
        var perCent = (layout.ZeroY - layout.BudgetY!.Value) / trend.Budget!.Cents;
        var last = layout.Bars.TakeLast(trend.Series.Count).ToArray();

        Assert.That(layout.Bars, Has.Count.EqualTo(trend.Months.Count * trend.Series.Count));
        for (var i = 0; i < last.Length; i++)
        {
            Assert.That(last[i].Height + 0.8, Is.EqualTo(trend.Series[i].Cents[^1] * perCent).Within(1e-6), trend.Series[i].Name);
        }

        Assert.That(last.Select(b => b.Color), Is.EqualTo(new[] { Palette.Navy, Palette.Blue, Palette.Amber, Palette.Mist,
            Palette.Alert }));
        Assert.That(layout.Totals.Select(t => t.Text), Is.EqualTo(new[] { "$1,062k", "$1,542k", "$1,079k" }));
    }

    [Test]
    public void StackedColumns_BelowZero_HangFromTheZeroLineInsideTheDrawing()
    {
        var layout = StackedColumns.Of(StressReport.Large().Trend);

        Assert.That(layout.Bars.Count(b => b.Y > layout.ZeroY), Is.GreaterThan(5));
        Assert.That(layout.Bars.All(b => b.Y >= 0 && b.Y + b.Height <= StackedColumns.Height && b.Height >= 0));
        Assert.That(layout.Names.Zip(layout.Names.Skip(1)).All(p => p.Second.Y - p.First.Y >= Drawing.LabelStep - 1e-9));
        Assert.That(layout.Names.Select(n => n.Text.Length + n.Value.Length), Has.All.AtMost(26));
    }

    [Test]
    public void FlowLayout_Bands_FillTheirNodes()
    {
        var report = SampleReport.Create();
        var layout = FlowLayout.Of(report.Flow, Palette.Of(report.Trend.Series));
        var left = layout.Nodes.Where(n => n.IsLeft).ToArray();
        var right = layout.Nodes.Where(n => !n.IsLeft).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(left.Sum(n => n.Bar.Height), Is.EqualTo(right.Sum(n => n.Bar.Height)).Within(1e-6));
            Assert.That(layout.Bands, Has.Count.EqualTo(report.Flow.Links.Count));
            Assert.That(left.Select(n => n.Label.Text), Is.EqualTo(report.Trend.Series.Select(s => s.Name)));
            Assert.That(right[^1].Label.Text, Is.EqualTo("Not attributed"));
            Assert.That(right[^1].Bar.Color, Is.EqualTo(Palette.Alert));
            Assert.That(layout.Nodes.All(n => n.Bar.Y + n.Bar.Height <= layout.Height + 1e-6));
        });
    }

    [Test]
    public void FlowLayout_ManyAndNegative_GrowsAndNamesWhatItCannotDraw()
    {
        var report = StressReport.Large();
        var layout = FlowLayout.Of(report.Flow, Palette.Of(report.Trend.Series));
        var right = layout.Nodes.Where(n => !n.IsLeft).Select(n => n.Label.Y).ToArray();

        Assert.That(layout.NotDrawn, Has.Count.GreaterThanOrEqualTo(5).And.All.Matches<FlowLink>(l => l.Cents < 0));
        Assert.That(right.Zip(right.Skip(1)).All(p => p.Second - p.First >= Drawing.LabelStep - 1e-9));
        Assert.That(layout.Nodes.All(n => n.Bar.Y + n.Bar.Height <= layout.Height + 1e-6));
    }

    [Test]
    public void NetBars_OfPositions_MeetAtOneZero()
    {
        var rows = SampleReport.Create().Sharing.Rows;
        var bars = NetBars.Of(rows);

        foreach (var row in rows)
        {
            var bar = bars.Bar(row);
            Assert.That(row.Net.Cents < 0 ? bar.X + bar.Width : bar.X, Is.EqualTo(bars.Zero).Within(1e-9), row.Organisation);
            Assert.That(bar.X >= 0 && bar.X + bar.Width <= NetBars.Width);
        }

        Assert.That(NetBars.Of([]).Zero, Is.EqualTo(NetBars.Width / 2));
    }

    [Test]
    public void Spread_CrowdedLabels_KeepOrderAndDistance()
    {
        var labels = Drawing.Spread([new("c", "", 0, 99, false), new("a", "", 0, 90, false), new("b", "", 0, 95, false)], 0, 100);

        Assert.That(labels.Select(l => (l.Text, l.Y)), Is.EqualTo(new[] { ("a", 72d), ("b", 86d), ("c", 100d) }));
    }

    [TestCase("Amazon credits", 20, "Amazon credits")]
    [TestCase("Amazon credits", 8, "Amazon\u2026")]
    [TestCase("ab", 1, "a\u2026")]
    public void Shorten_LongName_EndsInAnEllipsis(string name, int most, string expected) =>
        Assert.That(Drawing.Shorten(name, most), Is.EqualTo(expected));

    [TestCase(1.005, "1")]
    [TestCase(-0.001, "0")]
    [TestCase(12.5, "12.5")]
    public void Number_OfACoordinate_HasAtMostTwoDecimals(double value, string expected) =>
        Assert.That(Drawing.Number(value), Is.EqualTo(expected));

    [TestCase(3, "1,542,195.13", "")]
    [TestCase(7, "1,542,195.13", "fit-1")]
    [TestCase(8, "99,999,999,999.99", "fit-3")]
    public void TableFit_OfColumns_TakesTheLargestTypeThatFits(int columns, string widest, string expected) =>
        Assert.That(TableFit.Class(Enumerable.Repeat(new[] { widest }, columns), nameMillimetres: 40), Is.EqualTo(expected));
}

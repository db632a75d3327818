using CiCost.Reports.Models;

namespace CiCost.Reports.Charts;

/// <summary>The last month's funders as one thin bar of 100 units.</summary>
public static class FunderBar
{
    /// <summary>The parts from left to right; what is below zero has none.</summary>
    public static IReadOnlyList<Bar> Of(Trend trend)
    {
        ArgumentNullException.ThrowIfNull(trend);
        var parts = trend.Series.Where(s => s.Cents.Count > 0 && s.Cents[^1] > 0).ToArray();
        var total = parts.Aggregate((Int128)0, (sum, s) => sum + s.Cents[^1]);
        var colors = Palette.Of(trend.Series);
        var bars = new List<Bar>();
        var x = 0d;
        foreach (var part in parts)
        {
            var width = part.Cents[^1] * 100d / (double)total;
            bars.Add(new Bar(x, 1.5, width, 3, colors[part.Name]));
            x += width;
        }

        return bars;
    }
}

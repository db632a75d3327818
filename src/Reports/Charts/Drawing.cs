using System.Globalization;

namespace CiCost.Reports.Charts;

/// <summary>A filled rectangle, in units of the drawing.</summary>
public sealed record Bar(double X, double Y, double Width, double Height, string Color);

/// <summary>A text at a place. The browser anchors it, so nothing here needs to measure text.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Value">What stands behind it in muted tone; empty for nothing.</param>
/// <param name="X">Where it is anchored.</param>
/// <param name="Y">Its middle line.</param>
/// <param name="IsAlert">In the alert tone.</param>
public sealed record Label(string Text, string Value, double X, double Y, bool IsAlert);

/// <summary>A line across the drawing with its text at the axis.</summary>
public sealed record GridLine(double Y, string Text);

/// <summary>What the drawings share.</summary>
public static class Drawing
{
    /// <summary>The width of every full-width chart: the content of an A4 page with 16 mm margins, in CSS pixels.</summary>
    public const double Width = 673;

    /// <summary>From the middle line of a text to its base line, at 11 units.</summary>
    public const double ToBaseLine = 3.5;

    /// <summary>The least distance of two labels that stand one above the other.</summary>
    public const double LabelStep = 14;

    /// <summary>A coordinate as an SVG attribute: at most two decimals, so that a page does not change with the last bit.</summary>
    public static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture) is var text
        && text == "-0" ? "0" : text;

    /// <summary>A name cut to a number of characters, with an ellipsis.</summary>
    public static string Shorten(string name, int most)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = new StringInfo(name);
        return text.LengthInTextElements <= most ? name : text.SubstringByTextElements(0, Math.Max(1, most - 1)).TrimEnd() + "\u2026";
    }

    /// <summary>Moves labels apart, first down and then up from the bottom, keeping their order.</summary>
    public static IReadOnlyList<Label> Spread(IEnumerable<Label> labels, double top, double bottom)
    {
        var sorted = labels.OrderBy(l => l.Y).ToArray();
        var at = top;
        for (var i = 0; i < sorted.Length; i++)
        {
            at = Math.Max(at, sorted[i].Y);
            sorted[i] = sorted[i] with { Y = at };
            at += LabelStep;
        }

        at = bottom;
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            at = Math.Min(at, sorted[i].Y);
            sorted[i] = sorted[i] with { Y = at };
            at -= LabelStep;
        }

        return sorted;
    }
}

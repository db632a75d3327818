using CiCost.Reports.Models;

namespace CiCost.Reports.Charts;

/// <summary>
/// The colours of charts. The four steps keep their order and their distance in grey and for readers who see fewer colours; the alert
/// tone is dark, and never without a triangle, a sign or a word.
/// </summary>
public static class Palette
{
    /// <summary>Text, axes, marks.</summary>
    public const string Ink = "#14202B";

    /// <summary>The first funder, and what an organisation gave more.</summary>
    public const string Navy = "#12304A";

    /// <summary>The second funder.</summary>
    public const string Blue = "#3A7CA5";

    /// <summary>The third funder, and what an organisation gave less.</summary>
    public const string Amber = "#E3A63B";

    /// <summary>All others.</summary>
    public const string Mist = "#C8CFD6";

    /// <summary>All others where mist would be too light: beside text, or as a thin link.</summary>
    public const string Slate = "#9AA5AF";

    /// <summary>Limits, and what is not known.</summary>
    public const string Alert = "#9E3A24";

    /// <summary>The empty part of a bar.</summary>
    public const string Track = "#E4E8EC";

    private static readonly string[] Steps = [Navy, Blue, Amber, Mist];

    /// <summary>The colour of each series of a chart, by its name.</summary>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<TrendSeries> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var next = 0;
        return series.ToDictionary(
            s => s.Name,
            s => s.Role switch
            {
                SeriesRole.Alert => Alert,
                SeriesRole.Others => Mist,
                _ => Steps[Math.Min(next++, Steps.Length - 1)],
            },
            StringComparer.Ordinal);
    }
}

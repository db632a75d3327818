namespace CiCost.Reports.Charts;

/// <summary>
/// Which type size a table of figures needs so that no figure is cut or runs into its neighbour. Figures never wrap and names do,
/// so the widths of the widest figures decide.
/// </summary>
public static class TableFit
{
    // Source Sans 3: a digit is 0.497 em, comma and point 0.25 em; semibold 4 % more.
    private const double DigitEm = 0.52;
    private const double PointEm = 0.26;

    private const double PageMillimetres = 178;
    private const double MillimetresPerPoint = 0.3528;

    private static readonly (double Points, double Padding, string Class)[] Sizes =
    [
        (8.75, 3.0, ""),
        (7.5, 2.2, "fit-1"),
        (6.5, 1.6, "fit-2"),
        (5.5, 1.2, "fit-3"),
    ];

    /// <summary>The name of the style, empty for the usual size.</summary>
    /// <param name="columns">For each column of figures, its texts.</param>
    /// <param name="nameMillimetres">What the first column and columns of words need.</param>
    public static string Class(IEnumerable<IEnumerable<string>> columns, double nameMillimetres)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var widths = columns.Select(c => c.Select(Em).DefaultIfEmpty(0).Max()).ToArray();
        foreach (var (points, padding, name) in Sizes)
        {
            if (widths.Sum(em => (em * points * MillimetresPerPoint) + padding) <= PageMillimetres - nameMillimetres)
            {
                return name;
            }
        }

        return Sizes[^1].Class;
    }

    private static double Em(string text) => text.Sum(c => c is ',' or '.' or ' ' ? PointEm : DigitEm);
}

using CiCost.Domain.Periods;
using CiCost.Reports.Formatting;
using CiCost.Reports.Models;

namespace CiCost.Reports.Charts;

/// <summary>
/// Where everything of the twelve-month chart stands: columns stacked by series, what is negative below the zero line, each series named
/// at the last column, the total over the first, the turning and the last column.
/// </summary>
public sealed class StackedColumns
{
    /// <summary>The height of the drawing.</summary>
    public const double Height = 240;

    /// <summary>Where the columns begin.</summary>
    public const double Left = 50;

    /// <summary>Where they end.</summary>
    public const double Right = Drawing.Width - 146;

    private const double Top = 18;
    private const double Bottom = Height - 36;
    private const double BarPart = 0.66;
    private const double Gap = 0.8;

    // What fits into the right margin at 11 units.
    private const int LabelCharacters = 25;

    private readonly Trend _trend;
    private readonly NiceScale _scale;
    private readonly double _step;

    private StackedColumns(Trend trend)
    {
        _trend = trend;
        _step = (Right - Left) / Math.Max(1, trend.Months.Count);
        var budget = trend.Budget?.Cents ?? 0;
        var months = Enumerable.Range(0, trend.Months.Count).ToArray();
        var high = months.Select(m => Part(m, isPositive: true)).Append(budget).Max();
        var low = months.Select(m => Part(m, isPositive: false)).Append(0).Min();
        _scale = NiceScale.Of(low, high);
        Bars = [.. months.SelectMany(ColumnBars)];
        MonthLabels = [.. months.Select(MonthLabel)];
        YearLabels = [.. months.Where(m => m == 0 || trend.Months[m].Month == 1).Select(YearLabel)];
        Totals = [.. TotalMonths().Select(TotalLabel)];
        Names = Drawing.Spread(EndLabels(), Top, Bottom);
    }

    /// <summary>The lines of the axis.</summary>
    public IReadOnlyList<GridLine> Grid =>
        [.. _scale.Lines.Select(cents => new GridLine(Y(cents), Figures.Thousands((long)cents)))];

    /// <summary>The parts of the columns.</summary>
    public IReadOnlyList<Bar> Bars { get; }

    /// <summary>The months under the columns.</summary>
    public IReadOnlyList<Label> MonthLabels { get; }

    /// <summary>The years under the first month and each January.</summary>
    public IReadOnlyList<Label> YearLabels { get; }

    /// <summary>Totals over three columns.</summary>
    public IReadOnlyList<Label> Totals { get; }

    /// <summary>The names at the last column, and the budget's.</summary>
    public IReadOnlyList<Label> Names { get; }

    /// <summary>The zero line.</summary>
    public double ZeroY => Y(0);

    /// <summary>The budget's line; null for none.</summary>
    public double? BudgetY => _trend.Budget is { } budget ? Y(budget.Cents) : null;

    /// <summary>The numbers that matter, for those who do not see the drawing.</summary>
    public string Summary => _trend.Months.Count == 0
        ? "No months."
        : $"Stacked columns, {Figures.Month(_trend.Months[0])} to {Figures.Month(_trend.Months[^1])}. "
            + $"Total {Figures.Thousands(Total(0))} in the first month "
            + $"and {Figures.Thousands(Total(_trend.Months.Count - 1))} in the last. "
            + string.Concat(
                _trend.Series.Select(s => $"{s.Name} from {Figures.Thousands(s.Cents[0])} to {Figures.Thousands(s.Cents[^1])}. "))
            + (_trend.Budget is { } budget ? $"{budget.Name} {Figures.Thousands(budget.Cents)}." : "");

    /// <summary>Lays the chart out.</summary>
    public static StackedColumns Of(Trend trend)
    {
        ArgumentNullException.ThrowIfNull(trend);
        return new StackedColumns(trend);
    }

    private IEnumerable<Bar> ColumnBars(int month)
    {
        var colors = Palette.Of(_trend.Series);
        Int128 above = 0, below = 0;
        foreach (var series in _trend.Series)
        {
            var cents = series.Cents[month];
            if (cents == 0)
            {
                continue;
            }

            var from = cents > 0 ? above : below;
            (above, below) = cents > 0 ? (above + cents, below) : (above, below + cents);
            var (y, height) = (Y(Int128.Max(from, from + cents)), Math.Abs(Y(from + cents) - Y(from)));
            if (height > Gap)
            {
                yield return new Bar(X(month) - (_step * BarPart / 2), y + (Gap / 2), _step * BarPart, height - Gap, colors[series.Name]);
            }
        }
    }

    private Label MonthLabel(int month) => new(Figures.ShortMonth(_trend.Months[month]), "", X(month), Bottom + 12.5, IsAlert: false);

    private Label YearLabel(int month) =>
        new(Figures.Month(new BillingMonth(_trend.Months[month].Year, 1))[^4..], "", X(month), Bottom + 25.5, IsAlert: false);

    private Label TotalLabel(int month) =>
        new(Figures.Thousands(Total(month)), "", X(month), Y(Part(month, isPositive: true)) - 9.5, IsAlert: false);

    /// <summary>First, last, and the one between that lies farthest from the straight line between them, if its text has room.</summary>
    private int[] TotalMonths()
    {
        var last = _trend.Months.Count - 1;
        int[] ends = last < 0 ? [] : last == 0 ? [0] : [0, last];
        var between = Enumerable.Range(2, Math.Max(0, last - 3)).ToArray();
        if (between.Length == 0)
        {
            return ends;
        }

        Int128 Distance(int m) => Int128.Abs((((Int128)Total(m) - Total(0)) * last) - (((Int128)Total(last) - Total(0)) * m));
        var turning = between.MaxBy(Distance);
        return Distance(turning) == 0 ? ends : [.. ends, turning];
    }

    private IEnumerable<Label> EndLabels()
    {
        if (_trend.Months.Count == 0)
        {
            yield break;
        }

        Int128 above = 0, below = 0;
        var values = Figures.ThousandsOf([.. _trend.Series.Select(s => s.Cents[^1])]);
        foreach (var (series, shown) in _trend.Series.Zip(values))
        {
            var cents = series.Cents[^1];
            var middle = (cents >= 0 ? above : below) + (cents / 2);
            (above, below) = cents >= 0 ? (above + cents, below) : (above, below + cents);
            yield return EndLabel(series.Name, shown, Y(middle), series.Role == SeriesRole.Alert && cents != 0);
        }

        if (_trend.Budget is { } budget)
        {
            var value = Figures.Thousands(budget.Cents);
            yield return new Label($"{Drawing.Shorten(budget.Name, LabelCharacters - value.Length - 1)} {value}", "", Right + 8,
                Y(budget.Cents), IsAlert: true);
        }
    }

    private static Label EndLabel(string name, string value, double y, bool isAlert) =>
        new(Drawing.Shorten(name, LabelCharacters - value.Length - 1 - (isAlert ? 2 : 0)), value, Right + 8, y, isAlert);

    private double X(int month) => Left + (_step * (month + 0.5));

    private double Y(Int128 cents) =>
        Bottom - ((double)(cents - _scale.LowCents) / (double)(_scale.HighCents - _scale.LowCents) * (Bottom - Top));

    private Int128 Part(int month, bool isPositive) =>
        _trend.Series.Select(s => s.Cents[month]).Where(c => c > 0 == isPositive).Aggregate((Int128)0, (sum, c) => sum + c);

    private long Total(int month) => (long)(Part(month, isPositive: true) + Part(month, isPositive: false));
}

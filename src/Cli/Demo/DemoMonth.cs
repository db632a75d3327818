namespace CiCost.Cli.Demo;

/// <summary>A month in UTC.</summary>
internal readonly record struct DemoMonth(int Year, int Month) : IComparable<DemoMonth>
{
    public DateTime Start => new(Year, Month, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The first instant after the month.</summary>
    public DateTime End => Start.AddMonths(1);

    public int Days => DateTime.DaysInMonth(Year, Month);

    public DemoMonth Next => new(End.Year, End.Month);

    public int Index => (Year * 12) + Month - 1;

    public static DemoMonth Parse(string text) => DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", out var day)
        ? new DemoMonth(day.Year, day.Month)
        : throw new FormatException($"'{text}' is no month. Write it as YYYY-MM, such as 2026-07.");

    public static IEnumerable<DemoMonth> Range(DemoMonth first, DemoMonth last)
    {
        for (var month = first; month <= last; month = month.Next)
        {
            yield return month;
        }
    }

    public static bool operator <=(DemoMonth left, DemoMonth right) => left.Index <= right.Index;

    public static bool operator >=(DemoMonth left, DemoMonth right) => left.Index >= right.Index;

    public static bool operator <(DemoMonth left, DemoMonth right) => left.Index < right.Index;

    public static bool operator >(DemoMonth left, DemoMonth right) => left.Index > right.Index;

    public DateTime Day(int dayOfMonth) => Start.AddDays(dayOfMonth - 1);

    public int CompareTo(DemoMonth other) => Index.CompareTo(other.Index);

    public override string ToString() => $"{Year:0000}-{Month:00}";
}

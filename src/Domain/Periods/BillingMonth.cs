using System.Globalization;

namespace CiCost.Domain.Periods;

/// <summary>
/// A calendar month in UTC, half-open: from the first instant of its first day up to, not including, the first instant of the next month.
/// Used for charge months, billing periods and posting months.
/// </summary>
public readonly record struct BillingMonth : IComparable<BillingMonth>
{
    private readonly int _index;

    /// <summary>Makes a month.</summary>
    /// <param name="year">1970 to 9998.</param>
    /// <param name="month">1 to 12.</param>
    /// <exception cref="ArgumentOutOfRangeException">The year or the month is outside its range.</exception>
    public BillingMonth(int year, int month)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(year, 1970);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(year, 9998);
        ArgumentOutOfRangeException.ThrowIfLessThan(month, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(month, 12);
        _index = ((year - 1970) * 12) + month - 1;
    }

    private BillingMonth(int index) => _index = index;

    /// <summary>Months since January 1970; the form in which tables hold a month.</summary>
    public int Index => _index;

    /// <summary>The calendar year.</summary>
    public int Year => 1970 + (_index / 12);

    /// <summary>The month of the year, 1 to 12.</summary>
    public int Month => (_index % 12) + 1;

    /// <summary>The first day.</summary>
    public DateOnly FirstDay => new(Year, Month, 1);

    /// <summary>The last day, inside the month.</summary>
    public DateOnly LastDay => Next.FirstDay.AddDays(-1);

    /// <summary>The month after this one.</summary>
    public BillingMonth Next => new(_index + 1);

    /// <summary>The month before this one.</summary>
    public BillingMonth Previous => new(_index - 1);

    /// <summary>The month with the given count of months since January 1970.</summary>
    public static BillingMonth FromIndex(int index) => new(1970 + (index / 12), (index % 12) + 1);

    /// <summary>The month that a day lies in.</summary>
    public static BillingMonth Of(DateOnly day) => new(day.Year, day.Month);

    /// <summary>Reads <c>YYYY-MM</c>.</summary>
    /// <exception cref="FormatException">The text is not a month.</exception>
    public static BillingMonth Parse(string text) => TryParse(text, out var month)
        ? month
        : throw new FormatException($"'{text}' is not a month: YYYY-MM is expected, such as 2026-07.");

    /// <summary>Reads <c>YYYY-MM</c>.</summary>
    public static bool TryParse(string? text, out BillingMonth month)
    {
        month = default;
        if (text is not { Length: 7 } || text[4] != '-'
            || !int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || !int.TryParse(text.AsSpan(5, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || year is < 1970 or > 9998 || number is < 1 or > 12)
        {
            return false;
        }

        month = new BillingMonth(year, number);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(BillingMonth other) => _index.CompareTo(other._index);

    /// <summary>Is the left month earlier?</summary>
    public static bool operator <(BillingMonth left, BillingMonth right) => left._index < right._index;

    /// <summary>Is the left month earlier or the same?</summary>
    public static bool operator <=(BillingMonth left, BillingMonth right) => left._index <= right._index;

    /// <summary>Is the left month later?</summary>
    public static bool operator >(BillingMonth left, BillingMonth right) => left._index > right._index;

    /// <summary>Is the left month later or the same?</summary>
    public static bool operator >=(BillingMonth left, BillingMonth right) => left._index >= right._index;

    /// <summary><c>YYYY-MM</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Month:00}");
}

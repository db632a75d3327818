using System.Globalization;

namespace CiCost.Domain.Periods;

/// <summary>Conversions between a UTC day and the integer that tables hold: days since 1970-01-01.</summary>
public static class ChargeDay
{
    /// <summary>Seconds in one UTC day.</summary>
    public const int SecondsPerDay = 86_400;

    private static readonly int Epoch = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>Days since 1970-01-01.</summary>
    public static int Of(DateOnly day) => day.DayNumber - Epoch;

    /// <summary>The day with the given number of days since 1970-01-01.</summary>
    public static DateOnly ToDate(int day) => DateOnly.FromDayNumber(day + Epoch);

    /// <summary><c>YYYY-MM-DD</c>.</summary>
    public static string ToText(int day) => ToDate(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

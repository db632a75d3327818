using System.Globalization;
using CiCost.Domain.Money;

namespace CiCost.Accounting.Jobs;

/// <summary>Hours as text, rounded half-even and never cut; the seconds are what is exact.</summary>
public static class HoursText
{
    private const int SecondsPerHour = 3_600;

    /// <summary>For people: thousands separated, two places, such as <c>478,159.15</c>.</summary>
    /// <param name="seconds">Seconds, zero or more.</param>
    public static string Shown(long seconds)
    {
        var hundredths = Rounded(seconds, 100);
        return string.Create(CultureInfo.InvariantCulture, $"{hundredths / 100:#,##0}.{(int)(hundredths % 100):00}");
    }

    /// <summary>For programs and for adding up: nine places, without zeros at the end, such as <c>478159.154444444</c>.</summary>
    /// <param name="seconds">Seconds, zero or more.</param>
    public static string Exact(long seconds) => DecimalText.OfNanos(Rounded(seconds, Money.NanosPerUnit));

    private static Int128 Rounded(long seconds, long scale)
    {
        var (quotient, remainder) = Int128.DivRem((Int128)seconds * scale, SecondsPerHour);
        var twice = remainder * 2;
        return twice > SecondsPerHour || (twice == SecondsPerHour && Int128.IsOddInteger(quotient)) ? quotient + 1 : quotient;
    }
}

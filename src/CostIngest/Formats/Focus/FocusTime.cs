using System.Runtime.CompilerServices;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>Why a text is no instant.</summary>
internal enum TimeFault
{
    None,

    /// <summary>Not of the form <c>YYYY-MM-DDTHH:mm:ssZ</c> nor of one that a tolerance knows.</summary>
    Form,

    /// <summary>No such day or hour, or outside the years 1970 to 2199.</summary>
    Range,
}

/// <summary>Reads instants of FOCUS files to seconds since 1970-01-01T00:00:00Z, and says which tolerances the form needs.</summary>
internal static class FocusTime
{
    private const int FirstYear = 1970, LastYear = 2199;
    private const int DayLength = 10;

    /// <summary>Of an offset in hours alone, such as <c>+00</c>, as DuckDB and PostgreSQL write it.</summary>
    private const int HoursLength = 3;

    /// <summary>The first day (since 1970-01-01) of each month since January 1970.</summary>
    private static readonly int[] MonthStarts = [.. Enumerable.Range(0, ((LastYear - FirstYear + 1) * 12) + 1)
        .Select(i => ChargeDay.Of(new DateOnly(FirstYear + (i / 12), (i % 12) + 1, 1)))];

    /// <summary>Reads one instant.</summary>
    /// <param name="text">The value without quotes.</param>
    /// <param name="seconds">Seconds since 1970-01-01T00:00:00Z; 0 on a fault.</param>
    /// <param name="needed">The tolerances that the form needs; none for the form of the specification.</param>
    public static TimeFault TryParse(ReadOnlySpan<byte> text, out long seconds, out Tolerance needed)
    {
        needed = Tolerance.None;
        return text.Length == 20 && text[19] == 'Z' && text[16] == ':' && text[10] == 'T'
            && TryMinutes(text, out var minutes) == TimeFault.None
            && TryTwo(text, 17, 59, out var second) ? Done(minutes, second, out seconds) : TryOtherForms(text, out seconds, out needed);
    }

    /// <summary>The month that an instant lies in, as <see cref="BillingMonth.Index"/>.</summary>
    public static int MonthIndexOf(long seconds, out bool isFirstInstant)
    {
        var day = (int)(seconds / ChargeDay.SecondsPerDay);
        var found = Array.BinarySearch(MonthStarts, day);
        isFirstInstant = found >= 0 && seconds % ChargeDay.SecondsPerDay == 0;
        return found >= 0 ? found : ~found - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TimeFault Done(long minutes, int second, out long seconds)
    {
        seconds = (minutes * 60) + second;
        return TimeFault.None;
    }

    private static TimeFault TryOtherForms(ReadOnlySpan<byte> text, out long seconds, out Tolerance needed)
    {
        seconds = 0;
        needed = Tolerance.None;
        if (text.Length == DayLength)
        {
            return TryDay(text, out seconds, out needed);
        }

        if (text.Length < 16 || text[10] is not ((byte)'T' or (byte)' '))
        {
            return TimeFault.Form;
        }

        var fault = TryMinutes(text, out var minutes);
        if (fault != TimeFault.None)
        {
            return fault;
        }

        var second = 0;
        var rest = text[16..];
        if (rest.Length >= 3 && rest[0] == ':')
        {
            if (!TryTwo(text, 17, 99, out second))
            {
                return TimeFault.Form;
            }

            rest = rest[3..];
        }
        else
        {
            needed |= Tolerance.ShortTimes;
        }

        fault = second > 59 ? TimeFault.Range : SkipFraction(ref rest, ref needed);
        if (fault != TimeFault.None || !TryZone(rest, text[10] == ' ', out var offsetMinutes, ref needed))
        {
            needed = Tolerance.None;
            return fault != TimeFault.None ? fault : TimeFault.Form;
        }

        seconds = ((minutes - offsetMinutes) * 60) + second;
        return seconds < 0 ? TimeFault.Range : TimeFault.None;
    }

    /// <summary>A day alone is its midnight, as a spreadsheet or a view that casts to DATE leaves it.</summary>
    private static TimeFault TryDay(ReadOnlySpan<byte> text, out long seconds, out Tolerance needed)
    {
        Span<byte> midnight = stackalloc byte[DayLength + 6];
        text.CopyTo(midnight);
        "T00:00"u8.CopyTo(midnight[DayLength..]);
        var fault = TryMinutes(midnight, out var minutes);
        (seconds, needed) = fault == TimeFault.None ? (minutes * 60, Tolerance.DateOnly) : (0, Tolerance.None);
        return fault;
    }

    /// <summary>Skips a part of a second: of zeros it says nothing, another is left out where the profile allows it.</summary>
    private static TimeFault SkipFraction(ref ReadOnlySpan<byte> rest, ref Tolerance needed)
    {
        if (rest.IsEmpty || rest[0] != '.')
        {
            return TimeFault.None;
        }

        var digits = 1;
        while (digits < rest.Length && rest[digits] is >= (byte)'0' and <= (byte)'9')
        {
            digits++;
        }

        var fraction = rest[1..digits];
        rest = rest[digits..];
        if ((needed & Tolerance.ShortTimes) != 0 || fraction.IsEmpty)
        {
            return TimeFault.Form;
        }

        needed |= fraction.ContainsAnyExcept((byte)'0') ? Tolerance.FractionalTimes : Tolerance.None;
        return TimeFault.None;
    }

    private static bool TryZone(ReadOnlySpan<byte> zone, bool blank, out int offsetMinutes, ref Tolerance needed)
    {
        offsetMinutes = 0;
        if (zone.SequenceEqual("Z"u8))
        {
            needed |= blank ? Tolerance.UtcSuffix : Tolerance.None;
            return true;
        }

        if (zone.IsEmpty)
        {
            needed |= Tolerance.ZonelessUtc;
            return true;
        }

        if (zone.SequenceEqual(" UTC"u8))
        {
            needed |= Tolerance.UtcSuffix;
            return true;
        }

        var sign = zone[0] == '+' ? 1 : zone[0] == '-' ? -1 : 0;
        var minuteAt = zone.Length switch { 6 when zone[3] == ':' => 4, 5 => 3, _ => 0 };
        var minutes = 0;
        if (sign == 0 || (minuteAt == 0 && zone.Length != HoursLength) || !TryTwo(zone, 1, 18, out var hours)
            || (minuteAt > 0 && !TryTwo(zone, minuteAt, 59, out minutes)))
        {
            return false;
        }

        offsetMinutes = sign * ((hours * 60) + minutes);
        needed |= offsetMinutes == 0 ? Tolerance.UtcSuffix : Tolerance.OffsetTimes;
        return true;
    }

    /// <summary>Reads <c>YYYY-MM-DD?HH:mm</c> to minutes since 1970-01-01.</summary>
    private static TimeFault TryMinutes(ReadOnlySpan<byte> text, out long minutes)
    {
        minutes = 0;
        if (text[4] != '-' || text[7] != '-' || text[13] != ':'
            || !TryTwo(text, 0, 99, out var century) || !TryTwo(text, 2, 99, out var yearOfCentury)
            || !TryTwo(text, 5, 99, out var month) || !TryTwo(text, 8, 99, out var day)
            || !TryTwo(text, 11, 99, out var hour) || !TryTwo(text, 14, 99, out var minute))
        {
            return TimeFault.Form;
        }

        var year = (century * 100) + yearOfCentury;
        if (year is < FirstYear or > LastYear || month is < 1 or > 12 || hour > 23 || minute > 59)
        {
            return TimeFault.Range;
        }

        var monthIndex = ((year - FirstYear) * 12) + month - 1;
        var dayNumber = MonthStarts[monthIndex] + day - 1;
        if (day < 1 || dayNumber >= MonthStarts[monthIndex + 1])
        {
            return TimeFault.Range;
        }

        minutes = (((long)dayNumber * 24) + hour) * 60 + minute;
        return TimeFault.None;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTwo(ReadOnlySpan<byte> text, int at, int most, out int value)
    {
        unchecked
        {
            var (tens, ones) = ((uint)text[at] - '0', (uint)text[at + 1] - '0');
            value = (int)((tens * 10) + ones);
            return tens <= 9 && ones <= 9 && value <= most;
        }
    }
}

using System.Globalization;
using System.Text;
using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Formats.Native;

/// <summary>Reads days that are written without a time, and says which tolerances the form needs.</summary>
internal static class NativeDate
{
    /// <summary>Reads <c>YYYY-MM-DD</c>.</summary>
    public static bool TryIso(ReadOnlySpan<byte> text, out long seconds) => TryExact(text, "yyyy-MM-dd", out seconds);

    /// <summary>Reads <c>YYYY-MM-DD</c> or <c>MM/DD/YYYY</c>, the latter also without leading zeros, which needs a tolerance.</summary>
    public static bool TryIsoOrUs(ReadOnlySpan<byte> text, out long seconds, out Tolerance needed)
    {
        needed = Tolerance.None;
        if (TryIso(text, out seconds) || TryExact(text, "MM'/'dd'/'yyyy", out seconds))
        {
            return true;
        }

        needed = Tolerance.UnpaddedDates;
        return TryExact(text, "M'/'d'/'yyyy", out seconds);
    }

    private static bool TryExact(ReadOnlySpan<byte> text, string form, out long seconds)
    {
        seconds = 0;
        Span<char> characters = stackalloc char[10];
        if (text.Length is < 8 or > 10 || Encoding.ASCII.GetChars(text, characters) != text.Length
            || !DateOnly.TryParseExact(
                characters[..text.Length], form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || day.Year is < 1970 or > 2199)
        {
            return false;
        }

        seconds = (long)ChargeDay.Of(day) * ChargeDay.SecondsPerDay;
        return true;
    }
}

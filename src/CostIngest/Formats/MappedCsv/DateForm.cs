using System.Globalization;
using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Formats.MappedCsv;

/// <summary>A way to write instants, by the name that a mapping gives it. All are UTC.</summary>
internal sealed record DateForm(string Name, string? Pattern, DateUnit Unit)
{
    /// <summary>The form of FOCUS.</summary>
    public static readonly DateForm Focus = new("YYYY-MM-DDTHH:mm:ssZ", null, DateUnit.Second);

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<DateForm> All =
    [
        Focus,
        new("unix-seconds", null, DateUnit.Second),
        new("YYYY-MM-DD HH:mm:ss", "yyyy-MM-dd HH:mm:ss", DateUnit.Second),
        new("YYYY-MM-DD", "yyyy-MM-dd", DateUnit.Day),
        new("YYYYMMDD", "yyyyMMdd", DateUnit.Day),
        new("MM/DD/YYYY", "MM'/'dd'/'yyyy", DateUnit.Day),
        new("DD/MM/YYYY", "dd'/'MM'/'yyyy", DateUnit.Day),
        new("DD.MM.YYYY", "dd'.'MM'.'yyyy", DateUnit.Day),
        new("YYYY-MM", "yyyy-MM", DateUnit.Month),
        new("YYYYMM", "yyyyMM", DateUnit.Month),
    ];

    /// <summary>Reads one.</summary>
    /// <returns>Seconds since 1970, or null when the text is not of this form.</returns>
    public long? TryRead(ReadOnlySpan<byte> utf8)
    {
        if (ReferenceEquals(this, Focus))
        {
            return FocusTime.TryParse(utf8, out var seconds, out var needed) == TimeFault.None && needed == Tolerance.None ? seconds : null;
        }

        if (Pattern is null)
        {
            return long.TryParse(utf8, NumberStyles.None, CultureInfo.InvariantCulture, out var unix) && unix / ChargeDay.SecondsPerDay < LastDay
                ? unix
                : null;
        }

        Span<char> text = stackalloc char[20];
        return utf8.Length <= text.Length && System.Text.Encoding.ASCII.GetChars(utf8, text) == utf8.Length
            && DateTime.TryParseExact(text[..utf8.Length], Pattern, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year is >= 1970 and <= 2199
                    ? new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeSeconds()
                    : null;
    }

    /// <summary>The first instant after the day or month that begins at one.</summary>
    public long After(long seconds)
    {
        var day = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime);
        return Unit switch
        {
            DateUnit.Day => seconds + ChargeDay.SecondsPerDay,
            DateUnit.Month => (long)ChargeDay.Of(BillingMonth.Of(day).Next.FirstDay) * ChargeDay.SecondsPerDay,
            _ => seconds,
        };
    }

    private static int LastDay => ChargeDay.Of(new DateOnly(2200, 1, 1));
}

/// <summary>What one value of a form stands for.</summary>
internal enum DateUnit
{
    Second,
    Day,
    Month,
}

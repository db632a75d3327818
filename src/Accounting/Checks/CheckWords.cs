using System.Globalization;
using CiCost.Accounting.Presentation;

namespace CiCost.Accounting.Checks;

/// <summary>Figures in the sentences of checks: rounded for people. Where a nano matters, the check says the exact amount itself.</summary>
internal static class CheckWords
{
    private const int SecondsPerHour = 3_600;

    /// <summary>An amount in cents, as in <c>-1,500.00 USD</c>.</summary>
    public static string Amount(Int128 nanos, string currency)
    {
        var cents = PresentationCube.RoundHalfEven(nanos);
        return $"{(cents < 0 ? "-" : "")}{Number(Math.Abs(cents / 100))}.{Math.Abs(cents % 100):00} {currency}";
    }

    /// <summary>Hours with one place, rounded half away from zero; a few minutes are said as such.</summary>
    public static string Hours(long seconds) => seconds < SecondsPerHour / 10 ? "less than 0.1 hours"
        : Math.Round((decimal)seconds / SecondsPerHour, 1, MidpointRounding.AwayFromZero).ToString("#,##0.0", CultureInfo.InvariantCulture) + " hours";

    /// <summary>A count with its thousands apart.</summary>
    public static string Number(long count) => count.ToString("#,##0", CultureInfo.InvariantCulture);
}

using System.Globalization;
using CiCost.Accounting.Presentation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.Reports.Models;

namespace CiCost.Reports.Formatting;

/// <summary>
/// How figures look on a page: comma for thousands, a true minus, an en dash for nothing, an explicit plus on differences.
/// Nothing here rounds an amount of money except where its name says thousands or millions.
/// </summary>
public static class Figures
{
    /// <summary>What stands where there is nothing.</summary>
    public const string Nothing = "\u2013";

    private const string Minus = "\u2212";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Cents as dollars with two decimals: <c>1,234.50</c>.</summary>
    public static string Money(long cents) => Sign(cents) + Dollars(cents) + "." + (Magnitude(cents) % 100).ToString("00", Culture);

    /// <summary>The same; an en dash for zero.</summary>
    public static string MoneyOrNothing(long cents) => cents == 0 ? Nothing : Money(cents);

    /// <summary>Whole dollars for the end of a range. Cents that are there after all are shown, never hidden.</summary>
    public static string Estimate(long cents) => cents % 100 == 0 ? Sign(cents) + Dollars(cents) : Money(cents);

    /// <summary>A difference or a position: <c>+1.00</c>, <c>−1.00</c>, <c>0.00</c>.</summary>
    public static string SignedMoney(long cents) => (cents > 0 ? "+" : "") + Money(cents);

    /// <summary>A range: <c>1,200 to 1,300</c>.</summary>
    public static string Range(RangedAmount amount) => $"{Estimate(amount.LowCents)} to {Estimate(amount.HighCents)}";

    /// <summary>A range of positions: <c>−100 to +200</c>.</summary>
    public static string SignedRange(RangedAmount amount) => $"{SignedEstimate(amount.LowCents)} to {SignedEstimate(amount.HighCents)}";

    /// <summary>
    /// Rounded to thousands of dollars, half away from zero: <c>$744k</c>; from 100 million on to millions, from 100 billion on to
    /// billions, so that it always fits beside a chart.
    /// </summary>
    public static string Thousands(long cents)
    {
        var (unit, letter) = Magnitude(cents) switch
        {
            var m when m >= 10_000_000_000_000 => (100_000_000_000L, "B"),
            var m when m >= 10_000_000_000 => (100_000_000L, "M"),
            _ => (100_000L, "k"),
        };
        var count = Rounded(cents, unit);
        return $"{Sign(count)}${Group(Magnitude(count))}{letter}";
    }

    /// <summary>Thousands of the parts of a whole: they add up to the whole's <see cref="Thousands"/> (accounting.md, 9). Where the whole
    /// is printed in millions or billions, each part is rounded alone.</summary>
    public static IReadOnlyList<string> ThousandsOf(IReadOnlyList<long> cents)
    {
        ArgumentNullException.ThrowIfNull(cents);
        var whole = cents.Aggregate((Int128)0, (sum, c) => sum + c);
        if (cents.Count == 0 || cents.Append((long)whole).Any(c => !Thousands(c).EndsWith('k')))
        {
            return [.. cents.Select(Thousands)];
        }

        var steps = PresentationCube.StepsOf([.. cents.Select(c => (Int128)c)], 100_000, (long)Rounded(whole, 100_000));
        return [.. steps.Select(s => $"{Sign(s)}${Group(Magnitude(s))}k")];
    }

    /// <summary>A headline amount and its unit: <c>$1.54</c> and <c>million</c>; below a million <c>$746,910</c> and nothing.</summary>
    public static (string Amount, string Unit) Headline(long cents)
    {
        var dollars = Rounded(cents, 100);
        if (Magnitude(dollars) < 1_000_000)
        {
            return ($"{Sign(dollars)}${Group(Magnitude(dollars))}", "");
        }

        var isBillion = Magnitude(dollars) >= 1_000_000_000;
        var hundredths = Rounded(cents, isBillion ? 1_000_000_000 : 1_000_000);
        return ($"{Sign(hundredths)}${Group(Magnitude(hundredths) / 100)}.{(Magnitude(hundredths) % 100).ToString("00", Culture)}",
            isBillion ? "billion" : "million");
    }

    /// <summary>A part of a whole: <c>17.8%</c>; an en dash where the whole is zero.</summary>
    public static string Share(long part, long whole) => whole == 0 ? Nothing : Permille(Ratio(part, whole));

    /// <summary>A change against before: <c>+3.3%</c>; <c>new</c> where there was nothing, an en dash where nothing can be said.</summary>
    public static string Change(long now, long? before) => before switch
    {
        null or < 0 => Nothing,
        0 => now == 0 ? Nothing : "new",
        { } previous => Ratio((Int128)now - previous, previous) is var change && change > 9_999 ? ">999%" : SignedPermille(change),
    };

    /// <summary>Tenths of a percent: <c>17.8%</c>.</summary>
    public static string Permille(Int128 permille) =>
        $"{(permille < 0 ? Minus : "")}{Group(Int128.Abs(permille) / 10)}.{(Int128.Abs(permille) % 10).ToString(Culture)}%";

    /// <summary>Tenths of a percent with the sign: <c>+49.4%</c>.</summary>
    public static string SignedPermille(Int128 permille) => (permille > 0 ? "+" : "") + Permille(permille);

    /// <summary>Whole hours: <c>2,231,305</c>; an en dash for none.</summary>
    public static string Hours(long hours) => hours == 0 ? Nothing : Sign(hours) + Group(Magnitude(hours));

    /// <summary>A difference in hours: <c>+158,681</c>.</summary>
    public static string SignedHours(Int128 hours) => hours == 0 ? Nothing : (hours > 0 ? "+" : Minus) + Group(Int128.Abs(hours));

    /// <summary><c>July 2026</c>.</summary>
    public static string Month(BillingMonth month) => month.FirstDay.ToString("MMMM yyyy", Culture);

    /// <summary><c>July</c>.</summary>
    public static string MonthName(BillingMonth month) => month.FirstDay.ToString("MMMM", Culture);

    /// <summary><c>Jul</c>.</summary>
    public static string ShortMonth(BillingMonth month) => month.FirstDay.ToString("MMM", Culture);

    /// <summary><c>14 August 2026</c>.</summary>
    public static string Day(DateOnly day) => day.ToString("d MMMM yyyy", Culture);

    /// <summary><c>14 Aug 2026</c>.</summary>
    public static string ShortDay(DateOnly day) => day.ToString("d MMM yyyy", Culture);

    /// <summary><c>14 August 2026, 10:02 UTC</c>.</summary>
    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", Culture);

    /// <summary>A count: <c>1,204</c>.</summary>
    public static string Count(long count) => Sign(count) + Group(Magnitude(count));

    /// <summary>The first hexadecimal digits of a seal in groups of four; all of them for 64.</summary>
    public static string Seal(string sealHex, int digits = 16)
    {
        ArgumentNullException.ThrowIfNull(sealHex);
        return string.Join(' ', sealHex[..Math.Min(digits, sealHex.Length)].Chunk(4).Select(c => new string(c)));
    }

    /// <summary>The words of a basis.</summary>
    public static string Basis(CostBasis basis) => ReaderWords.Basis(basis);

    /// <summary>Tenths of a percent, half away from zero.</summary>
    public static Int128 Ratio(Int128 part, Int128 whole) => Rounded(part * 1_000, whole);

    private static string SignedEstimate(long cents) => (cents > 0 ? "+" : "") + Estimate(cents);

    private static Int128 Rounded(Int128 value, Int128 unit)
    {
        var (quotient, remainder) = Int128.DivRem(Int128.Abs(value), Int128.Abs(unit));
        var rounded = quotient + (remainder * 2 >= Int128.Abs(unit) ? 1 : 0);
        return value < 0 == unit < 0 ? rounded : -rounded;
    }

    private static Int128 Magnitude(Int128 value) => Int128.Abs(value);

    private static string Dollars(long cents) => Group(Magnitude(cents) / 100);

    private static string Group(Int128 value) => value.ToString("#,0", Culture);

    private static string Sign(Int128 value) => value < 0 ? Minus : "";
}

using System.Globalization;

namespace CiCost.Domain.Money;

/// <summary>Exact decimal text of scaled integers: no exponent, no thousands separator, no trailing zeros.</summary>
public static class DecimalText
{
    /// <summary>Text of a count of 1e-9, for example 1500000000 as <c>1.5</c>.</summary>
    public static string OfNanos(Int128 nanos) => Scaled(nanos, 9);

    /// <summary>Text of a count of 1e-18, for example -1 as <c>-0.000000000000000001</c>.</summary>
    public static string OfAttos(Int128 attos) => Scaled(attos, 18);

    private static string Scaled(Int128 value, int fractionDigits)
    {
        return Scaled(value < 0, Magnitude(value).ToString(CultureInfo.InvariantCulture), fractionDigits);
    }

    /// <summary>Text of nanos and the 1e-18 that follow them.</summary>
    internal static string OfParts(bool negative, Int128 nanos, long attos) =>
        Scaled(negative, Magnitude(nanos).ToString(CultureInfo.InvariantCulture) + attos.ToString("D9", CultureInfo.InvariantCulture), 18);

    private static string Scaled(bool negative, string digits, int fractionDigits)
    {
        digits = digits.PadLeft(fractionDigits + 1, '0');
        var whole = digits[..^fractionDigits];
        var fraction = digits[^fractionDigits..].TrimEnd('0');
        return (negative ? "-" : "") + whole + (fraction.Length == 0 ? "" : "." + fraction);
    }

    /// <summary>The absolute value; also right for the smallest Int128, which has no positive counterpart.</summary>
    private static UInt128 Magnitude(Int128 value) => unchecked(value < 0 ? (UInt128)(-value) : (UInt128)value);
}

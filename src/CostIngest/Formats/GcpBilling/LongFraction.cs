using System.Globalization;
using System.Numerics;
using System.Text;
using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Formats.GcpBilling;

/// <summary>
/// Decimals with more than 18 digits behind the point: BigQuery's FLOAT64 has 17 significant ones, so a tiny amount has more.
/// </summary>
internal static class LongFraction
{
    private const int AttoDigits = 18;
    private const int MostLength = 400;

    /// <summary>Rounds a decimal half-even to 1e-18; false when the text is none or the result does not fit.</summary>
    public static bool TryRound(ReadOnlySpan<byte> utf8, out Int128 attos)
    {
        attos = 0;
        if (utf8.Length > MostLength || !FocusNumber.IsDecimal(utf8))
        {
            return false;
        }

        var text = Encoding.ASCII.GetString(utf8).ToUpperInvariant();
        var at = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = at < 0 ? 0 : int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = at < 0 ? text : text[..at];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var scale = (point < 0 ? 0 : mantissa.Length - point - 1) - exponent - AttoDigits;
        var digits = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        var rounded = scale <= 0 ? digits * BigInteger.Pow(10, -scale) : RoundHalfEven(digits, BigInteger.Pow(10, scale));
        if (BigInteger.Abs(rounded) > (BigInteger)Int128.MaxValue)
        {
            return false;
        }

        attos = (Int128)rounded;
        return FocusDecimal.TryRound(attos, out _, out _) == FocusDecimalError.None;
    }

    private static BigInteger RoundHalfEven(BigInteger value, BigInteger divisor)
    {
        var (quotient, remainder) = BigInteger.DivRem(BigInteger.Abs(value), divisor);
        var twice = remainder * 2;
        quotient += twice > divisor || (twice == divisor && !quotient.IsEven) ? BigInteger.One : BigInteger.Zero;
        return value.Sign < 0 ? -quotient : quotient;
    }
}

using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>
/// A sum of JSON numbers, exact: Azure writes binary fractions with up to 17 digits, so a small amount has more digits behind the point
/// than a FOCUS decimal may have. It is rounded once, at the end.
/// </summary>
internal readonly record struct ExactSum
{
    private const int Scale = 64;
    private const int MostDigits = 40;

    private static readonly BigInteger UnitsPerNano = BigInteger.Pow(10, Scale - 9);

    // In 1e-64 of the currency.
    private readonly BigInteger _value;

    private ExactSum(BigInteger value) => _value = value;

    /// <summary>Reads the raw text of a JSON number.</summary>
    /// <returns>False when it is none, or has more digits than any amount.</returns>
    public static bool TryRead(JsonElement element, out ExactSum sum)
    {
        sum = default;
        if (element.ValueKind != JsonValueKind.Number)
        {
            return false;
        }

        var text = element.GetRawText();
        var e = text.IndexOfAny(['e', 'E']);
        var exponent = 0;
        if (e >= 0 && !int.TryParse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return false;
        }

        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var shift = Scale + exponent - (point < 0 ? 0 : mantissa.Length - point - 1);
        if (mantissa.Length > MostDigits || shift < 0 || shift > Scale + MostDigits)
        {
            return false;
        }

        var digits = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        sum = new ExactSum(digits * BigInteger.Pow(10, shift));
        return true;
    }

    public static ExactSum operator +(ExactSum left, ExactSum right) => new(left._value + right._value);

    /// <summary>Are two sums the same but for a rounding in the provider's own additions?</summary>
    /// <param name="toleranceNanos">The largest difference that counts as none.</param>
    public bool IsCloseTo(ExactSum other, long toleranceNanos) => BigInteger.Abs(_value - other._value) <= toleranceNanos * UnitsPerNano;

    /// <summary>In 1e-9 of the currency, rounded half-even.</summary>
    /// <returns>False when it is beyond plus or minus 9.2E18 units.</returns>
    public bool TryRound(out Int128 nanos)
    {
        var quotient = BigInteger.DivRem(_value, UnitsPerNano, out var remainder);
        var twice = BigInteger.Abs(remainder) * 2;
        var up = twice > UnitsPerNano || (twice == UnitsPerNano && !quotient.IsEven);
        var rounded = up ? quotient + _value.Sign : quotient;
        var fits = BigInteger.Abs(rounded) <= (BigInteger)FocusDecimal.MostUnits * FocusDecimal.AttosPerNano;
        nanos = fits ? (Int128)rounded : 0;
        return fits;
    }

    /// <summary>For errors.</summary>
    public override string ToString() => TryRound(out var nanos) ? DecimalText.OfNanos(nanos) : "an amount beyond 9.2E18";
}

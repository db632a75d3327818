namespace CiCost.Domain.Money;

/// <summary>Why a text is no FOCUS decimal that CiCost can hold exactly.</summary>
public enum FocusDecimalError
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>
    /// Not of the form <c>[-]digits[.digits][E[sign]digits]</c>: a plus sign before it, a thousands separator, NaN, a blank or other text.
    /// </summary>
    NotANumber,

    /// <summary>
    /// More than 18 digits after the point (after the exponent is applied) that are not zero. Only reads that do not round say so.
    /// </summary>
    TooManyFractionDigits,

    /// <summary>Beyond what the read gives: see there.</summary>
    OutOfRange,
}

/// <summary>
/// Reads the decimals of FOCUS files exactly, in units of 1e-18, and rounds them half-even to nanos.
/// Source of the form: FOCUS 1.4, attribute NumericFormat (integer, decimal or <c>mEn</c>, no plus sign, no thousands separator);
/// a plus sign in the exponent is read as well, because JSON allows it (RFC 8259, 6) and .NET, Python and jq write it. Most values in
/// real bills have up to 18 fractional and 20 significant digits; Azure, BigQuery's FLOAT64 and databases write longer ones.
/// </summary>
public static partial class FocusDecimal
{
    /// <summary>The number of 1e-18 in one nano (1e-9).</summary>
    public const long AttosPerNano = 1_000_000_000;

    private const int MostFractionDigits = 18;

    /// <summary>Reads one decimal.</summary>
    /// <param name="utf8">The field, without quotes; blanks around it are an error.</param>
    /// <param name="nanos">The value rounded half-even to nanos.</param>
    /// <param name="residueAttos">What rounding left out, in 1e-18: exact value = nanos x 1e9 + residueAttos, between -5e8 and 5e8.</param>
    /// <returns>
    /// <see cref="FocusDecimalError.None"/>, or why the text is refused; the outputs are then 0. Out of range is beyond plus or minus
    /// 9,223,372,036 units.
    /// </returns>
    public static FocusDecimalError TryParse(ReadOnlySpan<byte> utf8, out long nanos, out long residueAttos)
    {
        if (TryParsePlain(utf8, out nanos, out residueAttos))
        {
            return FocusDecimalError.None;
        }

        var error = TryParseAttos(utf8, out var attos);
        return error != FocusDecimalError.None ? error : TryRound(attos, out nanos, out residueAttos);
    }

    /// <summary>Reads one decimal as a count of 1e-18, without rounding.</summary>
    /// <param name="utf8">The field, without quotes.</param>
    /// <param name="attos">The exact value in 1e-18; within plus or minus 1.7e38.</param>
    /// <returns><see cref="FocusDecimalError.None"/>, or why the text is refused.</returns>
    public static FocusDecimalError TryParseAttos(ReadOnlySpan<byte> utf8, out Int128 attos)
    {
        var error = TryParseRounded(utf8, MostFractionDigits, out attos, out var wasRounded);
        if (wasRounded)
        {
            attos = 0;
            return FocusDecimalError.TooManyFractionDigits;
        }

        return error;
    }

    /// <summary>Rounds a count of 1e-18 half-even to nanos.</summary>
    /// <param name="attos">The exact value in 1e-18.</param>
    /// <param name="nanos">The rounded value.</param>
    /// <param name="residueAttos">Exact minus rounded, in 1e-18.</param>
    /// <returns><see cref="FocusDecimalError.OutOfRange"/> when the rounded value does not fit in 64 bits: 9,223,372,036 units.</returns>
    public static FocusDecimalError TryRound(Int128 attos, out long nanos, out long residueAttos)
    {
        var rounded = RoundHalfEven(attos);
        if (rounded > long.MaxValue || rounded < long.MinValue)
        {
            nanos = 0;
            residueAttos = 0;
            return FocusDecimalError.OutOfRange;
        }

        nanos = (long)rounded;
        residueAttos = (long)(attos - (rounded * AttosPerNano));
        return FocusDecimalError.None;
    }

    /// <summary>Rounds a count of 1e-18 to the nearest nano, ties to the even one.</summary>
    public static Int128 RoundHalfEven(Int128 attos)
    {
        var (quotient, remainder) = Int128.DivRem(attos, AttosPerNano);
        var magnitude = Int128.Abs(remainder);
        const long half = AttosPerNano / 2;
        var up = magnitude > half || (magnitude == half && !Int128.IsEvenInteger(quotient));
        return up ? quotient + (attos < 0 ? -1 : 1) : quotient;
    }
}

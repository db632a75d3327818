namespace CiCost.Domain.Money;

/// <summary>Why a text is no FOCUS decimal that CiCost can hold exactly.</summary>
public enum FocusDecimalError
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>
    /// Not of the form <c>[-]digits[.digits][E[-]digits]</c>: a plus sign, a thousands separator, NaN, a blank or other text.
    /// </summary>
    NotANumber,

    /// <summary>
    /// More than 18 digits after the point (after the exponent is applied) that are not zero: it would have to be rounded to be read.
    /// </summary>
    TooManyFractionDigits,

    /// <summary>Beyond plus or minus 9,223,372,036 units.</summary>
    OutOfRange,
}

/// <summary>
/// Reads the decimals of FOCUS files exactly, in units of 1e-18, and rounds them half-even to nanos.
/// Source of the form: FOCUS 1.4, attribute NumericFormat (integer, decimal or <c>mEn</c>, no plus sign, no thousands separator);
/// a plus sign in the exponent is refused as well. Values in real bills have up to 18 fractional and 20 significant digits.
/// </summary>
public static partial class FocusDecimal
{
    /// <summary>The number of 1e-18 in one nano (1e-9).</summary>
    public const long AttosPerNano = 1_000_000_000;

    private const int MostFractionDigits = 18;

    private static readonly UInt128 MostDigits = (UInt128.MaxValue - 9) / 10;
    private static readonly UInt128 MostTenth = (UInt128)Int128.MaxValue / 10;

    /// <summary>Reads one decimal.</summary>
    /// <param name="utf8">The field, without quotes; blanks around it are an error.</param>
    /// <param name="nanos">The value rounded half-even to nanos.</param>
    /// <param name="residueAttos">What rounding left out, in 1e-18: exact value = nanos x 1e9 + residueAttos, between -5e8 and 5e8.</param>
    /// <returns><see cref="FocusDecimalError.None"/>, or why the text is refused; the outputs are then 0.</returns>
    public static FocusDecimalError TryParse(ReadOnlySpan<byte> utf8, out long nanos, out long residueAttos)
    {
        if (TryParsePlain(utf8, out nanos, out residueAttos))
        {
            return FocusDecimalError.None;
        }

        var error = TryParseAttos(utf8, out var attos);
        return error != FocusDecimalError.None ? error : TryRound(attos, out nanos, out residueAttos);
    }

    /// <summary>Reads one decimal as a count of 1e-18.</summary>
    /// <param name="utf8">The field, without quotes.</param>
    /// <param name="attos">The exact value in 1e-18; within plus or minus 1.7e38.</param>
    /// <returns><see cref="FocusDecimalError.None"/>, or why the text is refused.</returns>
    public static FocusDecimalError TryParseAttos(ReadOnlySpan<byte> utf8, out Int128 attos)
    {
        attos = 0;
        var negative = utf8 is [(byte)'-', ..];
        var rest = negative ? utf8[1..] : utf8;
        var whole = TakeDigits(ref rest);
        var fraction = ReadOnlySpan<byte>.Empty;
        if (rest is [(byte)'.', ..])
        {
            rest = rest[1..];
            fraction = TakeDigits(ref rest);
            if (fraction.IsEmpty)
            {
                return FocusDecimalError.NotANumber;
            }
        }

        var exponent = 0;
        if (whole.IsEmpty || (!rest.IsEmpty && (rest[0] is not ((byte)'E' or (byte)'e') || !TryExponent(rest[1..], out exponent))))
        {
            return FocusDecimalError.NotANumber;
        }

        fraction = fraction.TrimEnd((byte)'0');
        UInt128 digits = 0;
        if (!TryAppend(whole, ref digits))
        {
            return FocusDecimalError.OutOfRange;
        }

        var scale = fraction.Length - exponent;
        if (!TryAppend(fraction, ref digits))
        {
            return scale > MostFractionDigits ? FocusDecimalError.TooManyFractionDigits : FocusDecimalError.OutOfRange;
        }

        return TryScale(digits, scale, negative, out attos);
    }

    /// <summary>Rounds a count of 1e-18 half-even to nanos.</summary>
    /// <param name="attos">The exact value in 1e-18.</param>
    /// <param name="nanos">The rounded value.</param>
    /// <param name="residueAttos">Exact minus rounded, in 1e-18.</param>
    /// <returns><see cref="FocusDecimalError.OutOfRange"/> when the rounded value does not fit in 64 bits.</returns>
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

    private static ReadOnlySpan<byte> TakeDigits(scoped ref ReadOnlySpan<byte> utf8)
    {
        var end = utf8.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = end < 0 ? utf8 : utf8[..end];
        utf8 = utf8[digits.Length..];
        return digits;
    }

    /// <summary>False when the digits leave 128 bits: more than 38 of them, far beyond any amount.</summary>
    private static bool TryAppend(ReadOnlySpan<byte> utf8, ref UInt128 digits)
    {
        foreach (var c in utf8)
        {
            if (digits > MostDigits)
            {
                return false;
            }

            digits = (digits * 10) + (uint)(c - '0');
        }

        return true;
    }

    private static bool TryExponent(ReadOnlySpan<byte> utf8, out int exponent)
    {
        exponent = 0;
        var negative = utf8.Length > 0 && utf8[0] == '-';
        var digits = negative ? utf8[1..] : utf8;
        if (digits.Length is 0 or > 4)
        {
            return false;
        }

        foreach (var c in digits)
        {
            if (c is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            exponent = (exponent * 10) + (c - '0');
        }

        exponent = negative ? -exponent : exponent;
        return true;
    }

    private static FocusDecimalError TryScale(UInt128 digits, int scale, bool negative, out Int128 attos)
    {
        attos = 0;
        while (scale > MostFractionDigits && digits != 0)
        {
            var (quotient, remainder) = UInt128.DivRem(digits, 10);
            if (remainder != 0)
            {
                return FocusDecimalError.TooManyFractionDigits;
            }

            digits = quotient;
            scale--;
        }

        while (scale < MostFractionDigits && digits != 0)
        {
            if (digits > MostTenth)
            {
                return FocusDecimalError.OutOfRange;
            }

            digits *= 10;
            scale++;
        }

        if (digits > (UInt128)Int128.MaxValue)
        {
            return FocusDecimalError.OutOfRange;
        }

        attos = negative ? -(Int128)digits : (Int128)digits;
        return FocusDecimalError.None;
    }
}

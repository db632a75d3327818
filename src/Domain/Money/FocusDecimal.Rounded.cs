namespace CiCost.Domain.Money;

/// <content>
/// Every text of the form, however long: digit by digit in 128 bits, rounded half-even at a decimal place. The way of the rare value that
/// is no plain one, and of quantities.
/// </content>
public static partial class FocusDecimal
{
    /// <summary>Beyond this an exponent moves all digits of any field out of sight; larger ones count as this.</summary>
    private const int MostExponent = 1_000_000_000;

    /// <summary>The largest amount of a line, in units of its currency: 9.2E18.</summary>
    public const long MostUnits = long.MaxValue;

    private static readonly Int128 MostAttos = (Int128)MostUnits * AttosPerNano * AttosPerNano;

    private const int DigitsIn64Bits = 19;

    private static readonly UInt128 MostTenth = (UInt128)Int128.MaxValue / 10;

    /// <summary>Is the text of the form <c>[-]digits[.digits][E[sign]digits]</c>?</summary>
    public static bool IsDecimal(ReadOnlySpan<byte> utf8) => TrySplit(utf8, out _);

    /// <summary>Reads one decimal as a count of a power of ten, rounded half-even where it has more digits.</summary>
    /// <param name="utf8">The field, without quotes.</param>
    /// <param name="fractionDigits">The digits behind the point that count: 18 for 1e-18.</param>
    /// <param name="value">The rounded value; within plus or minus 1.7e38.</param>
    /// <param name="wasRounded">Does the text have further digits that are not zero? Told also when it is out of range.</param>
    /// <returns><see cref="FocusDecimalError.None"/>, or why the text is refused; the value is then 0.</returns>
    public static FocusDecimalError TryParseRounded(ReadOnlySpan<byte> utf8, int fractionDigits, out Int128 value, out bool wasRounded)
    {
        value = 0;
        wasRounded = false;
        if (!TrySplit(utf8, out var parts))
        {
            return FocusDecimalError.NotANumber;
        }

        // Digits before this place make the value, the others round it.
        var place = parts.Whole.Length + (long)parts.Exponent + fractionDigits;
        wasRounded = parts.HasDigitFrom(place);
        var at = 0L;
        ulong first = 0;
        for (; at < place && at < DigitsIn64Bits; at++)
        {
            first = (first * 10) + (uint)parts.DigitAt(at);
        }

        UInt128 magnitude = first;
        for (; at < place; at++)
        {
            if (magnitude == 0 && at >= parts.Count)
            {
                break;
            }

            if (magnitude > MostTenth)
            {
                return FocusDecimalError.OutOfRange;
            }

            magnitude = (magnitude * 10) + (uint)parts.DigitAt(at);
        }

        var digit = parts.DigitAt(place);
        var isUp = digit > 5 || (digit == 5 && (parts.HasDigitFrom(place + 1) || UInt128.IsOddInteger(magnitude)));
        magnitude += isUp ? UInt128.One : UInt128.Zero;
        if (magnitude > (UInt128)Int128.MaxValue)
        {
            return FocusDecimalError.OutOfRange;
        }

        value = parts.IsNegative ? -(Int128)magnitude : (Int128)magnitude;
        return FocusDecimalError.None;
    }

    /// <summary>Reads a cost of any size that the books hold: rounded half-even to 1e-18 where it has more digits, and from there to nanos.</summary>
    /// <param name="utf8">The field, without quotes.</param>
    /// <param name="nanos">The value in nanos.</param>
    /// <param name="residueAttos">What rounding to nanos left out, in 1e-18, between -5e8 and 5e8.</param>
    /// <param name="wasRounded">Does the text have digits beyond 1e-18 that are not zero? They are what is left out here.</param>
    /// <returns>
    /// <see cref="FocusDecimalError.None"/>, or why the text is refused; the outputs are then 0. Out of range is beyond plus or minus
    /// <see cref="MostUnits"/>.
    /// </returns>
    public static FocusDecimalError TryParseCost(ReadOnlySpan<byte> utf8, out Int128 nanos, out int residueAttos, out bool wasRounded)
    {
        nanos = 0;
        residueAttos = 0;
        var error = TryParseRounded(utf8, MostFractionDigits, out var attos, out wasRounded);
        if (error == FocusDecimalError.None && !IsCost(attos))
        {
            error = FocusDecimalError.OutOfRange;
        }

        if (error != FocusDecimalError.None)
        {
            wasRounded = false;
            return error;
        }

        (nanos, residueAttos) = Round(attos);
        return FocusDecimalError.None;
    }

    /// <summary>Is an amount in 1e-18 within plus or minus <see cref="MostUnits"/>?</summary>
    public static bool IsCost(Int128 attos) => attos <= MostAttos && attos >= -MostAttos;

    /// <summary>Rounds an amount in 1e-18 half-even to nanos.</summary>
    /// <param name="attos">The exact value; in range by <see cref="IsCost"/>.</param>
    public static (Int128 Nanos, int ResidueAttos) Round(Int128 attos)
    {
        var nanos = RoundHalfEven(attos);
        return (nanos, (int)(attos - (nanos * AttosPerNano)));
    }

    private static bool TrySplit(ReadOnlySpan<byte> utf8, out Parts parts)
    {
        parts = new Parts { IsNegative = utf8 is [(byte)'-', ..] };
        var rest = parts.IsNegative ? utf8[1..] : utf8;
        parts.Whole = TakeDigits(ref rest);
        if (rest is [(byte)'.', ..])
        {
            rest = rest[1..];
            parts.Fraction = TakeDigits(ref rest);
            if (parts.Fraction.IsEmpty)
            {
                return false;
            }
        }

        return !parts.Whole.IsEmpty && (rest.IsEmpty || TryExponent(rest, out parts.Exponent));
    }

    private static bool TryExponent(ReadOnlySpan<byte> utf8, out int exponent)
    {
        exponent = 0;
        if (utf8[0] is not ((byte)'E' or (byte)'e'))
        {
            return false;
        }

        var digits = utf8.Length > 1 && utf8[1] is (byte)'-' or (byte)'+' ? utf8[2..] : utf8[1..];
        if (digits.IsEmpty)
        {
            return false;
        }

        foreach (var c in digits)
        {
            if (c is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            exponent = (int)Math.Min(MostExponent, ((long)exponent * 10) + (c - (byte)'0'));
        }

        exponent = utf8[1] == '-' ? -exponent : exponent;
        return true;
    }

    private static ReadOnlySpan<byte> TakeDigits(scoped ref ReadOnlySpan<byte> utf8)
    {
        var end = utf8.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = end < 0 ? utf8 : utf8[..end];
        utf8 = utf8[digits.Length..];
        return digits;
    }

    /// <summary>The parts of a decimal; its digits are numbered from the first one before the point.</summary>
    private ref struct Parts
    {
        public bool IsNegative;
        public ReadOnlySpan<byte> Whole;
        public ReadOnlySpan<byte> Fraction;
        public int Exponent;

        public readonly int Count => Whole.Length + Fraction.Length;

        public readonly int DigitAt(long index) => index < 0 || index >= Count ? 0
            : (index < Whole.Length ? Whole[(int)index] : Fraction[(int)index - Whole.Length]) - '0';

        /// <summary>Is any digit from a place on another one than 0?</summary>
        public readonly bool HasDigitFrom(long index)
        {
            var first = (int)Math.Clamp(index, 0, Count);
            return Whole[Math.Min(first, Whole.Length)..].ContainsAnyExcept((byte)'0')
                || Fraction[Math.Max(0, first - Whole.Length)..].ContainsAnyExcept((byte)'0');
        }
    }
}

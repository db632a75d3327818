using CiCost.Domain.Money;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>Numbers that are not money: quantities, which may be rounded, and unit prices, which keep their text.</summary>
internal static class FocusNumber
{
    private const int QuantityDigits = 9;

    /// <summary>Most digits of a quantity in 1e-9 that fit: 19 of a 64-bit whole and 9 behind the point.</summary>
    private const int MostDigits = 28;

    /// <summary>Is the text of the form <c>[-]digits[.digits][E[-]digits]</c> (FOCUS 1.4, NumericFormat)?</summary>
    public static bool IsDecimal(ReadOnlySpan<byte> text) => TrySplit(text, out _, out _, out _, out _);

    /// <summary>Reads a quantity and rounds it half-even to 1e-9.</summary>
    public static FocusDecimalError TryQuantity(ReadOnlySpan<byte> text, out long units, out int subunitNanos)
    {
        var error = FocusDecimal.TryParse(text, out var nanos, out _);
        if (error == FocusDecimalError.None)
        {
            (units, var rest) = Math.DivRem(nanos, Money.NanosPerUnit);
            subunitNanos = (int)rest;
            return error;
        }

        (units, subunitNanos) = (0, 0);
        return error == FocusDecimalError.NotANumber ? error : TryLongQuantity(text, out units, out subunitNanos);
    }

    private static FocusDecimalError TryLongQuantity(ReadOnlySpan<byte> text, out long units, out int subunitNanos)
    {
        (units, subunitNanos) = (0, 0);
        if (!TrySplit(text, out var negative, out var whole, out var fraction, out var exponent))
        {
            return FocusDecimalError.NotANumber;
        }

        // The digits before this place make the quantity in 1e-9, the others round it.
        var place = (long)whole.Length + exponent + QuantityDigits;
        UInt128 nanos = 0;
        var taken = 0;
        for (var i = 0L; i < place; i++)
        {
            var digit = DigitAt(whole, fraction, i);
            taken += taken > 0 || digit != 0 ? 1 : 0;
            if (taken > MostDigits)
            {
                return FocusDecimalError.OutOfRange;
            }

            if (i >= whole.Length + fraction.Length && nanos == 0)
            {
                break;
            }

            nanos = (nanos * 10) + (uint)digit;
        }

        nanos += RoundsUp(whole, fraction, place, (nanos & 1) != 0) ? 1u : 0u;
        var limit = (UInt128)long.MaxValue * Money.NanosPerUnit;
        if (nanos > limit)
        {
            return FocusDecimalError.OutOfRange;
        }

        var quantity = new Quantity(negative ? -(Int128)nanos : (Int128)nanos);
        (units, subunitNanos) = (quantity.Units, quantity.SubunitNanos);
        return FocusDecimalError.None;
    }

    private static bool RoundsUp(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, long place, bool isOdd)
    {
        var next = DigitAt(whole, fraction, place);
        if (next != 5)
        {
            return next > 5;
        }

        for (var i = place + 1; i < whole.Length + fraction.Length; i++)
        {
            if (DigitAt(whole, fraction, i) != 0)
            {
                return true;
            }
        }

        return isOdd;
    }

    private static int DigitAt(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, long index)
    {
        if (index < 0 || index >= whole.Length + fraction.Length)
        {
            return 0;
        }

        var i = (int)index;
        return (i < whole.Length ? whole[i] : fraction[i - whole.Length]) - '0';
    }

    private static bool TrySplit(
        ReadOnlySpan<byte> text, out bool negative, out ReadOnlySpan<byte> whole, out ReadOnlySpan<byte> fraction, out int exponent)
    {
        negative = !text.IsEmpty && text[0] == '-';
        text = negative ? text[1..] : text;
        whole = text[..DigitCount(text)];
        text = text[whole.Length..];
        fraction = default;
        exponent = 0;
        if (!text.IsEmpty && text[0] == '.')
        {
            fraction = text[1..(1 + DigitCount(text[1..]))];
            text = fraction.IsEmpty ? text : text[(1 + fraction.Length)..];
        }

        return !whole.IsEmpty && (text.IsEmpty || TryExponent(text, out exponent));
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        if (text[0] is not ((byte)'E' or (byte)'e'))
        {
            return false;
        }

        var negative = text.Length > 1 && text[1] == '-';
        var digits = text[(negative ? 2 : 1)..];
        if (digits.Length is 0 or > 4 || DigitCount(digits) != digits.Length)
        {
            return false;
        }

        foreach (var digit in digits)
        {
            exponent = (exponent * 10) + digit - '0';
        }

        exponent = negative ? -exponent : exponent;
        return true;
    }

    private static int DigitCount(ReadOnlySpan<byte> text)
    {
        var count = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return count < 0 ? text.Length : count;
    }
}

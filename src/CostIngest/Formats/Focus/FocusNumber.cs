using CiCost.Domain.Money;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>Quantities: no money, so that none of them refuses a row.</summary>
internal static class FocusNumber
{
    private const int QuantityDigits = 9;

    private static readonly Int128 MostNanos = ((Int128)long.MaxValue * Money.NanosPerUnit) + Money.NanosPerUnit - 1;

    /// <summary>Reads a quantity and rounds it half-even to 1e-9.</summary>
    /// <param name="text">The field.</param>
    /// <param name="units">Whole units.</param>
    /// <param name="subunitNanos">The rest in 1e-9.</param>
    /// <param name="used">
    /// <see cref="Tolerance.LongFractions"/> for more than 18 digits behind the point; <see cref="Tolerance.LargeQuantities"/> for a quantity
    /// beyond 64 bits of units, which the line then does not state.
    /// </param>
    /// <returns>False when the text is no number.</returns>
    public static bool TryQuantity(ReadOnlySpan<byte> text, out long units, out int subunitNanos, out Tolerance used)
    {
        used = Tolerance.None;
        var error = FocusDecimal.TryParse(text, out var nanos, out _);
        if (error == FocusDecimalError.None)
        {
            (units, var rest) = Math.DivRem(nanos, Money.NanosPerUnit);
            subunitNanos = (int)rest;
            return true;
        }

        (units, subunitNanos) = (0, 0);
        if (error == FocusDecimalError.NotANumber)
        {
            return false;
        }

        var isLarge = FocusDecimal.TryParseRounded(text, QuantityDigits, out var wide, out _) != FocusDecimalError.None
            || Int128.Abs(wide) > MostNanos;
        if (isLarge)
        {
            used = Tolerance.LargeQuantities;
            return true;
        }

        used = error == FocusDecimalError.TooManyFractionDigits ? Tolerance.LongFractions : Tolerance.None;
        var quantity = new Quantity(wide);
        (units, subunitNanos) = (quantity.Units, quantity.SubunitNanos);
        return true;
    }
}

using System.Globalization;
using System.Text;

namespace CiCost.Domain.Money;

/// <summary>
/// An exact amount of any size that books can add up: whole nanos, rounded down, and the 1e-18 above them. One Int128 of 1e-18 would end at
/// 1.7e20 units.
/// </summary>
public readonly record struct ExactAmount
{
    private const int NanoDigits = 9;

    private ExactAmount(Int128 floorNanos, long attos) => (FloorNanos, Attos) = (floorNanos, attos);

    /// <summary>The nanos, rounded down.</summary>
    public Int128 FloorNanos { get; }

    /// <summary>What is above them in 1e-18, from 0 to 999,999,999.</summary>
    public long Attos { get; }

    /// <summary>The sum of nanos and 1e-18.</summary>
    public static ExactAmount Of(Int128 nanos, Int128 attos)
    {
        var (quotient, remainder) = Int128.DivRem(attos, FocusDecimal.AttosPerNano);
        return remainder < 0
            ? new ExactAmount(nanos + quotient - 1, (long)(remainder + FocusDecimal.AttosPerNano))
            : new ExactAmount(nanos + quotient, (long)remainder);
    }

    /// <summary>Reads a decimal without exponent and with at most 18 digits behind the point, as <see cref="ToString"/> writes it.</summary>
    /// <returns>False when the text is none.</returns>
    public static bool TryParse(string text, out ExactAmount amount)
    {
        ArgumentNullException.ThrowIfNull(text);
        amount = default;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var cut = point < 0 ? text.Length : Math.Min(text.Length, point + 1 + NanoDigits);
        var rest = text[cut..].PadRight(NanoDigits, '0');
        if (rest.Length > NanoDigits || !long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var attos)
            || text.Contains('E', StringComparison.OrdinalIgnoreCase)
            || FocusDecimal.TryParseRounded(Encoding.UTF8.GetBytes(text[..cut]), NanoDigits, out var nanos, out _) != FocusDecimalError.None)
        {
            return false;
        }

        amount = Of(nanos, text.StartsWith('-') ? -attos : attos);
        return true;
    }

    /// <summary>Adds two amounts of one currency.</summary>
    public static ExactAmount operator +(ExactAmount left, ExactAmount right) => Of(left.FloorNanos + right.FloorNanos, left.Attos + right.Attos);

    /// <inheritdoc cref="op_Addition"/>
    public static ExactAmount Add(ExactAmount left, ExactAmount right) => left + right;

    /// <summary>The amount in nanos, rounded half-even.</summary>
    public Int128 RoundHalfEven()
    {
        const long half = FocusDecimal.AttosPerNano / 2;
        return Attos > half || (Attos == half && Int128.IsOddInteger(FloorNanos)) ? FloorNanos + 1 : FloorNanos;
    }

    /// <summary>The exact decimal: no exponent, no trailing zeros.</summary>
    public override string ToString()
    {
        var isNegative = FloorNanos < 0;
        var isBetween = isNegative && Attos > 0;
        var attos = isBetween ? FocusDecimal.AttosPerNano - Attos : Attos;
        return DecimalText.OfParts(isNegative, isBetween ? FloorNanos + 1 : FloorNanos, attos);
    }
}

namespace CiCost.Domain.Money;

/// <summary>
/// A quantity of something other than money, in nanos (1e-9) of its unit. Quantities of two units are never added.
/// In tables it is two integers, (units, nanos), both with the value's sign.
/// </summary>
/// <param name="Nanos">The count of 1e-9; from about -9.2e27 to 9.2e27.</param>
public readonly record struct Quantity(Int128 Nanos)
{
    /// <summary>Whole units, toward zero. Range of 64 bits; a larger quantity is refused when it is read.</summary>
    public long Units => (long)(Nanos / Money.NanosPerUnit);

    /// <summary>The rest in 1e-9, with the sign of the quantity, between -999,999,999 and 999,999,999.</summary>
    public int SubunitNanos => (int)(Nanos % Money.NanosPerUnit);

    /// <summary>Puts a quantity together from its two table columns.</summary>
    public static Quantity FromParts(long units, long nanos) => new(((Int128)units * Money.NanosPerUnit) + nanos);

    /// <summary>The quantity as decimal text without trailing zeros.</summary>
    public override string ToString() => DecimalText.OfNanos(Nanos);
}

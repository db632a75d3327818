namespace CiCost.Domain.Money;

/// <summary>
/// An amount of money: a 64-bit count of nano-units (1e-9 of the currency's unit) and its currency.
/// The range is about plus or minus 9.2 billion units. Every operation is exact or throws; nothing here rounds.
/// </summary>
/// <param name="Nanos">Nano-units, from -9.2e18 to 9.2e18.</param>
/// <param name="Currency">The currency.</param>
public readonly record struct Money(long Nanos, Currency Currency) : IComparable<Money>
{
    /// <summary>Nano-units in one unit of a currency.</summary>
    public const long NanosPerUnit = 1_000_000_000;

    /// <summary>No money, in a named currency.</summary>
    public static Money Zero(Currency currency) => new(0, currency);

    /// <summary>Adds two amounts of one currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    /// <exception cref="OverflowException">The sum leaves the range of <see cref="Money"/>.</exception>
    public static Money operator +(Money left, Money right) => new(checked(left.Nanos + right.Nanos), Same(left, right));

    /// <summary>Subtracts an amount of the same currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    /// <exception cref="OverflowException">The difference leaves the range of <see cref="Money"/>.</exception>
    public static Money operator -(Money left, Money right) => new(checked(left.Nanos - right.Nanos), Same(left, right));

    /// <summary>The same amount with the opposite sign.</summary>
    /// <exception cref="OverflowException">The amount is the smallest one, which has no opposite.</exception>
    public static Money operator -(Money value) => new(checked(-value.Nanos), value.Currency);

    /// <summary>Adds two amounts of one currency.</summary>
    public static Money Add(Money left, Money right) => left + right;

    /// <summary>Subtracts an amount of the same currency.</summary>
    public static Money Subtract(Money left, Money right) => left - right;

    /// <summary>The same amount with the opposite sign.</summary>
    public static Money Negate(Money value) => -value;

    /// <summary>Orders amounts of one currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public int CompareTo(Money other)
    {
        _ = Same(this, other);
        return Nanos.CompareTo(other.Nanos);
    }

    /// <summary>Is the left amount smaller?</summary>
    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    /// <summary>Is the left amount smaller or equal?</summary>
    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    /// <summary>Is the left amount larger?</summary>
    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    /// <summary>Is the left amount larger or equal?</summary>
    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    /// <summary>The amount without trailing zeros and its currency, for example <c>-0.5 USD</c>.</summary>
    public override string ToString() => $"{DecimalText.OfNanos(Nanos)} {Currency}";

    private static Currency Same(Money left, Money right) => left.Currency == right.Currency
        ? left.Currency
        : throw new InvalidOperationException(
            $"{left} and {right} are of two currencies and are never added or compared; convert one with a rate first.");
}

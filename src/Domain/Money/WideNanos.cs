namespace CiCost.Domain.Money;

/// <summary>
/// Amounts beyond 64 bits of nanos, 9.2 billion units, in two integers of 64 bits: <c>amount = low + high x 1e18</c> nanos. An amount that
/// fits has the high part 0, so that almost every row of the books has none. (docs/decisions/0011-wide-amounts.md)
/// </summary>
public static class WideNanos
{
    /// <summary>The nanos in one of the high part: a billion units.</summary>
    public const long PerHigh = 1_000_000_000_000_000_000;

    /// <summary>The two parts; both have the sign of the amount, and the low one of a wide amount is below 1e18.</summary>
    /// <exception cref="OverflowException">The amount is beyond 9.2e36 nanos, 9.2e27 units.</exception>
    public static (long High, long Low) Split(Int128 nanos)
    {
        if (nanos <= long.MaxValue && nanos >= long.MinValue)
        {
            return (0, (long)nanos);
        }

        var (high, low) = Int128.DivRem(nanos, PerHigh);
        return ((long)high, (long)low);
    }

    /// <summary>The amount of two parts.</summary>
    public static Int128 Join(long high, long low) => high == 0 ? low : ((Int128)high * PerHigh) + low;
}

/// <summary>A sum of amounts in nanos, as wide as <see cref="WideNanos"/>, that costs as much as one of 64 bits while it fits.</summary>
internal struct WideSum
{
    private long _low;
    private long _high;

    /// <summary>The sum.</summary>
    public readonly Int128 Nanos => WideNanos.Join(_high, _low);

    /// <summary>Adds an amount of 64 bits.</summary>
    public void Add(long nanos)
    {
        var sum = unchecked(_low + nanos);
        if (((_low ^ sum) & (nanos ^ sum)) < 0)
        {
            // Both have one sign here, and what is left of each is below 1e18.
            _high = checked(_high + (_low / WideNanos.PerHigh) + (nanos / WideNanos.PerHigh));
            sum = (_low % WideNanos.PerHigh) + (nanos % WideNanos.PerHigh);
        }

        _low = sum;
    }

    /// <summary>Adds high parts, in 1e18 nanos.</summary>
    public void AddHigh(long high) => _high = checked(_high + high);

    /// <summary>Adds another sum.</summary>
    public void Add(WideSum other)
    {
        Add(other._low);
        AddHigh(other._high);
    }
}

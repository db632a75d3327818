using System.Numerics;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Formats.Native;

/// <summary>Price times quantity where a file states no cost.</summary>
internal static class ExactProduct
{
    private const int AttoDigits = 18;

    /// <summary>Digits behind the point that a factor keeps: as many of these as its size leaves room for.</summary>
    private static readonly int[] Scales = [27, AttoDigits, 9, 0];

    /// <summary>
    /// The product of two decimals, rounded half-even to 1e-18; null beyond 128 bits. Exact for factors with at most 27 digits behind the
    /// point below 1.7E11, at most 18 below 1.7E20.
    /// </summary>
    public static Int128? Of(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (Factor(left) is not { } a || Factor(right) is not { } b)
        {
            return null;
        }

        var product = (BigInteger)a.Value * b.Value;
        var scale = a.Scale + b.Scale - AttoDigits;
        var rounded = scale <= 0 ? product * BigInteger.Pow(10, -scale) : RoundHalfEven(product, BigInteger.Pow(10, scale));
        return BigInteger.Abs(rounded) > (BigInteger)Int128.MaxValue ? null : (Int128)rounded;
    }

    private static (Int128 Value, int Scale)? Factor(ReadOnlySpan<byte> text)
    {
        foreach (var scale in Scales)
        {
            if (FocusDecimal.TryParseRounded(text, scale, out var value, out _) == FocusDecimalError.None)
            {
                return (value, scale);
            }
        }

        return null;
    }

    private static BigInteger RoundHalfEven(BigInteger value, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(BigInteger.Abs(value), divisor, out var remainder);
        var twice = remainder * 2;
        quotient += twice > divisor || (twice == divisor && !quotient.IsEven) ? BigInteger.One : BigInteger.Zero;
        return value.Sign < 0 ? -quotient : quotient;
    }
}

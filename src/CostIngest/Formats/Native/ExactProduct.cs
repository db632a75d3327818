using System.Numerics;

namespace CiCost.CostIngest.Formats.Native;

/// <summary>Price times quantity where a file states no cost.</summary>
internal static class ExactProduct
{
    private static readonly BigInteger AttosPerUnit = BigInteger.Pow(10, 18);

    /// <summary>The product of two amounts in 1e-18, rounded half-even to 1e-18; null beyond 128 bits.</summary>
    public static Int128? OfAttos(Int128 left, Int128 right)
    {
        var magnitude = BigInteger.Abs((BigInteger)left * right);
        var (quotient, remainder) = BigInteger.DivRem(magnitude, AttosPerUnit);
        var twice = remainder * 2;
        if (twice > AttosPerUnit || (twice == AttosPerUnit && !quotient.IsEven))
        {
            quotient++;
        }

        var isNegative = (left < 0) != (right < 0);
        return quotient > (BigInteger)Int128.MaxValue ? null : (Int128)(isNegative ? -quotient : quotient);
    }
}

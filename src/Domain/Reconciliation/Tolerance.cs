using System.Numerics;

namespace CiCost.Domain.Reconciliation;

/// <summary>How far the sum of bill lines may be from an invoice (FOCUS 1.4, InvoiceDetail: rounding tolerance).</summary>
public static class Tolerance
{
    private const int SubunitsAtLeast = 100;

    // ISO 4217 currencies without a minor unit, and those of a thousandth.
    private static readonly HashSet<string> WithoutSubunit =
        ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"];

    private static readonly HashSet<string> OfThousandths = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

    /// <summary>The tolerance in nanos: MAX(100 x subunit, SQRT(rows) x 0.5 x subunit), rounded down.</summary>
    /// <param name="currency">ISO 4217.</param>
    /// <param name="rows">Lines that were added up, 0 or more.</param>
    public static long Nanos(string currency, long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        long subunit = WithoutSubunit.Contains(currency) ? 1_000_000_000 : OfThousandths.Contains(currency) ? 1_000_000 : 10_000_000;
        return Math.Max(SubunitsAtLeast * subunit, Root(rows * ((BigInteger)(subunit / 2) * (subunit / 2))));
    }

    /// <summary>The whole part of a square root, by Newton's method.</summary>
    private static long Root(BigInteger square)
    {
        if (square.IsZero)
        {
            return 0;
        }

        var guess = BigInteger.One << (int)((square.GetBitLength() / 2) + 1);
        while (true)
        {
            var next = (guess + (square / guess)) >> 1;
            if (next >= guess)
            {
                return (long)guess;
            }

            guess = next;
        }
    }
}

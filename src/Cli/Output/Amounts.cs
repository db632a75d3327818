using System.Globalization;
using CiCost.Domain.Money;

namespace CiCost.Cli.Output;

/// <summary>How amounts are shown to people: cents, half-even, thousands separated. <c>--json</c> has the exact ones.</summary>
internal static class Amounts
{
    private const long NanosPerCent = Money.NanosPerUnit / 100;

    public static string Cents(Int128 nanos)
    {
        var (quotient, remainder) = Int128.DivRem(nanos, NanosPerCent);
        var twice = Int128.Abs(remainder) * 2;
        if (twice > NanosPerCent || (twice == NanosPerCent && !Int128.IsEvenInteger(quotient)))
        {
            quotient += nanos < 0 ? -1 : 1;
        }

        var sign = quotient < 0 ? "-" : "";
        var magnitude = Int128.Abs(quotient);
        var whole = (magnitude / 100).ToString("#,##0", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}.{(int)(magnitude % 100):00}");
    }

    public static string Count(long count) => count.ToString("#,##0", CultureInfo.InvariantCulture);
}

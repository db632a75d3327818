using System.Globalization;
using CiCost.Accounting.Presentation;

namespace CiCost.CostApi.Documents;

/// <summary>How amounts are shown to people: cents, half-even, thousands separated. Beside it every document has the exact one.</summary>
public static class Amounts
{
    /// <summary>An amount in nanos, rounded half-even to cents.</summary>
    public static string Cents(Int128 nanos) => OfCents(PresentationCube.RoundHalfEven(nanos));

    /// <summary>A count of cents.</summary>
    public static string OfCents(long cents)
    {
        var magnitude = UInt128.CreateChecked(Int128.Abs(cents));
        var whole = (magnitude / 100).ToString("#,##0", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{(cents < 0 ? "-" : "")}{whole}.{(int)(magnitude % 100):00}");
    }

    /// <summary>A count of things.</summary>
    public static string Count(long count) => count.ToString("#,##0", CultureInfo.InvariantCulture);
}

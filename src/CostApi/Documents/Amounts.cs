using System.Globalization;
using CiCost.Accounting.Presentation;
using CiCost.Domain.Money;

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

    /// <summary>An amount in nanos with all its digits, thousands separated.</summary>
    public static string Exact(Int128 nanos)
    {
        var text = DecimalText.OfNanos(Int128.Abs(nanos));
        var point = text.IndexOf('.', StringComparison.Ordinal) is var at && at < 0 ? text.Length : at;
        var whole = Int128.Parse(text[..point], CultureInfo.InvariantCulture).ToString("#,##0", CultureInfo.InvariantCulture);
        return (nanos < 0 ? "-" : "") + whole + text[point..];
    }

    /// <summary>A count of things.</summary>
    public static string Count(long count) => count.ToString("#,##0", CultureInfo.InvariantCulture);
}

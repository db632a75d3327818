namespace CiCost.Cli.Demo;

/// <summary>
/// Amounts in units of 1e-10 USD: finer than the nanos of the books, as provider files are, so that rounding and its residue are shown.
/// </summary>
internal static class Usd
{
    public const long PerDollar = 10_000_000_000;

    public static long Of(decimal dollars) => (long)(dollars * PerDollar) is var units && (decimal)units / PerDollar == dollars
        ? units
        : throw new ArgumentOutOfRangeException(nameof(dollars), dollars, "More than 10 decimals.");

    public static decimal Dollars(long units) => (decimal)units / PerDollar;

    /// <summary>Plain digits without an exponent and without trailing zeros, as the providers write them.</summary>
    public static string Text(long units) => Text(Dollars(units));

    public static string Text(decimal value)
    {
        var text = value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>For people: dollars and cents with separators.</summary>
    public static string Cents(long units) =>
        decimal.Round(Dollars(units), 2).ToString("#,##0.00", System.Globalization.CultureInfo.InvariantCulture);
}

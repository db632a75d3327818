namespace CiCost.Reports.Formatting;

/// <summary>The one unit of a table, named above it (accounting.md, 9).</summary>
public enum AmountUnit
{
    /// <summary>Cents: what ties to invoices, and annexes.</summary>
    Cents = 0,

    /// <summary>Thousands: what ties to no invoice.</summary>
    Thousands = 1,
}

/// <summary>Amounts of a table in its unit.</summary>
public static class AmountUnits
{
    private const long CentsPerThousand = 100_000;

    // A table of smaller amounts would be a table of zeros.
    private const long LeastCentsInThousands = 10_000_000;

    /// <summary>The unit of a table: thousands where its figures are indicative and large enough.</summary>
    public static AmountUnit Of(bool isIndicative, long totalCents) =>
        isIndicative && Int128.Abs(totalCents) >= LeastCentsInThousands ? AmountUnit.Thousands : AmountUnit.Cents;

    /// <summary>The cents of one step of a unit.</summary>
    public static long CentsOf(AmountUnit unit) => unit == AmountUnit.Thousands ? CentsPerThousand : 1;

    /// <summary>The unit in words: <c>thousand US dollars</c>.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="currency">The currency in words.</param>
    public static string Words(AmountUnit unit, string currency) => unit == AmountUnit.Thousands ? $"thousand {currency}" : currency;

    /// <summary>A count of steps as a figure: thousands without a fraction, cents with two decimals; an en dash for nothing.</summary>
    public static string Text(AmountUnit unit, long steps) =>
        steps == 0 ? Figures.Nothing : unit == AmountUnit.Thousands ? Figures.Count(steps) : Figures.Money(steps);

    /// <summary>The same of a difference, with its sign.</summary>
    public static string WithSign(AmountUnit unit, long steps) => (steps > 0 ? "+" : "") + (unit == AmountUnit.Thousands
        ? Figures.Count(steps) : Figures.Money(steps));
}

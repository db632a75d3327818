using CiCost.Domain.Money;

namespace CiCost.Ledger.Sqlite;

/// <summary>
/// Sums of the four costs that cannot leave 64 bits inside SQLite: units and the rest apart, high parts from their own tables
/// (<see cref="WideNanos"/>).
/// </summary>
internal static class WideSql
{
    /// <summary>The number of columns of <see cref="Sums"/> and <see cref="Parts"/>.</summary>
    public const int PartColumns = 8;

    /// <summary>Sums of the low parts of <c>r</c>: two columns for each cost.</summary>
    public const string Sums = """
        SUM(r.billed_nanos / 1000000000), SUM(r.billed_nanos % 1000000000), SUM(r.effective_nanos / 1000000000),
        SUM(r.effective_nanos % 1000000000), SUM(r.list_nanos / 1000000000), SUM(r.list_nanos % 1000000000),
        SUM(r.contracted_nanos / 1000000000), SUM(r.contracted_nanos % 1000000000)
        """;

    /// <summary>The low parts of <c>r</c>, as <see cref="Sums"/> has them.</summary>
    public const string Parts = """
        r.billed_nanos / 1000000000, r.billed_nanos % 1000000000, r.effective_nanos / 1000000000, r.effective_nanos % 1000000000,
        r.list_nanos / 1000000000, r.list_nanos % 1000000000, r.contracted_nanos / 1000000000, r.contracted_nanos % 1000000000
        """;

    /// <summary>The sums of the high parts of <c>h</c>.</summary>
    public const string Highs = "SUM(h.billed_high), SUM(h.effective_high), SUM(h.list_high), SUM(h.contracted_high)";

    /// <summary>What joins the rows <c>r</c> of a rollup with their high parts <c>h</c>; {0} is the period's column.</summary>
    public const string OnKey = """
        h.scope_id = r.scope_id AND h.{0} = r.{0} AND h.dimension_set_id = r.dimension_set_id AND h.billing_month = r.billing_month
          AND h.from_delivery = r.from_delivery
        """;

    /// <summary>The four costs of a row that begins with <see cref="Sums"/> or <see cref="Parts"/> at a column.</summary>
    public static WideCosts Costs(HotQuery query, int column) => new(
        Join(query, column), Join(query, column + 2), Join(query, column + 4), Join(query, column + 6));

    /// <summary>The four high parts of a row from a column on, in nanos.</summary>
    public static WideCosts HighCosts(HotQuery query, int column) => new(
        High(query.Int64(column)), High(query.Int64(column + 1)), High(query.Int64(column + 2)), High(query.Int64(column + 3)));

    private static Int128 Join(HotQuery query, int column) => ((Int128)query.Int64(column) * Money.NanosPerUnit) + query.Int64(column + 1);

    private static Int128 High(long high) => (Int128)high * WideNanos.PerHigh;
}

/// <summary>Four costs in nanos.</summary>
internal readonly record struct WideCosts(Int128 Billed, Int128 Effective, Int128 List, Int128 Contracted)
{
    public static WideCosts operator +(WideCosts left, WideCosts right) => new(
        left.Billed + right.Billed, left.Effective + right.Effective, left.List + right.List, left.Contracted + right.Contracted);
}

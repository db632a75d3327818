using System.Globalization;
using CiCost.Cli.Tests.Running;

namespace CiCost.Cli.Tests.Kills;

/// <summary>Looks at books with the sqlite3 shell: is every delivery wholly there or wholly absent?</summary>
internal static class BooksState
{
    /// <summary>The name of the source whose deliveries are killed.</summary>
    public const string Source = "kill";

    private const string OfSource = "FROM delivery d JOIN scope sc ON sc.scope_id = d.scope_id "
        + "JOIN source s ON s.source_id = sc.source_id WHERE s.source_key = '" + Source + "'";

    private const string Lines = "SELECT COUNT(*) AS lines, SUM(line_id & 4294967295 < 4294900000) AS bill_rows, SUM(billed_nanos) AS b, "
        + "SUM(effective_nanos) AS e, SUM(list_nanos) AS l, SUM(contracted_nanos) AS c FROM cost_line WHERE line_id >> 32 = ";

    /// <summary>Tables whose rows belong to one delivery, with the expression that names it.</summary>
    private static readonly (string Table, string Delivery)[] Owned =
    [
        ("cost_line", "line_id >> 32"), ("resource", "resource_id >> 32"), ("tag_set", "tag_set_id >> 32"),
        ("unit_price", "unit_price_id >> 32"), ("rollup", "from_delivery"), ("rollup_month", "from_delivery"),
        ("delivery_object", "delivery_id"), ("delivery_total", "delivery_id"), ("delivery_day", "delivery_id"),
        ("delivery_day_total", "delivery_id"), ("delivery_block", "delivery_id"), ("dimension_set", "first_delivery_id"),
    ];

    private static readonly string LooseRows = "SELECT * FROM (" + string.Join(" UNION ALL ", Owned.Select(o =>
        $"SELECT '{o.Table}' AS t, COUNT(*) AS n FROM {o.Table} WHERE {o.Delivery} NOT IN (SELECT delivery_id FROM delivery)"))
            + ") WHERE n > 0";

    /// <summary>How many deliveries of the source there are.</summary>
    public static async Task<int> DeliveriesAsync(string books) =>
        (int)await SqliteShell.NumberAsync(books, $"SELECT COUNT(*) AS n {OfSource}");

    /// <summary>What is half there, doubled, or not the sums of the file.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(string books, IReadOnlyList<Bill> editions, int deliveries)
    {
        List<string> violations = [];
        foreach (var table in await SqliteShell.RowsAsync(books, LooseRows))
        {
            violations.Add($"{table[0]} has {table[1]} rows of a delivery that is not there");
        }

        if (deliveries > editions.Count)
        {
            violations.Add($"{deliveries} deliveries of {editions.Count} editions");
        }
        else if (deliveries > 0)
        {
            violations.AddRange(await OfCurrentAsync(books, editions[deliveries - 1]));
        }

        return violations;
    }

    private static async Task<IEnumerable<string>> OfCurrentAsync(string books, Bill bill)
    {
        var delivery = (await SqliteShell.RowsAsync(books, $"SELECT MAX(d.delivery_id) AS id, d.row_count AS n {OfSource}"))[0];
        var lines = (await SqliteShell.RowsAsync(books, Lines + delivery[0]))[0];
        var rounding = lines[0] == lines[1] ? 0 : 1;
        string[] expected =
        [
            delivery[0], Text(bill.Rows), Text(bill.Rows + rounding), Text(bill.Rows),
            Nanos(bill.Billed), Nanos(bill.Effective), Nanos(bill.List), Nanos(bill.Contracted),
        ];
        var totals = await SqliteShell.RowsAsync(
            books, $"SELECT cost_column, exact FROM delivery_total WHERE delivery_id = {delivery[0]} ORDER BY cost_column, are_credits");
        var exact = totals.GroupBy(t => t[0], t => decimal.Parse(t[1], CultureInfo.InvariantCulture))
            .ToDictionary(g => g.Key, g => g.Sum(), StringComparer.Ordinal);
        var wanted = new Dictionary<string, decimal>
        {
            ["BilledCost"] = bill.Billed,
            ["EffectiveCost"] = bill.Effective,
            ["ListCost"] = bill.List,
            ["ContractedCost"] = bill.Contracted,
        };
        var hasSums = expected.SequenceEqual([.. delivery, .. lines]);
        var hasTotals = wanted.All(w => exact.GetValueOrDefault(w.Key) == w.Value);
        return hasSums && hasTotals
            ? []
            : [$"delivery, rows, lines and nanos are {string.Join(' ', [.. delivery, .. lines])}, not {string.Join(' ', expected)}; "
                + $"exact totals {string.Join(' ', exact)}, not {string.Join(' ', wanted)}"];
    }

    private static string Nanos(decimal exact) =>
        decimal.Truncate(Math.Round(exact, 9, MidpointRounding.ToEven) * 1_000_000_000m).ToString(CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

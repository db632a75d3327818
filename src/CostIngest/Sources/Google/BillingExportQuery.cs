namespace CiCost.CostIngest.Sources.Google;

/// <summary>
/// The queries over a billing export. Columns are named one by one, those that a table does not have (yet) left out: Google adds columns
/// at any time, and a query over all of them would pay for what nobody reads. Columns:
/// https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/detailed-usage.
/// </summary>
internal static class BillingExportQuery
{
    private static readonly string[] Required =
    [
        "billing_account_id", "invoice.month", "cost_type", "service.id", "sku.id", "usage_start_time", "usage_end_time", "cost", "currency",
        "credits", "export_time",
    ];

    private static readonly (string Name, string[] Inside)[] Columns =
    [
        ("billing_account_id", []),
        ("invoice", ["month"]),
        ("cost_type", []),
        ("service", ["id", "description"]),
        ("sku", ["id", "description"]),
        ("usage_start_time", []),
        ("usage_end_time", []),
        ("project", ["id", "number", "name", "labels"]),
        ("labels", ["key", "value"]),
        ("system_labels", ["key", "value"]),
        ("tags", ["key", "value", "namespace"]),
        ("location", ["location", "country", "region", "zone"]),
        ("resource", ["name", "global_name"]),
        ("price", ["effective_price", "list_price", "tier_start_amount", "unit", "pricing_unit_quantity"]),
        ("transaction_type", []),
        ("seller_name", []),
        ("subscription", ["instance_id"]),
        ("cost", []),
        ("cost_at_list", []),
        ("currency", []),
        ("currency_conversion_rate", []),
        ("usage", ["amount", "unit", "amount_in_pricing_units", "pricing_unit"]),
        ("credits", ["name", "amount", "full_name", "id", "type"]),
        ("adjustment_info", ["id", "description", "mode", "type"]),
        ("export_time", []),
    ];

    /// <summary>Money: read exactly, so not as the FLOAT64 that it is.</summary>
    private static readonly HashSet<string> Amounts = ["cost", "cost_at_list", "credits.amount"];

    /// <summary>Refuses a table that is no billing export.</summary>
    /// <exception cref="SourceException">Columns are missing; the message names them.</exception>
    public static void Require(IReadOnlyList<BigQueryField> fields, string table)
    {
        var missing = Required.Where(path => BigQueryField.Find(fields, path) is null).ToList();
        if (missing.Count > 0)
        {
            throw new SourceException("bigquery-schema", $"The table {table} has no column {string.Join(", ", missing)}, so it is no standard or "
                + "detailed billing export (gcp_billing_export_v1_..., gcp_billing_export_resource_v1_...). Correct 'table'.");
        }
    }

    /// <summary>By invoice month: what was exported last, how many rows, how many credits.</summary>
    public static string Tokens(string table) => $"""
        SELECT t.invoice.month AS month, UNIX_MICROS(MAX(t.export_time)) AS exported, COUNT(*) AS row_count,
          IFNULL(SUM(ARRAY_LENGTH(t.credits)), 0) AS credit_count
        FROM {table} AS t
        WHERE t.invoice.month BETWEEN @first AND @last
        GROUP BY month
        ORDER BY month
        """;

    /// <summary>The rows of one invoice month, numbered in an order that depends on their content only.</summary>
    public static string Rows(IReadOnlyList<BigQueryField> fields, string table)
    {
        var columns = Columns.Select(c => (c.Name, Sql: Select(fields, c.Name, c.Inside))).Where(c => c.Sql is not null).ToList();
        return $"""
            WITH r AS (
              SELECT {string.Join(",\n    ", columns.Select(c => $"{c.Sql} AS {c.Name}"))}
              FROM {table} AS t
              WHERE t.invoice.month = @month
            )
            SELECT ROW_NUMBER() OVER (ORDER BY r.usage_start_time, FARM_FINGERPRINT(TO_JSON_STRING(r))) AS {NumberedRows.Column},
              {string.Join(", ", columns.Select(c => $"r.{c.Name}"))}
            FROM r
            ORDER BY {NumberedRows.Column}
            """;
    }

    private static string? Select(IReadOnlyList<BigQueryField> fields, string name, string[] inside)
    {
        if (BigQueryField.Find(fields, name) is not { } field)
        {
            return null;
        }

        if (inside.Length == 0)
        {
            return Value(field, name, "t." + name);
        }

        var there = inside.Select(i => (Name: i, Field: BigQueryField.Find(field.Fields, i))).Where(i => i.Field is not null).ToList();
        if (!field.IsRepeated)
        {
            return $"STRUCT({string.Join(", ", there.Select(i => $"{Value(i.Field!, $"{name}.{i.Name}", $"t.{name}.{i.Name}")} AS {i.Name}"))})";
        }

        var items = string.Join(", ", there.Select(i => $"{Value(i.Field!, $"{name}.{i.Name}", $"i.{i.Name}")} AS {i.Name}"));
        return $"ARRAY(SELECT AS STRUCT {items} FROM UNNEST(t.{name}) AS i WITH OFFSET AS o ORDER BY o)";
    }

    private static string Value(BigQueryField field, string path, string sql) => Amounts.Contains(path) ? BigQueryAmount.Sql(field, sql) : sql;
}

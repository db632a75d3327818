namespace CiCost.CostIngest.Sources.Google;

/// <summary>
/// The queries over Google's FOCUS 1.2 export (preview): https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/focus.
/// Its schema may still change, so the columns are named one by one.
/// </summary>
internal static class FocusExportQuery
{
    /// <summary>The labels, which become Tags.</summary>
    public const string Labels = "x_Labels";

    /// <summary>The costs, without which a row says nothing.</summary>
    public static readonly IReadOnlyList<string> Costs = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"];

    private static readonly string[] Required =
    [
        .. Costs, "BillingAccountId", "BillingCurrency", "BillingPeriodStart", "ChargeCategory", "ChargePeriodStart", "ChargePeriodEnd",
        "ServiceName", "x_ExportTime",
    ];

    private static readonly string[] Columns =
    [
        .. Required, "AvailabilityZone", "BillingAccountName", "BillingAccountType", "BillingPeriodEnd", "ChargeClass", "ChargeDescription",
        "ChargeFrequency", "CommitmentDiscountId", "CommitmentDiscountName", "CommitmentDiscountStatus", "CommitmentDiscountType",
        "ConsumedQuantity", "ConsumedUnit", "ContractedUnitPrice", "InvoiceId", "InvoiceIssuerName", "ListUnitPrice", "PricingCategory",
        "PricingCurrency", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "RegionId", "RegionName", "ResourceId",
        "ResourceName", "ResourceType", "ServiceCategory", "SkuId", "SkuPriceId", "SubAccountId", "SubAccountName", "x_CostType", "x_Credits",
        Labels, "x_ServiceId",
    ];

    /// <summary>Refuses a table that is no FOCUS export.</summary>
    /// <exception cref="SourceException">Columns are missing; the message names them.</exception>
    public static void Require(IReadOnlyList<BigQueryField> fields, string table)
    {
        var missing = Required.Where(name => BigQueryField.Find(fields, name) is null).ToList();
        if (missing.Count > 0)
        {
            throw new SourceException("bigquery-schema", $"The table {table} has no column {string.Join(", ", missing)}, so it is not Google's "
                + "FOCUS export. Correct 'table'.");
        }
    }

    /// <summary>By billing month: what was exported last, and how many rows.</summary>
    public static string Tokens(string table) => $"""
        SELECT FORMAT_TIMESTAMP('%Y%m', t.BillingPeriodStart) AS month, UNIX_MICROS(MAX(t.x_ExportTime)) AS exported, COUNT(*) AS row_count,
          0 AS credit_count
        FROM {table} AS t
        WHERE t.BillingPeriodStart >= TIMESTAMP(@from) AND t.BillingPeriodStart < TIMESTAMP(@until)
        GROUP BY month
        ORDER BY month
        """;

    /// <summary>The rows of one month, numbered in an order that depends on their content only.</summary>
    public static string Rows(IReadOnlyList<BigQueryField> fields, string table)
    {
        var columns = Columns.Select(c => (Name: c, Field: BigQueryField.Find(fields, c))).Where(c => c.Field is not null).ToList();
        return $"""
            WITH r AS (
              SELECT {string.Join(",\n    ", columns.Select(c => $"{Value(c.Field!, c.Name)} AS {c.Name}"))}
              FROM {table} AS t
              WHERE t.BillingPeriodStart >= TIMESTAMP(@from) AND t.BillingPeriodStart < TIMESTAMP(@until)
            )
            SELECT ROW_NUMBER() OVER (ORDER BY r.ChargePeriodStart, FARM_FINGERPRINT(TO_JSON_STRING(r))) AS {NumberedRows.Column},
              {string.Join(", ", columns.Select(c => $"r.{c.Name}"))}
            FROM r
            ORDER BY {NumberedRows.Column}
            """;
    }

    private static string Value(BigQueryField field, string name) =>
        Costs.Contains(name) ? BigQueryAmount.Sql(field, "t." + name) : "t." + name;
}

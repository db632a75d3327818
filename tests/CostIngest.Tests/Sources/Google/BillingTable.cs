using System.Text.Json.Nodes;
using CiCost.CostIngest.Tests.Formats.GcpBilling;

namespace CiCost.CostIngest.Tests.Sources.Google;

/// <summary>The rows of the test data as a billing export table.</summary>
internal static class BillingTable
{
    public static FakeBigQuery Of(GcpFile file) => new()
    {
        Schema = Schema(file == GcpFile.Detailed),
        Rows = [.. file.Text.TrimEnd().Split('\n').Select(l => JsonNode.Parse(l)!.AsObject())],
        MonthOf = row => (string)row["invoice"]!["month"]!,
        TokenOf = (month, rows) =>
        [
            month, rows.Max(r => (string?)r["export_time"]), rows.Count.ToString(null, null),
            rows.Sum(r => r["credits"]!.AsArray().Count).ToString(null, null),
        ],
    };

    // https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/detailed-usage
    private static JsonArray Schema(bool isDetailed)
    {
        List<JsonNode> fields =
        [
            F("billing_account_id"), R("service", F("id"), F("description")), R("sku", F("id"), F("description")),
            F("usage_start_time", "TIMESTAMP"), F("usage_end_time", "TIMESTAMP"),
            R("project", F("id"), F("number"), F("name"), L("labels", F("key"), F("value")), F("ancestry_numbers"),
                L("ancestors", F("resource_name"), F("display_name"))),
            L("labels", F("key"), F("value")), L("system_labels", F("key"), F("value")),
            R("location", F("location"), F("country"), F("region"), F("zone")), F("export_time", "TIMESTAMP"), F("cost", "FLOAT"),
            F("currency"), F("currency_conversion_rate", "FLOAT"),
            R("usage", F("amount", "FLOAT"), F("unit"), F("amount_in_pricing_units", "FLOAT"), F("pricing_unit")),
            L("credits", F("name"), F("amount", "FLOAT"), F("full_name"), F("id"), F("type")), R("invoice", F("month"), F("publisher_type")),
            F("cost_type"), R("adjustment_info", F("id"), F("description"), F("mode"), F("type")), F("cost_at_list", "NUMERIC"),
            L("tags", F("key"), F("value"), F("inherited"), F("namespace")), F("transaction_type"), F("seller_name"),
            R("subscription", F("instance_id")), F("a_column_of_tomorrow"),
        ];
        if (isDetailed)
        {
            fields.Add(R("resource", F("name"), F("global_name")));
            fields.Add(R("price", F("effective_price", "NUMERIC"), F("tier_start_amount", "NUMERIC"), F("unit"), F("pricing_unit_quantity", "NUMERIC"),
                F("list_price", "NUMERIC")));
        }

        return new JsonArray([.. fields]);
    }

    private static JsonObject F(string name, string type = "STRING", string mode = "NULLABLE") =>
        new() { ["name"] = name, ["type"] = type, ["mode"] = mode };

    private static JsonObject R(string name, params JsonNode[] fields)
    {
        var record = F(name, "RECORD");
        record["fields"] = new JsonArray(fields);
        return record;
    }

    private static JsonObject L(string name, params JsonNode[] fields)
    {
        var list = R(name, fields);
        list["mode"] = "REPEATED";
        return list;
    }
}

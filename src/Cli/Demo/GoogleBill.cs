using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CiCost.Cli.Demo;

/// <summary>
/// A small Google Cloud account, as rows of Google's billing export, a JSON object each: instants in microseconds, Pacific months and days,
/// costs before credits with the credits beside them. Amounts are invented.
/// https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/standard-usage
/// </summary>
internal sealed class GoogleBill(DemoOptions options, DemoSums sums)
{
    public const string Source = "gcp-foundation";
    public const string AccountId = "999900-DEM000-000004";
    public const string Issuer = "Google Cloud";
    private const int SustainedUsePercent = 20;
    private static readonly JsonWriterOptions PlainText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Vertex AI is a service that no rule names.
    private static readonly Sku[] Skus =
    [
        new("Compute Engine", "N2D AMD Instance Core running in Americas", "hour", 0.027502m, 880, true),
        new("Compute Engine", "N2D AMD Instance Ram running in Americas", "gibibyte hour", 0.003686m, 310, true),
        new("Compute Engine", "Nvidia L4 GPU running in Americas", "hour", 0.56004m, 690, false),
        new("Compute Engine", "Network Internet Data Transfer Out from Americas to Americas", "gibibyte", 0.12m, 140, false),
        new("Cloud Storage", "Standard Storage US Multi-region", "gibibyte month", 0.026m, 170, false),
        new("Vertex AI", "Online/Batch Prediction N1 Predefined Instance Core", "hour", 0.0364m, 60, false),
    ];

    public void Write(DemoFolder folder, DemoMonth month)
    {
        var dice = Dice.For(options.Seed, Source, month.ToString());
        var path = $"{Source}/billing_export/{month}/billing_export_000000000000.jsonl.gz";
        var received = month.End.AddDays(5).AddHours(12);
        using (var rows = folder.CreateGzip(path))
        {
            var written = sums.Begin(Source, month);
            for (var s = 0; s < Skus.Length; s++)
            {
                var total = Usd.Of(Skus[s].Monthly) / 100 * dice.Between(85, 115);
                var parts = Shares.Split(total, dice.Jitter(Enumerable.Repeat(100L, month.Days * options.Scale), 20));
                for (var i = 0; i < parts.Length; i++)
                {
                    WriteUsage(rows, month, s, (i / options.Scale) + 1, parts[i], written, received);
                }
            }

            WriteRounding(rows, month, written, received);
        }

        folder.Add(new DemoDelivery(0, Source, DemoDelivery.GoogleExport, null, "replace", month.ToString(), "*",
            [path], received, "Pacific months; sustained use discounts as credits of their rows; one service that no rule names."));
    }

    /// <summary>The instant of Pacific midnight: UTC-7 in summer, UTC-8 in winter, changing at 2:00 on the second Sunday of March and the
    /// first Sunday of November (15 U.S.C. 260a).</summary>
    public static DateTime PacificMidnight(DateTime day)
    {
        var (march, november) = (Sunday(day.Year, 3, 2), Sunday(day.Year, 11, 1));
        return day.AddHours(day > march && day <= november ? 7 : 8);
    }

    private static DateTime Sunday(int year, int month, int nth)
    {
        var first = new DateTime(year, month, 1, 0, 0, 0, DateTimeKind.Utc);
        return first.AddDays(((7 - (int)first.DayOfWeek) % 7) + (7 * (nth - 1)));
    }

    private static void WriteUsage(Stream rows, DemoMonth month, int index, int day, long cost, CostSums written, DateTime received)
    {
        var sku = Skus[index];
        var discount = sku.IsSustained ? cost / 100 * SustainedUsePercent : 0;
        var billed = cost - discount;
        using (var json = new Utf8JsonWriter(rows, PlainText))
        {
            Begin(json, month, "regular", sku.Service, $"DEMO-{index:0000}-0001", sku.Description, month.Day(day), received);
            json.WriteStartObject("location");
            json.WriteString("location", "us-central1");
            json.WriteString("country", "US");
            json.WriteString("region", "us-central1");
            json.WriteEndObject();
            WriteCost(json, cost);
            var quantity = Usd.Text(decimal.Round(Usd.Dollars(cost) / sku.Price, 10));
            json.WriteStartObject("usage");
            json.WriteString("amount", quantity);
            json.WriteString("unit", sku.Unit);
            json.WriteString("amount_in_pricing_units", quantity);
            json.WriteString("pricing_unit", sku.Unit);
            json.WriteEndObject();
            json.WriteStartArray("credits");
            if (discount != 0)
            {
                json.WriteStartObject();
                json.WriteString("id", "Sustained Usage Discount");
                json.WriteString("full_name", "Sustained Usage Discount");
                json.WriteString("type", "SUSTAINED_USAGE_DISCOUNT");
                json.WriteString("name", "Sustained Usage Discount");
                json.WriteString("amount", Usd.Text(-discount));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        rows.WriteByte((byte)'\n');
        written.Add(cost, cost, cost);
        if (discount != 0)
        {
            written.Add(-discount, -discount, 0);
        }

        written.Invoiced(AccountId, "Usage", billed);
    }

    private static void WriteRounding(Stream rows, DemoMonth month, CostSums written, DateTime received)
    {
        var units = Usd.Of(-0.0042m);
        using (var json = new Utf8JsonWriter(rows, PlainText))
        {
            Begin(json, month, "rounding_error", "Invoice", "DEMO-9999-0001", "Rounding error", month.Day(month.Days), received);
            WriteCost(json, units);
            json.WriteStartArray("credits");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        rows.WriteByte((byte)'\n');
        written.Add(units, units, units);
        written.Invoiced(AccountId, "Adjustment", units);
    }

    private static void Begin(
        Utf8JsonWriter json, DemoMonth month, string costType, string service, string sku, string description, DateTime day, DateTime received)
    {
        json.WriteStartObject();
        json.WriteString("billing_account_id", AccountId);
        json.WriteStartObject("invoice");
        json.WriteString("month", month.ToString().Replace("-", "", StringComparison.Ordinal));
        json.WriteEndObject();
        json.WriteString("cost_type", costType);
        json.WriteStartObject("service");
        json.WriteString("description", service);
        json.WriteEndObject();
        json.WriteStartObject("sku");
        json.WriteString("id", sku);
        json.WriteString("description", description);
        json.WriteEndObject();
        json.WriteString("usage_start_time", Micros(PacificMidnight(day)));
        json.WriteString("usage_end_time", Micros(PacificMidnight(day.AddDays(1))));
        json.WriteStartObject("project");
        json.WriteString("id", "demonstration-ci");
        json.WriteString("name", "demonstration-ci");
        json.WriteEndObject();
        json.WriteString("export_time", Micros(received.AddHours(-3)));
    }

    private static void WriteCost(Utf8JsonWriter json, long cost)
    {
        json.WriteString("cost", Usd.Text(cost));
        json.WriteString("cost_at_list", Usd.Text(cost));
        json.WriteString("currency", "USD");
        json.WriteString("currency_conversion_rate", "1");
    }

    private static string Micros(DateTime instant) =>
        ((instant - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture);

    /// <summary>What is bought for about so many dollars a month.</summary>
    private sealed record Sku(string Service, string Description, string Unit, decimal Price, long Monthly,
        bool IsSustained);
}

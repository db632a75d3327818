using System.Globalization;

namespace CiCost.Cli.Demo;

/// <summary>
/// A small Google Cloud account, as rows of the FOCUS view over Google's billing export, in BigQuery's CSV: Pacific months and days, times
/// with a blank and UTC, values in lower case. Amounts are invented. https://cloud.google.com/billing/docs/how-to/export-data-focus
/// </summary>
internal sealed class GoogleBill(DemoOptions options, DemoSums sums)
{
    public const string Source = "gcp-foundation";
    public const string AccountId = "999900-DEM000-000004";
    public const string Issuer = "Google Cloud";
    private const int SustainedUsePercent = 20;

    public static readonly string[] Columns =
    [
        "AvailabilityZone", "BilledCost", "BillingAccountId", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd",
        "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodStart", "ChargePeriodEnd",
        "CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName", "ConsumedQuantity", "ConsumedUnit",
        "ContractedCost", "ContractedUnitPrice", "EffectiveCost", "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory",
        "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "RegionId", "RegionName", "ResourceId", "ResourceName",
        "ResourceType", "ServiceCategory", "ServiceName", "SkuId", "SkuPriceId", "SubAccountId", "SubAccountName", "Tags", "x_CostType",
        "x_Credits", "x_ExportTime",
    ];

    // Vertex AI is a service that no rule names.
    private static readonly Sku[] Skus =
    [
        new("Compute Engine", "Compute", "N2D AMD Instance Core running in Americas", "hour", 0.027502m, 880, true),
        new("Compute Engine", "Compute", "N2D AMD Instance Ram running in Americas", "gibibyte hour", 0.003686m, 310, true),
        new("Compute Engine", "Compute", "Nvidia L4 GPU running in Americas", "hour", 0.56004m, 690, false),
        new("Compute Engine", "Networking", "Network Internet Data Transfer Out from Americas to Americas", "gibibyte", 0.12m, 140, false),
        new("Cloud Storage", "Storage", "Standard Storage US Multi-region", "gibibyte month", 0.026m, 170, false),
        new("Vertex AI", "AI and Machine Learning", "Online/Batch Prediction N1 Predefined Instance Core", "hour", 0.0364m, 60, false),
    ];

    public void Write(DemoFolder folder, DemoMonth month)
    {
        var dice = Dice.For(options.Seed, Source, month.ToString());
        var path = $"{Source}/focus_view/{month}/focus_view_000000000000.csv.gz";
        var received = month.End.AddDays(5).AddHours(12);
        using (var csv = new CsvTable(folder.CreateGzip(path), Columns))
        {
            var written = sums.Begin(Source, month);
            for (var s = 0; s < Skus.Length; s++)
            {
                var total = Usd.Of(Skus[s].Monthly) / 100 * dice.Between(85, 115);
                var parts = Shares.Split(total, dice.Jitter(Enumerable.Repeat(100L, month.Days * options.Scale), 20));
                for (var i = 0; i < parts.Length; i++)
                {
                    WriteUsage(csv, month, s, (i / options.Scale) + 1, parts[i], written, received);
                }
            }

            WriteRounding(csv, month, written, received);
        }

        folder.Add(new DemoDelivery(0, Source, DemoDelivery.Focus, DemoDelivery.GoogleView, "replace", month.ToString(), "*",
            [path], received, "Pacific months; sustained use discounts inside the billed cost; one service that no rule names."));
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

    private static void WriteUsage(CsvTable csv, DemoMonth month, int index, int day, long cost, CostSums written, DateTime received)
    {
        var sku = Skus[index];
        var discount = sku.IsSustained ? cost / 100 * SustainedUsePercent : 0;
        var billed = cost - discount;
        WriteCommon(csv, month, billed, cost, received);
        var quantity = Usd.Text(decimal.Round(Usd.Dollars(cost) / sku.Price, 10));
        csv["ChargeCategory"] = "usage";
        csv["ChargeDescription"] = sku.Description;
        csv["ChargePeriodStart"] = Time(PacificMidnight(month.Day(day)));
        csv["ChargePeriodEnd"] = Time(PacificMidnight(month.Day(day).AddDays(1)));
        csv["ConsumedQuantity"] = quantity;
        csv["ConsumedUnit"] = sku.Unit;
        csv["ListUnitPrice"] = Usd.Text(sku.Price);
        csv["ContractedUnitPrice"] = Usd.Text(sku.Price);
        csv["PricingCategory"] = "standard";
        csv["PricingQuantity"] = quantity;
        csv["PricingUnit"] = sku.Unit;
        csv["ProviderName"] = "Google Cloud";
        csv["PublisherName"] = "Google Cloud";
        csv["RegionId"] = "us-central1";
        csv["RegionName"] = "Iowa";
        csv["ServiceCategory"] = sku.Category;
        csv["ServiceName"] = sku.Service;
        csv["SkuId"] = $"DEMO-{index:0000}-0001";
        csv["SkuPriceId"] = $"DEMO-{index:0000}-0001-1";
        csv["x_CostType"] = "regular";
        csv["x_Credits"] = discount == 0
            ? "[]"
            : $$"""[{"name":"Sustained Usage Discount","amount":-{{Usd.Text(discount)}},"type":"SUSTAINED_USAGE_DISCOUNT"}]""";
        csv.EndRow();
        written.Add(billed, billed, cost);
        written.Invoiced(AccountId, "Usage", billed);
    }

    /// <summary>The view keeps Google's rounding row, which has no provider.</summary>
    private static void WriteRounding(CsvTable csv, DemoMonth month, CostSums written, DateTime received)
    {
        var units = Usd.Of(-0.0042m);
        WriteCommon(csv, month, units, units, received);
        csv["ChargeCategory"] = "adjustment";
        csv["ChargeDescription"] = "Rounding error";
        csv["ChargePeriodStart"] = Time(PacificMidnight(month.Day(month.Days)));
        csv["ChargePeriodEnd"] = Time(PacificMidnight(month.End));
        csv["ServiceCategory"] = "Other";
        csv["x_CostType"] = "rounding_error";
        csv["x_Credits"] = "[]";
        csv.EndRow();
        written.Add(units, units, units);
        written.Invoiced(AccountId, "Adjustment", units);
    }

    private static void WriteCommon(CsvTable csv, DemoMonth month, long billed, long cost, DateTime received)
    {
        csv["BilledCost"] = Usd.Text(billed);
        csv["EffectiveCost"] = Usd.Text(billed);
        csv["ContractedCost"] = Usd.Text(cost);
        csv["ListCost"] = Usd.Text(cost);
        csv["BillingAccountId"] = AccountId;
        csv["BillingCurrency"] = "USD";
        csv["BillingPeriodStart"] = Time(PacificMidnight(month.Start));
        // The view gives the last day, not the end.
        csv["BillingPeriodEnd"] = Time(PacificMidnight(month.Day(month.Days)));
        csv["ChargeFrequency"] = "usage-based";
        csv["InvoiceIssuerName"] = Issuer;
        csv["SubAccountId"] = "demonstration-ci";
        csv["SubAccountName"] = "demonstration-ci";
        csv["x_ExportTime"] = Time(received.AddHours(-3));
    }

    private static string Time(DateTime instant) => instant.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>What is bought for about so many dollars a month.</summary>
    private sealed record Sku(string Service, string Category, string Description, string Unit, decimal Price, long Monthly,
        bool IsSustained);
}

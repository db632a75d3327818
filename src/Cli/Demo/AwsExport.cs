using System.Globalization;
using System.Text.Json;

namespace CiCost.Cli.Demo;

/// <summary>
/// AWS Data Exports, FOCUS 1.2 with AWS columns, CSV with gzip, a new report per execution. Layout and manifest:
/// https://docs.aws.amazon.com/cur/latest/userguide/understanding-export-delivery.html
/// </summary>
internal sealed class AwsExport(AwsBill bill, DemoSums sums)
{
    public const string Source = "aws-foundation";
    public const string Issuer = "Amazon Web Services, Inc.";
    private const string Export = "cicost-demo-focus";
    private const string Bucket = "demonstration-billing-exports";
    private const int RowsPerFile = 5_000;

    public static readonly string[] Columns =
    [
        "AvailabilityZone", "BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType", "BillingCurrency",
        "BillingPeriodEnd", "BillingPeriodStart", "CapacityReservationId", "CapacityReservationStatus", "ChargeCategory", "ChargeClass",
        "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart", "CommitmentDiscountCategory",
        "CommitmentDiscountId", "CommitmentDiscountName", "CommitmentDiscountQuantity", "CommitmentDiscountStatus",
        "CommitmentDiscountType", "CommitmentDiscountUnit", "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "ContractedUnitPrice",
        "EffectiveCost", "InvoiceId", "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory", "PricingCurrency",
        "PricingCurrencyContractedUnitPrice", "PricingCurrencyEffectiveCost", "PricingCurrencyListUnitPrice", "PricingQuantity",
        "PricingUnit", "ProviderName", "PublisherName", "RegionId", "RegionName", "ResourceId", "ResourceName", "ResourceType",
        "ServiceCategory", "ServiceName", "ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceId", "SkuPriceDetails", "SubAccountId",
        "SubAccountName", "SubAccountType", "Tags", "x_Discounts", "x_Operation", "x_ServiceCode",
    ];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The number of a month's invoice.</summary>
    public static string InvoiceId(DemoMonth month) => string.Create(CultureInfo.InvariantCulture, $"9999{month.Index}");

    /// <summary>Writes all deliveries of a month.</summary>
    public void Write(DemoFolder folder, DemoMonth month)
    {
        foreach (var edition in AwsEdition.Of(month))
        {
            WriteEdition(folder, month, edition);
        }
    }

    private void WriteEdition(DemoFolder folder, DemoMonth month, AwsEdition edition)
    {
        var execution = $"{edition.ReceivedAt.AddHours(-2):yyyyMMdd'T'HHmmss'Z'}-00000000-demo";
        var period = $"BILLING_PERIOD={month}";
        var files = WriteRows(folder, month, edition, $"{Source}/{Export}/data/{period}/{execution}");
        var manifest = Manifest(folder, month, execution, files);
        folder.WriteText($"{Source}/{Export}/metadata/{period}/{execution}/{Export}-Manifest.json", manifest);
        folder.ReplaceText($"{Source}/{Export}/metadata/{period}/{Export}-Manifest.json", manifest);
        folder.Add(new DemoDelivery(0, Source, DemoDelivery.Focus, null, "replace", month.ToString(), "*", files, edition.ReceivedAt,
            edition.Note));
    }

    private List<string> WriteRows(DemoFolder folder, DemoMonth month, AwsEdition edition, string directory)
    {
        var files = new List<string>();
        CsvTable? csv = null;
        try
        {
            var written = sums.Begin(Source, month);
            foreach (var line in bill.Lines(month, edition))
            {
                if (csv is null || csv.Rows == RowsPerFile)
                {
                    csv?.Dispose();
                    files.Add($"{directory}/{Export}-{files.Count + 1:00000}.csv.gz");
                    csv = new CsvTable(folder.CreateGzip(files[^1]), Columns);
                }

                WriteRow(csv, month, line);
                written.Add(line.Billed, line.Effective, line.List);

                // A corrected credit is a charge (accounting.md, 1): invoices have no ChargeClass to say so.
                var isCorrectedCredit = line is { Class: not null, Category: "Credit" };
                written.Invoiced(line.BillingAccountId, isCorrectedCredit ? "Adjustment" : line.Category, line.Billed);
            }
        }
        finally
        {
            csv?.Dispose();
        }

        return files;
    }

    private static void WriteRow(CsvTable csv, DemoMonth month, AwsLine line)
    {
        csv["BilledCost"] = Usd.Text(line.Billed);
        csv["EffectiveCost"] = Usd.Text(line.Effective);
        csv["ListCost"] = Usd.Text(line.List);
        csv["ContractedCost"] = Usd.Text(line.Contracted);
        csv["BillingAccountId"] = line.BillingAccountId;
        csv["BillingAccountName"] = "Demonstration payer account";
        csv["BillingAccountType"] = "Management Account";
        csv["BillingCurrency"] = "USD";
        csv["BillingPeriodStart"] = Time(month.Start);
        csv["BillingPeriodEnd"] = Time(month.End);
        csv["ChargeCategory"] = line.Category;
        csv["ChargeClass"] = line.Class;
        csv["ChargeDescription"] = line.Description;
        csv["ChargeFrequency"] = line.Frequency;
        csv["ChargePeriodStart"] = Time(line.Start);
        csv["ChargePeriodEnd"] = Time(line.End);
        csv["InvoiceId"] = InvoiceId(month);
        csv["InvoiceIssuerName"] = Issuer;
        csv["PricingCurrency"] = "USD";
        csv["PricingCurrencyEffectiveCost"] = Usd.Text(line.Effective);
        csv["ProviderName"] = "AWS";
        csv["PublisherName"] = "AWS";
        csv["ServiceCategory"] = line.ServiceCategory;
        csv["ServiceName"] = line.ServiceName;
        csv["ServiceSubcategory"] = line.ServiceSubcategory;
        csv["SubAccountId"] = line.BillingAccountId == AwsLine.PayerId ? AwsLine.MemberId : line.BillingAccountId;
        csv["SubAccountName"] = "Demonstration CI account";
        csv["SubAccountType"] = "Member Account";
        csv["Tags"] = line.Tags;
        csv["x_Operation"] = line.Operation;
        csv["x_ServiceCode"] = line.ServiceCode;
        WriteResource(csv, line);
        WritePrice(csv, line);
        csv.EndRow();
    }

    private static void WriteResource(CsvTable csv, AwsLine line)
    {
        csv["RegionId"] = line.Region?.Id;
        csv["RegionName"] = line.Region?.Name;
        csv["ResourceId"] = line.ResourceId;
        csv["ResourceType"] = line.ResourceType;
        if (line.CommitmentId is not null)
        {
            csv["CommitmentDiscountId"] = line.CommitmentId;
            csv["CommitmentDiscountCategory"] = "Usage";
            csv["CommitmentDiscountName"] = "Demonstration capacity block";
            csv["CommitmentDiscountType"] = "Capacity Block";
            csv["CommitmentDiscountStatus"] = line.CommitmentStatus;
            csv["CommitmentDiscountQuantity"] = line.Quantity is { } quantity ? Usd.Text(quantity) : null;
            csv["CommitmentDiscountUnit"] = line.Unit;
        }
    }

    private static void WritePrice(CsvTable csv, AwsLine line)
    {
        if (line.UnitPrice is not { } price || line.Quantity is not { } quantity)
        {
            return;
        }

        var sku = Dice.For(0, line.Meter!).Hex(16).ToUpperInvariant();
        csv["SkuId"] = sku;
        csv["SkuPriceId"] = $"{sku}.JRTCKXETXF.6YS6EN2CT7";
        csv["SkuMeter"] = line.Meter;
        csv["ListUnitPrice"] = Usd.Text(price);
        csv["ContractedUnitPrice"] = Usd.Text(price);
        csv["PricingCurrencyListUnitPrice"] = Usd.Text(price);
        csv["PricingCurrencyContractedUnitPrice"] = Usd.Text(price);
        csv["PricingQuantity"] = Usd.Text(quantity);
        csv["PricingUnit"] = line.Unit;
        csv["PricingCategory"] = line.CommitmentStatus is null ? "Standard" : "Committed";
        if (line.Category == "Usage")
        {
            csv["ConsumedQuantity"] = Usd.Text(quantity);
            csv["ConsumedUnit"] = line.Unit;
        }
    }

    private static string Manifest(DemoFolder folder, DemoMonth month, string execution, List<string> files) =>
        JsonSerializer.Serialize(new
        {
            exportId = "00000000-0000-4000-8000-000000000001",
            exportName = Export,
            executionId = execution,
            billingPeriod = month.ToString(),
            dataFiles = files.Select(f => new { s3Uri = $"s3://{Bucket}/{f[(Source.Length + 1)..]}", size = folder.Size(f) }),
            columns = Columns.Select(c => new { name = c, type = "string" }),
        }, Indented) + "\n";

    private static string Time(DateTime instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'.000Z'", CultureInfo.InvariantCulture);
}

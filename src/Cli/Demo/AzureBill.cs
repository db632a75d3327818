using System.Globalization;
using System.Text.Json;

namespace CiCost.Cli.Demo;

/// <summary>
/// A small Azure account: a Cost Management export of type FocusCost 1.2-preview, with its manifest. All amounts are invented. Times
/// have no seconds, as in real exports. https://learn.microsoft.com/azure/cost-management-billing/dataset-schema/cost-usage-details-focus
/// </summary>
internal sealed class AzureBill(DemoOptions options, DemoSums sums)
{
    public const string Source = "azure-foundation";
    public const string AccountId = "99990003";
    public const string Issuer = "Microsoft";
    private const string Subscription = "99990003-0000-4000-8000-000000000003";
    private const string Reservation = "/providers/microsoft.capacity/reservationOrders/99990003-0000-4000-8000-00000000000a";
    private const string SavingsPlan = "/providers/microsoft.billingbenefits/savingsPlanOrders/99990003-0000-4000-8000-00000000000b";
    private const string Virtual = "Virtual Machines";
    private const int DaysOfYear = 365;

    private static readonly DemoMonth ReservationMonth = new(2025, 8);
    private static readonly long ReservationPerDay = Usd.Of(10);
    private static readonly long SavingsPlanPerDay = Usd.Of(12);

    public static readonly string[] Columns =
    [
        "BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType", "BillingCurrency", "BillingPeriodEnd",
        "BillingPeriodStart", "CapacityReservationId", "CapacityReservationStatus", "ChargeCategory", "ChargeClass", "ChargeDescription",
        "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart", "CommitmentDiscountCategory", "CommitmentDiscountId",
        "CommitmentDiscountName", "CommitmentDiscountQuantity", "CommitmentDiscountStatus", "CommitmentDiscountType",
        "CommitmentDiscountUnit", "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "ContractedUnitPrice", "EffectiveCost", "InvoiceId",
        "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory", "PricingCurrency", "PricingQuantity", "PricingUnit",
        "ProviderName", "PublisherName", "RegionId", "RegionName", "ResourceId", "ResourceName", "ResourceType", "ServiceCategory",
        "ServiceName", "ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceId", "SkuPriceDetails", "SubAccountId", "SubAccountName",
        "SubAccountType", "Tags", "x_SkuMeterCategory", "x_SkuMeterSubcategory", "x_BilledCostInUsd", "x_CostCenter",
    ];

    // Service, category, subcategory, meter, unit, price and dollars a month.
    private static readonly (string Service, string Category, string Subcategory, string Meter, string Unit, decimal Price, long Monthly)[]
        Meters =
    [
        (Virtual, "Compute", Virtual, "D8as v5", "Hours", 0.344m, 1_450),
        (Virtual, "Compute", Virtual, "E8ds v5", "Hours", 0.576m, 620),
        ("Storage Accounts", "Storage", "Object Storage", "Hot LRS Data Stored", "GB/Month", 0.0184m, 240),
        ("Bandwidth", "Networking", "Network Infrastructure", "Standard Data Transfer Out", "GB", 0.087m, 160),
    ];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The number of a month's invoice.</summary>
    public static string InvoiceId(DemoMonth month) => $"G9999{month.Index}";

    public void Write(DemoFolder folder, DemoMonth month)
    {
        var dice = Dice.For(options.Seed, Source, month.ToString());
        var span = $"{month.Start:yyyyMMdd}-{month.Day(month.Days):yyyyMMdd}";
        var run = $"99990003-0000-4000-8000-{month.Index:x12}";
        var directory = $"{Source}/cicost-demo-focus/{span}/{run}";
        var path = $"{directory}/part_0_0001.csv.gz";
        var received = month.End.AddDays(5).AddHours(9);
        long rows;
        using (var csv = new CsvTable(folder.CreateGzip(path), Columns))
        {
            var written = sums.Begin(Source, month);
            foreach (var row in Rows(month, dice))
            {
                WriteRow(csv, month, row);
                written.Add(row.Billed, row.Effective, row.List);
                written.Invoiced(AccountId, row.Category, row.Billed);
            }

            rows = csv.Rows;
        }

        folder.WriteText($"{directory}/manifest.json", Manifest(month, path, folder.Size(path), rows, run, received));
        folder.Add(new DemoDelivery(0, Source, DemoDelivery.Focus, DemoDelivery.AzureExport, "replace", month.ToString(), "*",
            [path], received, month == ReservationMonth ? "A reservation is paid up front for a year." : $"The Azure export of {month}."));
    }

    private IEnumerable<Row> Rows(DemoMonth month, Dice dice)
    {
        if (month == ReservationMonth)
        {
            yield return Purchase("Reservation: Standard_D8as_v5, US West 3, 1 Year, paid upfront", "One-Time", Reservation, month.Start,
                month.Start.AddDays(DaysOfYear), ReservationPerDay * DaysOfYear);
        }

        yield return Purchase("Savings plan for compute, 1 Year, paid monthly", "Recurring", SavingsPlan, month.Start, month.End,
            SavingsPlanPerDay * month.Days);
        foreach (var row in Enumerable.Range(1, month.Days).SelectMany(day => Covered(month.Day(day))))
        {
            yield return row;
        }

        foreach (var meter in Meters)
        {
            var total = Usd.Of(meter.Monthly) / 100 * dice.Between(85, 115);
            var parts = Shares.Split(total, dice.Jitter(Enumerable.Repeat(100L, month.Days * options.Scale), 20));
            for (var i = 0; i < parts.Length; i++)
            {
                var day = month.Day((i / options.Scale) + 1);
                yield return new Row($"{meter.Service} - {meter.Meter} - US West 3", "Usage", "Usage-Based", day, day.AddDays(1), parts[i],
                    parts[i], parts[i], meter.Service, meter.Category, meter.Subcategory, meter.Meter, meter.Price, meter.Unit);
            }
        }
    }

    private static Row Purchase(string description, string frequency, string commitment, DateTime start, DateTime end, long units) =>
        new(description, "Purchase", frequency, start, end, units, 0, units, Virtual, "Compute", Virtual, "Commitment", 0, "Hours")
        {
            CommitmentId = commitment,
        };

    /// <summary>What the two commitments cover; on Sundays half of the reservation is unused.</summary>
    private static IEnumerable<Row> Covered(DateTime day)
    {
        const decimal price = 0.344m;
        var unused = day.DayOfWeek == DayOfWeek.Sunday ? ReservationPerDay / 2 : 0;
        var used = new Row("Virtual Machines - D8as v5 - US West 3", "Usage", "Usage-Based", day, day.AddDays(1), 0,
            ReservationPerDay - unused, (ReservationPerDay - unused) / 10 * 16, Virtual, "Compute", Virtual, "D8as v5", price, "Hours")
        {
            CommitmentId = Reservation,
            Status = "Used",
        };
        yield return used;
        if (unused > 0)
        {
            yield return used with
            {
                Description = "Reservation: Standard_D8as_v5, US West 3, unused hours",
                Effective = unused,
                List = unused,
                Price = 0,
                Status = "Unused",
            };
        }

        yield return used with
        {
            Effective = SavingsPlanPerDay,
            List = SavingsPlanPerDay / 10 * 14,
            CommitmentId = SavingsPlan,
        };
    }

    private static void WriteRow(CsvTable csv, DemoMonth month, Row row)
    {
        csv["BilledCost"] = Usd.Text(row.Billed);
        csv["EffectiveCost"] = Usd.Text(row.Effective);
        csv["ListCost"] = Usd.Text(row.List);
        csv["ContractedCost"] = Usd.Text(row.List);
        csv["BillingAccountId"] = AccountId;
        csv["BillingAccountName"] = "Demonstration Azure account";
        csv["BillingAccountType"] = "Billing Profile";
        csv["BillingCurrency"] = "USD";
        csv["BillingPeriodStart"] = Time(month.Start);
        csv["BillingPeriodEnd"] = Time(month.End);
        csv["ChargeCategory"] = row.Category;
        csv["ChargeDescription"] = row.Description;
        csv["ChargeFrequency"] = row.Frequency;
        csv["ChargePeriodStart"] = Time(row.Start);
        csv["ChargePeriodEnd"] = Time(row.End);
        csv["InvoiceId"] = InvoiceId(month);
        csv["InvoiceIssuerName"] = Issuer;
        csv["PricingCurrency"] = "USD";
        csv["ProviderName"] = "Microsoft";
        csv["PublisherName"] = "Microsoft";
        csv["RegionId"] = "westus3";
        csv["RegionName"] = "West US 3";
        csv["ServiceCategory"] = row.ServiceCategory;
        csv["ServiceName"] = row.Service;
        csv["ServiceSubcategory"] = row.Subcategory;
        csv["SubAccountId"] = Subscription;
        csv["SubAccountName"] = "demonstration-ci";
        csv["SubAccountType"] = "Subscription";
        csv["SkuMeter"] = row.Meter;
        csv["PricingUnit"] = row.Unit;
        csv["PricingCategory"] = row.Category == "Purchase" ? null : row.CommitmentId is null ? "Standard" : "Committed";
        csv["x_BilledCostInUsd"] = Usd.Text(row.Billed);
        WriteCommitment(csv, row);
        WriteResource(csv, row);
        csv.EndRow();
    }

    private static void WriteCommitment(CsvTable csv, Row row)
    {
        if (row.CommitmentId is not null)
        {
            csv["CommitmentDiscountId"] = row.CommitmentId;
            csv["CommitmentDiscountCategory"] = row.CommitmentId == Reservation ? "Usage" : "Spend";
            csv["CommitmentDiscountType"] = row.CommitmentId == Reservation ? "Reservation" : "Savings Plan";
            csv["CommitmentDiscountName"] = "demonstration";
            csv["CommitmentDiscountStatus"] = row.Status;
        }
    }

    private static void WriteResource(CsvTable csv, Row row)
    {
        if (row.Category == "Usage")
        {
            csv["ResourceId"] = $"/subscriptions/{Subscription}/resourceGroups/demonstration/providers/{row.Meter.Replace(' ', '-')}";
            csv["ResourceName"] = row.Meter.Replace(' ', '-');
            csv["ResourceType"] = row.Service;
            if (row.Price > 0)
            {
                var quantity = Usd.Text(decimal.Round(Usd.Dollars(row.List) / row.Price, 10));
                csv["ListUnitPrice"] = Usd.Text(row.Price);
                csv["ContractedUnitPrice"] = Usd.Text(row.Price);
                csv["PricingQuantity"] = quantity;
                csv["ConsumedQuantity"] = quantity;
                csv["ConsumedUnit"] = row.Unit;
                csv["SkuId"] = "DEMO-" + row.Meter.Replace(' ', '-');
                csv["SkuPriceId"] = "DEMO-PRICE-" + row.Meter.Replace(' ', '-');
            }
        }
    }

    private static string Manifest(DemoMonth month, string path, long bytes, long rows, string run, DateTime received) =>
        JsonSerializer.Serialize(new
        {
            blobCount = 1,
            blobs = new[] { new { blobName = path[(Source.Length + 1)..], byteCount = bytes, dataRowCount = rows } },
            byteCount = bytes,
            dataRowCount = rows,
            deliveryConfig = new
            {
                compressionMode = "gzip",
                containerUri = $"/subscriptions/{Subscription}/resourceGroups/demonstration/providers/Microsoft.Storage"
                    + "/storageAccounts/demo",
                dataOverwriteBehavior = "CreateNewReport",
                fileFormat = "Csv",
                partitionData = true,
                rootFolderPath = "cicost-demo-focus",
            },
            exportConfig = new
            {
                apiVersion = "2023-07-01-preview",
                dataVersion = "1.2-preview",
                exportName = "cicost-demo-focus",
                granularity = "Daily",
                resourceId = $"/subscriptions/{Subscription}/providers/Microsoft.CostManagement/exports/cicost-demo-focus",
                timeFrame = "Custom",
                type = "FocusCost",
            },
            manifestVersion = "2024-04-01",
            runInfo = new
            {
                endDate = month.Day(month.Days).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
                executionType = "Scheduled",
                runId = run,
                startDate = month.Start.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
                submittedTime = received.AddHours(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'.0000000Z'", CultureInfo.InvariantCulture),
            },
        }, Indented) + "\n";

    private static string Time(DateTime instant) => instant.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    private sealed record Row(string Description, string Category, string Frequency, DateTime Start, DateTime End, long Billed,
        long Effective, long List, string Service, string ServiceCategory, string Subcategory, string Meter, decimal Price, string Unit)
    {
        public string? CommitmentId { get; init; }

        public string? Status { get; init; }
    }
}

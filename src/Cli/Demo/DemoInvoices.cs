using System.Globalization;

namespace CiCost.Cli.Demo;

/// <summary>
/// The invoices of a month, as FOCUS 1.4 InvoiceDetail in the layout of a drop folder: per account the charges, tax and credits of the
/// bill's last delivery, each in whole cents, as invoices are. GitHub sends none here, so that its bill stays without proof.
/// </summary>
internal static class DemoInvoices
{
    /// <summary>The source's key in <see cref="SourcesFile"/>.</summary>
    public const string Source = "demo-invoices";

    /// <summary>The file that says where the invoices lie.</summary>
    public const string SourcesFile = "sources.yaml";

    /// <summary>Where the invoices lie.</summary>
    public const string Folder = "invoices";

    private static readonly string[] Columns =
    [
        "BillingAccountId", "InvoiceIssuerName", "InvoiceId", "InvoiceIssueDate", "InvoiceIssueStatus", "BillingPeriodStart", "BillingPeriodEnd",
        "BillingCurrency", "ChargeCategory", "BilledCost", "InvoiceDetailId", "InvoiceDetailDescription",
    ];

    /// <summary>Writes a month's invoices and the marker that they are complete.</summary>
    public static void Write(DemoFolder folder, DemoMonth month, DemoSums sums)
    {
        WriteOne(folder, month, AwsExport.Source, AwsExport.Issuer, AwsExport.InvoiceId(month), sums);
        WriteOne(folder, month, AzureBill.Source, AzureBill.Issuer, AzureBill.InvoiceId(month), sums);
        WriteOne(folder, month, GoogleBill.Source, GoogleBill.Issuer, $"DEMO-{month.Index}", sums);
        folder.WriteText($"{Folder}/{month}/.done", "");
    }

    /// <summary>Writes the sources file of a demonstration folder.</summary>
    public static void WriteSources(string root)
    {
        var path = Path.GetFullPath(Path.Combine(root, Folder)).Replace("\"", "\\\"", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(root, SourcesFile), $"""
            # Demonstration: invoices of all months, in a folder where somebody would put those that come as PDF.
            sources:
              - key: {Source}
                connector: drop-folder
                folder: "{path}"
                format: focus-invoice-detail
                complete: marker
                schedule: "0 0/10 * * * ?"
                monthsBack: 24
                freshWithinHours: 744

            """);
    }

    private static void WriteOne(DemoFolder folder, DemoMonth month, string source, string issuer, string invoiceId, DemoSums sums)
    {
        using var csv = new CsvTable(folder.Create($"{Folder}/{month}/{source}.csv"), Columns);
        var line = 0;
        foreach (var ((account, category), units) in sums.Of(source, month).Invoice)
        {
            csv["BillingAccountId"] = account;
            csv["InvoiceIssuerName"] = issuer;
            csv["InvoiceId"] = $"{invoiceId}-{account}";
            csv["InvoiceIssueDate"] = Time(month.End.AddDays(4));
            csv["InvoiceIssueStatus"] = "Issued";
            csv["BillingPeriodStart"] = Time(month.Start);
            csv["BillingPeriodEnd"] = Time(month.End);
            csv["BillingCurrency"] = "USD";
            csv["ChargeCategory"] = category;
            csv["BilledCost"] = decimal.Round(Usd.Dollars(units), 2).ToString("0.00", CultureInfo.InvariantCulture);
            csv["InvoiceDetailId"] = string.Create(CultureInfo.InvariantCulture, $"{++line}");
            csv["InvoiceDetailDescription"] = "Demonstration";
            csv.EndRow();
        }
    }

    private static string Time(DateTime instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;

namespace CiCost.Cli.Tests.Kills;

/// <summary>A FOCUS 1.2 bill of July 2026 on which every check holds, and the exact sums that its text gives in <c>decimal</c>.</summary>
/// <param name="Path">The file.</param>
/// <param name="Rows">Its data rows.</param>
/// <param name="Billed">Sum of BilledCost.</param>
/// <param name="Effective">Sum of EffectiveCost.</param>
/// <param name="List">Sum of ListCost.</param>
/// <param name="Contracted">Sum of ContractedCost.</param>
internal sealed record Bill(string Path, int Rows, decimal Billed, decimal Effective, decimal List, decimal Contracted)
{
    /// <summary>The month of all bills.</summary>
    public const string Month = "2026-07";

    private const string Header =
        "BilledCost,EffectiveCost,ListCost,ContractedCost,ListUnitPrice,ContractedUnitPrice,BillingCurrency,BillingAccountId,"
        + "BillingAccountName,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ChargeClass,"
        + "ChargeDescription,ProviderName,PublisherName,InvoiceIssuerName,ServiceName,ServiceCategory,PricingQuantity,PricingUnit,"
        + "ConsumedQuantity,ConsumedUnit,ResourceId,Tags,x_ServiceCode\n";

    /// <summary>Writes a bill. Its amounts have 12 decimals, so that rounding leaves a residue that must be booked.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="edition">Restated bills differ in some rows and in some days only.</param>
    public static Bill Write(string path, int rows, int edition)
    {
        var text = new StringBuilder(Header, Header.Length + (rows * 420));
        decimal billed = 0, effective = 0, list = 0, contracted = 0;
        for (var i = 0; i < rows; i++)
        {
            var isRestated = edition > 1 && i % 31 < 9 && i % 7 == 0;
            var price = ((i * 7919L) % 100_003 * 0.000_001m) + 0.000_000_000_357m + (isRestated ? edition * 0.01m : 0);
            var (e, l, c) = (price * 0.9m, price * 1.25m, price * 1.1m);
            (billed, effective, list, contracted) = (billed + price, effective + e, list + l, contracted + c);
            AppendRow(text, i, [price, e, l, c]);
        }

        File.WriteAllText(path, text.ToString());
        return new Bill(path, rows, billed, effective, list, contracted);
    }

    private static void AppendRow(StringBuilder text, int i, decimal[] costs)
    {
        foreach (var cost in costs)
        {
            text.Append(cost.ToString(CultureInfo.InvariantCulture)).Append(',');
        }

        var day = (i % 31) + 1;
        var end = day == 31 ? "2026-08-01" : string.Create(CultureInfo.InvariantCulture, $"2026-07-{day + 1:00}");
        text.Append(CultureInfo.InvariantCulture, $"0.0{i % 97},0.0{i % 89},USD,444455556666,Test Payer,");
        text.Append(CultureInfo.InvariantCulture, $"2026-07-01T00:00:00Z,2026-08-01T00:00:00Z,2026-07-{day:00}T00:00:00Z,{end}T00:00:00Z,");
        text.Append(CultureInfo.InvariantCulture, $"Usage,,c7i.xlarge hours {i % 40},AWS,AWS,\"Amazon Web Services, Inc.\",");
        text.Append(CultureInfo.InvariantCulture, $"Amazon Elastic Compute Cloud,Compute,{1 + (i % 24)},Hrs,{1 + (i % 24)},Hrs,");
        text.Append(CultureInfo.InvariantCulture, $"arn:aws:ec2:us-east-1:444455556666:instance/i-{i % 5003:x8},");
        text.Append(CultureInfo.InvariantCulture, $"\"{{\"\"env\"\":\"\"e{i % 307}\"\"}}\",AmazonEC2\n");
    }
}

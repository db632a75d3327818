using CiCost.Accounting.Booking;
using CiCost.Accounting.Jobs;

namespace CiCost.CostIngest.Formats;

/// <summary>The formats that this program reads.</summary>
public static class LineFormats
{
    /// <summary>One instance of each.</summary>
    public static IReadOnlyList<ILineFormat> All() =>
    [
        new Focus.FocusCsvFormat(), new AwsCur.AwsCurFormat(), new AwsCur2.AwsCur2Format(), new Oci.OciCostFormat(),
        new OciFocus.OciFocusFormat(), new AzureEa.AzureEaFormat(), new GitHubUsage.GitHubUsageFormat(), new GcpBilling.GcpBillingFormat(),
        new MappedCsv.MappedCsvFormat(),
    ];

    /// <summary>One instance of each format of job events.</summary>
    public static IReadOnlyList<IJobFormat> Jobs() => [new GitHubJobs.GitHubJobFormat(), new BuildkiteJobs.BuildkiteJobFormat()];
}

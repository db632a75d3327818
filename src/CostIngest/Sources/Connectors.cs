namespace CiCost.CostIngest.Sources;

/// <summary>Every connector that <c>connector:</c> in sources.yaml may name.</summary>
public static class Connectors
{
    /// <summary>One of each.</summary>
    public static IReadOnlyList<ISourceConnector> All() =>
    [
        new Aws.Exports.AwsDataExportsConnector(),
        new Aws.CostExplorer.AwsCostExplorerConnector(),
        new Aws.Invoices.AwsInvoicesConnector(),
        new Azure.AzureExportsConnector(),
        new Azure.AzureQueryConnector(),
        new Google.GoogleBigQueryConnector(),
        new Google.GoogleBillingConnector(),
        new Google.GoogleFocusConnector(),
        new GitHub.GitHubUsageConnector(),
        new GitHub.GitHubJobsConnector(),
        new Hud.PyTorchHudConnector(),
        new Oci.OciReportsConnector(),
        new Buildkite.BuildkiteConnector(),
        new DropFolder.DropFolderConnector(),
    ];
}

using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Aws.CostExplorer;

/// <summary><c>connector: aws-cost-explorer</c>: totals to reconcile with.</summary>
public sealed class AwsCostExplorerConnector : ISourceConnector
{
    /// <inheritdoc/>
    public string Name => "aws-cost-explorer";

    /// <inheritdoc/>
    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var access = AwsAccess.Read(settings);
        var endpoint = settings.Address("endpoint", "https://ce.us-east-1.amazonaws.com");
        var time = services.Time;
        var asked = new CostExplorerSettings
        {
            PayerAccount = AwsAccount.Read(settings, "payerAccount"),
            InvoiceIssuer = settings.OptionalText("invoiceIssuer"),
            Metric = settings.Choice("metric", "UnblendedCost", "UnblendedCost", "NetUnblendedCost"),
            MaxRequests = settings.Number("maxRequests", 50, 2, 10_000),
        };

        return new SourceSetup(
            new CostExplorerSource(
                asked, counter => AwsJsonService.Chain("AWS Cost Explorer", endpoint, access.Open(time), "ce", time, counter), time),
            Format: null);
    }
}

using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Aws.Invoices;

/// <summary><c>connector: aws-invoices</c>: the invoices that months must tie to.</summary>
public sealed class AwsInvoicesConnector : ISourceConnector
{
    /// <inheritdoc/>
    public string Name => "aws-invoices";

    /// <inheritdoc/>
    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var access = AwsAccess.Read(settings);
        var endpoint = settings.Address("endpoint", "https://invoicing.us-east-1.api.aws");
        var payerAccount = AwsAccount.Read(settings, "payerAccount");
        var time = services.Time;

        return new SourceSetup(
            new InvoicesSource(
                payerAccount, counter => AwsJsonService.Chain("AWS Invoicing", endpoint, access.Open(time), "invoicing", time, counter), time),
            Format: null);
    }
}

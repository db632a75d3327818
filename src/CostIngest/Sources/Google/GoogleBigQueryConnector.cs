using CiCost.CostIngest.Sources.Http;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Google;

/// <summary>Google's billing export in BigQuery, standard or detailed: the ledger source of Google's bills.</summary>
public sealed class GoogleBigQueryConnector : ISourceConnector
{
    internal const string Scope = "https://www.googleapis.com/auth/bigquery";
    private readonly Func<HttpChainOptions, HttpChainOptions>? _tune;

    /// <summary>Makes the connector.</summary>
    public GoogleBigQueryConnector()
    {
    }

    internal GoogleBigQueryConnector(Func<HttpChainOptions, HttpChainOptions> tune) => _tune = tune;

    /// <inheritdoc/>
    public string Name => "google-bigquery";

    /// <inheritdoc/>
    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var table = BigQuerySettings.Read(settings);
        var access = new GoogleAccess("Google BigQuery", table.Address, Scope, table.Key, services.Time, _tune);
        return new SourceSetup(new GoogleBigQuerySource(new BigQueryClient(access, table, services.Time), table), "gcp-billing");
    }
}

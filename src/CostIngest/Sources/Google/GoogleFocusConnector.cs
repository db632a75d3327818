using CiCost.CostIngest.Sources.Http;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Google;

/// <summary>
/// Google's FOCUS export: evidence beside the billing export, never a ledger source, until a test with real data shows whether its
/// BilledCost holds the credits. Coverage in the policy says so of the source's key.
/// </summary>
public sealed class GoogleFocusConnector : ISourceConnector
{
    private readonly Func<HttpChainOptions, HttpChainOptions>? _tune;

    /// <summary>Makes the connector.</summary>
    public GoogleFocusConnector()
    {
    }

    internal GoogleFocusConnector(Func<HttpChainOptions, HttpChainOptions> tune) => _tune = tune;

    /// <inheritdoc/>
    public string Name => "google-focus";

    /// <inheritdoc/>
    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var table = BigQuerySettings.Read(settings);
        var access = new GoogleAccess("Google BigQuery", table.Address, GoogleBigQueryConnector.Scope, table.Key, services.Time, _tune);
        return new SourceSetup(new GoogleFocusSource(new BigQueryClient(access, table, services.Time), table), "focus-csv", "google-view");
    }
}

using CiCost.CostIngest.Sources.Http;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Google;

/// <summary>Google's billing accounts, projects, services and prices from the Cloud Billing API, kept as evidence.</summary>
public sealed class GoogleBillingConnector : ISourceConnector
{
    internal const string Scope = "https://www.googleapis.com/auth/cloud-billing.readonly";
    private readonly Func<HttpChainOptions, HttpChainOptions>? _tune;

    /// <summary>Makes the connector.</summary>
    public GoogleBillingConnector()
    {
    }

    internal GoogleBillingConnector(Func<HttpChainOptions, HttpChainOptions> tune) => _tune = tune;

    /// <inheritdoc/>
    public string Name => "google-billing";

    /// <inheritdoc/>
    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var address = settings.Address("endpoint", "https://cloudbilling.googleapis.com/");
        var currency = settings.OptionalText("currency") ?? "USD";
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper))
        {
            settings.Refuse("currency", "'currency' is an ISO 4217 code such as USD.");
        }

        var wanted = new GoogleBillingSettings(settings.Texts("services"), currency, settings.Number("maxPages", 500, 1, 10_000));
        var access = new GoogleAccess("Google Cloud Billing", address, Scope, settings.OptionalSecret("credentials"), services.Time, _tune);
        return new SourceSetup(new GoogleBillingSource(access, wanted, services.Time), null);
    }
}

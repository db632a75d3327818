using CiCost.CostIngest.Sources.Http;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary><c>azure-query</c>: docs/sources/azure.md.</summary>
public sealed class AzureQueryConnector : ISourceConnector
{
    private static readonly string[] ScopeForms =
        ["/subscriptions/", "/providers/Microsoft.Management/managementGroups/", "/providers/Microsoft.Billing/billingAccounts/"];

    /// <inheritdoc/>
    public string Name => "azure-query";

    /// <summary>The last handlers of requests to the management service and for tokens; null connects over sockets.</summary>
    internal (Func<HttpMessageHandler>? Management, Func<HttpMessageHandler>? Tokens) Transports { get; init; }

    /// <inheritdoc/>
    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var endpoint = settings.Address("endpoint", "https://management.azure.com/");
        var audience = endpoint.AbsoluteUri.TrimEnd('/');
        var tenant = settings.Text("tenantId");
        var payer = settings.Text("billingAccountId");
        var access = AzureAccess.Read(settings, allowsSas: false, Transports.Tokens);
        var search = Search(settings);
        var scopes = Scopes(settings, search);
        var options = new HttpChainOptions
        {
            Provider = "Azure Cost Management",
            BaseAddress = endpoint,
            Rule = RetryRule.Azure,
            Time = services.Time,
            Transport = Transports.Management?.Invoke(),
        };
        var http = HttpChain.Create(options with { Authorisation = access.Authorisation(audience + "/.default", services.Time) });
        var finder = search == ScopeSearch.None
            ? null
            : new ScopeFinder(
                options with { Provider = "Azure Resource Manager", Transport = Transports.Management?.Invoke() }, access.Credential!, tenant, audience);
        return new SourceSetup(new AzureQuery(http, new CostQueryClient(http, tenant), finder, search, scopes, payer, services.Time), null);
    }

    private static ScopeSearch Search(SourceSettings settings) =>
        settings.Choice("findScopes", "none", "none", "subscriptions", "management-group") switch
        {
            "subscriptions" => ScopeSearch.Subscriptions,
            "management-group" => ScopeSearch.ManagementGroup,
            _ => ScopeSearch.None,
        };

    private static List<string> Scopes(SourceSettings settings, ScopeSearch search)
    {
        const string Key = "scopes";
        List<string> scopes = [.. settings.Texts(Key).Select(s => s.TrimEnd('/'))];
        if ((scopes.Count > 0) == (search != ScopeSearch.None))
        {
            settings.Refuse(Key, "Either 'scopes' lists what is asked, or 'findScopes' says what is looked for (subscriptions, management-group).");
        }

        foreach (var scope in scopes)
        {
            if (!ScopeForms.Any(f => scope.StartsWith(f, StringComparison.OrdinalIgnoreCase) && scope.Length > f.Length)
                || scope.AsSpan().ContainsAny("?#\\ %"))
            {
                settings.Refuse(Key, $"'{scope}' is no scope. It begins with one of {string.Join(", ", ScopeForms)}.");
            }
            else if (scopes.Where(s => !ReferenceEquals(s, scope)).FirstOrDefault(s => IsInside(scope, s)) is { } outer)
            {
                settings.Refuse(Key, $"'{scope}' is in '{outer}': the same costs would count twice. Remove one of them.");
            }
        }

        return scopes;
    }

    private static bool IsInside(string scope, string outer) => (scope + "/").StartsWith(outer + "/", StringComparison.OrdinalIgnoreCase);
}

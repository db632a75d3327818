using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.ResourceManager;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>What a query may be about.</summary>
internal enum ScopeSearch
{
    /// <summary>Nothing is looked for: the settings name the scopes.</summary>
    None,

    /// <summary>Every subscription of the tenant that the credential sees.</summary>
    Subscriptions,

    /// <summary>The root management group of the tenant, which holds all of its subscriptions.</summary>
    ManagementGroup,
}

/// <summary>Finds scopes with Azure.ResourceManager, over the common chain: its own repeats are off.</summary>
internal sealed class ScopeFinder : IDisposable
{
    private readonly HttpClient _client;
    private readonly ArmClient _arm;
    private readonly string _tenantId;
    private readonly Uri _endpoint;

    /// <summary>Makes a finder; nothing is asked yet.</summary>
    /// <param name="options">The chain, without authorisation: the library adds its own.</param>
    public ScopeFinder(HttpChainOptions options, TokenCredential credential, string tenantId, string audience)
    {
        _client = HttpChain.CreateClient(options, _ => false);
        _tenantId = tenantId;
        _endpoint = options.BaseAddress;
        var arm = new ArmClientOptions
        {
            Environment = new ArmEnvironment(options.BaseAddress, audience),
            Transport = new HttpClientTransport(_client),
        };
        arm.Retry.MaxRetries = 0;
        arm.Diagnostics.IsLoggingEnabled = false;
        _arm = new ArmClient(credential, null, arm);
    }

    /// <summary>The scopes, in order of their ids.</summary>
    /// <exception cref="SourceException">There is none, or the tenant is not visible.</exception>
    public async Task<IReadOnlyList<string>> FindAsync(ScopeSearch search, CancellationToken cancellationToken)
    {
        try
        {
            await RequireTenantAsync(cancellationToken).ConfigureAwait(false);
            return search == ScopeSearch.ManagementGroup
                ? [await RootGroupAsync(cancellationToken).ConfigureAwait(false)]
                : await SubscriptionsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception)
        {
            throw Refusal(exception);
        }
        catch (AuthenticationFailedException exception)
        {
            var reason = exception.Message.Split('\n')[0].Trim().TrimEnd('.');
            throw new SourceException(
                "credentials-refused", $"Azure gives no token: {reason}. Check tenant, client and the secret or identity behind them.", exception);
        }
        catch (TimeoutException exception)
        {
            throw new SourceException(
                "provider-silent", $"Azure Resource Manager ({_endpoint.Host}) was given up: {exception.Message}. Run it later.", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task RequireTenantAsync(CancellationToken cancellationToken)
    {
        List<string> tenants = [];
        await foreach (var tenant in _arm.GetTenants().GetAllAsync(cancellationToken).ConfigureAwait(false))
        {
            tenants.Add(tenant.Data.TenantId?.ToString() ?? "");
        }

        if (!tenants.Contains(_tenantId, StringComparer.OrdinalIgnoreCase))
        {
            throw new SourceException(
                "scope-missing",
                $"The credential does not see the tenant {_tenantId}; it sees {(tenants.Count == 0 ? "none" : string.Join(", ", tenants))}. Check 'tenantId'.");
        }
    }

    private async Task<List<string>> SubscriptionsAsync(CancellationToken cancellationToken)
    {
        List<string> scopes = [];
        await foreach (var subscription in _arm.GetSubscriptions().GetAllAsync(cancellationToken).ConfigureAwait(false))
        {
            // A disabled one may still have costs of the month.
            if (string.Equals(subscription.Data.TenantId?.ToString(), _tenantId, StringComparison.OrdinalIgnoreCase))
            {
                scopes.Add(subscription.Data.Id.ToString());
            }
        }

        return scopes.Count > 0
            ? [.. scopes.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)]
            : throw new SourceException(
                "scope-missing",
                $"The credential sees no subscription of the tenant {_tenantId}. Grant it Cost Management Reader on them, or set 'scopes'.");
    }

    // The root group has the tenant's id as its name. A lower group would hide what lies beside it.
    private async Task<string> RootGroupAsync(CancellationToken cancellationToken)
    {
        List<string> names = [];
        await foreach (var group in _arm.GetManagementGroups().GetAllAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            names.Add(group.Data.Name);
            if (string.Equals(group.Data.Name, _tenantId, StringComparison.OrdinalIgnoreCase))
            {
                return group.Data.Id.ToString();
            }
        }

        throw new SourceException(
            "scope-missing",
            $"The credential does not see the root management group {_tenantId}; it sees {(names.Count == 0 ? "none" : string.Join(", ", names))}. Grant it "
            + "Cost Management Reader on the root group, or set 'scopes'.");
    }

    private SourceException Refusal(RequestFailedException exception)
    {
        var code = string.IsNullOrEmpty(exception.ErrorCode) ? "" : ": " + exception.ErrorCode;
        var said = $"Azure Resource Manager ({_endpoint.Host}) answered {exception.Status}{code}.";
        return exception.Status switch
        {
            401 => new SourceException("credentials-refused", said + " Check that the credential exists and is of this tenant.", exception),
            403 => new SourceException("access-denied", said + " Grant Cost Management Reader, which includes reading the scopes.", exception),
            429 => new SourceException("provider-throttles", said + " Run it later, or less often.", exception),
            >= 500 => new SourceException("provider-unavailable", said + " Run it later.", exception),
            0 => new SourceException("provider-unreachable", $"Azure Resource Manager ({_endpoint.Host}) could not be asked. Check the network.", exception),
            _ => new SourceException("request-refused", said + " Check the source's settings against its page.", exception),
        };
    }
}

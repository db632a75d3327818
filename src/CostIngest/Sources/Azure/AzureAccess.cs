using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using CiCost.CostIngest.Sources.Http;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>How a source proves to Azure who it is: one configured way, so that a refusal names the one thing to look at.</summary>
/// <param name="Sas">Where the shared access signature stands; null for the other ways.</param>
/// <param name="Credential">Gives tokens; null for a shared access signature.</param>
internal sealed record AzureAccess(SecretReference? Sas, TokenCredential? Credential)
{
    private const string PublicAuthority = "https://login.microsoftonline.com/";

    /// <summary>Reads the settings; no secret is read and nothing is asked.</summary>
    /// <param name="allowsSas">Blob storage takes shared access signatures, the management service does not.</param>
    /// <param name="tokenTransport">The last handler of token requests; null connects over sockets.</param>
    public static AzureAccess Read(SourceSettings settings, bool allowsSas, Func<HttpMessageHandler>? tokenTransport)
    {
        // Asked for twice: a missing word is one mistake, a wrong one another.
        var kind = settings.Text("credential") is ""
            ? ""
            : settings.Choice("credential", "", [.. allowsSas ? ["sas"] : Array.Empty<string>(), "client-secret", "workload-identity", "managed-identity"]);
        return kind switch
        {
            "sas" => new AzureAccess(settings.Secret("sas"), null),
            "client-secret" => new AzureAccess(null, ClientSecret(settings, tokenTransport)),
            "workload-identity" => new AzureAccess(null, WorkloadIdentity(settings, tokenTransport)),
            _ => new AzureAccess(null, ManagedIdentity(settings, tokenTransport)),
        };
    }

    /// <summary>The handler of the chain.</summary>
    /// <param name="scope">Of the token, such as <c>https://storage.azure.com/.default</c>.</param>
    public Authorisation Authorisation(string scope, TimeProvider time) => Sas is { } sas
        ? inner => new SasHandler(sas, time, inner)
        : Credentials.Azure(Credential!, scope);

    private static SecretCredential ClientSecret(SourceSettings settings, Func<HttpMessageHandler>? transport)
    {
        var (tenant, client, secret) = (settings.Text("tenantId"), settings.Text("clientId"), settings.Secret("clientSecret"));
        var authority = settings.Address("authorityHost", PublicAuthority);
        return new SecretCredential(secret, value => new ClientSecretCredential(tenant, client, value,
            Configured(new ClientSecretCredentialOptions { DisableInstanceDiscovery = IsOwn(authority) }, authority, transport)));
    }

    // What is not set comes from the variables that the workload identity webhook sets (AZURE_TENANT_ID, AZURE_CLIENT_ID,
    // AZURE_FEDERATED_TOKEN_FILE).
    private static LazyCredential WorkloadIdentity(SourceSettings settings, Func<HttpMessageHandler>? transport)
    {
        var (tenant, client, file) = (settings.OptionalText("tenantId"), settings.OptionalText("clientId"), settings.OptionalText("tokenFile"));
        var authority = settings.Address("authorityHost", PublicAuthority);
        return new LazyCredential(() =>
        {
            var options = new WorkloadIdentityCredentialOptions { DisableInstanceDiscovery = IsOwn(authority) };
            options.TenantId = tenant ?? options.TenantId;
            options.ClientId = client ?? options.ClientId;
            options.TokenFilePath = file ?? options.TokenFilePath;
            return new WorkloadIdentityCredential(Configured(options, authority, transport));
        });
    }

    private static LazyCredential ManagedIdentity(SourceSettings settings, Func<HttpMessageHandler>? transport)
    {
        var client = settings.OptionalText("clientId");
        return new LazyCredential(() => new ManagedIdentityCredential(Configured(
            new ManagedIdentityCredentialOptions(client is null
                ? ManagedIdentityId.SystemAssigned
                : ManagedIdentityId.FromUserAssignedClientId(client)),
            null,
            transport)));
    }

    private static bool IsOwn(Uri authority) => authority.AbsoluteUri != PublicAuthority;

    private static T Configured<T>(T options, Uri? authority, Func<HttpMessageHandler>? transport)
        where T : TokenCredentialOptions
    {
        if (authority is not null)
        {
            options.AuthorityHost = authority;
        }

        if (transport is not null)
        {
            options.Transport = new HttpClientTransport(transport());
            options.Retry.MaxRetries = 0;
        }

        return options;
    }
}

/// <summary>Makes its credential when the first token is asked for, so that reading a configuration needs no cloud.</summary>
internal sealed class LazyCredential(Func<TokenCredential> make) : TokenCredential
{
    private readonly Lazy<TokenCredential> _credential = new(make);

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        _credential.Value.GetToken(requestContext, cancellationToken);

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        _credential.Value.GetTokenAsync(requestContext, cancellationToken);
}

/// <summary>A credential over a secret that may be renewed while the program runs: the secret is read at every token.</summary>
internal sealed class SecretCredential(SecretReference secret, Func<string, TokenCredential> make) : TokenCredential
{
    private readonly Lock _lock = new();
    private string? _value;
    private TokenCredential? _credential;

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        Current().GetToken(requestContext, cancellationToken);

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        Current().GetTokenAsync(requestContext, cancellationToken);

    private TokenCredential Current()
    {
        var value = secret.Read();
        lock (_lock)
        {
            if (_credential is null || _value != value)
            {
                (_value, _credential) = (value, make(value));
            }

            return _credential;
        }
    }
}

using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Signing;
using Azure.Core;
using Google.Apis.Auth.OAuth2;

namespace CiCost.CostIngest.Sources.Http;

/// <summary>The ways to prove who we are. Secrets are read when a request is sent, so that one that was renewed is taken up.</summary>
public static class Credentials
{
    /// <summary>A header with a fixed value.</summary>
    public static Authorisation Header(string name, Func<string> value) => inner => new HeaderHandler(name, value, inner);

    /// <summary><c>Authorization: Bearer</c> with a token that does not change during a run.</summary>
    public static Authorisation Bearer(Func<string> token) => Header("Authorization", () => "Bearer " + token());

    /// <summary>Azure: a token for a scope such as <c>https://management.azure.com/.default</c>.</summary>
    public static Authorisation Azure(TokenCredential credential, string scope) =>
        inner => new TokenCredentialHandler(credential, scope, inner);

    /// <summary>Google: a token of scoped credentials.</summary>
    public static Authorisation Google(GoogleCredential credential) => inner => new GoogleCredentialHandler(credential, inner);

    /// <summary>AWS: Signature Version 4. Asked for its keys at every request, so that a role's keys renew themselves.</summary>
    public static Authorisation Aws(AWSCredentials credentials, string region, string service) =>
        inner => new SigV4SigningHandler(credentials, RegionEndpoint.GetBySystemName(region), service, inner);
}

/// <summary>Sets one header.</summary>
internal sealed class HeaderHandler(string name, Func<string> value, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value());
        return base.SendAsync(request, cancellationToken);
    }
}

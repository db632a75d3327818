using System.Net;
using System.Net.Http.Headers;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

namespace CiCost.CostIngest.Sources.Http;

/// <summary>Bearer tokens of Google, kept by the credential. A token that the service refuses is fetched anew once.</summary>
internal sealed class GoogleCredentialHandler(GoogleCredential credential, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await AuthoriseAsync(request, cancellationToken).ConfigureAwait(false);
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized || credential.UnderlyingCredential is not ServiceCredential service)
        {
            return response;
        }

        response.Dispose();
        await TokenCallAsync(() => service.RequestAccessTokenAsync(cancellationToken)).ConfigureAwait(false);
        await AuthoriseAsync(request, cancellationToken).ConfigureAwait(false);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task AuthoriseAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var authority = request.RequestUri?.GetLeftPart(UriPartial.Authority);
        var source = (ITokenAccessWithHeaders)credential.UnderlyingCredential;
        var token = await TokenCallAsync(() => source.GetAccessTokenWithHeadersForRequestAsync(authority, cancellationToken))
            .ConfigureAwait(false);

        // AddHeaders sets the quota project only, and adds to what an earlier attempt left.
        request.Headers.Remove("x-goog-user-project");
        token.AddHeaders(request.Headers);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
    }

    private static async Task<T> TokenCallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (TokenResponseException exception)
        {
            throw new SourceException(
                "credentials-refused",
                $"Google gives no token ({exception.Error?.Error ?? "no reason"}). Check the key file or the identity of this machine.",
                exception);
        }
    }
}

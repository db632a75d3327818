using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Azure.Core;
using Azure.Identity;

namespace CiCost.CostIngest.Sources.Http;

/// <summary>
/// Bearer tokens of Azure. The credential keeps and renews them; a token that the service refuses is asked for once more, with the claims
/// of the refusal, which makes the credential fetch a new one.
/// </summary>
internal sealed class TokenCredentialHandler(TokenCredential credential, string scope, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var first = await TokenAsync(null, cancellationToken).ConfigureAwait(false);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", first);
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        var second = await TokenAsync(Claims(response), cancellationToken).ConfigureAwait(false);
        if (second == first)
        {
            return response;
        }

        response.Dispose();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", second);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> TokenAsync(string? claims, CancellationToken cancellationToken)
    {
        try
        {
            var context = new TokenRequestContext([scope], claims: claims);
            return (await credential.GetTokenAsync(context, cancellationToken).ConfigureAwait(false)).Token;
        }
        catch (AuthenticationFailedException exception)
        {
            // The message of the library holds the answer of the token endpoint; its first line has the reason and no secret.
            var reason = exception.Message.Split('\n')[0].Trim().TrimEnd('.');
            throw new SourceException(
                "credentials-refused",
                $"Azure gives no token: {reason}. Check tenant, client and the secret or identity behind them.",
                exception);
        }
    }

    // RFC 6750 challenge with Microsoft's claims parameter: base64 of a JSON object.
    private static string? Claims(HttpResponseMessage response)
    {
        const string Name = "claims=\"";
        var challenge = response.Headers.WwwAuthenticate.Select(h => h.Parameter ?? "")
            .FirstOrDefault(p => p.Contains(Name, StringComparison.Ordinal));
        if (challenge is null)
        {
            return null;
        }

        var from = challenge.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        var to = challenge.IndexOf('"', from);
        var bytes = new byte[Math.Max(0, to - from)];
        return to > from && Convert.TryFromBase64String(challenge[from..to], bytes, out var count)
            ? Encoding.UTF8.GetString(bytes, 0, count)
            : null;
    }
}

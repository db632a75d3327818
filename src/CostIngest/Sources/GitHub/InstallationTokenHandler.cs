using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using CiCost.CostIngest.Sources.Http;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.GitHub;

/// <summary>
/// Installation tokens of a GitHub App: asked for with a JWT signed by its key, kept in memory until shortly before they expire, and
/// asked for once more when one is refused.
/// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app
/// </summary>
internal sealed class InstallationTokenHandler(GitHubApp app, Uri endpoint, TimeProvider time, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private (string Token, DateTimeOffset ExpiresAt)? _held;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isNew = _held is not { } held || held.ExpiresAt - Margin <= time.GetUtcNow();
        if (isNew && await RenewAsync(cancellationToken).ConfigureAwait(false) is { } trouble)
        {
            return trouble;
        }

        var response = await SendWithTokenAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized || isNew)
        {
            return response;
        }

        // Revoked, or the clocks differ by more than the margin.
        response.Dispose();
        return await RenewAsync(cancellationToken).ConfigureAwait(false) is { } other
            ? other
            : await SendWithTokenAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private Task<HttpResponseMessage> SendWithTokenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _held!.Value.Token);
        return base.SendAsync(request, cancellationToken);
    }

    /// <summary>Fetches a token; returns the answer instead when it is trouble that may pass, for the retries above to judge.</summary>
    private async Task<HttpResponseMessage?> RenewAsync(CancellationToken cancellationToken)
    {
        _held = null;
        var path = string.Create(CultureInfo.InvariantCulture, $"app/installations/{app.InstallationId}/access_tokens");
        var address = new Uri(endpoint, path);
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Headers.UserAgent.ParseAdd("cicost");
        request.Headers.Accept.ParseAdd("application/vnd.github+json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Jwt());
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)response.StatusCode >= 500)
        {
            return response;
        }

        using (response)
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            _held = response.IsSuccessStatusCode ? Read(body) : throw new SourceException("credentials-refused",
                $"GitHub (POST {address.AbsolutePath}) gives no installation token: "
                + $"{(int)response.StatusCode}{ProviderMessage.Read(body)}. Check appId, installationId and the key, and that the "
                + "app is installed and not suspended.");
            return null;
        }
    }

    private static (string Token, DateTimeOffset ExpiresAt) Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("token", out var token)
                && token.ValueKind == JsonValueKind.String && root.TryGetProperty("expires_at", out var expires)
                && expires.ValueKind == JsonValueKind.String && expires.TryGetDateTimeOffset(out var expiresAt))
            {
                return (token.GetString()!, expiresAt);
            }
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception);
        }

        throw Unreadable(null);
    }

    private static SourceException Unreadable(Exception? inner) => new("answer-unreadable",
        "GitHub answered the request for an installation token with something else. Check the endpoint in the settings.", inner);

    // A minute back against clocks that differ; GitHub allows at most ten minutes ahead.
    // https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
    private string Jwt()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var head = Base64Url.EncodeToString("""{"alg":"RS256","typ":"JWT"}"""u8);
        var claims = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object> { ["iat"] = now - 60, ["exp"] = now + (9 * 60), ["iss"] = app.AppId }));
        var signed = $"{head}.{claims}";
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(app.PrivateKey.Read());
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            // The reason may repeat parts of the key.
            throw new SecretException($"The secret {app.PrivateKey} is no RSA private key in PEM form. Download the app's key again.");
        }

        var signature = rsa.SignData(System.Text.Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }
}

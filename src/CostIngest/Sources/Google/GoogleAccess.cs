using CiCost.CostIngest.Sources.Http;
using CiCost.Policy.Sources;
using Google.Apis.Auth.OAuth2;

namespace CiCost.CostIngest.Sources.Google;

/// <summary>
/// How a Google service is reached: its address, and who we are. The identity is read when the first request is made: a service account's
/// key from where the settings say, else what the machine has (GOOGLE_APPLICATION_CREDENTIALS, gcloud, or the machine's own account).
/// </summary>
internal sealed class GoogleAccess(
    string provider, Uri address, string scope, SecretReference? key, TimeProvider time, Func<HttpChainOptions, HttpChainOptions>? tune)
{
    private SourceHttp? _http;

    /// <summary>Between two questions whether a query is complete; BigQuery itself holds each of them for a while.</summary>
    public TimeSpan PollPause { get; private set; } = TimeSpan.FromSeconds(1);

    /// <summary>The chain, made once.</summary>
    public async Task<SourceHttp> HttpAsync(CancellationToken cancellationToken)
    {
        if (_http is null)
        {
            var credential = (await CredentialAsync(cancellationToken).ConfigureAwait(false)).CreateScoped(scope);
            var options = new HttpChainOptions
            {
                Provider = provider,
                BaseAddress = address,
                Rule = RetryRule.Google,
                Authorisation = Credentials.Google(credential),
                Time = time,
            };
            options = tune?.Invoke(options) ?? options;
            PollPause = options.FirstWait;
            _http = HttpChain.Create(options);
        }

        return _http;
    }

    private async Task<GoogleCredential> CredentialAsync(CancellationToken cancellationToken)
    {
        try
        {
            return key is not null
                ? CredentialFactory.FromJson<ServiceAccountCredential>(key.Read()).ToGoogleCredential()
                : await GoogleCredential.GetApplicationDefaultAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SecretException exception)
        {
            throw new SourceException("secret-missing", exception.Message, exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Nothing of the exception is shown: it may repeat a part of the key.
            throw new SourceException(
                "credentials-refused",
                key is not null
                    ? $"What stands at {key} is no key of a Google service account. Make a new key, and put the whole JSON file there."
                    : "This machine has no Google identity. Set 'credentials' in sources.yaml, or GOOGLE_APPLICATION_CREDENTIALS.",
                exception);
        }
    }
}

using System.Net.Http.Headers;

namespace CiCost.CostIngest.Sources.Http;

/// <summary>Asks one provider through its <see cref="HttpChain"/>. What goes wrong on the way is a <see cref="SourceException"/>.</summary>
public sealed class SourceHttp : IDisposable
{
    private readonly HttpClient _client;
    private readonly HttpChainOptions _options;

    internal SourceHttp(HttpClient client, HttpChainOptions options)
    {
        _client = client;
        _options = options;
    }

    /// <summary>Where relative addresses begin.</summary>
    public Uri BaseAddress => _options.BaseAddress;

    /// <summary>Sends and reads the whole answer, whatever its status is.</summary>
    /// <param name="request">
    /// Its address is relative to the base address or absolute; its content is in memory, as it may be sent again.
    /// </param>
    /// <exception cref="SourceException">There was no answer.</exception>
    public async Task<HttpAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var subject = Subject(request);
        using var response = await OpenAsync(subject, request, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(subject, response).ConfigureAwait(false);
    }

    /// <summary>Sends a GET and returns its successful answer.</summary>
    /// <exception cref="SourceException">It is no success, or there was none.</exception>
    public async Task<HttpAnswer> GetAsync(string address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        return (await SendAsync(request, cancellationToken).ConfigureAwait(false)).Expect();
    }

    /// <summary>Sends a POST with a JSON body and returns its successful answer.</summary>
    /// <exception cref="SourceException">It is no success, or there was none.</exception>
    public async Task<HttpAnswer> PostJsonAsync(string address, byte[] json, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent(json, "application/json") };
        return (await SendAsync(request, cancellationToken).ConfigureAwait(false)).Expect();
    }

    /// <summary>Reads a body into a file, whole or not at all; returns the number of bytes.</summary>
    /// <param name="request">
    /// Makes the request, once more when a download broke off. Pin the version with If-Match: a 412 is the error <c>object-changed</c>.
    /// </param>
    /// <param name="path">The file to make.</param>
    /// <exception cref="SourceException">It could not be read whole; there is no file then.</exception>
    public Task<long> DownloadAsync(
        Func<HttpRequestMessage> request, string path, DownloadLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(limits);
        using var example = request();
        return FileDownload.ReadAsync(Subject(example), c => OpenDownloadAsync(request, c), path, limits, _options.Time, cancellationToken);
    }

    /// <summary>A JSON body that can be sent again.</summary>
    public static HttpContent JsonContent(byte[] json, string mediaType) =>
        new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<OpenBody> OpenDownloadAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        using var request = make();
        request.Options.Set(HttpChain.Download, true);
        var subject = Subject(request);
        var response = await OpenAsync(subject, request, cancellationToken).ConfigureAwait(false);
        try
        {
            if (!response.IsSuccessStatusCode)
            {
                throw (await ReadAsync(subject, response).ConfigureAwait(false)).Refusal();
            }

            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return new OpenBody(stream, response.Content.Headers.ContentLength, response);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(string subject, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (HttpFailure.Of(subject, exception) is { } failure)
        {
            throw failure;
        }
    }

    private async Task<HttpAnswer> ReadAsync(string subject, HttpResponseMessage response)
    {
        // Held in memory since the attempt, so no token is needed.
        var body = await response.Content.ReadAsByteArrayAsync(CancellationToken.None).ConfigureAwait(false);
        return new HttpAnswer
        {
            Subject = subject,
            Status = response.StatusCode,
            Headers = response.Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase),
            Body = body,
            Wait = response.IsSuccessStatusCode ? null : _options.Rule.Judge(response, body, _options.Time.GetUtcNow()).Wait,
        };
    }

    // Never the query: it may hold a signature.
    private string Subject(HttpRequestMessage request)
    {
        var address = request.RequestUri is { } uri ? new Uri(_options.BaseAddress, uri) : _options.BaseAddress;
        return $"{_options.Provider} ({request.Method} {address.AbsolutePath})";
    }
}

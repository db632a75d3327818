using System.Net;
using System.Reflection;

namespace CiCost.CostIngest.Sources.Http;

/// <summary>
/// The one way in which providers are asked: repeats outermost, then credentials (so that a repeat is signed anew), then the count of what
/// is really sent, then the socket. Redirects are never followed: they would carry credentials to where nobody sent them.
/// </summary>
public static class HttpChain
{
    private static readonly string UserAgent = "cicost/" + (Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0");

    /// <summary>Makes a client; the caller disposes it.</summary>
    public static SourceHttp Create(HttpChainOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SourceHttp(CreateClient(options, IsDownload), options);
    }

    /// <summary>Marks a request whose body is read as a stream and never held in memory.</summary>
    internal static HttpRequestOptionsKey<bool> Download { get; } = new("cicost.download");

    /// <summary>The chain alone, for clients of a provider's own library.</summary>
    /// <param name="options">How the service is asked.</param>
    /// <param name="isDownload">Tells requests whose successful answer is streamed to the caller.</param>
    internal static HttpClient CreateClient(HttpChainOptions options, Predicate<HttpRequestMessage> isDownload)
    {
        var handler = options.Transport ?? new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            // Bodies are kept as they came, as evidence.
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        };
        handler = options.Counter is { } counter ? new CountingHandler(counter, handler) : handler;
        handler = options.Authorisation?.Invoke(handler) ?? handler;
        var client = new HttpClient(new RetryHandler(options, isDownload, handler))
        {
            BaseAddress = options.BaseAddress,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd(UserAgent);
        return client;
    }

    private static bool IsDownload(HttpRequestMessage request) => request.Options.TryGetValue(Download, out var download) && download;
}

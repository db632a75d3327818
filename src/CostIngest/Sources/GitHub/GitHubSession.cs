using System.Net;
using CiCost.CostIngest.Sources.Http;
using CiCost.CostIngest.Sources.Paging;

namespace CiCost.CostIngest.Sources.GitHub;

/// <summary>
/// One run's conversation with GitHub, one request after another: GitHub asks for that, to stay clear of the secondary limits.
/// https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
/// </summary>
internal sealed class GitHubSession(SourceHttp http, PageCache cache) : IDisposable
{
    private static readonly TimeSpan UnusedFor = TimeSpan.FromDays(100);

    /// <summary>Scheme, host, port and path that all addresses begin with.</summary>
    public Uri Endpoint => http.BaseAddress;

    /// <summary>A page whose body was kept under its ETag: when GitHub answers 304, that is it. 304s do not count against the
    /// limit.</summary>
    /// <param name="address">Relative or absolute.</param>
    /// <param name="isFresh">True to ask without an ETag.</param>
    /// <param name="keep">What to keep of a new answer's body.</param>
    public async Task<CachedPage> GetAsync(
        string address, bool isFresh, Func<HttpAnswer, ReadOnlyMemory<byte>> keep, CancellationToken cancellationToken)
    {
        var full = new Uri(http.BaseAddress, address).AbsoluteUri;
        var known = isFresh ? null : cache.Find(full);
        using var request = new HttpRequestMessage(HttpMethod.Get, full);
        if (known is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", known.ETag);
        }

        var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.NotModified && known is not null)
        {
            return known;
        }

        Expect(answer);
        var page = new CachedPage(answer.Header("ETag") ?? "", LinkHeader.Next(answer, http.BaseAddress), keep(answer));
        if (page.ETag.Length > 0)
        {
            cache.Store(full, page);
        }

        return page;
    }

    /// <summary>A page that nobody keeps.</summary>
    public async Task<HttpAnswer> GetAsync(string address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(http.BaseAddress, address));
        return Expect(await http.SendAsync(request, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Forgets pages of long ago.</summary>
    public void PruneCache() => cache.Prune(UnusedFor);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    // A 403 with a wait is a limit that outlasts the run's patience, no permission that is missing.
    private static HttpAnswer Expect(HttpAnswer answer) => answer.Status == HttpStatusCode.Forbidden && answer.Wait is { } wait
        ? throw new SourceException("provider-throttles",
            $"{answer.Subject} answered 403 for a rate limit and asks to wait {Math.Ceiling(wait.TotalSeconds):0} seconds. Run it later "
            + "or less often, or raise 'longestWaitMinutes'.")
        : answer.Expect();
}

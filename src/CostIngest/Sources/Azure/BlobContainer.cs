using System.Globalization;
using System.Net.Http.Headers;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>A container of Blob storage, to be read: listed flat, and every blob by the version of the listing.</summary>
internal sealed class BlobContainer(SourceHttp http, Uri container, int pageSize) : IDisposable
{
    private const int MostPages = 2_000;

    // Bearer tokens need 2017-11-09 or later; encoded names in listings come since 2021-02-12.
    private const string ServiceVersion = "2023-11-03";

    /// <summary>Account and container, as people call them.</summary>
    public string Name { get; } = container.Host + container.AbsolutePath.TrimEnd('/');

    /// <summary>All blobs whose names begin with a text.</summary>
    /// <exception cref="SourceException">The listing repeats itself, has no end, or is refused.</exception>
    public async Task<BlobListing> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        Dictionary<string, BlobItem> blobs = new(StringComparer.Ordinal);
        HashSet<string> markers = new(StringComparer.Ordinal);
        DateTimeOffset? at = null;
        var marker = "";
        do
        {
            using var request = Request(new Uri(
                $"{container.AbsoluteUri.TrimEnd('/')}?restype=container&comp=list&maxresults={pageSize.ToString(CultureInfo.InvariantCulture)}"
                + $"&prefix={Uri.EscapeDataString(prefix)}" + (marker.Length == 0 ? "" : $"&marker={Uri.EscapeDataString(marker)}")));
            var answer = Expect(await http.SendAsync(request, cancellationToken).ConfigureAwait(false));
            at ??= Date(answer);
            var page = BlobPage.Read(answer);
            foreach (var blob in page.Blobs)
            {
                if (!blobs.TryAdd(blob.Name, blob))
                {
                    throw Repeats($"'{blob.Name}' is listed twice");
                }
            }

            marker = page.NextMarker;
            if (marker.Length > 0 && !markers.Add(marker))
            {
                throw Repeats("a page leads back to an earlier one");
            }

            if (markers.Count >= MostPages)
            {
                throw new SourceException(
                    "listing-too-long", $"The listing of {Name} has more than {MostPages} pages. Set 'prefix' to the folder of the export.");
            }
        }
        while (marker.Length > 0);

        return new BlobListing(blobs, at ?? DateTimeOffset.MaxValue);
    }

    /// <summary>Reads a small blob.</summary>
    /// <exception cref="SourceException"><c>object-changed</c> when it is another version now.</exception>
    public async Task<HttpAnswer> ReadAsync(BlobItem blob, CancellationToken cancellationToken)
    {
        using var request = Request(blob);
        return Expect(await http.SendAsync(request, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Reads a blob into a file.</summary>
    /// <exception cref="SourceException"><c>object-changed</c> when it is another version now.</exception>
    public Task<long> DownloadAsync(BlobItem blob, string path, DownloadLimits limits, CancellationToken cancellationToken) =>
        http.DownloadAsync(() => Request(blob), path, limits with { ExpectedBytes = blob.Bytes }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request(BlobItem blob)
    {
        var path = string.Join('/', blob.Name.Split('/').Select(Uri.EscapeDataString));
        var request = Request(new Uri($"{container.AbsoluteUri.TrimEnd('/')}/{path}"));

        // The listing has ETags without quotes, the header with them.
        request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{blob.ETag}\""));
        return request;
    }

    private static HttpRequestMessage Request(Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("x-ms-version", ServiceVersion);
        return request;
    }

    // Storage says 403 both for a signature that it cannot verify and for a right that is missing; only the code tells them apart.
    private static HttpAnswer Expect(HttpAnswer answer) => (int)answer.Status == 403 && answer.Header("x-ms-error-code") == "AuthenticationFailed"
        ? throw new SourceException(
            "credentials-refused",
            answer.Refusal().Message + " The signature or token was not accepted: it is expired, of another account, or made with a key that was "
            + "renewed. Make a new one.")
        : answer.Expect();

    private static DateTimeOffset? Date(HttpAnswer answer) =>
        DateTimeOffset.TryParseExact(answer.Header("Date"), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date
            : null;

    private SourceException Repeats(string why) => new(
        "paging-broken", $"The listing of {Name} makes no sense: {why}. Run it again; if it stays so, check any proxy on the way.");
}

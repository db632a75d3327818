using System.Net;
using System.Net.Http.Headers;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Oci;

/// <summary>A bucket of Object Storage, to be read through its native interface.</summary>
internal sealed class OciBucket(SourceHttp http, string namespaceName, string bucket, int pageSize) : IDisposable
{
    private const int MostPages = 2_000;

    /// <summary>Namespace and bucket, as people call them.</summary>
    public string Name { get; } = $"{namespaceName}/{bucket}";

    private string Root => $"{http.BaseAddress.AbsoluteUri}n/{Uri.EscapeDataString(namespaceName)}/b/{Uri.EscapeDataString(bucket)}/o";

    /// <summary>All objects whose names begin with a text, in order of their names.</summary>
    /// <exception cref="SourceException">The listing repeats itself, has no end, or is refused.</exception>
    public async Task<IReadOnlyList<OciObject>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        SortedDictionary<string, OciObject> objects = new(StringComparer.Ordinal);
        string? start = null;
        for (var pages = 1; ; pages++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(
                $"{Root}?prefix={Uri.EscapeDataString(prefix)}&limit={pageSize}&fields=name,size,etag,md5,timeCreated"
                + (start is null ? "" : $"&start={Uri.EscapeDataString(start)}")));
            var page = OciPage.Read(Expect(await http.SendAsync(request, cancellationToken).ConfigureAwait(false)));
            foreach (var item in page.Objects)
            {
                if (!objects.TryAdd(item.Name, item))
                {
                    throw Unreliable($"'{item.Name}' is listed twice");
                }
            }

            if (page.NextStartWith is not { } next)
            {
                return [.. objects.Values];
            }

            // Each page begins where the one before ended, in order of names: anything else would go round for ever.
            if (start is not null && string.CompareOrdinal(next, start) <= 0)
            {
                throw Unreliable("a page leads back to an earlier one");
            }

            if (pages >= MostPages)
            {
                throw new SourceException(
                    "listing-too-long", $"The listing of {Name} has more than {MostPages} pages. Set 'prefix' to the folder of the reports.");
            }

            start = next;
        }
    }

    /// <summary>Reads an object into a file.</summary>
    /// <exception cref="SourceException"><c>object-changed</c> when it is another version now.</exception>
    public Task<long> DownloadAsync(OciObject item, string path, DownloadLimits limits, CancellationToken cancellationToken) =>
        http.DownloadAsync(() => Request(item), path, limits with { ExpectedBytes = item.Bytes }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request(OciObject item)
    {
        var name = string.Join('/', item.Name.Split('/').Select(Uri.EscapeDataString));
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{Root}/{name}"));
        request.Headers.TryAddWithoutValidation("If-Match", EntityTagHeaderValue.TryParse(item.ETag, out var tag) ? tag.ToString() : item.ETag);
        return request;
    }

    // Oracle says 404 also where a permission is missing: nobody shall learn whether the bucket exists.
    private HttpAnswer Expect(HttpAnswer answer) => answer.Status == HttpStatusCode.NotFound
        ? throw new SourceException(
            "access-denied",
            answer.Refusal().Message + $" Oracle answers so too when the permission is missing: check 'tenancyId' and 'region' (the home region), "
            + $"and that the tenancy has the policy that lets the user read {Name}.")
        : answer.Expect();

    private SourceException Unreliable(string why) => new(
        "paging-broken", $"The listing of {Name} makes no sense: {why}. Run it again; if it stays so, check any proxy on the way.");
}

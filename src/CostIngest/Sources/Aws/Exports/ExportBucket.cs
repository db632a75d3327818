using Amazon.S3;
using Amazon.S3.Model;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Aws.Exports;

/// <summary>The bucket of an export: lists it, and reads versions of objects, never whatever happens to be there.</summary>
internal sealed class ExportBucket(IAmazonS3 s3, string bucket, TimeProvider time, DownloadLimits? downloads = null) : IDisposable
{
    // A month has tens of files; an export that makes a new folder three times a day for years has thousands.
    private const int MostObjects = 100_000;
    private const int MostManifestBytes = 16 * 1024 * 1024;

    // A policy for one folder denies every other one, so a wrong name looks like a missing permission.
    private const string WhenDenied =
        "Correct 'bucket', 'prefix' or 'exportName' if they are not those of the export; otherwise grant the permissions of "
        + "docs/sources/aws.md, step 3, for that bucket and folder to whom the message names.";

    /// <summary>Every object below a prefix.</summary>
    public async Task<IReadOnlyList<ExportObject>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var subject = $"S3 (list s3://{bucket}/{prefix})";
        List<ExportObject> objects = [];
        string? token = null;
        do
        {
            var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix, ContinuationToken = token };
            var page = await AskForListAsync(subject, request, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.S3Objects ?? [])
            {
                // S3 lists in the order of keys, so one that does not go on is a page that came twice.
                if (objects.Count > 0 && string.CompareOrdinal(objects[^1].Key, item.Key) >= 0)
                {
                    throw new SourceException(
                        "paging-broken", $"{subject} listed '{item.Key}' after '{objects[^1].Key}': a page came twice. Run it again.");
                }

                objects.Add(Described(subject, item));
            }

            if (objects.Count > MostObjects)
            {
                throw new SourceException(
                    "listing-too-long",
                    $"{subject} has more than {MostObjects} objects. Give the bucket a rule that removes old deliveries.");
            }

            token = page.IsTruncated == true
                ? page.NextContinuationToken ?? throw new SourceException("paging-broken", $"{subject} says there is more, and not where.")
                : null;
        }
        while (token is not null);
        return objects;
    }

    /// <summary>Is anything below a prefix?</summary>
    public async Task<bool> AnyAsync(string prefix, CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix, MaxKeys = 1 };
        var page = await AskForListAsync($"S3 (list s3://{bucket}/{prefix})", request, cancellationToken).ConfigureAwait(false);
        return page.S3Objects is { Count: > 0 };
    }

    /// <summary>A small object in the version that the listing showed.</summary>
    /// <exception cref="SourceException"><c>object-changed</c> when it is another one by now.</exception>
    public async Task<byte[]> ReadAsync(ExportObject item, CancellationToken cancellationToken)
    {
        if (item.Bytes > MostManifestBytes)
        {
            throw new SourceException("manifest-invalid", $"The manifest {Name(item)} has {item.Bytes} bytes: it is some other file.");
        }

        // isDownload does not hold for manifests, so the body was read, and repeated, by the chain.
        using var open = await OpenAsync(item, cancellationToken).ConfigureAwait(false);
        using var memory = new MemoryStream();
        await open.ResponseStream.CopyToAsync(memory, cancellationToken).ConfigureAwait(false);
        return memory.ToArray();
    }

    /// <summary>Downloads an object in the version that the listing showed, and proves that it is a whole gzip file.</summary>
    /// <exception cref="SourceException"><c>object-changed</c> when it is another one by now.</exception>
    public async Task DownloadAsync(ExportObject item, string path, CancellationToken cancellationToken)
    {
        var limits = (downloads ?? new DownloadLimits()) with { ExpectedBytes = item.Bytes };
        await FileDownload.ReadAsync(Name(item), OpenBodyAsync, path, limits, time, cancellationToken).ConfigureAwait(false);
        await WholeGzip.VerifyAsync(Name(item), path, limits.MostBytes * 16, cancellationToken).ConfigureAwait(false);

        async Task<OpenBody> OpenBodyAsync(CancellationToken token)
        {
            var response = await OpenAsync(item, token).ConfigureAwait(false);
            return new OpenBody(response.ResponseStream, response.ContentLength, response);
        }
    }

    /// <summary>Requests whose body is streamed: all GETs of objects except manifests.</summary>
    public static bool IsDownload(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get && request.RequestUri is { } uri
        && !uri.Query.Contains("list-type=", StringComparison.Ordinal)
        && !uri.AbsolutePath.EndsWith(ExportManifest.Suffix, StringComparison.Ordinal);

    /// <summary>For errors.</summary>
    public string Name(ExportObject item) => $"s3://{bucket}/{item.Key}";

    public void Dispose() => s3.Dispose();

    private Task<GetObjectResponse> OpenAsync(ExportObject item, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = bucket, Key = item.Key, EtagToMatch = item.ETag };
        return AskAsync(Name(item), () => s3.GetObjectAsync(request, cancellationToken));
    }

    // The library takes any XML for an empty listing, also a page of a proxy.
    private async Task<ListObjectsV2Response> AskForListAsync(
        string subject, ListObjectsV2Request request, CancellationToken cancellationToken)
    {
        var page = await AskAsync(subject, () => s3.ListObjectsV2Async(request, cancellationToken)).ConfigureAwait(false);
        return page is { Name.Length: > 0, IsTruncated: not null }
            ? page
            : throw new SourceException(
                "answer-unreadable", $"{subject} answered with something that is no listing. Check the endpoint, and any proxy.");
    }

    private static async Task<T> AskAsync<T>(string subject, Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode is "PreconditionFailed" or "NoSuchKey")
        {
            throw new SourceException(
                "object-changed", $"{subject} was replaced or removed after it was listed. The next run takes the new one.", exception);
        }
        catch (Exception exception) when (AwsRefusals.Of(subject, exception, WhenDenied) is { } refusal)
        {
            throw refusal;
        }
    }

    // Without an ETag nothing would pin the version.
    private static ExportObject Described(string subject, S3Object item) =>
        item is { ETag.Length: > 0, Size: { } bytes, LastModified: { } modified }
            ? new ExportObject(item.Key, item.ETag, bytes, new DateTimeOffset(modified.ToUniversalTime(), TimeSpan.Zero))
            : throw new SourceException(
                "answer-unreadable", $"{subject} lists '{item.Key}' without ETag, size or time. Check the endpoint.");
}

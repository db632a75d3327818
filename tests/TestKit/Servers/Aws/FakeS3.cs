using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace CiCost.TestKit.Servers.Aws;

/// <summary>
/// S3 for readers: lists (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html) and gets objects
/// (API_GetObject.html), verifies signatures and honours If-Match. The keys are <c>AKIATEST</c> and <c>test-secret</c> unless told.
/// </summary>
public sealed class FakeS3 : IAsyncDisposable
{
    private readonly SortedDictionary<string, (byte[] Bytes, DateTimeOffset At)> _objects = new(StringComparer.Ordinal);
    private readonly string _bucket;

    private FakeS3(string bucket) => _bucket = bucket;

    /// <summary>The server, to misbehave and to see requests.</summary>
    public FakeServer Server { get; private set; } = null!;

    /// <summary>Who may ask.</summary>
    public AwsSignature Keys { get; } = new AwsSignature().Knows("AKIATEST", "test-secret");

    /// <summary>Objects per page.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Starts with an empty bucket.</summary>
    public static async Task<FakeS3> StartAsync(string bucket)
    {
        var s3 = new FakeS3(bucket);
        s3.Server = await FakeServer.StartAsync(s3.AnswerAsync);
        return s3;
    }

    /// <summary>Puts an object, as at an instant.</summary>
    public void Put(string key, byte[] bytes, DateTimeOffset at)
    {
        lock (_objects)
        {
            _objects[key] = (bytes, at);
        }
    }

    /// <summary>Puts every file of a folder whose first level is the bucket.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="at">The instant of the data; manifests are a second younger, as AWS writes them last.</param>
    public void PutFolder(string folder, DateTimeOffset at)
    {
        var root = Path.Combine(folder, _bucket);
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            var key = Path.GetRelativePath(root, file).Replace('\\', '/');
            Put(key, File.ReadAllBytes(file), key.EndsWith(".json", StringComparison.Ordinal) ? at.AddSeconds(1) : at);
        }
    }

    /// <summary>The bytes of an object.</summary>
    public byte[] Get(string key)
    {
        lock (_objects)
        {
            return _objects[key].Bytes;
        }
    }

    /// <summary>Removes an object.</summary>
    public void Remove(string key)
    {
        lock (_objects)
        {
            _objects.Remove(key);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private Task AnswerAsync(HttpContext context, SeenRequest request)
    {
        if (Keys.Fault(request, "s3") is { } fault)
        {
            // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: expired tokens are 400, all others 403.
            var status = fault is "ExpiredToken" or "InvalidToken" ? 400 : 403;
            return ErrorAsync(context, status, fault, "The request was refused by the test server.");
        }

        var path = Uri.UnescapeDataString(request.Path).TrimStart('/').Split('/', 2);
        if (path[0] != _bucket)
        {
            return ErrorAsync(context, 404, "NoSuchBucket", "The specified bucket does not exist");
        }

        return path.Length == 1 || path[1].Length == 0 ? ListAsync(context) : GetAsync(context, request, path[1]);
    }

    private Task GetAsync(HttpContext context, SeenRequest request, string key)
    {
        (byte[] Bytes, DateTimeOffset At) found;
        lock (_objects)
        {
            if (!_objects.TryGetValue(key, out found))
            {
                return ErrorAsync(context, 404, "NoSuchKey", "The specified key does not exist.");
            }
        }

        if (request.Header("If-Match") is { } wanted && wanted != ETag(found.Bytes))
        {
            return ErrorAsync(context, 412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
        }

        context.Response.Headers.ETag = ETag(found.Bytes);
        context.Response.Headers.LastModified = found.At.ToString("R", CultureInfo.InvariantCulture);
        context.Response.ContentType = "binary/octet-stream";
        context.Response.ContentLength = found.Bytes.Length;
        return context.Response.Body.WriteAsync(found.Bytes, CancellationToken.None).AsTask();
    }

    private Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var prefix = query["prefix"].ToString();
        var after = query["continuation-token"].ToString();
        var most = int.TryParse(query["max-keys"], CultureInfo.InvariantCulture, out var asked) ? Math.Min(asked, PageSize) : PageSize;
        KeyValuePair<string, (byte[] Bytes, DateTimeOffset At)>[] found;
        lock (_objects)
        {
            found = [.. _objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal)
                && (after.Length == 0 || string.CompareOrdinal(o.Key, after) > 0)).Take(most + 1)];
        }

        var page = found.Take(most).ToArray();
        var more = found.Length > most;
        var items = page.Select(o => $"<Contents><Key>{SecurityElement.Escape(o.Key)}</Key>"
            + $"<LastModified>{o.Value.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.000Z}</LastModified>"
            + $"<ETag>{SecurityElement.Escape(ETag(o.Value.Bytes))}</ETag>"
            + $"<Size>{o.Value.Bytes.Length}</Size><StorageClass>STANDARD</StorageClass></Contents>");
        var next = more ? $"<NextContinuationToken>{SecurityElement.Escape(page[^1].Key)}</NextContinuationToken>" : "";
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            + $"<Name>{_bucket}</Name><Prefix>{SecurityElement.Escape(prefix)}</Prefix>"
            + $"<KeyCount>{page.Length}</KeyCount><MaxKeys>{most}</MaxKeys>"
            + $"<IsTruncated>{(more ? "true" : "false")}</IsTruncated>{next}{string.Concat(items)}</ListBucketResult>",
            CancellationToken.None);
    }

    private static Task ErrorAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
            + $"<Error><Code>{code}</Code><Message>{message}</Message><RequestId>test</RequestId></Error>",
            CancellationToken.None);
    }

    // S3's ETag of an object that was put in one piece is its MD5.
    private static string ETag(byte[] bytes)
    {
#pragma warning disable CA5351 // A version label, not protection.
        return $"\"{Convert.ToHexStringLower(MD5.HashData(bytes))}\"";
#pragma warning restore CA5351
    }
}

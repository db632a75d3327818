using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using CiCost.TestKit.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace CiCost.CostIngest.Tests.Sources.Azure;

/// <summary>
/// A container of Blob storage in this process, for what the emulator cannot be made to do. As the service it lists by name in pages
/// (https://learn.microsoft.com/rest/api/storageservices/list-blobs), answers 412 ConditionNotMet to a stale If-Match
/// (https://learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations) and 403
/// AuthenticationFailed to a signature that it does not know
/// (https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes). All read 2026-11-21.
/// </summary>
internal sealed class BlobFake : IAsyncDisposable
{
    public const string Signature = "sv=2023-11-03&sp=rl&se=2026-12-31T00%3A00%3A00Z&sig=good%3D";

    private const string ContainerPath = "/account/exports";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (byte[] Bytes, string ETag, DateTimeOffset At)> _blobs = new(StringComparer.Ordinal);
    private int _versions;

    private BlobFake()
    {
    }

    public FakeServer Server { get; private set; } = null!;

    public string ContainerUrl => Server.Address + ContainerPath.TrimStart('/');

    /// <summary>The service's clock.</summary>
    public DateTimeOffset Now { get; set; } = new(2026, 7, 3, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Leaves a blob out of listings.</summary>
    public Predicate<string> Hidden { get; set; } = _ => false;

    public static async Task<BlobFake> StartAsync()
    {
        var fake = new BlobFake();
        fake.Server = await FakeServer.StartAsync(fake.AnswerAsync);
        return fake;
    }

    public static bool IsListing(HttpRequest request) => request.Query["comp"] == "list";

    public static bool IsFile(HttpRequest request) => request.Path.Value!.EndsWith(".csv.gz", StringComparison.Ordinal);

    public void Put(string name, byte[] bytes, DateTimeOffset at)
    {
        lock (_lock)
        {
            _blobs[name] = (bytes, $"0x8D{++_versions:X8}", at);
        }
    }

    public void Remove(string name)
    {
        lock (_lock)
        {
            _blobs.Remove(name);
        }
    }

    public byte[] Get(string name)
    {
        lock (_lock)
        {
            return _blobs[name].Bytes;
        }
    }

    /// <summary>Puts a variant of the layout, files first, manifests a second later.</summary>
    public void PutLayout(string variant, Predicate<string>? which = null)
    {
        foreach (var (name, bytes) in ExportLayout.Files(variant).Where(f => which?.Invoke(f.Name) ?? true))
        {
            Put(name, bytes, ExportLayout.IsManifest(name) ? Now.AddHours(-1).AddSeconds(1) : Now.AddHours(-1));
        }
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, SeenRequest request)
    {
        context.Response.Headers["Date"] = Now.ToString("r", CultureInfo.InvariantCulture);
        var query = QueryHelpers.ParseQuery(request.Query);
        if (query.TryGetValue("sig", out var sig) ? sig != "good=" : request.Header("Authorization") != "Bearer good")
        {
            await RefuseAsync(context, 403, "AuthenticationFailed", "Server failed to authenticate the request.");
        }
        else if (request.Header("x-ms-version") is null)
        {
            await RefuseAsync(context, 400, "MissingRequiredHeader", "x-ms-version");
        }
        else if (query.GetValueOrDefault("comp") == "list")
        {
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync(List(query.GetValueOrDefault("prefix").ToString(), query.GetValueOrDefault("marker").ToString(),
                int.Parse(query["maxresults"].ToString(), CultureInfo.InvariantCulture)));
        }
        else
        {
            await GetAsync(context, Uri.UnescapeDataString(request.Path[(ContainerPath.Length + 1)..]), request.Header("If-Match"));
        }
    }

    private async Task GetAsync(HttpContext context, string name, string? ifMatch)
    {
        (byte[] Bytes, string ETag, DateTimeOffset At) blob;
        bool isThere;
        lock (_lock)
        {
            isThere = _blobs.TryGetValue(name, out blob);
        }

        if (!isThere)
        {
            await RefuseAsync(context, 404, "BlobNotFound", "The specified blob does not exist.");
        }
        else if (ifMatch is not null && ifMatch != $"\"{blob.ETag}\"")
        {
            await RefuseAsync(context, 412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");
        }
        else
        {
            context.Response.ContentLength = blob.Bytes.Length;
            context.Response.Headers.ETag = $"\"{blob.ETag}\"";
            await context.Response.Body.WriteAsync(blob.Bytes);
        }
    }

    private string List(string prefix, string marker, int size)
    {
        lock (_lock)
        {
            var all = _blobs.Where(b => b.Key.StartsWith(prefix, StringComparison.Ordinal) && !Hidden(b.Key))
                .SkipWhile(b => string.CompareOrdinal(b.Key, marker) < 0).ToList();
            return new XDocument(new XElement("EnumerationResults",
                new XElement("Blobs", all.Take(size).Select(b => new XElement("Blob",
                    new XElement("Name", b.Key),
                    new XElement("Properties",
                        new XElement("Last-Modified", b.Value.At.ToString("r", CultureInfo.InvariantCulture)),
                        new XElement("Etag", b.Value.ETag),
                        new XElement("Content-Length", b.Value.Bytes.Length))))),
                new XElement("NextMarker", all.Count > size ? all[size].Key : ""))).ToString();
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        context.Response.Headers["x-ms-error-code"] = code;
        return context.Response.WriteAsync($"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>");
    }
}

/// <summary>The layout of an export in tests/data.</summary>
internal static class ExportLayout
{
    public const string June = "costroid-demo/20260601-20260630/1a2b3c4d-5e6f-7089-9abc-def012345678/";
    public const string May = "costroid-demo/mtd-snapshot/current/";
    public const string MayRestated = "costroid-demo/mtd-snapshot/regen-42/";

    /// <summary>The blobs of a variant, manifests last.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Files(string variant)
    {
        var root = Path.Combine(Formats.TestFiles.Focus, "layouts", "azure-focus", variant, "devaccount", "exports");
        return
        [
            .. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Select(f => (Name: Path.GetRelativePath(root, f).Replace('\\', '/'), Bytes: System.IO.File.ReadAllBytes(f)))
                .OrderBy(f => IsManifest(f.Name)).ThenBy(f => f.Name, StringComparer.Ordinal),
        ];
    }

    public static byte[] File(string variant, string name) => Files(variant).Single(f => f.Name == name).Bytes;

    public static bool IsManifest(string name) => name.EndsWith("/manifest.json", StringComparison.Ordinal);

    /// <summary>A manifest with one text replaced.</summary>
    public static byte[] Manifest(string variant, string folder, params (string From, string To)[] changes)
    {
        var text = Encoding.UTF8.GetString(File(variant, folder + "manifest.json"));
        foreach (var (from, to) in changes)
        {
            Assert.That(text, Does.Contain(from), "the fixture has another form than the test expects");
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        return Encoding.UTF8.GetBytes(text);
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CiCost.TestKit.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace CiCost.CostIngest.Tests.Sources.Oci;

/// <summary>
/// OCI Object Storage in this process. It verifies the request signature with the public key and its own reading of the draft, refuses
/// clocks that are more than five minutes off (https://docs.oracle.com/iaas/Content/API/Concepts/signingrequests.htm), lists in pages with
/// nextStartWith (https://docs.oracle.com/iaas/api/#/en/objectstorage/20160918/ListObjects/ListObjects), answers 412 IfMatchFailed to a
/// stale If-Match, and 404 BucketNotFound to those who may not know (https://docs.oracle.com/iaas/Content/API/References/apierrors.htm).
/// All read 2026-11-21.
/// </summary>
internal sealed partial class OciFake : IAsyncDisposable
{
    public const string Tenancy = "ocid1.tenancy.oc1..aaaatenancy";
    public const string User = "ocid1.user.oc1..aaaauser";
    public const string Fingerprint = "12:34:56:78:9a:bc:de:f0:12:34:56:78:9a:bc:de:f0";

    private const string Root = "/n/bling/b/" + Tenancy + "/o";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (byte[] Bytes, string ETag, DateTimeOffset At)> _objects = new(StringComparer.Ordinal);
    private readonly RSA _key = RSA.Create(2048);
    private int _versions;

    public FakeServer Server { get; private set; } = null!;

    /// <summary>The service's clock.</summary>
    public DateTimeOffset Now { get; set; } = new(2026, 7, 3, 12, 0, 0, TimeSpan.Zero);

    public bool MayRead { get; set; } = true;

    /// <summary>What listings state instead of the MD5 of the bytes.</summary>
    public string? OtherMd5 { get; set; }

    public Func<string, string> Alter { get; set; } = text => text;

    public string PrivateKey => _key.ExportPkcs8PrivateKeyPem();

    public static async Task<OciFake> StartAsync()
    {
        var fake = new OciFake();
        fake.Server = await FakeServer.StartAsync(fake.AnswerAsync);
        return fake;
    }

    public static bool IsListing(HttpRequest request) => request.Path.Value!.EndsWith("/o", StringComparison.Ordinal);

    public static bool IsObject(HttpRequest request) => !IsListing(request);

    public string EncryptedKey(string passphrase) =>
        _key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1_000));

    public void Put(string name, byte[] bytes, DateTimeOffset? at = null)
    {
        lock (_lock)
        {
            _objects[name] = (bytes, $"e{++_versions}-0000", at ?? Now.AddHours(-1));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _key.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, SeenRequest request)
    {
        var query = QueryHelpers.ParseQuery(request.Query);
        if (Mistake(request) is { } mistake)
        {
            await RefuseAsync(context, 401, "NotAuthenticated", mistake);
        }
        else if (!MayRead || !request.Path.StartsWith(Root, StringComparison.Ordinal))
        {
            await RefuseAsync(context, 404, "BucketNotFound", "Either the bucket does not exist or you are not authorized to access it");
        }
        else if (request.Path == Root)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Alter(List(query["prefix"].ToString(), query.GetValueOrDefault("start").ToString(),
                int.Parse(query["limit"].ToString(), CultureInfo.InvariantCulture))));
        }
        else
        {
            await GetAsync(context, Uri.UnescapeDataString(request.Path[(Root.Length + 1)..]), request.Header("If-Match"));
        }
    }

    // The signature as the draft describes it, read from its parts in the order in which the header names them.
    private string? Mistake(SeenRequest request)
    {
        var match = SignatureForm().Match(request.Header("Authorization") ?? "");
        if (!match.Success || match.Groups["key"].Value != $"{Tenancy}/{User}/{Fingerprint}")
        {
            return "The required information to complete authentication was not provided or was incorrect.";
        }

        var names = match.Groups["headers"].Value.Split(' ');
        if (!names.Order(StringComparer.Ordinal).SequenceEqual(["(request-target)", "date", "host"]))
        {
            return "date, (request-target) and host must be signed.";
        }

        if (!DateTimeOffset.TryParseExact(request.Header("date"), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            || (date - Now).Duration() > TimeSpan.FromMinutes(5))
        {
            return $"Date '{request.Header("date")}' is not within allowed clock skew.";
        }

        var text = string.Join('\n', names.Select(n => n == "(request-target)"
            ? $"(request-target): get {request.Path}{request.Query}"
            : $"{n}: {request.Header(n)}"));
        return _key.VerifyData(Encoding.UTF8.GetBytes(text), Convert.FromBase64String(match.Groups["signature"].Value), HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1)
            ? null
            : "Failed to verify the HTTP(S) Signature";
    }

    private async Task GetAsync(HttpContext context, string name, string? ifMatch)
    {
        (byte[] Bytes, string ETag, DateTimeOffset At) item;
        bool isThere;
        lock (_lock)
        {
            isThere = _objects.TryGetValue(name, out item);
        }

        if (!isThere)
        {
            await RefuseAsync(context, 404, "ObjectNotFound", "The object does not exist");
        }
        else if (ifMatch != item.ETag)
        {
            await RefuseAsync(context, 412, "IfMatchFailed", "The If-Match header is set but does not match");
        }
        else
        {
            context.Response.ContentLength = item.Bytes.Length;
            context.Response.Headers.ETag = item.ETag;
            await context.Response.Body.WriteAsync(item.Bytes);
        }
    }

    private string List(string prefix, string start, int limit)
    {
        lock (_lock)
        {
            var all = _objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal))
                .SkipWhile(o => string.CompareOrdinal(o.Key, start) < 0).ToList();
            return JsonSerializer.Serialize(new
            {
                objects = all.Take(limit).Select(o => new
                {
                    name = o.Key,
                    etag = o.Value.ETag,
                    size = o.Value.Bytes.Length,
                    md5 = OtherMd5 ?? Md5(o.Value.Bytes),
                    timeCreated = o.Value.At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                }),
                nextStartWith = all.Count > limit ? all[limit].Key : null,
            });
        }
    }

#pragma warning disable CA5351 // The service's check sum has no other form.
    private static string Md5(byte[] bytes) => Convert.ToBase64String(MD5.HashData(bytes));
#pragma warning restore CA5351

    private static Task RefuseAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(new { code, message }));
    }

    [GeneratedRegex("^Signature version=\"1\",keyId=\"(?<key>[^\"]+)\",algorithm=\"rsa-sha256\","
        + "headers=\"(?<headers>[^\"]+)\",signature=\"(?<signature>[^\"]+)\"$")]
    private static partial Regex SignatureForm();
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CiCost.TestKit.Servers.Aws;

/// <summary>
/// Verifies Signature Version 4 from its description alone, sharing no code with the product or the AWS libraries:
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
/// </summary>
public sealed class AwsSignature
{
    private readonly Dictionary<string, (string Secret, string? Token, DateTimeOffset? Expires)> _keys = new(StringComparer.Ordinal);

    /// <summary>Knows a key from now on.</summary>
    /// <param name="id">The access key id.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="token">The session token of temporary keys.</param>
    /// <param name="expires">When they expire.</param>
    public AwsSignature Knows(string id, string secret, string? token = null, DateTimeOffset? expires = null)
    {
        lock (_keys)
        {
            _keys[id] = (secret, token, expires);
            return this;
        }
    }

    /// <summary>AWS's name for what is wrong with a request; null when its signature holds.</summary>
    /// <param name="request">The request.</param>
    /// <param name="service">The service that it must be signed for.</param>
    /// <param name="region">The region that it must be signed for.</param>
    public string? Fault(SeenRequest request, string service, string region = "us-east-1")
    {
        ArgumentNullException.ThrowIfNull(request);
        const string Scheme = "AWS4-HMAC-SHA256 ";
        if (request.Header("Authorization") is not { } authorization || !authorization.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return "MissingAuthenticationToken";
        }

        var parts = authorization[Scheme.Length..].Split(',', StringSplitOptions.TrimEntries)
            .Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        var scope = parts["Credential"].Split('/');
        (string Secret, string? Token, DateTimeOffset? Expires) key;
        lock (_keys)
        {
            if (!_keys.TryGetValue(scope[0], out key))
            {
                return "InvalidAccessKeyId";
            }
        }

        if (key.Token != request.Header("X-Amz-Security-Token"))
        {
            return "InvalidToken";
        }

        var signed = parts["SignedHeaders"].Split(';');
        var stamp = request.Header("X-Amz-Date") ?? "";
        if (scope is not [_, _, _, _, "aws4_request"] || scope[2] != region || scope[3] != service
            || !stamp.StartsWith(scope[1], StringComparison.Ordinal)
            || !signed.Contains("host") || !signed.Contains("x-amz-date") || !IsBodySigned(request, signed))
        {
            return "SignatureDoesNotMatch";
        }

        if (key.Expires is { } expires && Instant(stamp) >= expires)
        {
            return "ExpiredToken";
        }

        var canonical = SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(request, signed, service)));
        var text = $"AWS4-HMAC-SHA256\n{stamp}\n{string.Join('/', scope[1..])}\n{Hex(canonical)}";
        var signingKey = Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + key.Secret), scope[1]), scope[2]), scope[3]), "aws4_request");
        return Hex(Mac(signingKey, text)) == parts["Signature"] ? null : "SignatureDoesNotMatch";
    }

    private static bool IsBodySigned(SeenRequest request, string[] signed) =>
        request.Header("X-Amz-Content-Sha256") is not { } stated
        || stated == "UNSIGNED-PAYLOAD"
        || (signed.Contains("x-amz-content-sha256") && stated == Hex(SHA256.HashData(request.Body)));

    private static string Canonical(SeenRequest request, string[] signed, string service)
    {
        // S3 signs the path as it is sent; the others sign it escaped once more.
        var path = service == "s3" ? request.Path : string.Join('/', request.Path.Split('/').Select(Uri.EscapeDataString));
        var query = request.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Contains('=', StringComparison.Ordinal) ? p : p + "=").Order(StringComparer.Ordinal);
        var headers = signed.Select(name =>
            $"{name}:{string.Join(' ', (request.Header(name) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))}\n");
        var body = request.Header("X-Amz-Content-Sha256") ?? Hex(SHA256.HashData(request.Body));
        return $"{request.Method}\n{path}\n{string.Join('&', query)}\n{string.Concat(headers)}\n{string.Join(';', signed)}\n{body}";
    }

    private static DateTimeOffset Instant(string stamp) =>
        DateTimeOffset.ParseExact(stamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

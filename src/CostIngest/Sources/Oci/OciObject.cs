using System.Globalization;
using System.Text.Json;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Oci;

/// <summary>An object as a listing shows it.</summary>
/// <param name="Name">Its name in the bucket.</param>
/// <param name="ETag">Its version.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Md5">The base64 MD5 of its bytes; null for objects that were uploaded in parts.</param>
/// <param name="CreatedAt">When it was written.</param>
internal sealed record OciObject(string Name, string ETag, long Bytes, string? Md5, DateTimeOffset CreatedAt);

/// <summary>
/// One page of <c>ListObjects</c>: https://docs.oracle.com/iaas/api/#/en/objectstorage/20160918/ListObjects/ListObjects (read
/// 2026-11-21).
/// </summary>
/// <param name="Objects">Its objects.</param>
/// <param name="NextStartWith">The first name of the next page; null at the end.</param>
internal sealed record OciPage(IReadOnlyList<OciObject> Objects, string? NextStartWith)
{
    private const int Md5Base64Length = 24;

    /// <summary>Reads an answer.</summary>
    /// <exception cref="SourceException">It is no page.</exception>
    public static OciPage Read(HttpAnswer answer)
    {
        using var document = answer.ReadJson();
        var root = document.RootElement;
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("objects", out var objects) && objects.ValueKind == JsonValueKind.Array
            ? new OciPage([.. objects.EnumerateArray().Select(o => ReadObject(answer, o))], Text(root, "nextStartWith"))
            : throw Unreadable(answer, "'objects' is missing");
    }

    private static OciObject ReadObject(HttpAnswer answer, JsonElement o)
    {
        var name = Text(o, "name") ?? throw Unreadable(answer, "an object has no name");
        var etag = Text(o, "etag") ?? throw Unreadable(answer, $"'{name}' has no etag");
        if (!o.TryGetProperty("size", out var size) || size.ValueKind != JsonValueKind.Number || !size.TryGetInt64(out var bytes) || bytes < 0)
        {
            throw Unreadable(answer, $"'{name}' has no size");
        }

        // RFC 3339 with a zone.
        return DateTimeOffset.TryParse(Text(o, "timeCreated"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created)
            ? new OciObject(name, etag, bytes, Text(o, "md5") is { Length: Md5Base64Length } md5 ? md5 : null, created.ToUniversalTime())
            : throw Unreadable(answer, $"'{name}' has no timeCreated");
    }

    private static string? Text(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    private static SourceException Unreadable(HttpAnswer answer, string why) => new(
        "answer-unreadable", $"{answer.Subject} answered with no listing: {why}. Check 'endpoint' and any proxy on the way.");
}

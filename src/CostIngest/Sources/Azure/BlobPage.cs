using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>One page of <c>List Blobs</c>: https://learn.microsoft.com/rest/api/storageservices/list-blobs (read 2026-11-21).</summary>
/// <param name="Blobs">Its blobs; folders of a hierarchical namespace are left out.</param>
/// <param name="NextMarker">Where the next page begins; empty at the end.</param>
internal sealed record BlobPage(IReadOnlyList<BlobItem> Blobs, string NextMarker)
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>Reads an answer.</summary>
    /// <exception cref="SourceException">It is no page. One without NextMarker was cut off: the last page has an empty one.</exception>
    public static BlobPage Read(HttpAnswer answer)
    {
        try
        {
            using var stream = new MemoryStream(answer.Body.ToArray(), writable: false);
            using var reader = XmlReader.Create(stream, Settings);
            var root = XDocument.Load(reader).Root!;
            return new BlobPage(
                [.. Required(answer, root, "Blobs").Elements("Blob").Where(b => !IsFolder(b)).Select(b => ReadBlob(answer, b))],
                Required(answer, root, "NextMarker").Value);
        }
        catch (XmlException exception)
        {
            throw Unreadable(answer, exception.Message, exception);
        }
    }

    private static BlobItem ReadBlob(HttpAnswer answer, XElement blob)
    {
        var properties = Required(answer, blob, "Properties");
        var etag = Required(answer, properties, "Etag").Value.Trim('"');
        var modified = Required(answer, properties, "Last-Modified").Value;
        var length = Required(answer, properties, "Content-Length").Value;
        return etag.Length > 0
            && long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            && DateTimeOffset.TryParseExact(modified, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new BlobItem(Name(answer, blob), etag, bytes, at)
            : throw Unreadable(answer, $"the blob '{Name(answer, blob)}' has no ETag, length or time that can be read.", null);
    }

    // Names with characters that XML cannot hold come percent-encoded, and say so.
    private static string Name(HttpAnswer answer, XElement blob)
    {
        var name = Required(answer, blob, "Name");
        return (string?)name.Attribute("Encoded") == "true" ? Uri.UnescapeDataString(name.Value) : name.Value;
    }

    private static bool IsFolder(XElement blob) =>
        blob.Element("Properties")?.Element("ResourceType")?.Value == "directory"
        || blob.Element("Metadata")?.Element("hdi_isfolder")?.Value == "true";

    private static XElement Required(HttpAnswer answer, XElement parent, string name) =>
        parent.Element(name) ?? throw Unreadable(answer, $"'{parent.Name.LocalName}' has no '{name}'.", null);

    private static SourceException Unreadable(HttpAnswer answer, string why, Exception? inner) => new(
        "answer-unreadable",
        $"{answer.Subject} answered with no whole page of a listing: {why} Check containerUrl and any proxy on the way, and run it again.",
        inner);
}

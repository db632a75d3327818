using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace CiCost.CostIngest.Sources.Http;

/// <summary>What the body of a refusal says: its code, its sentence and its reasons, in the shapes of all providers. Nothing else of the
/// body is ever shown: some bodies repeat what was signed.</summary>
/// <param name="Code">The provider's name of the error.</param>
/// <param name="Message">Its sentence, at most 300 characters on one line.</param>
/// <param name="Reasons">Google's reasons.</param>
internal sealed record ProviderMessage(string? Code, string? Message, IReadOnlyList<string> Reasons)
{
    private const int MostCharacters = 300;
    private const int MostBytes = 256 * 1024;

    private static readonly ProviderMessage Nothing = new(null, null, []);

    public static ProviderMessage Read(ReadOnlyMemory<byte> body)
    {
        if (body.Length is 0 or > MostBytes)
        {
            return Nothing;
        }

        try
        {
            var first = body.Span.TrimStart(" \t\r\n\uFEFF"u8);
            return first.Length == 0 ? Nothing : first[0] switch
            {
                (byte)'{' => FromJson(body),
                (byte)'<' => FromXml(body),
                _ => Nothing,
            };
        }
        catch (Exception e) when (e is JsonException or XmlException)
        {
            // A page of a proxy, or a body that was cut off: the status alone has to do.
            return Nothing;
        }
    }

    /// <summary>As it stands at the end of a sentence: <c>: Code, message</c>, or nothing.</summary>
    public override string ToString() =>
        string.Join(", ", new[] { Code, Message }.Where(t => !string.IsNullOrEmpty(t))) is { Length: > 0 } text ? ": " + text : "";

    private static ProviderMessage FromJson(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var at = Child(root, "error") is { ValueKind: JsonValueKind.Object } error ? error : root;
        var type = Text(at, "__type") ?? Text(at, "code") ?? Text(at, "status") ?? Text(at, "type");
        var reasons = Items(at, "errors").Concat(Items(at, "details")).Select(e => Text(e, "reason"));
        var message = Text(at, "message") ?? Text(at, "Message") ?? Text(root, "error_description");
        return new ProviderMessage(
            OneLine(type?[(type.IndexOf('#', StringComparison.Ordinal) + 1)..] ?? Text(root, "error")),
            OneLine(message),
            [.. reasons.Append(Text(at, "status")).OfType<string>()]);
    }

    private static ProviderMessage FromXml(ReadOnlyMemory<byte> body)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit };
        using var stream = new MemoryStream(body.ToArray(), writable: false);
        using var reader = XmlReader.Create(stream, settings);
        var root = XDocument.Load(reader).Root;
        return new ProviderMessage(OneLine(Element(root, "Code")), OneLine(Element(root, "Message")), []);
    }

    private static JsonElement? Child(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) ? child : null;

    private static string? Text(JsonElement element, string name) =>
        Child(element, name) is { } child && child.ValueKind is JsonValueKind.String ? child.GetString() : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        Child(element, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : default;

    private static string? Element(XElement? root, string name) =>
        root?.DescendantsAndSelf().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

    private static string? OneLine(string? text)
    {
        var line = text is null ? null : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line is { Length: > MostCharacters } ? line[..MostCharacters] + "..." : line;
    }
}

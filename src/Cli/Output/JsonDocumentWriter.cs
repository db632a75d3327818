using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CiCost.Cli.Output;

/// <summary>Writes the one document that <c>--json</c> promises on standard output.</summary>
internal static class JsonDocumentWriter
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static void Write(object document) => Console.Out.WriteLine(Text(document));

    public static string Text(object document) => JsonSerializer.Serialize(document, Options);
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CiCost.CostApi.Documents;

/// <summary>How documents become JSON: the same bytes from an endpoint and from a command with <c>--json</c>.</summary>
public static class JsonDocuments
{
    /// <summary>The options that every document is written with.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>The text of a document.</summary>
    public static string Text(object document) => JsonSerializer.Serialize(document, Options);

    /// <summary>Puts the same choices on the options of a host.</summary>
    internal static void Configure(JsonSerializerOptions options)
    {
        options.WriteIndented = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower));
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        return options;
    }
}

using System.Text.Json;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>Reads the data files that are part of the program; a mistake in one of them is a bug and stops it.</summary>
internal static class EmbeddedJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static T Read<T>(string fileName)
    {
        using var stream = typeof(EmbeddedJson).Assembly.GetManifestResourceStream("CiCost.CostIngest.Formats.Focus." + fileName)
            ?? throw new InvalidOperationException($"The resource {fileName} is missing from the program.");
        return JsonSerializer.Deserialize<T>(stream, Options)
            ?? throw new InvalidOperationException($"The resource {fileName} is empty.");
    }
}

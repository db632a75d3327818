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

    /// <summary>Reads one of them.</summary>
    /// <param name="fileName">The name of the file.</param>
    /// <param name="folder">Its folder below Formats.</param>
    public static T Read<T>(string fileName, string folder = "Focus")
    {
        using var stream = typeof(EmbeddedJson).Assembly.GetManifestResourceStream($"CiCost.CostIngest.Formats.{folder}.{fileName}")
            ?? throw new InvalidOperationException($"The resource {fileName} is missing from the program.");
        return JsonSerializer.Deserialize<T>(stream, Options)
            ?? throw new InvalidOperationException($"The resource {fileName} is empty.");
    }
}

using System.Globalization;
using System.Text.Json;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Paging;

/// <summary>Reads the fields of an answer that a source relies on; whatever is missing is an answer that makes no sense.</summary>
internal static class JsonParts
{
    /// <summary>The objects of a list.</summary>
    public static IReadOnlyList<JsonElement> Objects(HttpAnswer answer, JsonElement root, string? name)
    {
        var list = name is null ? root : Field(root, name) ?? default;
        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Object)
            ? [.. list.EnumerateArray()]
            : throw Strange(answer, name is null ? "is no list of objects" : $"has no list '{name}' of objects");
    }

    public static string Text(HttpAnswer answer, JsonElement item, string name) =>
        TryText(item, name) ?? throw Strange(answer, $"has an item without the text '{name}'");

    public static string? TryText(JsonElement item, string name) =>
        Field(item, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static long Number(HttpAnswer answer, JsonElement item, string name) =>
        TryNumber(item, name) ?? throw Strange(answer, $"has an item without the whole number '{name}'");

    public static long? TryNumber(JsonElement item, string name) =>
        Field(item, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : null;

    /// <summary>A time in the form that it came in, and that it is one.</summary>
    public static DateTimeOffset Time(HttpAnswer answer, JsonElement item, string name) =>
        DateTimeOffset.TryParse(Text(answer, item, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : throw Strange(answer, $"has an item whose '{name}' is no time");

    public static SourceException Strange(HttpAnswer answer, string what) =>
        new("answer-unreadable",
            $"{answer.Subject} answered with JSON that {what}. Check the endpoint in the settings and any proxy on the way.");

    private static JsonElement? Field(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var field) ? field : null;
}

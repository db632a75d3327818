using System.Text.Json;
using System.Text.RegularExpressions;

namespace CiCost.CostApi.Tests.OpenApi;

/// <summary>
/// Holds a JSON value against a schema of an OpenAPI 3.1 document: the keywords that the document uses, and an error for any other, so that
/// nothing is passed over. Stricter in one point: an object may have no property that its schema does not name.
/// </summary>
internal sealed class SchemaCheck(JsonElement document)
{
    private static readonly HashSet<string> Words = ["description", "format", "default", "example"];

    /// <summary>Everything that does not fit, with its place.</summary>
    public IEnumerable<string> Errors(JsonElement schema, JsonElement value, string place)
    {
        if (schema.TryGetProperty("oneOf", out var choices))
        {
            var fitting = choices.EnumerateArray().Count(c => !Errors(c, value, place).Any());
            return fitting == 1 ? [] : [$"{place}: fits {fitting} of its {choices.GetArrayLength()} schemas"];
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Errors(Resolve(reference.GetString()!), value, place);
        }

        return schema.EnumerateObject().SelectMany(k => Keyword(k, schema, value, place));
    }

    /// <summary>What a reference points to.</summary>
    public JsonElement Resolve(string reference) => reference.TrimStart('#', '/').Split('/')
        .Aggregate(document, (element, name) => element.GetProperty(name));

    private IEnumerable<string> Keyword(JsonProperty keyword, JsonElement schema, JsonElement value, string place)
    {
        switch (keyword.Name)
        {
            case "type":
                var types = keyword.Value.ValueKind == JsonValueKind.Array
                    ? keyword.Value.EnumerateArray().Select(t => t.GetString()!).ToList() : [keyword.Value.GetString()!];
                return types.Any(t => IsOfType(value, t)) ? [] : [$"{place}: {value.ValueKind} is no {string.Join(" or ", types)}"];
            case "enum":
                return keyword.Value.EnumerateArray().Any(v => v.ToString() == value.ToString())
                    ? [] : [$"{place}: '{value}' is not listed"];
            case "pattern":
                return value.ValueKind == JsonValueKind.String && !Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!)
                    ? [$"{place}: '{value}' does not match"] : [];
            case "required":
                return value.ValueKind != JsonValueKind.Object ? [] : keyword.Value.EnumerateArray().Select(n => n.GetString()!)
                    .Where(n => !value.TryGetProperty(n, out _)).Select(n => $"{place}: {n} is missing");
            case "items":
                return value.ValueKind != JsonValueKind.Array ? []
                    : value.EnumerateArray().SelectMany((v, i) => Errors(keyword.Value, v, $"{place}[{i}]"));
            case "properties":
                return value.ValueKind != JsonValueKind.Object ? [] : value.EnumerateObject().SelectMany(p =>
                    keyword.Value.TryGetProperty(p.Name, out var property)
                        ? Errors(property, p.Value, $"{place}.{p.Name}")
                        : [$"{place}: {p.Name} is not in the schema"]);
            case "additionalProperties":
                Assert.That(schema.TryGetProperty("properties", out _), Is.False,
                    "named and other properties together are not checked here");
                return value.ValueKind != JsonValueKind.Object ? []
                    : value.EnumerateObject().SelectMany(p => Errors(keyword.Value, p.Value, $"{place}.{p.Name}"));
            default:
                return Words.Contains(keyword.Name) ? [] : [$"{place}: the keyword {keyword.Name} is not checked here"];
        }
    }

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => false,
    };
}

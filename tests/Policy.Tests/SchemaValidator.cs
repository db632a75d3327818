using System.Text.Json;
using System.Text.RegularExpressions;
using CiCost.Policy.Reading;
using CiCost.Policy.Yaml;

namespace CiCost.Policy.Tests;

/// <summary>The part of JSON Schema 2020-12 that our schemas use. An unknown keyword is an error, so that none is passed over.</summary>
internal sealed class SchemaValidator
{
    private static readonly HashSet<string> Ignored = ["$schema", "title", "description", "$defs"];
    private static readonly Dictionary<string, JsonElement> Schemas =
        PolicySchemas.Names.ToDictionary(name => name, name => JsonDocument.Parse(PolicySchemas.Read(name)).RootElement);

    private readonly List<string> _failures = [];

    public static JsonElement Schema(string name) => Schemas[name];

    /// <summary>The schema for a policy file.</summary>
    public static string NameFor(string file) => file.StartsWith("attribution/", StringComparison.Ordinal)
        ? "attribution.schema.json"
        : Path.ChangeExtension(file, ".schema.json");

    /// <summary>Why the schema refuses the file; empty when it does not. Null when the text is no YAML.</summary>
    public static IReadOnlyList<string>? Failures(string file, string text)
    {
        var errors = new ErrorList();
        if (YamlReader.Read(text, errors.In(file)) is not { } node || errors.Any)
        {
            return null;
        }

        var validator = new SchemaValidator();
        validator.Check(node, Schema(NameFor(file)), NameFor(file), "");
        return validator._failures;
    }

    private void Check(YamlNode node, JsonElement schema, string file, string at)
    {
        foreach (var keyword in schema.EnumerateObject().Where(keyword => !Ignored.Contains(keyword.Name)))
        {
            if (!Holds(node, keyword, schema, file, at))
            {
                _failures.Add($"{at}: {keyword.Name} {keyword.Value}");
            }
        }
    }

    private bool Holds(YamlNode node, JsonProperty keyword, JsonElement schema, string file, string at) => keyword.Name switch
    {
        "$ref" => Follow(node, keyword.Value.GetString()!, file, at),
        "type" => TypeOf(node) == keyword.Value.GetString(),
        "const" => node is YamlText text && text.Value == keyword.Value.GetString(),
        "enum" => node is YamlText text && keyword.Value.EnumerateArray().Any(value => value.GetString() == text.Value),
        "pattern" => node is not YamlText text || Regex.IsMatch(text.Value, keyword.Value.GetString()!),
        "minLength" => node is not YamlText text || text.Value.Length >= keyword.Value.GetInt32(),
        "maxLength" => node is not YamlText text || text.Value.Length <= keyword.Value.GetInt32(),
        "items" => node is not YamlList list || Each(list, keyword.Value, file, at),
        "minItems" => node is not YamlList list || list.Items.Count >= keyword.Value.GetInt32(),
        "uniqueItems" => node is not YamlList list || list.Items.OfType<YamlText>().GroupBy(item => item.Value).All(g => g.Count() == 1),
        "properties" => node is not YamlMap map || Properties(map, keyword.Value, file, at),
        "required" => node is not YamlMap map || keyword.Value.EnumerateArray().All(key => Value(map, key.GetString()!) is not null),
        "additionalProperties" => node is not YamlMap map || Additional(map, keyword.Value, schema, file, at),
        "minProperties" => node is not YamlMap map || map.Entries.Count >= keyword.Value.GetInt32(),
        "maxProperties" => node is not YamlMap map || map.Entries.Count <= keyword.Value.GetInt32(),
        "anyOf" => keyword.Value.EnumerateArray().Any(part => Accepts(node, part, file)),
        "not" => !Accepts(node, keyword.Value, file),
        _ => throw new NotSupportedException($"The validator does not know the keyword '{keyword.Name}'."),
    };

    private bool Follow(YamlNode node, string reference, string file, string at)
    {
        var parts = reference.Split("#/$defs/");
        var target = parts[0].Length == 0 ? file : parts[0];
        Check(node, Schema(target).GetProperty("$defs").GetProperty(parts[1]), target, at);
        return true;
    }

    private bool Each(YamlList list, JsonElement schema, string file, string at)
    {
        foreach (var item in list.Items)
        {
            Check(item, schema, file, at + "[]");
        }

        return true;
    }

    private bool Properties(YamlMap map, JsonElement properties, string file, string at)
    {
        foreach (var property in properties.EnumerateObject())
        {
            if (Value(map, property.Name) is { } value)
            {
                Check(value, property.Value, file, $"{at}/{property.Name}");
            }
        }

        return true;
    }

    private bool Additional(YamlMap map, JsonElement additional, JsonElement schema, string file, string at)
    {
        var others = map.Entries.Where(entry => !schema.GetProperty("properties").TryGetProperty(entry.Key.Value, out _)).ToArray();
        if (additional.ValueKind == JsonValueKind.False)
        {
            return others.Length == 0;
        }

        foreach (var (key, value) in others)
        {
            Check(value, additional, file, $"{at}/{key.Value}");
        }

        return true;
    }

    private static bool Accepts(YamlNode node, JsonElement schema, string file)
    {
        var inner = new SchemaValidator();
        inner.Check(node, schema, file, "");
        return inner._failures.Count == 0;
    }

    private static YamlNode? Value(YamlMap map, string key) => map.Entries.FirstOrDefault(entry => entry.Key.Value == key).Value;

    /// <summary>As an editor types it: a number without quotes is no text.</summary>
    private static string TypeOf(YamlNode node) => node switch
    {
        YamlMap => "object",
        YamlList => "array",
        YamlText { IsNull: true } => "null",
        YamlText { IsPlain: true, Value: "true" or "false" } => "boolean",
        YamlText { IsPlain: true } text when decimal.TryParse(text.Value, out _) => "number",
        _ => "string",
    };
}

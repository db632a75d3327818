using System.Text.Json;

namespace CiCost.CostIngest.Sources.Google;

/// <summary>A column of a table or result.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">STRING, FLOAT, NUMERIC, TIMESTAMP, RECORD...</param>
/// <param name="IsRepeated">Is it a list?</param>
/// <param name="Fields">The columns inside a RECORD.</param>
internal sealed record BigQueryField(string Name, string Type, bool IsRepeated, IReadOnlyList<BigQueryField> Fields)
{
    /// <summary>Reads the fields of a schema.</summary>
    public static IReadOnlyList<BigQueryField> Read(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("fields", out var fields) && fields.ValueKind == JsonValueKind.Array
            ? [.. fields.EnumerateArray().Select(f => new BigQueryField(
                f.GetProperty("name").GetString()!, f.GetProperty("type").GetString()!,
                f.TryGetProperty("mode", out var mode) && mode.GetString() == "REPEATED", Read(f)))]
            : [];

    /// <summary>A column by its path, such as <c>price.list_price</c>; null when there is none. Names have no case in BigQuery.</summary>
    public static BigQueryField? Find(IReadOnlyList<BigQueryField> fields, string path)
    {
        BigQueryField? found = null;
        foreach (var name in path.Split('.'))
        {
            found = fields.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (found is null)
            {
                return null;
            }

            fields = found.Fields;
        }

        return found;
    }

    /// <summary>Writes a value of the REST answer with its names: <c>{"f":[{"v":...}]}</c> becomes an object, a list of them a list.</summary>
    /// <exception cref="InvalidDataException">The value does not have the shape of the schema.</exception>
    public void Write(Utf8JsonWriter json, JsonElement value)
    {
        if (!IsRepeated)
        {
            WriteSingle(json, value);
            return;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidDataException($"'{Name}' is a list by its schema and none in a row.");
        }

        json.WriteStartArray();
        foreach (var item in value.EnumerateArray())
        {
            WriteSingle(json, item.GetProperty("v"));
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a row, or a record inside one, as an object.</summary>
    public static void WriteObject(Utf8JsonWriter json, IReadOnlyList<BigQueryField> fields, JsonElement record, Predicate<string> isWanted)
    {
        var cells = record.GetProperty("f");
        if (cells.GetArrayLength() != fields.Count)
        {
            throw new InvalidDataException($"A row has {cells.GetArrayLength()} cells, the schema {fields.Count} columns.");
        }

        json.WriteStartObject();
        for (var i = 0; i < fields.Count; i++)
        {
            if (isWanted(fields[i].Name))
            {
                json.WritePropertyName(fields[i].Name);
                fields[i].Write(json, cells[i].GetProperty("v"));
            }
        }

        json.WriteEndObject();
    }

    private void WriteSingle(Utf8JsonWriter json, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            json.WriteNullValue();
        }
        else if (Fields.Count > 0)
        {
            WriteObject(json, Fields, value, _ => true);
        }
        else if (value.ValueKind == JsonValueKind.String)
        {
            json.WriteStringValue(value.GetString());
        }
        else
        {
            throw new InvalidDataException($"'{Name}' is a single value by its schema and none in a row.");
        }
    }
}

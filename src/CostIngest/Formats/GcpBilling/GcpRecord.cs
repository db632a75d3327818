using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using CiCost.CostIngest.Formats.Native;

namespace CiCost.CostIngest.Formats.GcpBilling;

/// <summary>
/// One row of the billing export as fields: the scalars by their path (<c>service.id</c>), all labels and tags as one object, and the
/// credits as a list of their own.
/// </summary>
internal sealed class GcpRecord : IRecord
{
    /// <summary>The field that holds all labels and tags as a JSON object.</summary>
    public const string Tags = "labels";

    /// <summary>The field that holds the credits as they stand in the row.</summary>
    public const string CreditList = "credits";

    private static readonly string[] TagColumns = ["system_labels", "project", "tags"];
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8, AllowDuplicateProperties = false };
    private static readonly JsonWriterOptions TagForm = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly string[][] _paths;
    private readonly (int Start, int Length)[] _fields;
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly List<GcpCredit> _credits = [];
    private readonly List<string> _malformedTags = [];
    private byte[] _line = [];
    private int _lineLength;

    public GcpRecord(IReadOnlyList<string> names)
    {
        _paths = [.. names.Select(n => n.Split('.'))];
        _fields = new (int, int)[names.Count];
        Names = names;
    }

    /// <summary>The names of the fields.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Why the row cannot be read; null when it can.</summary>
    public (string Field, string Rule, string Message)? Fault { get; private set; }

    /// <summary>The labels and tags that are malformed and not among <see cref="Tags"/>, as they stand there.</summary>
    public IReadOnlyList<string> MalformedTags => _malformedTags;

    /// <summary>The credits of the row, in their order.</summary>
    public IReadOnlyList<GcpCredit> Credits => _credits;

    /// <summary>Does the row have what only the detailed export has?</summary>
    public bool IsDetailed { get; private set; }

    /// <inheritdoc/>
    public int FieldCount => _fields.Length;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Raw(int field) => _text.WrittenSpan.Slice(_fields[field].Start, _fields[field].Length);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Value(int field) => Raw(field);

    /// <inheritdoc/>
    public bool IsQuoted(int field) => true;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> RawRecord() => _line.AsSpan(0, _lineLength);

    /// <summary>Takes a line.</summary>
    public void Load(ReadOnlySpan<byte> line)
    {
        Keep(line);
        _text.ResetWrittenCount();
        _credits.Clear();
        _malformedTags.Clear();
        Array.Clear(_fields);
        Fault = null;
        try
        {
            using var document = JsonDocument.Parse(_line.AsMemory(0, _lineLength), Options);
            Read(document.RootElement);
        }
        catch (JsonException e)
        {
            Break("", "not-json", $"The line is no JSON object: {e.Message.Split('.')[0]}. Each row is one object on a line of its own.");
        }
        catch (InvalidOperationException)
        {
            Break("", "not-json", "A text of this row is not Unicode. Fetch the month again.");
        }

        if (Fault is not null)
        {
            _credits.Clear();
            Array.Clear(_fields);
        }
    }

    /// <summary>The columns of the last row that no field comes from. All rows of an export have the same columns.</summary>
    public IReadOnlyList<string> OtherColumns()
    {
        if (Fault is not null || _lineLength == 0)
        {
            return [];
        }

        using var document = JsonDocument.Parse(_line.AsMemory(0, _lineLength), Options);
        return [.. document.RootElement.EnumerateObject()
            .Select(p => System.Text.Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(p)))
            .Except([.. _paths.Select(p => p[0]), .. TagColumns])];
    }

    private void Read(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            Break("", "not-json", "A row is a JSON object with the columns of the export.");
            return;
        }

        IsDetailed |= row.TryGetProperty("resource", out _) || row.TryGetProperty("price", out _);
        for (var i = 0; i < _paths.Length; i++)
        {
            var start = _text.WrittenCount;
            switch (Names[i])
            {
                case Tags:
                    WriteTags(row);
                    break;
                case CreditList:
                    ReadCredits(row);
                    break;
                default:
                    WriteScalar(row, i);
                    break;
            }

            _fields[i] = (start, _text.WrittenCount - start);
        }
    }

    private void WriteScalar(JsonElement row, int field)
    {
        var value = row;
        foreach (var name in _paths[field])
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                return;
            }
        }

        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            Break(Names[field], "json-shape", "A single value is expected here, not a list or an object.");
        }
        else
        {
            Write(value);
        }
    }

    private void Write(JsonElement scalar)
    {
        if (scalar.ValueKind == JsonValueKind.String)
        {
            var raw = JsonMarshal.GetRawUtf8Value(scalar);
            _text.Write(raw.Contains((byte)'\\') ? System.Text.Encoding.UTF8.GetBytes(scalar.GetString()!) : raw[1..^1]);
        }
        else if (scalar.ValueKind != JsonValueKind.Null)
        {
            _text.Write(JsonMarshal.GetRawUtf8Value(scalar));
        }
    }

    private void ReadCredits(JsonElement row)
    {
        if (!row.TryGetProperty(CreditList, out var credits) || credits.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        _text.Write(JsonMarshal.GetRawUtf8Value(credits));
        if (credits.ValueKind != JsonValueKind.Array || credits.EnumerateArray().Any(c => c.ValueKind != JsonValueKind.Object))
        {
            Break(CreditList, "json-shape", "The credits are a list of objects with name, amount, full_name, id and type.");
            return;
        }

        _credits.AddRange(credits.EnumerateArray()
            .Select(c => new GcpCredit(Text(c, "type"), Text(c, "full_name") ?? Text(c, "name"), Text(c, "id"), Text(c, "amount"))));
    }

    /// <summary>
    /// Labels and system labels by their key, labels of the project as <c>project/KEY</c>, tags as <c>NAMESPACE/KEY</c>: keys of labels
    /// have no slash, so these never meet. The owner's labels come after those of the system: where a profile takes the last of two
    /// values, it is the owner's.
    /// </summary>
    private void WriteTags(JsonElement row)
    {
        using var json = new Utf8JsonWriter(_text, TagForm);
        json.WriteStartObject();
        var isAny = WritePairs(json, row, "system_labels", "") | WritePairs(json, row, "labels", "");
        if (row.TryGetProperty("project", out var project) && project.ValueKind == JsonValueKind.Object)
        {
            isAny |= WritePairs(json, project, "labels", "project/");
        }

        isAny |= WritePairs(json, row, "tags", null);
        if (!isAny)
        {
            json.Reset();
            return;
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the pairs of a list under a prefix of their keys; null where each names its own.</summary>
    private bool WritePairs(Utf8JsonWriter json, JsonElement owner, string name, string? prefix)
    {
        if (!owner.TryGetProperty(name, out var pairs) || pairs.ValueKind == JsonValueKind.Null)
        {
            return false;
        }

        if (pairs.ValueKind != JsonValueKind.Array)
        {
            SetTagAside(name, pairs);
            return false;
        }

        var isAny = false;
        foreach (var pair in pairs.EnumerateArray())
        {
            if (pair.ValueKind == JsonValueKind.Object && TryTagText(pair, "key", out var key) && TryTagText(pair, "value", out var value)
                && TryTagText(pair, "namespace", out var space))
            {
                json.WriteString((prefix ?? (space.Length > 0 ? space + "/" : "tag/")) + key, value);
                isAny = true;
            }
            else
            {
                SetTagAside(name, pair);
            }
        }

        return isAny;
    }

    private void SetTagAside(string name, JsonElement value)
    {
        const int shown = 60;
        var text = value.GetRawText();
        _malformedTags.Add($"{name}: {(text.Length > shown ? text[..shown] + "..." : text)}");
    }

    private static bool TryTagText(JsonElement pair, string name, out string text)
    {
        text = "";
        if (!pair.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        try
        {
            text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
            return value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: valid JSON by its grammar, and no text.
            return false;
        }
    }

    private string? Text(JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return value.GetString() is { Length: > 0 } text ? text : null;
            case JsonValueKind.Object or JsonValueKind.Array:
                Break(CreditList, "json-shape", $"'{name}' is a single value, not a list or an object.");
                return null;
            default:
                return value.GetRawText();
        }
    }

    private void Break(string field, string rule, string message) => Fault ??= (field, rule, message);

    private void Keep(ReadOnlySpan<byte> line)
    {
        if (_line.Length < line.Length)
        {
            _line = new byte[Math.Max(line.Length, 4096)];
        }

        line.CopyTo(_line);
        _lineLength = line.Length;
    }
}

/// <summary>A credit of a row.</summary>
/// <param name="Type">Google's type, for example <c>PROMOTION</c>; null on rows from before types were exported.</param>
/// <param name="Name">The full name, or the short one.</param>
/// <param name="Id">The id, if any.</param>
/// <param name="Amount">The amount as it stands there; negative for what is taken off.</param>
internal sealed record GcpCredit(string? Type, string? Name, string? Id, string? Amount);

using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.BuildkiteJobs;

/// <summary>
/// The fields of a job, build or pipeline, under their REST name (<c>started_at</c>) or their GraphQL one (<c>startedAt</c>); what is wrong
/// is said by file, row and field.
/// </summary>
internal readonly struct BuildkiteFields(JsonElement? owner, string file, long row)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    /// <summary>A single value that is there, or null.</summary>
    public JsonElement? Field(string name)
    {
        if (owner is not { ValueKind: JsonValueKind.Object } there)
        {
            return null;
        }

        return there.TryGetProperty(name, out var value) || there.TryGetProperty(CamelCase(name), out value)
            ? value.ValueKind == JsonValueKind.Null ? null : value
            : null;
    }

    /// <summary>The fields of an object inside.</summary>
    public BuildkiteFields Inside(string name) => new(Field(name), file, row);

    public string Text(string name) => TryText(name) ?? throw Missing(name, "a text");

    public string? TryText(string name) => Field(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } value ? value : null,
        _ => throw Missing(name, "a text"),
    };

    public long Int64(string name) => Field(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value)
        ? value
        : throw Missing(name, "a whole number");

    public bool? TryFlag(string name) => Field(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Missing(name, "true or false"),
    };

    public Guid Uuid(string name) => TryText(name) is { } text && Guid.TryParseExact(text, "D", out var uuid)
        ? uuid
        : throw Missing(name, "a UUID such as 0190046e-e199-453b-a302-a21a4d649d31");

    public long? TryTime(string name)
    {
        if (TryText(name) is not { } text)
        {
            return null;
        }

        return DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUnixTimeSeconds()
            : throw Rejected(file, row, name, "bad-time", Cut(text), "A time such as 2026-07-01T12:00:00.000Z is expected.");
    }

    public ImmutableArray<string> Texts(string name) => Field(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(l => l.ValueKind == JsonValueKind.String) =>
            [.. list.EnumerateArray().Select(l => l.GetString()!)],
        _ => throw Missing(name, "a list of texts"),
    };

    public DeliveryRejectedException Missing(string name, string what) => Rejected(file, row, name, "bad-field",
        Field(name) is { } value ? Cut(RawOf(value)) : "", $"The job has no {name} that is {what}. Deliver it as Buildkite sends it.");

    public static DeliveryRejectedException Rejected(string file, long row, string column, string rule, string value, string message) =>
        new([new RowError(file, row, column, rule, value, message)]);

    public static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "...";

    /// <summary>As it stands in the file.</summary>
    public static string RawOf(JsonElement value) => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value));

    private static string CamelCase(string name)
    {
        var parts = name.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return parts[0] + string.Concat(parts.Skip(1).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
    }
}

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CiCost.CostIngest.Formats.AwsCur;

/// <content>
/// Tags. CUR 2.0 has them in the map resource_tags, or with all others in the map tags, whose keys begin with resourceTags/ or accountTag/
/// (https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2-tag-columns.html): who selects the latter need not select the
/// former.
/// </content>
internal sealed partial class AwsCurRows
{
    private const string ResourceTag = "resourceTags/";
    private static readonly JsonWriterOptions PlainText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override int TagsColumn => First(_columns.Tags) is var column && column >= 0 ? column : First(_columns.AllTags);

    /// <inheritdoc/>
    protected override int MoreTagsColumn => _columns.Tags.Length > 0 ? First(_columns.AllTags) : -1;

    /// <inheritdoc/>
    protected override bool TryCopyTags(ArrayBufferWriter<byte> json)
    {
        var all = First(_columns.AllTags);
        if (all < 0 || Value(all).IsEmpty)
        {
            return base.TryCopyTags(json);
        }

        using var writer = new Utf8JsonWriter(json, PlainText);
        writer.WriteStartObject();
        _keys.Clear();
        foreach (var column in _columns.Tags.Concat(_columns.AllTags))
        {
            if (!Value(column).IsEmpty && !TryCopyMap(column, writer))
            {
                Fail(column, "tags-json", "Tags must be a JSON object such as {\"resourceTags/user_env\":\"prod\"}, each key once.");
                return false;
            }
        }

        writer.WriteEndObject();
        return true;
    }

    private bool TryCopyMap(int column, Utf8JsonWriter writer)
    {
        try
        {
            var reader = new Utf8JsonReader(Value(column), new JsonReaderOptions { MaxDepth = 32 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            HashSet<string> own = new(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                var key = TagKey(name);
                if (!own.Add(name) || !reader.Read() || reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                {
                    return false;
                }

                // A tag that both maps have is one tag; that of resource_tags counts.
                if (_keys.Add(key))
                {
                    writer.WriteString(key, reader.GetString());
                }
            }

            return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The key that the map resource_tags has for a key of the map tags; keys of other kinds keep their prefix.</summary>
    private static string TagKey(string key)
    {
        if (!key.StartsWith(ResourceTag, StringComparison.Ordinal))
        {
            return key;
        }

        var name = key[ResourceTag.Length..];
        var isAws = name.StartsWith("aws:", StringComparison.Ordinal) || name.StartsWith("aws_", StringComparison.Ordinal);
        var isUser = name.StartsWith("user:", StringComparison.Ordinal) || name.StartsWith("user_", StringComparison.Ordinal);
        return (isAws ? "aws_" : "user_") + Snake(isAws ? name[4..] : isUser ? name[5..] : name);
    }

    /// <summary>
    /// As AWS writes names as columns (https://docs.aws.amazon.com/cur/latest/userguide/cur-ate-run.html): an underscore before each capital
    /// and for all that is no letter or digit, none twice or at an end, and lower case.
    /// </summary>
    private static string Snake(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if ((char.IsUpper(c) || !char.IsLetterOrDigit(c)) && text.Length > 0 && text[^1] != '_')
            {
                text.Append('_');
            }

            if (char.IsLetterOrDigit(c))
            {
                text.Append(char.ToLowerInvariant(c));
            }
        }

        return text.ToString().TrimEnd('_');
    }

    private static int First(int[] columns) => columns is [var column, ..] ? column : -1;
}

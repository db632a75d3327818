using System.Text.Json;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.AwsCur;

/// <summary>One key of the maps that stand in one column as JSON objects; remembers the maps that it has read.</summary>
internal sealed class MapValues(string key)
{
    private const int MostMaps = 1 << 16;
    private readonly Dictionary<Hash128, string?> _known = [];

    /// <summary>The value of the key, null without one; false when the text is no object of texts.</summary>
    public bool TryGet(ReadOnlySpan<byte> json, out string? value)
    {
        var hash = Hash128.Seed.Append(json);
        if (_known.TryGetValue(hash, out value))
        {
            return true;
        }

        if (!TryRead(json, out value))
        {
            return false;
        }

        if (_known.Count == MostMaps)
        {
            _known.Clear();
        }

        _known.Add(hash, value);
        return true;
    }

    private bool TryRead(ReadOnlySpan<byte> json, out string? value)
    {
        value = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMeant = reader.ValueTextEquals(key);
                if (!reader.Read() || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    return false;
                }

                value = isMeant && reader.TokenType == JsonTokenType.String ? reader.GetString() : value;
            }

            return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}

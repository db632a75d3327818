using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>
/// Takes the well-formed pairs out of a Tags text that is no JSON object. A pair is kept only when its key and its value are whole and a
/// comma or the closing brace follows; everything else is dropped and named, never guessed.
/// </summary>
internal static class TagSalvage
{
    private const int MostAttempts = 1_000;
    private const int ShownCharacters = 60;

    /// <summary>Writes the pairs that are whole as one JSON object.</summary>
    /// <param name="text">The text, with or without braces around its pairs.</param>
    /// <param name="into">Takes the object.</param>
    /// <returns>What was dropped, for people.</returns>
    public static string Clean(ReadOnlySpan<byte> text, IBufferWriter<byte> into)
    {
        into.Write("{"u8);
        List<string> dropped = [];
        var (attempts, isFirst) = (0, true);
        var at = SkipBlanks(text, 0);
        at = at < text.Length && text[at] == '{' ? at + 1 : at;
        while (at < text.Length)
        {
            if (!TryPair(text, at, out var start, out var end) || IsEndDoubtful(text, end))
            {
                var resumed = Resume(text, at, ref attempts);
                dropped.Add(Show(text[at..resumed]));
                at = resumed + 1;
                continue;
            }

            into.Write(isFirst ? ""u8 : ","u8);
            into.Write(text[start..end]);
            isFirst = false;
            at = SkipBlanks(text, end);
            if (at < text.Length && text[at] == '}')
            {
                dropped.Add(Show(text[(at + 1)..]));
                break;
            }

            at++;
        }

        into.Write("}"u8);
        return string.Join(" | ", dropped.Where(d => d.Length > 0)) is { Length: > 0 } shown ? shown : "a comma or the end";
    }

    /// <summary>
    /// Where the comma stands behind which a whole pair follows; the end when there is none. A pair inside a list or another object is no
    /// tag.
    /// </summary>
    private static int Resume(ReadOnlySpan<byte> text, int from, ref int attempts)
    {
        var depth = 0;
        for (var at = from; at < text.Length && attempts < MostAttempts; at++)
        {
            depth += text[at] switch { (byte)'{' or (byte)'[' => 1, (byte)'}' or (byte)']' => -1, _ => 0 };
            if (text[at] != ',' || depth != 0)
            {
                continue;
            }

            attempts++;
            if (TryPair(text, at + 1, out _, out _))
            {
                return at;
            }
        }

        return text.Length;
    }

    /// <summary>Did the closing brace stand inside a value with quotes that are not escaped? Then its pair is not sure.</summary>
    private static bool IsEndDoubtful(ReadOnlySpan<byte> text, int end)
    {
        var at = SkipBlanks(text, end);
        return at < text.Length && text[at] == '}' && text[(at + 1)..].Contains((byte)'"');
    }

    private static bool TryPair(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        (start, end) = (SkipBlanks(text, from), 0);
        if (start >= text.Length || text[start] != '"' || !TryValue(text, start, out var keyEnd)
            || SkipBlanks(text, keyEnd) is var colon && (colon >= text.Length || text[colon] != ':')
            || !TryValue(text, SkipBlanks(text, colon + 1), out end))
        {
            return false;
        }

        var next = SkipBlanks(text, end);
        return next == text.Length || text[next] is (byte)',' or (byte)'}';
    }

    /// <summary>Where the JSON value that begins here ends; false when it is none, or may be cut off.</summary>
    private static bool TryValue(ReadOnlySpan<byte> text, int start, out int end)
    {
        end = start;
        try
        {
            var reader = new Utf8JsonReader(text[start..], isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 30 }));
            if (!reader.Read() || !reader.TrySkip())
            {
                return false;
            }

            end = start + (int)reader.BytesConsumed;
            return Utf8.IsValid(text[start..end]) && (reader.TokenType != JsonTokenType.String || reader.GetString() is not null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or half of a surrogate pair, escaped.
            return false;
        }
    }

    private static int SkipBlanks(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at;
    }

    private static string Show(ReadOnlySpan<byte> part)
    {
        var shown = Encoding.UTF8.GetString(part).ReplaceLineEndings(" ").Trim(' ', '\t', '}');
        return shown.Length > ShownCharacters ? shown[..ShownCharacters] + "..." : shown;
    }
}

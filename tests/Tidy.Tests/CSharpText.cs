using System.Text;
using System.Text.RegularExpressions;

namespace CiCost.Tidy.Tests;

/// <summary>
/// A C# source taken apart: code without comments and texts, and the string literals. Knows verbatim, raw and interpolated ones.
/// </summary>
public sealed partial class CSharpText
{
    private readonly string _text;
    private readonly StringBuilder _code = new();
    private readonly List<string> _literals = [];
    private int _at;

    private CSharpText(string text) => _text = text;

    /// <summary>The code; each literal is replaced by <c>""</c>, the code in its holes follows it.</summary>
    public string Code => _code.ToString();

    /// <summary>What stands in <see cref="CodeWithNames"/> for a literal of three words or more that ends in a full stop.</summary>
    public const string Sentence = "A sentence.";

    /// <summary>The code with literals that are names, such as <c>"books-locked"</c>; sentences are all the same, others empty.</summary>
    public string CodeWithNames { get; private set; } = "";

    /// <summary>The string literals without their quotes; a hole is <c>{}</c>.</summary>
    public IReadOnlyList<string> Literals => _literals;

    /// <summary>Takes a source apart.</summary>
    public static CSharpText Of(string text)
    {
        var result = new CSharpText(text);
        result.Read(untilBrace: false);
        var parts = result.Code.Split("\u0001");
        result.CodeWithNames = parts[0] + string.Concat(parts.Skip(1).Zip(result._literals, (part, l) => $"\"{NameOrNothing(l)}\"{part}"));
        result._code.Replace("\u0001", "\"\"");
        return result;
    }

    private static string NameOrNothing(string literal) =>
        Name().IsMatch(literal) ? literal : literal.EndsWith('.') && literal.Split(' ').Length >= 3 ? Sentence : "";

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)+$")]
    private static partial Regex Name();

    private void Read(bool untilBrace)
    {
        var depth = 0;
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (Is("//"))
            {
                Skip(_text.IndexOf('\n', _at));
            }
            else if (Is("/*"))
            {
                Skip(_text.IndexOf("*/", _at + 2, StringComparison.Ordinal) + 2);
            }
            else if (c == '\'')
            {
                var end = _text[_at + 1] == '\\' ? _text.IndexOf('\'', _at + 3) : _text.IndexOf('\'', _at + 2);
                Skip(end + 1);
            }
            else if (c is '"' or '$' or '@' && Prefix() is { } prefix)
            {
                ReadLiteral(prefix);
            }
            else if (untilBrace && c == '}' && depth == 0)
            {
                return;
            }
            else
            {
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
                _code.Append(c);
                _at++;
            }
        }
    }

    /// <summary>The dollar and at signs before a quote, or null when no literal begins here.</summary>
    private string? Prefix()
    {
        var end = _at;
        while (end < _text.Length && _text[end] is '$' or '@')
        {
            end++;
        }

        return end < _text.Length && _text[end] == '"' ? _text[_at..end] : null;
    }

    private void ReadLiteral(string prefix)
    {
        _at += prefix.Length;
        var quotes = 0;
        while (_at + quotes < _text.Length && _text[_at + quotes] == '"')
        {
            quotes++;
        }

        var isRaw = quotes >= 3;
        if (quotes == 2)
        {
            _at += 2;
            Note("");
            return;
        }

        var close = new string('"', isRaw ? quotes : 1);
        var open = new string('{', Math.Max(1, prefix.Count(c => c == '$')));
        _at += close.Length;
        var place = _literals.Count;
        Note("");
        var hole = prefix.Contains('$', StringComparison.Ordinal) ? open : null;
        _literals[place] = ReadContent(close, hole, isRaw, isVerbatim: prefix.Contains('@', StringComparison.Ordinal));
    }

    private string ReadContent(string close, string? hole, bool isRaw, bool isVerbatim)
    {
        var content = new StringBuilder();
        while (_at < _text.Length)
        {
            if (isVerbatim && !isRaw && Is("\"\""))
            {
                content.Append('"');
                _at += 2;
            }
            else if (Is(close))
            {
                _at += close.Length;
                break;
            }
            else if (hole is not null && !isRaw && (Is("{{") || Is("}}")))
            {
                content.Append(_text[_at]);
                _at += 2;
            }
            else if (hole is not null && Is(hole))
            {
                _at += hole.Length;
                content.Append("{}");
                Read(untilBrace: true);
                _at += hole.Length;
            }
            else
            {
                var length = !isRaw && !isVerbatim && _text[_at] == '\\' ? 2 : 1;
                content.Append(_text, _at, Math.Min(length, _text.Length - _at));
                _at += length;
            }
        }

        return content.ToString();
    }

    private void Note(string literal)
    {
        _literals.Add(literal);
        _code.Append('\u0001');
    }

    private bool Is(string what) => string.CompareOrdinal(_text, _at, what, 0, what.Length) == 0;

    private void Skip(int to)
    {
        var end = to < _at ? _text.Length : to;
        _code.Append('\n', _text.AsSpan(_at, end - _at).Count('\n'));
        _at = end;
    }
}

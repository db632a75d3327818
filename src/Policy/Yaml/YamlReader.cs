using CiCost.Policy.Reading;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CiCost.Policy.Yaml;

/// <summary>
/// Reads one YAML document into nodes. Anchors and aliases are refused, because a few lines of them can stand for gigabytes, and tags,
/// because a policy holds only texts. Depth and size are bounded while reading.
/// </summary>
internal sealed class YamlReader
{
    private readonly Parser _parser;
    private readonly HashSet<(int Line, int Column)> _refused = [];
    private readonly FileErrors _errors;
    private int _nodes;

    private YamlReader(string text, FileErrors errors)
    {
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        _errors = errors;
    }

    /// <summary>The document, or null when it cannot be read; the mistakes are then listed.</summary>
    public static YamlNode? Read(string text, FileErrors errors)
    {
        if (text.Length > PolicyLimits.FileLength)
        {
            errors.Add(0, 0, PolicyErrorCode.TooLarge,
                $"The file has {text.Length} characters, the limit is {PolicyLimits.FileLength}. Split it.");
            return null;
        }

        try
        {
            return new YamlReader(text, errors).ReadDocument();
        }
        catch (YamlException e)
        {
            if (TabInIndentation(text, (int)e.Start.Line, (int)e.End.Line + 1) is var (tabLine, tabColumn))
            {
                errors.Add(tabLine, tabColumn, PolicyErrorCode.Syntax,
                    "This is not YAML: a tab stands in the indentation, where only spaces may. Replace it by spaces.");
                return null;
            }

            var detail = (e.InnerException ?? e).Message.TrimEnd('.');
            errors.Add((int)e.Start.Line, (int)e.Start.Column, PolicyErrorCode.Syntax, $"This is not YAML: {detail}. Correct it here.");
            return null;
        }
        catch (YamlLimitException e)
        {
            errors.Add(e.Line, e.Column, e.Code, e.Message);
            return null;
        }
    }

    // The reader stops where the value before a tab began, and names that.
    private static (int Line, int Column)? TabInIndentation(string text, int first, int last)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var indentation = line.Length - line.TrimStart().Length;
            var tab = line[..indentation].IndexOf('\t');
            if (++number >= first && number <= last && tab >= 0 && indentation < line.Length)
            {
                return (number, tab + 1);
            }
        }

        return null;
    }

    private YamlNode? ReadDocument()
    {
        Next<StreamStart>();
        if (Peek() is StreamEnd)
        {
            _errors.Add(1, 1, PolicyErrorCode.EmptyValue, "The file is empty. docs/policy.md says what belongs in it.");
            return null;
        }

        Next<DocumentStart>();
        var root = ReadNode(0);
        Next<DocumentEnd>();
        if (Peek() is not StreamEnd)
        {
            throw Limit(_parser.Current!, PolicyErrorCode.Syntax, "A second document begins here. Put it into a file of its own.");
        }

        return _refused.Count == 0 ? root : null;
    }

    private YamlNode ReadNode(int depth)
    {
        var start = Peek();
        if (depth > PolicyLimits.Depth)
        {
            throw Limit(start, PolicyErrorCode.TooLarge, $"This is nested more than {PolicyLimits.Depth} deep. Make it flatter.");
        }

        if (++_nodes > PolicyLimits.NodesPerFile)
        {
            throw Limit(start, PolicyErrorCode.TooLarge, $"The file has more than {PolicyLimits.NodesPerFile} values. Split it.");
        }

        var (line, column) = ((int)start.Start.Line, (int)start.Start.Column);
        if (start is NodeEvent node)
        {
            RefuseExtras(node, line, column);
        }

        switch (start)
        {
            case Scalar scalar:
                Advance();
                if (scalar.Value.Length > PolicyLimits.TextLength)
                {
                    throw Limit(start, PolicyErrorCode.TooLarge,
                        $"This text has {scalar.Value.Length} characters, the limit is {PolicyLimits.TextLength}. Shorten it.");
                }

                return new YamlText(scalar.Value, scalar.Style == ScalarStyle.Plain, line, column);
            case SequenceStart:
                return ReadList(depth, line, column);
            case MappingStart:
                return ReadMap(depth, line, column);
            case AnchorAlias:
                Refuse(line, column, PolicyErrorCode.Anchor, "An alias (*name) is not allowed. Write the value out.");
                Advance();
                return new YamlText("", isPlain: true, line, column);
            default:
                throw Limit(start, PolicyErrorCode.Syntax, "A value is expected here. Correct the lines around it.");
        }
    }

    private YamlList ReadList(int depth, int line, int column)
    {
        Advance();
        var items = new List<YamlNode>();
        while (Peek() is not SequenceEnd)
        {
            items.Add(ReadNode(depth + 1));
        }

        Advance();
        return new YamlList(items, line, column);
    }

    private YamlMap ReadMap(int depth, int line, int column)
    {
        Advance();
        var entries = new List<(YamlText Key, YamlNode Value)>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        while (Peek() is not MappingEnd)
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not YamlText text)
            {
                Refuse(key.Line, key.Column, PolicyErrorCode.WrongType, $"A key must be a text, not {key.Kind}. Write key: value.");
            }
            else if (!seen.TryAdd(text.Value, text.Line))
            {
                _errors.Add(text.Line, text.Column, PolicyErrorCode.DuplicateKey,
                    $"The key '{text.Value}' is already set in line {seen[text.Value]}. Keep one of the two.");
            }
            else
            {
                entries.Add((text, value));
            }
        }

        Advance();
        return new YamlMap(entries, line, column);
    }

    private void RefuseExtras(NodeEvent node, int line, int column)
    {
        if (!node.Anchor.IsEmpty)
        {
            Refuse(line, column, PolicyErrorCode.Anchor,
                $"An anchor (&{node.Anchor.Value}) is not allowed. Write the value out where it is used.");
        }

        if (!node.Tag.IsEmpty)
        {
            Refuse(line, column, PolicyErrorCode.Tag,
                "A tag (!name) is not allowed. Remove it; to keep a text as it is, put it in quotes.");
        }
    }

    private void Refuse(int line, int column, string code, string message)
    {
        _refused.Add((line, column));
        _errors.Add(line, column, code, message);
    }

    private ParsingEvent Peek()
    {
        if (_parser.Current is null && !Advance())
        {
            throw new YamlException("The file ends too early.");
        }

        return _parser.Current!;
    }

    private void Next<T>()
        where T : ParsingEvent
    {
        var current = Peek();
        if (current is not T)
        {
            throw Limit(current, PolicyErrorCode.Syntax, $"This is not YAML: {typeof(T).Name} is expected. Correct it here.");
        }

        Advance();
    }

    /// <summary>
    /// The library's scanner leaves some broken texts with an exception that is no YamlException (seen with 16.3.0:
    /// InvalidOperationException at a colon in a flow mapping). Around its own step each of these means the same: the text is not YAML,
    /// after the last good place.
    /// </summary>
    private bool Advance()
    {
        var last = _parser.Current?.Start ?? Mark.Empty;
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException
            or OverflowException or NullReferenceException or InvalidCastException)
        {
            throw new YamlLimitException((int)last.Line, (int)last.Column, PolicyErrorCode.Syntax,
                "This is not YAML, here or on the next lines. Look for a colon, a bracket or a quote too many or too few.");
        }
    }

    private static YamlLimitException Limit(ParsingEvent at, string code, string message) =>
        new((int)at.Start.Line, (int)at.Start.Column, code, message);

    private sealed class YamlLimitException(int line, int column, string code, string message) : Exception(message)
    {
        public int Line { get; } = line;

        public int Column { get; } = column;

        public string Code { get; } = code;
    }
}

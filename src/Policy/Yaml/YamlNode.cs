namespace CiCost.Policy.Yaml;

/// <summary>A piece of YAML and where it stands. Only what policy files need: texts, lists and mappings.</summary>
internal abstract class YamlNode(int line, int column)
{
    /// <summary>From 1.</summary>
    public int Line { get; } = line;

    /// <summary>From 1.</summary>
    public int Column { get; } = column;

    /// <summary>What it is, in the words of an error.</summary>
    public abstract string Kind { get; }
}

/// <summary>A text as it was written; numbers, dates and ids keep their digits.</summary>
internal sealed class YamlText(string value, bool isPlain, int line, int column) : YamlNode(line, column)
{
    public string Value { get; } = value;

    /// <summary>Written without quotes.</summary>
    public bool IsPlain { get; } = isPlain;

    /// <summary>Nothing, <c>~</c> or <c>null</c> without quotes.</summary>
    public bool IsNull { get; } = isPlain && value is ("" or "~" or "null" or "Null" or "NULL");

    public override string Kind => IsNull ? "nothing" : "a text";
}

/// <summary>A list.</summary>
internal sealed class YamlList(IReadOnlyList<YamlNode> items, int line, int column) : YamlNode(line, column)
{
    public IReadOnlyList<YamlNode> Items { get; } = items;

    public override string Kind => "a list";
}

/// <summary>A mapping, in the order of its keys.</summary>
internal sealed class YamlMap(IReadOnlyList<(YamlText Key, YamlNode Value)> entries, int line, int column) : YamlNode(line, column)
{
    public IReadOnlyList<(YamlText Key, YamlNode Value)> Entries { get; } = entries;

    public override string Kind => "a mapping";
}

using System.Globalization;
using System.Text.RegularExpressions;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Policy.Yaml;

namespace CiCost.Policy.Reading;

/// <summary>
/// Reads one mapping of a known shape. Unknown and missing keys are listed on opening; a getter lists what is wrong with its value and
/// then returns null, so that reading goes on and every mistake is found.
/// </summary>
internal sealed partial class MapReader
{
    /// <summary>Nine billion: what 64 bits of nanos hold.</summary>
    private const decimal MaxAmount = 9_000_000_000m;

    private readonly YamlMap _map;
    private readonly FileErrors _errors;

    private MapReader(YamlMap map, FileErrors errors) => (_map, _errors) = (map, errors);

    /// <summary>Where the mapping begins.</summary>
    public YamlNode Start => _map;

    /// <summary>Opens a mapping; null when the node is none.</summary>
    public static MapReader? Open(YamlNode node, Shape shape, FileErrors errors)
    {
        if (node is not YamlMap map)
        {
            errors.Add(node, PolicyErrorCode.WrongType,
                $"A mapping is expected here, not {node.Kind}. Its keys are: {Words.List(shape.Keys)}.");
            return null;
        }

        foreach (var (key, _) in map.Entries.Where(entry => !shape.Has(entry.Key.Value)))
        {
            errors.Add(key, PolicyErrorCode.UnknownKey,
                $"'{Words.Cut(key.Value)}' is not a key here.{Words.DidYouMean(key.Value, shape.Keys)} The keys are: "
                + $"{Words.List(shape.Keys)}.");
        }

        foreach (var key in shape.Required.Where(key => map.Entries.All(entry => entry.Key.Value != key)))
        {
            errors.Add(node, PolicyErrorCode.MissingKey, $"The key '{key}' is missing. Add it here.");
        }

        return new MapReader(map, errors);
    }

    /// <summary>The node of a key; null when the key is absent.</summary>
    public YamlNode? Node(string key) => _map.Entries.FirstOrDefault(entry => entry.Key.Value == key).Value;

    /// <summary>A text that is not empty; null when absent or wrong.</summary>
    public YamlText? Text(string key) => Node(key) is { } node ? AsText(node, $"'{key}'") : null;

    /// <summary>An id; null when absent or wrong.</summary>
    public YamlText? Id(string key = "id")
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (text.Value is "rounding" or "unattributed")
        {
            _errors.Add(text, PolicyErrorCode.BadId, $"The id '{text.Value}' is taken by the program itself. Choose another.");
            return null;
        }

        if (text.Value.Length > 64 || !IdPattern().IsMatch(text.Value))
        {
            _errors.Add(text, PolicyErrorCode.BadId,
                $"'{Words.Cut(text.Value)}' is not an id. Use up to 64 of a-z, 0-9 and single hyphens, such as aws-foundation.");
            return null;
        }

        return text;
    }

    /// <summary>One of a few words; null when absent or wrong.</summary>
    public T? Choice<T>(string key, IReadOnlyDictionary<string, T> choices)
        where T : struct => Text(key) is { } text ? AsChoice(text, choices) : null;

    /// <summary>The items of a list; empty when absent or wrong.</summary>
    public IReadOnlyList<YamlNode> List(string key)
    {
        switch (Node(key))
        {
            case null:
                return [];
            case YamlList list:
                return list.Items;
            case { } other:
                _errors.Add(other, PolicyErrorCode.WrongType, $"'{key}' must be a list, not {other.Kind}. Write [] for none.");
                return [];
        }
    }

    /// <summary>The texts of a list; those that are none are listed as mistakes.</summary>
    public IReadOnlyList<YamlText> Texts(string key) =>
        [.. List(key).Select(item => AsText(item, $"an item of '{key}'")).OfType<YamlText>()];

    /// <summary>A decimal number of up to nine places, in 1e-9; null when absent or wrong.</summary>
    public long? Amount(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (decimal.TryParse(text.Value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                out var value)
            && decimal.Abs(value) <= MaxAmount && decimal.Round(value, 9) == value)
        {
            return (long)(value * Money.NanosPerUnit);
        }

        _errors.Add(text, PolicyErrorCode.BadAmount,
            $"'{Words.Cut(text.Value)}' is not an amount. Write a decimal number of up to nine places, such as \"2.25\".");
        return null;
    }

    /// <summary>The code of a currency; null when absent or wrong.</summary>
    public string? Currency(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (text.Value.Length == 3 && text.Value.All(char.IsAsciiLetterUpper))
        {
            return text.Value;
        }

        _errors.Add(text, PolicyErrorCode.BadChoice, $"'{Words.Cut(text.Value)}' is not a currency. Write its code, such as USD.");
        return null;
    }

    /// <summary>The days of <c>from</c> and <c>to</c>; <c>to</c> is the first day that is no longer meant.</summary>
    public (int From, int To) Days()
    {
        var (from, to) = (Day("from"), Day("to"));
        if (from >= to)
        {
            _errors.Add(Node("to")!, PolicyErrorCode.FromNotBeforeTo,
                $"'to' ({ChargeDay.ToText(to.Value)}) must be later than 'from' ({ChargeDay.ToText(from.Value)}): "
                + "it is the first day that is no longer meant. Correct one of them.");
        }

        return (from ?? int.MinValue, to ?? int.MaxValue);
    }

    /// <summary>The node as one of a few words; null when it is none of them.</summary>
    public T? AsChoice<T>(YamlText text, IReadOnlyDictionary<string, T> choices)
        where T : struct
    {
        if (choices.TryGetValue(text.Value, out var choice))
        {
            return choice;
        }

        _errors.Add(text, PolicyErrorCode.BadChoice,
            $"'{Words.Cut(text.Value)}' is not allowed here.{Words.DidYouMean(text.Value, choices.Keys)} Use one of: "
            + $"{Words.List(choices.Keys)}.");
        return null;
    }

    private YamlText? AsText(YamlNode node, string what)
    {
        if (node is not YamlText text)
        {
            _errors.Add(node, PolicyErrorCode.WrongType, $"A text is expected for {what}, not {node.Kind}. Write a single value.");
            return null;
        }

        if (text.IsNull || text.Value.Trim().Length == 0)
        {
            _errors.Add(text, PolicyErrorCode.EmptyValue, $"The value of {what} is empty. Set it, or remove it where it is optional.");
            return null;
        }

        return text;
    }

    /// <summary>A day; null when absent or wrong.</summary>
    public int? Day(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 1970 and <= 9998)
        {
            return ChargeDay.Of(day);
        }

        _errors.Add(text, PolicyErrorCode.BadDate, $"'{Words.Cut(text.Value)}' is not a day. Write YYYY-MM-DD, such as 2026-07-01.");
        return null;
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();
}

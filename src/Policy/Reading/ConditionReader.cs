using System.Collections.Immutable;
using System.Text.RegularExpressions;
using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;
using CiCost.Policy.Linting;
using CiCost.Policy.Yaml;

namespace CiCost.Policy.Reading;

/// <summary>Reads <c>when:</c> and the entries of an account's <c>match:</c>.</summary>
/// <param name="dimensions">The custom columns and tag keys that may be named; null when that file could not be read.</param>
internal sealed partial class ConditionReader(DimensionOptions? dimensions)
{
    private const string TagPrefix = "tags.";

    private readonly Dictionary<string, RuleConditions?> _accounts = new(StringComparer.Ordinal);

    /// <summary>The accounts that <c>account:</c> may name.</summary>
    public KnownIds? Accounts { get; set; }

    /// <summary>Makes <c>account: ID</c> stand for these conditions; null for an account whose id is not set.</summary>
    public void Define(string account, RuleConditions? match) => _accounts[account] = match;

    /// <summary>Reads a mapping of conditions; null when something in it is wrong.</summary>
    public RuleConditions? Read(YamlNode node, FileErrors errors, Func<string, string?>? refuseColumn = null)
    {
        if (node is not YamlMap map)
        {
            errors.Add(node, PolicyErrorCode.WrongType, $"A mapping of conditions is expected here, not {node.Kind}. Write Column: value.");
            return null;
        }

        var tests = ImmutableArray.CreateBuilder<ColumnTest>();
        var groups = ImmutableArray.CreateBuilder<ImmutableArray<RuleConditions>>();
        var isGood = true;
        foreach (var (key, value) in map.Entries)
        {
            if (key.Value == "anyOf")
            {
                isGood &= AddAnyOf(value, groups, errors, refuseColumn);
            }
            else if (key.Value == "account" && refuseColumn is null)
            {
                isGood &= AddAccounts(value, groups, errors);
            }
            else if (!IsColumn(key, errors, refuseColumn))
            {
                isGood = false;
            }
            else
            {
                var before = tests.Count;
                AddTests(key.Value, value, isNegated: false, tests, errors);
                isGood &= tests.Count > before;
            }
        }

        return isGood ? new RuleConditions(tests.ToImmutable(), groups.ToImmutable()) : null;
    }

    private bool AddAnyOf(
        YamlNode node,
        ImmutableArray<ImmutableArray<RuleConditions>>.Builder groups,
        FileErrors errors,
        Func<string, string?>? refuseColumn)
    {
        if (node is not YamlList { Items.Count: > 0 } list)
        {
            errors.Add(node, PolicyErrorCode.WrongType,
                "'anyOf' must be a list of at least one mapping of conditions. Write - Column: value.");
            return false;
        }

        var parts = list.Items.Select(item => Read(item, errors, refuseColumn)).ToArray();
        groups.Add([.. parts.OfType<RuleConditions>()]);
        return parts.All(part => part is not null);
    }

    private bool AddAccounts(YamlNode node, ImmutableArray<ImmutableArray<RuleConditions>>.Builder groups, FileErrors errors)
    {
        var ids = Values(node, "account", errors);
        var known = ids.Where(id => Accounts?.Resolve(id, errors) is not null).ToArray();
        groups.Add([.. known.Select(id => _accounts.GetValueOrDefault(id.Value)).OfType<RuleConditions>()]);
        return ids.Count > 0 && known.Length == ids.Count;
    }

    private bool IsColumn(YamlText key, FileErrors errors, Func<string, string?>? refuseColumn)
    {
        if (refuseColumn?.Invoke(key.Value) is { } reason)
        {
            errors.Add(key, PolicyErrorCode.UnknownColumn, reason);
            return false;
        }

        if (DimensionColumns.TryParse(key.Value, out _) || dimensions is null)
        {
            return true;
        }

        var isTag = key.Value.StartsWith(TagPrefix, StringComparison.Ordinal);
        if (isTag ? dimensions.TagKeys.Contains(key.Value[TagPrefix.Length..]) : dimensions.CustomColumns.Contains(key.Value))
        {
            return true;
        }

        if (isTag || CustomName().IsMatch(key.Value))
        {
            errors.Add(key, PolicyErrorCode.UnlistedDimension,
                $"'{Words.Cut(key.Value)}' is not in the books' dimension sets. Add it to {(isTag ? "tagKeys" : "customColumns")} "
                + "in dimensions.yaml; the raw files are then read again.");
            return false;
        }

        errors.Add(key, PolicyErrorCode.UnknownColumn,
            $"'{Words.Cut(key.Value)}' is not a column that rules can match on."
            + Words.DidYouMean(key.Value, DimensionColumns.Names.Concat(["anyOf", "account"]))
            + " Use a FOCUS column of a dimension set, a listed custom column, tags.KEY, account or anyOf.");
        return false;
    }

    private static void AddTests(
        string column, YamlNode node, bool isNegated, ImmutableArray<ColumnTest>.Builder tests, FileErrors errors)
    {
        if (node is not YamlMap)
        {
            AddTexts(column, ColumnTestKind.OneOf, node, isNegated, tests, errors);
            return;
        }

        if (MapReader.Open(node, Shape.Test, errors) is not { } map)
        {
            return;
        }

        var keys = Shape.Test.Keys.Where(key => map.Node(key) is not null).ToArray();
        if (node is YamlMap { Entries.Count: 0 } || (isNegated && keys.Length > 1))
        {
            errors.Add(node, PolicyErrorCode.WrongType, isNegated
                ? "'not' takes exactly one test. Write one 'not' per rule, or turn the tests round."
                : $"A test is expected here. Use one of: {Words.List(Shape.Test.Keys)}.");
            return;
        }

        foreach (var key in keys)
        {
            AddTest(column, key, map.Node(key)!, isNegated, tests, errors);
        }
    }

    private static void AddTest(
        string column, string key, YamlNode node, bool isNegated, ImmutableArray<ColumnTest>.Builder tests, FileErrors errors)
    {
        switch (key)
        {
            case "not" when isNegated:
                errors.Add(node, PolicyErrorCode.WrongType, "'not' inside 'not' is not allowed. Leave both out.");
                break;
            case "not":
                AddTests(column, node, isNegated: true, tests, errors);
                break;
            case "isNull":
                AddIsNull(column, node, isNegated, tests, errors);
                break;
            case "matches":
                AddPattern(column, node, isNegated, tests, errors);
                break;
            case "startsWith":
                AddTexts(column, ColumnTestKind.StartsWith, node, isNegated, tests, errors);
                break;
            default:
                AddTexts(column, ColumnTestKind.OneOf, node, isNegated, tests, errors);
                break;
        }
    }

    private static void AddTexts(
        string column, ColumnTestKind kind, YamlNode node, bool isNegated, ImmutableArray<ColumnTest>.Builder tests, FileErrors errors)
    {
        var values = Values(node, column, errors);
        if (values.Count > 0)
        {
            tests.Add(new ColumnTest(column, kind, [.. values.Select(value => value.Value)], isNegated));
        }
    }

    private static void AddIsNull(
        string column, YamlNode node, bool isNegated, ImmutableArray<ColumnTest>.Builder tests, FileErrors errors)
    {
        if (node is YamlText { Value: "true" or "false" } text)
        {
            tests.Add(new ColumnTest(column, ColumnTestKind.IsNull, [], isNegated != (text.Value == "false")));
            return;
        }

        errors.Add(node, PolicyErrorCode.BadChoice, "'isNull' is true or false. Write one of the two.");
    }

    private static void AddPattern(
        string column, YamlNode node, bool isNegated, ImmutableArray<ColumnTest>.Builder tests, FileErrors errors)
    {
        if (node is not YamlText { IsNull: false } text)
        {
            errors.Add(node, PolicyErrorCode.WrongType,
                $"A pattern is expected here, not {node.Kind}. Write one pattern; for several use anyOf.");
        }
        else if (PatternLint.Read(column, text, isNegated, errors) is { } test)
        {
            tests.Add(test);
        }
    }

    /// <summary>A text or a list of texts, none of them empty.</summary>
    private static IReadOnlyList<YamlText> Values(YamlNode node, string what, FileErrors errors)
    {
        var items = node is YamlList list ? list.Items : [node];
        if (items.Count == 0)
        {
            errors.Add(node, PolicyErrorCode.EmptyValue,
                $"The list for '{Words.Cut(what)}' is empty. Add a value, or remove the condition.");
        }

        foreach (var item in items)
        {
            if (item is not YamlText)
            {
                errors.Add(item, PolicyErrorCode.WrongType, $"A text is expected here, not {item.Kind}. Write a single value.");
            }
            else if (item is YamlText { IsNull: true } or YamlText { Value: "" })
            {
                errors.Add(item, PolicyErrorCode.EmptyValue,
                    "An empty value equals nothing in a bill. To match lines without one, write isNull: true.");
            }
        }

        return items.All(item => item is YamlText { IsNull: false, Value: not "" }) ? [.. items.Cast<YamlText>()] : [];
    }

    [GeneratedRegex("^[a-z]+_", RegexOptions.CultureInvariant)]
    private static partial Regex CustomName();
}

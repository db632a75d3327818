using System.Collections.Concurrent;
using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;

namespace CiCost.Domain.Tests.Attribution;

/// <summary>A random rule set and random dimension sets over few values, so that rules meet, overlap and miss.</summary>
internal sealed class AttributionCase
{
    public const int LastDay = 40;

    private static readonly string[] Columns = ["ChargeCategory", "ServiceName", "RegionId", "x_UsageType", "tags.Cluster"];
    private static readonly string?[] Values = [null, "Credit", "Usage", "a", "ab", "b"];
    private static readonly string[] Patterns = ["^a", "b$", "Us|Cr"];

    /// <summary>Compiling a pattern takes longer than all else in a case.</summary>
    private static readonly ConcurrentDictionary<(string Column, string Pattern, bool IsNegated), ColumnTest> PatternTests = new();

    private readonly Random _random;

    public AttributionCase(int seed)
    {
        _random = new Random(seed);
        Rules = new RuleSet(
            [.. Enumerable.Range(0, _random.Next(0, 14)).Select(Rule)],
            [.. Enumerable.Range(0, _random.Next(0, 5)).Select(FundingRule)]);
        Sets = [.. Enumerable.Range(0, 6).Select(_ => Set())];
    }

    public RuleSet Rules { get; }

    public ImmutableArray<DimensionSet> Sets { get; }

    /// <summary>The rules that match a set on some day, found the plain way.</summary>
    public static RuleSet Matching(RuleSet rules, DimensionSet set) => new(
        [.. rules.Rules.Where(rule => rule.When.Hold(set.ValueOf))],
        [.. rules.FundingRules.Where(rule => rule.When.Hold(set.ValueOf))]);

    /// <summary>Every day on which an answer can begin or end.</summary>
    public static IEnumerable<int> Days(RuleSet rules) =>
        rules.Rules.SelectMany(rule => new[] { rule.FromDay, rule.ToDay - 1 })
            .Concat(rules.FundingRules.SelectMany(rule => new[] { rule.FromDay, rule.ToDay - 1 }))
            .Concat([int.MinValue, 0, LastDay / 2, int.MaxValue - 1]).Distinct();

    /// <summary>What rules that all match mean on one day, worked out the plain way.</summary>
    public static AttributionResult Expected(RuleSet matching, DimensionSet set, int day)
    {
        var values = new string?[AttributeNames.Count];
        var ids = new string?[AttributeNames.Count];
        foreach (var attribute in Enum.GetValues<AttributeName>())
        {
            var first = matching.Rules.FirstOrDefault(rule => rule.Attribute == attribute && rule.FromDay <= day && day < rule.ToDay);
            (values[(int)attribute], ids[(int)attribute]) = (first?.Value, first?.Id);
        }

        var role = matching.FundingRules.FirstOrDefault(rule => rule.FromDay <= day && day < rule.ToDay);
        return new AttributionResult(
            [.. values],
            [.. ids],
            role?.GrantId is null ? LineRole.Charge : LineRole.Funding,
            role?.GrantId,
            role?.Id,
            role is null && set[DimensionColumn.ChargeCategory] == "Credit");
    }

    private AttributionRule Rule(int number)
    {
        var (from, to) = Days();
        var attribute = (AttributeName)_random.Next(0, 3);
        return new AttributionRule($"r{number}", attribute, from, to, When(), _random.Next(0, 3) == 0 ? "same" : $"v{number}");
    }

    private FundingRule FundingRule(int number)
    {
        var (from, to) = Days();
        return new FundingRule($"f{number}", from, to, When(), _random.Next(0, 2) == 0 ? null : $"grant{number % 2}");
    }

    private (int From, int To) Days() => _random.Next(0, 4) switch
    {
        0 => (int.MinValue, _random.Next(1, LastDay)),
        1 => (_random.Next(1, LastDay), int.MaxValue),
        2 when _random.Next(1, LastDay - 1) is var from => (from, _random.Next(from + 1, LastDay)),
        _ => (int.MinValue, int.MaxValue),
    };

    private RuleConditions When()
    {
        var tests = Enumerable.Range(0, _random.Next(0, 3)).Select(_ => Test()).ToImmutableArray();
        return _random.Next(0, 3) == 0
            ? new RuleConditions(tests, [[.. Enumerable.Range(0, _random.Next(0, 4)).Select(_ => ASet.When(Test()))]])
            : new RuleConditions(tests, []);
    }

    private ColumnTest Test()
    {
        var kind = (ColumnTestKind)_random.Next(0, 4);
        var (column, isNegated) = (Columns[_random.Next(Columns.Length)], _random.Next(0, 4) == 0);
        return kind switch
        {
            ColumnTestKind.IsNull => new ColumnTest(column, kind, [], isNegated),
            ColumnTestKind.Matches => PatternTests.GetOrAdd(
                (column, Patterns[_random.Next(Patterns.Length)], isNegated),
                key => new ColumnTest(key.Column, ColumnTestKind.Matches, [key.Pattern], key.IsNegated)),
            _ => new ColumnTest(
                column,
                kind,
                [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Values[_random.Next(1, Values.Length)]!)],
                isNegated),
        };
    }

    private DimensionSet Set() => ASet.Of([.. Columns.Select(column => (column, Values[_random.Next(Values.Length)]))]);
}

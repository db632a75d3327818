using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;

namespace CiCost.Domain.Tests.Attribution;

/// <summary>Dimension sets, tests and rules that say only what matters.</summary>
internal static class ASet
{
    public static DimensionSet Of(params (string Column, string? Value)[] values) => From(LineOrigin.Bill, values);

    public static DimensionSet From(LineOrigin origin, params (string Column, string? Value)[] values)
    {
        var columns = new string?[DimensionSet.ColumnCount];
        var extras = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (column, value) in values)
        {
            if (DimensionColumns.TryParse(column, out var known))
            {
                columns[(int)known] = value;
            }
            else if (value is not null)
            {
                extras[column] = value;
            }
        }

        return new DimensionSet(columns, extras.ToImmutable(), origin);
    }

    public static ColumnTest Is(string column, params string[] values) => new(column, ColumnTestKind.OneOf, [.. values]);

    public static RuleConditions When(params ColumnTest[] tests) => new([.. tests], []);

    public static AttributionRule Rule(
        string id, AttributeName attribute, RuleConditions when, string value, int from = int.MinValue, int to = int.MaxValue) =>
        new(id, attribute, from, to, when, value);

    public static Attributor Engine(IEnumerable<AttributionRule> rules, params FundingRule[] funding) =>
        new(new RuleSet([.. rules], [.. funding]));
}

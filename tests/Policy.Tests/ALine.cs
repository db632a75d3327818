using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;

namespace CiCost.Policy.Tests;

/// <summary>A line of a bill, by its descriptive columns.</summary>
internal static class ALine
{
    public static DimensionSet Of(params (string Column, string? Value)[] values)
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

        return new DimensionSet(columns, extras.ToImmutable());
    }

    /// <summary>A usage line of AWS.</summary>
    public static DimensionSet Aws(string service, string category, string description, string? usageType = null) => Of(
        ("ChargeCategory", "Usage"), ("ServiceProviderName", "AWS"), ("ServiceName", service), ("ServiceCategory", category),
        ("ChargeDescription", description), ("x_UsageType", usageType));
}

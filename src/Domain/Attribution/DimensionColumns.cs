using System.Collections.Frozen;
using CiCost.Domain.Lines;

namespace CiCost.Domain.Attribution;

/// <summary>The fixed columns of a dimension set by their exact names. (Enum.TryParse also takes numbers and lists.)</summary>
public static class DimensionColumns
{
    private static readonly FrozenDictionary<string, DimensionColumn> ByName =
        Enum.GetValues<DimensionColumn>().ToFrozenDictionary(column => column.ToString(), StringComparer.Ordinal);

    /// <summary>The names in the order of the columns.</summary>
    public static IReadOnlyList<string> Names { get; } = Enum.GetNames<DimensionColumn>();

    /// <summary>Reads a column's name; false when no fixed column has it.</summary>
    public static bool TryParse(string name, out DimensionColumn column) => ByName.TryGetValue(name, out column);
}

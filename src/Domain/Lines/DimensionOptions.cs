using System.Collections.Immutable;

namespace CiCost.Domain.Lines;

/// <summary>What joins the fixed columns in a dimension set: from <c>policy/dimensions.yaml</c>.</summary>
/// <param name="CustomColumns">Custom columns (<c>x_...</c>, <c>oci_...</c>) by their exact name.</param>
/// <param name="TagKeys">Tag keys by their exact name. In a dimension set they are called <c>tags.KEY</c>.</param>
public sealed record DimensionOptions(ImmutableArray<string> CustomColumns, ImmutableArray<string> TagKeys)
{
    /// <summary>No custom columns and no tags.</summary>
    public static DimensionOptions None { get; } = new([], []);

    /// <summary>The name of a tag key in a dimension set.</summary>
    public static string TagName(string key) => "tags." + key;
}

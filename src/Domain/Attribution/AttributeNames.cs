using System.Collections.Immutable;

namespace CiCost.Domain.Attribution;

/// <summary>The one spelling of each <see cref="AttributeName"/> in policy files, table columns and options.</summary>
public static class AttributeNames
{
    /// <summary>The names in the order of <see cref="AttributeName"/>.</summary>
    public static ImmutableArray<string> All { get; } =
        ["project", "architecture", "component", "operator", "payer-account", "domain", "beneficiary", "chip-vendor"];

    /// <summary>The number of attributes.</summary>
    public static int Count => All.Length;

    /// <summary>The name of an attribute, for example <c>payer-account</c>.</summary>
    public static string ToText(this AttributeName attribute) => All[(int)attribute];

    /// <summary>Reads a name; false when there is no such attribute.</summary>
    public static bool TryParse(string? text, out AttributeName attribute)
    {
        var index = text is null ? -1 : All.IndexOf(text, StringComparer.Ordinal);
        attribute = (AttributeName)Math.Max(index, 0);
        return index >= 0;
    }
}

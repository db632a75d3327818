using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;
using CiCost.Ledger;

namespace CiCost.Accounting.Costs;

/// <summary>The names that <c>--group-by</c> and <c>--where</c> take.</summary>
public static class CostDimensions
{
    private static readonly Dictionary<string, AttributeName> Attributes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["project"] = AttributeName.Project,
        ["architecture"] = AttributeName.Architecture,
        ["component"] = AttributeName.Component,
        ["operator"] = AttributeName.Operator,
        ["payer-account"] = AttributeName.PayerAccount,
        ["domain"] = AttributeName.Domain,
        ["beneficiary"] = AttributeName.Beneficiary,
        ["chip-vendor"] = AttributeName.ChipVendor,
    };

    private static readonly string[] Books = ["source", "basis", "role", "part", "grant", "month", "day", "billing-month", "posting-month",
        "delivery"];

    /// <summary>The names of attributes, in the order of <see cref="AttributeName"/>.</summary>
    public static IReadOnlyList<string> AttributeNames { get; } = [.. Attributes.OrderBy(a => a.Value).Select(a => a.Key)];

    /// <summary>Every fixed name; tags (<c>tags.KEY</c>) and custom columns that the policy lists come beside them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. AttributeNames, .. Books, .. Enum.GetNames<DimensionColumn>()];

    /// <summary>The attribute of that name, or null when the name is none.</summary>
    public static AttributeName? Attribute(string name) => Attributes.TryGetValue(name, out var attribute) ? attribute : null;

    /// <summary>The dimensions of a grouping, each of which stands there once.</summary>
    /// <exception cref="BooksException"><c>dimension-repeated</c>: one is named twice, in whatever spelling.</exception>
    public static IReadOnlyList<string> Distinct(IReadOnlyList<string> dimensions)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        return dimensions.GroupBy(d => d, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new BooksException("dimension-repeated", $"The dimension '{twice.Key}' is there more than once. Name it once.")
            : dimensions;
    }

    /// <summary>The name in its one spelling.</summary>
    /// <param name="name">As the user wrote it; case does not matter for fixed names.</param>
    /// <param name="extras">The listed custom columns and tags.</param>
    /// <exception cref="BooksException">There is no such dimension.</exception>
    public static string Canonical(string name, IReadOnlyList<string> extras)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(extras);
        return Names.FirstOrDefault(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase))
            ?? (extras.Contains(name, StringComparer.Ordinal) ? name : null)
            ?? throw new BooksException("dimension-unknown",
                $"'{name}' is no dimension. Known: {string.Join(", ", Names.Concat(extras))}.");
    }
}

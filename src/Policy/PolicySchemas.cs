using System.Collections.Immutable;

namespace CiCost.Policy;

/// <summary>The JSON Schemas (draft 2020-12) of the policy files, for editors and other programs.</summary>
public static class PolicySchemas
{
    private const string Suffix = ".schema.json";

    /// <summary>The schemas' file names, such as <c>coverage.schema.json</c>, in ordinal order.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        .. typeof(PolicySchemas).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(Suffix, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    /// <summary>The text of a schema.</summary>
    /// <exception cref="ArgumentException">There is no schema of this name.</exception>
    public static string Read(string name)
    {
        using var stream = typeof(PolicySchemas).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"There is no schema '{name}'. The schemas are: {string.Join(", ", Names)}.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>Knows which names mean one cloud, from <c>provider-aliases.json</c>.</summary>
internal sealed class ProviderAliases
{
    private static readonly Lazy<ProviderAliases> Lazy = new(() =>
        new ProviderAliases(EmbeddedJson.Read<AliasFile>("provider-aliases.json")));
    private readonly IReadOnlyList<AliasGroup> _groups;

    private ProviderAliases(AliasFile file) => _groups = file.Groups;

    public static ProviderAliases Instance => Lazy.Value;

    /// <summary>Do both names mean the same company?</summary>
    public bool AreSame(string first, string second)
    {
        if (first.Equals(second, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var group = GroupOf(first);
        return group is not null && group == GroupOf(second);
    }

    private AliasGroup? GroupOf(string name) => _groups.FirstOrDefault(g =>
        g.Names.Contains(name, StringComparer.OrdinalIgnoreCase) || g.Prefixes.Any(p => StartsWithWords(name, p)));

    private static bool StartsWithWords(string name, string prefix) => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
        && (name.Length == prefix.Length || !char.IsLetterOrDigit(name[prefix.Length]));

    internal sealed record AliasGroup(IReadOnlyList<string> Names, IReadOnlyList<string> Prefixes);

    internal sealed record AliasFile(string Purpose, IReadOnlyList<AliasGroup> Groups);
}

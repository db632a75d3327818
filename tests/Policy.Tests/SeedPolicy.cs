namespace CiCost.Policy.Tests;

/// <summary>The policy that the program is shipped with.</summary>
internal static class SeedPolicy
{
    private static readonly Lazy<PolicySet> Loaded = new(Load);

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "policy");

    public static PolicySet Policy => Loaded.Value;

    private static PolicySet Load() => PolicyLoader.Load(Folder);
}

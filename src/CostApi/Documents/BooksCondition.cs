namespace CiCost.CostApi.Documents;

/// <summary>What stands beside every figure: whether the books hold together, and whether their sources still deliver.</summary>
/// <param name="Checks">How the checks on the books ended.</param>
/// <param name="Sources">How fresh the sources are.</param>
public sealed record BooksCondition(ChecksInShort Checks, SourcesInShort Sources)
{
    /// <summary>Nobody asked.</summary>
    public static BooksCondition Unknown { get; } = new(ChecksInShort.NotRun, SourcesInShort.None);
}

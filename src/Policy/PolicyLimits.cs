namespace CiCost.Policy;

/// <summary>The bounds of a policy. Reaching one is a named mistake, never a silent cut.</summary>
public static class PolicyLimits
{
    /// <summary>Files in a policy.</summary>
    public const int Files = 64;

    /// <summary>Characters in a file, and bytes of it on disk.</summary>
    public const int FileLength = 1024 * 1024;

    /// <summary>Lists and mappings inside each other.</summary>
    public const int Depth = 16;

    /// <summary>Texts, lists and mappings in a file.</summary>
    public const int NodesPerFile = 100_000;

    /// <summary>Characters in a single text.</summary>
    public const int TextLength = 2_000;

    /// <summary>Characters in a pattern.</summary>
    public const int PatternLength = 500;

    /// <summary>The product of a pattern's repetition counts: an automaton has a state for each repeat.</summary>
    public const int PatternRepeats = 1_000;

    /// <summary>Rules in all files together.</summary>
    public const int Rules = 5_000;

    /// <summary>Mistakes that are listed.</summary>
    public const int Errors = 500;
}

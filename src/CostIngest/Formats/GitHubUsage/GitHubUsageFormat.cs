using CiCost.CostIngest.Formats.Native;

namespace CiCost.CostIngest.Formats.GitHubUsage;

/// <summary>
/// GitHub's billing usage report. Each row makes two lines: what was used at its price, and what GitHub takes off for included and
/// free usage. Line 2r - 1 and line 2r come from row r.
/// </summary>
public sealed class GitHubUsageFormat : NativeCsvFormat
{
    private const int LinesPerRow = 2;
    private static readonly Lazy<NativeMapping> Mapping = new(() => NativeMapping.Load("GitHubUsage"));

    /// <summary>Makes the format.</summary>
    public GitHubUsageFormat()
        : base(Mapping.Value, LinesPerRow)
    {
    }

    private protected override NativeRowReader RowsOf(NativeMapping mapping, NativeReadContext context) =>
        new GitHubUsageRows(mapping, context, LinesPerRow);

    private protected override string VersionOf(NativeLayout layout) => layout.Find("workflow").Length > 0 ? "detailed" : "summarized";
}

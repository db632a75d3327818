using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Native;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.GitHubUsage;

/// <summary>
/// GitHub's billing usage report, as CSV or as the REST API answers it. Each row makes two lines: what was used at its price, and what
/// GitHub takes off for included and free usage. Line 2r - 1 and line 2r come from row r.
/// </summary>
public sealed class GitHubUsageFormat : NativeCsvFormat, ILineFormat
{
    private const int LinesPerRow = 2;
    private static readonly Lazy<NativeMapping> Mapping = new(() => NativeMapping.Load("GitHubUsage"));

    /// <summary>Makes the format.</summary>
    public GitHubUsageFormat()
        : base(Mapping.Value, LinesPerRow)
    {
    }

    /// <inheritdoc/>
    FormatReport ILineFormat.Read(FormatRequest request, LineEncoder encoder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Read(request with { Objects = [.. request.Objects.Select(UsageAnswer.AsCsv)] }, encoder, cancellationToken);
    }

    /// <inheritdoc/>
    IReadOnlyList<RawRow> ILineFormat.ReadRows(ContentObject content, IReadOnlyList<long> rowNumbers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(rowNumbers);
        return UsageAnswer.IsAnswer(content)
            ? UsageAnswer.ReadRows(content, [.. rowNumbers.Select(n => (n + LinesPerRow - 1) / LinesPerRow)])
            : ReadRows(content, rowNumbers, cancellationToken);
    }

    private protected override NativeRowReader RowsOf(NativeMapping mapping, NativeReadContext context) =>
        new GitHubUsageRows(mapping, context, LinesPerRow);

    private protected override string VersionOf(NativeLayout layout) => layout.Find("workflow").Length > 0 ? "detailed" : "summarized";
}

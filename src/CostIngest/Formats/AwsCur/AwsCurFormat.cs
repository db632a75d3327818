using CiCost.CostIngest.Formats.Native;

namespace CiCost.CostIngest.Formats.AwsCur;

/// <summary>The AWS Cost and Usage Report as CSV: legacy (<c>lineItem/UsageType</c>) or CUR 2.0 (<c>line_item_usage_type</c>).</summary>
public sealed class AwsCurFormat : NativeCsvFormat
{
    private static readonly Lazy<NativeMapping> Mapping = new(() => NativeMapping.Load("AwsCur"));

    /// <summary>Makes the format.</summary>
    public AwsCurFormat()
        : base(Mapping.Value)
    {
    }

    private protected override NativeRowReader RowsOf(NativeMapping mapping, NativeReadContext context) =>
        new AwsCurRows(mapping, context);

    private protected override string VersionOf(NativeLayout layout) =>
        layout.Names.Any(n => n.Contains('/', StringComparison.Ordinal)) ? "cur-1" : "cur-2";
}

using CiCost.CostIngest.Formats.AwsCur;
using CiCost.CostIngest.Formats.Native;

namespace CiCost.CostIngest.Formats.AwsCur2;

/// <summary>
/// The Cost and Usage Report 2.0 of AWS Data Exports as CSV: its columns, its maps, and the rules of <see cref="AwsCurFormat"/>.
/// </summary>
public sealed class AwsCur2Format : NativeCsvFormat
{
    private static readonly Lazy<NativeMapping> Mapping = new(() => NativeMapping.Load("AwsCur2"));

    /// <summary>Makes the format.</summary>
    public AwsCur2Format()
        : base(Mapping.Value)
    {
    }

    private protected override NativeRowReader RowsOf(NativeMapping mapping, NativeReadContext context) =>
        new AwsCurRows(mapping, context);

    private protected override string VersionOf(NativeLayout layout) => "cur-2";
}

using CiCost.CostIngest.Formats.Native;

namespace CiCost.CostIngest.Formats.Oci;

/// <summary>The cost report of Oracle Cloud Infrastructure in Oracle's own columns (<c>cost/myCost</c>).</summary>
public sealed class OciCostFormat : NativeCsvFormat
{
    private static readonly Lazy<NativeMapping> Mapping = new(() => NativeMapping.Load("Oci"));

    /// <summary>Makes the format.</summary>
    public OciCostFormat()
        : base(Mapping.Value)
    {
    }

    private protected override NativeRowReader RowsOf(NativeMapping mapping, NativeReadContext context) =>
        new OciCostRows(mapping, context);

    private protected override string VersionOf(NativeLayout layout) => "oci-cost";
}

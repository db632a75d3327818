using CiCost.CostIngest.Formats.Native;

namespace CiCost.CostIngest.Formats.OciFocus;

/// <summary>
/// The FOCUS reports of Oracle Cloud Infrastructure: FOCUS 1.0 in meaning, with the column names of its preview, so that FOCUS files
/// proper are read by <c>focus-csv</c> and these are not.
/// </summary>
public sealed class OciFocusFormat : NativeCsvFormat
{
    private static readonly Lazy<NativeMapping> Mapping = new(() => NativeMapping.Load("OciFocus"));

    /// <summary>Makes the format.</summary>
    public OciFocusFormat()
        : base(Mapping.Value)
    {
    }

    private protected override NativeRowReader RowsOf(NativeMapping mapping, NativeReadContext context) =>
        new OciFocusRows(mapping, context);

    private protected override string VersionOf(NativeLayout layout) => "oci-focus-1.0";
}

using CiCost.CostIngest.Formats.Native;

namespace CiCost.CostIngest.Formats.AzureEa;

/// <summary>Azure's actual-cost export of an enterprise agreement.</summary>
public sealed class AzureEaFormat : NativeCsvFormat
{
    private static readonly Lazy<NativeMapping> Mapping = new(() => NativeMapping.Load("AzureEa"));

    /// <summary>Makes the format.</summary>
    public AzureEaFormat()
        : base(Mapping.Value)
    {
    }

    private protected override NativeRowReader RowsOf(NativeMapping mapping, NativeReadContext context) =>
        new AzureEaRows(mapping, context);

    private protected override string VersionOf(NativeLayout layout) => "ea-actual";
}

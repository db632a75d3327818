using CiCost.CostIngest.Formats.Focus;
using CiCost.CostIngest.Formats.Native;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Oci;

/// <summary>The rules of OCI's cost report.</summary>
internal sealed class OciCostRows(NativeMapping mapping, NativeReadContext context) : NativeRowReader(mapping, context, 1)
{
    private int[] _correction = [];
    private int[] _service = [];
    private int[] _start = [];
    private int[] _end = [];
    private int[] _quantity = [];
    private int[] _unitPrice = [];
    private int[] _cost = [];
    private int[] _resource = [];

    /// <inheritdoc/>
    protected override void FindColumns()
    {
        _correction = Layout.Find("correction");
        _service = Layout.Find("service");
        _start = Layout.Find("start");
        _end = Layout.Find("end");
        _quantity = Layout.Find("quantity");
        _unitPrice = Layout.Find("unitPrice");
        _cost = Layout.Find("cost");
        _resource = Layout.Find("resource");
    }

    /// <inheritdoc/>
    protected override void Map(ReadOnlySpan<LineDraft> drafts)
    {
        var draft = drafts[0];
        var correction = Text(_correction) ?? "false";
        if (!Mapping.Charges.TryGetValue("isCorrection " + correction, out var charge))
        {
            FailValue(_correction[0], ["true", "false"], "Correct the report, or ask Oracle for it anew.");
            return;
        }

        draft.SetCharge(charge);
        draft.StartSeconds = Instant(_start) ?? 0;
        draft.EndSeconds = Instant(_end) ?? draft.StartSeconds;

        // The report names no billing period: Oracle bills by calendar months in UTC.
        draft.MonthIndex = FocusTime.MonthIndexOf(draft.StartSeconds, out _);
        draft[DimensionColumn.ServiceCategory] =
            Mapping.Values["serviceCategories"].GetValueOrDefault(Text(_service) ?? "", "Other");
        draft.PricingQuantity = Quantity(_quantity);
        draft.ContractedUnitPrice = UnitPrice(_unitPrice);
        if (charge.Class is null)
        {
            draft.ConsumedQuantity = draft.PricingQuantity;
            draft[DimensionColumn.ConsumedUnit] = draft[DimensionColumn.PricingUnit];
        }

        // myCost holds the part beyond the commitment, which myCostOverage states once more. List prices are not in the report.
        draft.SetCosts(Cost(_cost));
        draft.ResourceId = Text(_resource);
    }
}

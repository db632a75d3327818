using CiCost.CostIngest.Formats.Native;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.OciFocus;

/// <summary>The rules of OCI's FOCUS report: docs/formats.md.</summary>
internal sealed class OciFocusRows(NativeMapping mapping, NativeReadContext context) : NativeRowReader(mapping, context, 1)
{
    private readonly Dictionary<string, int[]> _columns = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override int TagsColumn => _columns["tags"] is [var column, ..] ? column : -1;

    /// <inheritdoc/>
    protected override void FindColumns()
    {
        foreach (var column in Mapping.Columns)
        {
            _columns[column.Name] = Layout.Find(column.Name);
        }
    }

    /// <inheritdoc/>
    protected override void Map(ReadOnlySpan<LineDraft> drafts)
    {
        var draft = drafts[0];
        if (Demand(_columns["category"]) is not { } category)
        {
            return;
        }

        if (!Mapping.Charges.TryGetValue(category, out var charge))
        {
            FailValue(_columns["category"][0], Mapping.Charges.Keys, "How a new category is to be booked has to be decided first.");
            return;
        }

        draft.SetCharge(charge);
        draft[DimensionColumn.ChargeClass] = Mapped("class", "classes");
        draft[DimensionColumn.ChargeFrequency] = Mapped("frequency", "frequencies") ?? "Usage-Based";
        draft[DimensionColumn.PricingCategory] = Mapped("pricing", "pricings");
        draft[DimensionColumn.CommitmentDiscountStatus] =
            Mapping.Values["commitmentStatus"].GetValueOrDefault(Text(_columns["subcategory"]) ?? "");
        SetPeriods(draft);
        SetQuantities(draft);
        draft.BilledAttos = Cost(_columns["billed"]);
        draft.EffectiveAttos = EffectiveCost(_columns["effective"], _columns["billed"], draft.BilledAttos);
        draft.ListAttos = Cost(_columns["list"]);

        // The preview had no ContractedCost; what is billed is the contract's price, the report has no other.
        draft.ContractedAttos = Filled(_columns["contracted"]) >= 0 ? Cost(_columns["contracted"]) : draft.BilledAttos;
        draft.ListUnitPrice = UnitPrice(_columns["listPrice"]);
        draft.ResourceId = Text(_columns["resource"]);
        draft.ResourceName = Text(_columns["resourceName"]);
    }

    private void SetPeriods(LineDraft draft)
    {
        if (Instant(_columns["periodStart"]) is { } month)
        {
            draft.MonthIndex = MonthFrom(_columns["periodStart"], month);
        }

        draft.StartSeconds = Instant(_columns["start"]) ?? 0;
        draft.EndSeconds = Instant(_columns["end"]) ?? draft.StartSeconds;
    }

    private void SetQuantities(LineDraft draft)
    {
        draft.PricingQuantity = Quantity(_columns["pricingQuantity"]);
        if (draft[DimensionColumn.ChargeCategory] == "Usage" && draft[DimensionColumn.CommitmentDiscountStatus] != "Unused")
        {
            draft.ConsumedQuantity = Quantity(_columns["consumedQuantity"]);
            draft[DimensionColumn.ConsumedUnit] = Text(_columns["consumedUnit"]);
        }
    }

    private string? Mapped(string column, string table)
    {
        if (Text(_columns[column]) is not { } text)
        {
            return null;
        }

        if (Mapping.Values[table].TryGetValue(text, out var value))
        {
            return value;
        }

        FailValue(Filled(_columns[column]), Mapping.Values[table].Keys, "Correct the report, or ask for the value to be added.");
        return null;
    }
}

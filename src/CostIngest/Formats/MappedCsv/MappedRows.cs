using CiCost.CostIngest.Formats.Focus;
using CiCost.CostIngest.Formats.Native;
using CiCost.Domain.Focus;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.MappedCsv;

/// <summary>The rows of a file under a mapping file.</summary>
internal sealed class MappedRows(NativeMapping mapping, NativeReadContext context, CsvMapping profile) : NativeRowReader(mapping, context, 1)
{
    private readonly MappedField[] _translated =
        [.. profile.Fields.Where(f => f.Values.Count > 0 && Enum.TryParse<DimensionColumn>(f.Focus, out _))];

    private readonly (DimensionColumn Column, string Focus, IReadOnlyList<string> Allowed)[] _restricted =
    [
        .. profile.Fields.Where(f => f.Column is not null && Enum.TryParse<DimensionColumn>(f.Focus, out _))
            .Select(f => (Enum.Parse<DimensionColumn>(f.Focus), f.Focus, FocusCatalogue.Instance.Find(f.Focus)?.AllowedValues!))
            .Where(f => f.Item3 is not null),
    ];

    private readonly MappedField _start = profile.Find("ChargePeriodStart")!;
    private readonly MappedField? _end = profile.Find("ChargePeriodEnd");
    private readonly MappedField? _month = profile.Find("BillingPeriodStart");

    /// <inheritdoc/>
    protected override int TagsColumn => Layout.Find("Tags") is [var column, ..] ? column : -1;

    /// <inheritdoc/>
    protected override string NumberRule { get; } =
        $"This is not written as {profile.File}{(profile.NumbersLine == 0 ? "" : $", line {profile.NumbersLine},")} says: "
            + $"{profile.Numbers.Rule}. Correct the mapping (numbers, currencySign, negative) or the file.";

    /// <inheritdoc/>
    protected override void FindColumns()
    {
        // Columns are looked up by the name of the FOCUS column that they fill.
    }

    /// <inheritdoc/>
    protected override void Map(ReadOnlySpan<LineDraft> drafts)
    {
        var draft = drafts[0];
        foreach (var field in _translated)
        {
            draft[Enum.Parse<DimensionColumn>(field.Focus)] = Translated(field);
        }

        foreach (var (column, focus, allowed) in _restricted)
        {
            if (draft[column] is { } value && !allowed.Contains(value))
            {
                FailValue(Layout.Find(focus)[0], allowed, $"{profile.File}, line {profile.Find(focus)!.Line}, may translate it: values.");
            }
        }

        draft[DimensionColumn.ServiceCategory] ??= "Other";
        foreach (var column in (DimensionColumn[])[DimensionColumn.ChargeCategory, DimensionColumn.ServiceName])
        {
            if (draft[column] is null)
            {
                _ = Demand(Layout.Find(column.ToString()));
            }
        }

        SetPeriods(draft);
        SetCosts(draft);
        draft.PricingQuantity = Quantity(Layout.Find("PricingQuantity"));
        draft.ConsumedQuantity = Quantity(Layout.Find("ConsumedQuantity"));
        draft.ListUnitPrice = UnitPrice(Layout.Find("ListUnitPrice"));
        draft.ContractedUnitPrice = UnitPrice(Layout.Find("ContractedUnitPrice"));
        draft.ResourceId = Text(Layout.Find("ResourceId"));
        draft.ResourceName = Text(Layout.Find("ResourceName"));
    }

    private string? Translated(MappedField field)
    {
        var columns = Layout.Find(field.Focus);
        if (Text(columns) is not { } text)
        {
            return field.Values.GetValueOrDefault("");
        }

        if (field.Values.TryGetValue(text, out var value))
        {
            return value.Length == 0 ? null : value;
        }

        FailValue(columns[0], field.Values.Keys, $"Add it to the values in {profile.File}, line {field.Line}.");
        return null;
    }

    private void SetPeriods(LineDraft draft)
    {
        if (TimeOf(_start) is not { } start)
        {
            return;
        }

        draft.StartSeconds = start;
        draft.EndSeconds = _end is null ? _start.Date.After(start)
            : TimeOf(_end) is not { } end ? start
            : _end.IsInclusive ? _end.Date.After(end) : end;
        if (_month is null)
        {
            draft.MonthIndex = FocusTime.MonthIndexOf(start, out _);
        }
        else if (TimeOf(_month) is { } month)
        {
            draft.MonthIndex = _month.Column is null ? FocusTime.MonthIndexOf(month, out _) : MonthFrom(Layout.Find(_month.Focus), month);
        }
    }

    private long? TimeOf(MappedField field)
    {
        if (field.Constant is { } constant)
        {
            return field.Date.TryRead(System.Text.Encoding.UTF8.GetBytes(constant));
        }

        var columns = Layout.Find(field.Focus);
        if (Demand(columns) is null)
        {
            return null;
        }

        if (field.Date.TryRead(Value(columns[0])) is { } seconds)
        {
            return seconds;
        }

        Fail(columns[0], "date-form", $"This is not written as {field.Date.Name}, which {profile.File}, line {field.Line}, says of it.");
        return null;
    }

    /// <summary>A cost that the mapping does not name is what is billed.</summary>
    private void SetCosts(LineDraft draft)
    {
        var billed = CostOf("BilledCost", 0);
        (draft.BilledAttos, draft.EffectiveAttos) = (billed, EffectiveOf(billed));
        (draft.ListAttos, draft.ContractedAttos) = (CostOf("ListCost", billed), CostOf("ContractedCost", billed));
    }

    private Int128 EffectiveOf(Int128 billed)
    {
        var columns = Layout.Find("EffectiveCost");
        return profile.Find("EffectiveCost") is not { } field ? billed
            : Filled(columns) >= 0 ? CostOf(field.Focus, billed)
            : EffectiveCost(columns, Layout.Find("BilledCost"), billed);
    }

    private Int128 CostOf(string focus, Int128 otherwise)
    {
        if (profile.Find(focus) is not { } field)
        {
            return otherwise;
        }

        var cost = Cost(Layout.Find(focus));
        return field.IsNegated ? -cost : cost;
    }
}

using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Focus;

/// <content>Costs that are empty or 0 beside others that are not. FOCUS allows none of the four to be null.</content>
internal sealed partial class FocusRowReader
{
    private const int BilledIsEmpty = 1 << (int)CostColumn.Billed;
    private const int EffectiveIsEmpty = 1 << (int)CostColumn.Effective;

    /// <summary>The cost columns of the row that are empty, by the bit of <see cref="CostColumn"/>.</summary>
    private int _emptyInRow;

    private void JudgeZeros(ref CostLineRow row)
    {
        var empty = _emptyInRow;
        _emptyInRow = 0;
        if ((empty & (EffectiveIsEmpty | BilledIsEmpty)) == EffectiveIsEmpty)
        {
            TakeEffectiveFromBilled(ref row);
        }

        if ((empty & BilledIsEmpty) != 0 && !IsZero(CostColumn.Effective, row.EffectiveNanos, row.EffectiveResidueAttos))
        {
            _uses.Use(Tolerance.BilledCostEmpty, RowCount, _csv.Raw(_layout.Costs[(int)CostColumn.Effective]));
        }

        if (!(IsZero(CostColumn.Billed, row.BilledNanos, row.BilledResidueAttos) && IsZero(CostColumn.Effective, row.EffectiveNanos, row.EffectiveResidueAttos)) && IsUsage())
        {
            CountUnknown(ref row);
        }
    }

    /// <summary>A row that is billed and says nothing of its EffectiveCost would be nobody's consumption.</summary>
    private void TakeEffectiveFromBilled(ref CostLineRow row)
    {
        var column = _layout.Costs[(int)CostColumn.Effective];
        if ((_granted & Tolerance.EffectiveIsBilled) == 0)
        {
            Fail(column, "effective-cost-missing", "A row that has a BilledCost must have an EffectiveCost: without it nothing of the row is "
                + "consumed. Export the file with it", Tolerance.EffectiveIsBilled);
            return;
        }

        EmptyCosts--;
        _uses.Use(Tolerance.EffectiveIsBilled, RowCount, _csv.Raw(_layout.Costs[(int)CostColumn.Billed]));
        (row.EffectiveNanos, row.EffectiveResidueAttos) = (row.BilledNanos, row.BilledResidueAttos);
        if (_hasHighs)
        {
            SetHigh(CostColumn.Effective, _highs.Billed);
        }
    }

    private void CountUnknown(ref CostLineRow row)
    {
        if (IsZero(CostColumn.Effective, row.EffectiveNanos, row.EffectiveResidueAttos))
        {
            _uses.Use(Tolerance.UsageWithoutEffective, RowCount, _csv.Raw(_layout.Costs[(int)CostColumn.Billed]));
        }
        else if (row.EffectiveNanos >= 0)
        {
            _uses.Use((IsZero(CostColumn.Contracted, row.ContractedNanos, row.ContractedResidueAttos) ? Tolerance.ContractedCostUnknown : Tolerance.None)
                | (IsZero(CostColumn.List, row.ListNanos, row.ListResidueAttos) ? Tolerance.ListCostUnknown : Tolerance.None), RowCount,
                _csv.Raw(_layout.Costs[(int)CostColumn.Effective]));
        }
    }

    /// <summary>Exactly 0: what rounds to 0 nanos is none.</summary>
    private bool IsZero(CostColumn cost, long nanos, int residueAttos) => nanos == 0 && residueAttos == 0 && (!_hasHighs || cost switch
    {
        CostColumn.Billed => _highs.Billed,
        CostColumn.Effective => _highs.Effective,
        CostColumn.List => _highs.List,
        _ => _highs.Contracted,
    } == 0);

    private bool IsUsage() =>
        System.Text.Ascii.EqualsIgnoreCase(_first.Value(_csv.Raw(_layout.Dimensions[(int)DimensionColumn.ChargeCategory])), "Usage"u8);
}

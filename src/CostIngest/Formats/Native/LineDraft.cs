using System.Runtime.InteropServices;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Native;

/// <summary>One line while its rules fill it in: FOCUS columns as text, costs exactly in 1e-18. Reused row by row.</summary>
internal sealed class LineDraft
{
    private readonly string?[] _values = new string?[DimensionSet.ColumnCount];

    /// <summary>The listed custom columns that have a value.</summary>
    public List<(string Name, string Value)> Extras { get; } = [];

    public Int128 BilledAttos { get; set; }

    public Int128 EffectiveAttos { get; set; }

    public Int128 ListAttos { get; set; }

    public Int128 ContractedAttos { get; set; }

    /// <summary>Seconds since 1970-01-01T00:00:00Z.</summary>
    public long StartSeconds { get; set; }

    public long EndSeconds { get; set; }

    /// <summary>The billing period.</summary>
    public int MonthIndex { get; set; }

    public (long Units, int SubunitNanos)? PricingQuantity { get; set; }

    public (long Units, int SubunitNanos)? ConsumedQuantity { get; set; }

    public string? ResourceId { get; set; }

    public string? ResourceName { get; set; }

    public string? ListUnitPrice { get; set; }

    public string? ContractedUnitPrice { get; set; }

    /// <summary>The value of a dimension.</summary>
    public string? this[DimensionColumn column]
    {
        get => _values[(int)column];
        set => _values[(int)column] = value;
    }

    /// <summary>Sets all four costs.</summary>
    public void SetCosts(Int128 attos) => (BilledAttos, EffectiveAttos, ListAttos, ContractedAttos) = (attos, attos, attos, attos);

    /// <summary>Takes how a charge type is classed.</summary>
    public void SetCharge(NativeMapping.ChargeRow charge)
    {
        this[DimensionColumn.ChargeCategory] = charge.Category;
        this[DimensionColumn.ChargeClass] = charge.Class;
        this[DimensionColumn.ChargeFrequency] = charge.Frequency;
        this[DimensionColumn.PricingCategory] = charge.Pricing;
    }

    /// <summary>Empties the draft.</summary>
    public void Reset()
    {
        Array.Clear(_values);
        Extras.Clear();
        SetCosts(0);
        (StartSeconds, EndSeconds, MonthIndex) = (0, 0, 0);
        (PricingQuantity, ConsumedQuantity) = (null, null);
        (ResourceId, ResourceName, ListUnitPrice, ContractedUnitPrice) = (null, null, null, null);
    }

    /// <summary>The dimensions; an empty text is null.</summary>
    public string?[] CopyValues() => [.. _values];

    /// <summary>A hash of all dimensions.</summary>
    public Hash128 HashOfValues()
    {
        var hash = Hash128.Seed;
        foreach (var value in _values)
        {
            hash = value is null ? hash.Append(-1, 0) : hash.Append(MemoryMarshal.AsBytes(value.AsSpan()));
        }

        foreach (var (name, value) in Extras)
        {
            hash = hash.Append(MemoryMarshal.AsBytes(name.AsSpan())).Append(MemoryMarshal.AsBytes(value.AsSpan()));
        }

        return hash;
    }
}

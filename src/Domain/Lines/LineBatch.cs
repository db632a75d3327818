namespace CiCost.Domain.Lines;

/// <summary>A run of consecutive lines of one delivery with the dictionary entries that they are the first to use. Recycled.</summary>
public sealed class LineBatch
{
    /// <summary>The most lines in a batch.</summary>
    public const int Capacity = 8192;

    /// <summary>The lines; the first <see cref="Count"/> are meant.</summary>
    public CostLineRow[] Rows { get; } = new CostLineRow[Capacity];

    /// <summary>The number of lines.</summary>
    public int Count { get; set; }

    /// <summary>The row number, from 1 over all objects of the delivery, of the first line.</summary>
    public uint FirstRowNumber { get; set; }

    /// <summary>The lines with costs beyond 64 bits, by their place in <see cref="Rows"/>, in order. Mostly empty.</summary>
    public List<(int Index, CostHighs Highs)> Highs { get; } = [];

    /// <summary>Dimension sets first used in this batch, in the order of their ordinals.</summary>
    public List<DimensionSet> NewDimensionSets { get; } = [];

    /// <summary>(ResourceId, ResourceName) first used in this batch.</summary>
    public TextPairs NewResources { get; } = new();

    /// <summary>Tags (a JSON object, and nothing) first used in this batch.</summary>
    public TextPairs NewTagSets { get; } = new();

    /// <summary>(ListUnitPrice, ContractedUnitPrice) first used in this batch.</summary>
    public TextPairs NewUnitPrices { get; } = new();

    /// <summary>Makes the batch empty again.</summary>
    public void Clear()
    {
        Count = 0;
        Highs.Clear();
        NewDimensionSets.Clear();
        NewResources.Clear();
        NewTagSets.Clear();
        NewUnitPrices.Clear();
    }
}

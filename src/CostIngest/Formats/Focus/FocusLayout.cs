using CiCost.Domain.Focus;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>Where the columns of one file stand. An index of -1 means that the file does not have the column.</summary>
internal sealed class FocusLayout
{
    private readonly Dictionary<string, int> _indexOf = new(StringComparer.Ordinal);

    public FocusLayout(IReadOnlyList<string> names, DimensionOptions options)
    {
        Names = names;
        for (var i = 0; i < names.Count; i++)
        {
            _indexOf.Add(names[i], i);
        }

        Version = FocusCatalogue.Instance.VersionOf(_indexOf.Keys);
        Costs = [.. Enum.GetNames<CostColumn>().Select(n => IndexOf(n + "Cost"))];
        BillingPeriodStart = IndexOf("BillingPeriodStart");
        BillingPeriodEnd = IndexOf("BillingPeriodEnd");
        ChargePeriodStart = IndexOf("ChargePeriodStart");
        ChargePeriodEnd = IndexOf("ChargePeriodEnd");
        PricingQuantity = IndexOf("PricingQuantity");
        ConsumedQuantity = IndexOf("ConsumedQuantity");
        ListUnitPrice = IndexOf("ListUnitPrice");
        ContractedUnitPrice = IndexOf("ContractedUnitPrice");
        ResourceId = IndexOf("ResourceId");
        ResourceName = IndexOf("ResourceName");
        Tags = IndexOf("Tags");
        ProviderName = IndexOf("ProviderName");
        PublisherName = IndexOf("PublisherName");
        Dimensions = [.. Enum.GetNames<DimensionColumn>().Select(IndexOf)];
        Custom = [.. options.CustomColumns.Where(n => _indexOf.ContainsKey(n) && !Enum.IsDefined(typeof(DimensionColumn), n)).Distinct()
            .Select(n => (n, IndexOf(n)))];
        Runs = FindRuns();
        Seed = HashOfNames();
    }

    /// <summary>The header.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The FOCUS version that the header shows.</summary>
    public string Version { get; }

    /// <summary>By <see cref="CostColumn"/>.</summary>
    public int[] Costs { get; }

    public int BillingPeriodStart { get; }

    public int BillingPeriodEnd { get; }

    public int ChargePeriodStart { get; }

    public int ChargePeriodEnd { get; }

    public int PricingQuantity { get; }

    public int ConsumedQuantity { get; }

    public int ListUnitPrice { get; }

    public int ContractedUnitPrice { get; }

    public int ResourceId { get; }

    public int ResourceName { get; }

    public int Tags { get; }

    public int ProviderName { get; }

    public int PublisherName { get; }

    /// <summary>By <see cref="DimensionColumn"/>.</summary>
    public int[] Dimensions { get; }

    /// <summary>The listed custom columns that the file has.</summary>
    public (string Name, int Index)[] Custom { get; }

    /// <summary>
    /// The columns that decide the dimension set, as runs of adjacent columns: one run is one stretch of bytes to hash. Raw bytes do,
    /// because a text that was written in two ways only costs a second entry.
    /// </summary>
    public (int First, int Last)[] Runs { get; }

    /// <summary>The columns that are neither of FOCUS nor among the custom columns that are read.</summary>
    public IEnumerable<string> Unread =>
        Names.Where(n => FocusCatalogue.Instance.Find(n) is null && Custom.All(c => c.Name != n) && !Enum.IsDefined(typeof(DimensionColumn), n));

    /// <summary>Keeps the hashes of two files with other columns or another order apart.</summary>
    public Hash128 Seed { get; }

    /// <summary>Where a column stands; -1 when the file does not have it.</summary>
    public int IndexOf(string name) => _indexOf.GetValueOrDefault(name, -1);

    /// <summary>Has it the same columns, in whatever order?</summary>
    public bool HasSameColumns(FocusLayout other) => Names.Count == other.Names.Count && Names.All(other._indexOf.ContainsKey);

    private (int First, int Last)[] FindRuns()
    {
        var columns = Dimensions.Append(ProviderName).Append(PublisherName).Concat(Custom.Select(c => c.Index))
            .Where(i => i >= 0).Distinct().Order().ToList();
        var runs = new List<(int First, int Last)>();
        foreach (var column in columns)
        {
            if (runs.Count > 0 && runs[^1].Last == column - 1)
            {
                runs[^1] = (runs[^1].First, column);
            }
            else
            {
                runs.Add((column, column));
            }
        }

        return [.. runs];
    }

    private Hash128 HashOfNames()
    {
        var seed = Hash128.Seed;
        foreach (var name in Names)
        {
            seed = seed.Append(System.Text.Encoding.UTF8.GetBytes(name));
        }

        return seed;
    }
}

using CiCost.Domain.Money;

namespace CiCost.Domain.Lines;

/// <summary>What a <see cref="LineEncoder"/> added up over a whole delivery.</summary>
/// <param name="RowCount">Rows taken.</param>
/// <param name="Totals">Exact totals, one entry per (currency, credit or not), ordered by currency, charges first.</param>
/// <param name="Groups">The rollup, in no order; dimension sets by ordinal.</param>
/// <param name="Days">Totals and digest per charge day, in order of days.</param>
/// <param name="Blocks">Digest per 10,000 rows, in order of rows.</param>
public sealed record EncodedDelivery(
    uint RowCount,
    IReadOnlyList<ExactTotals> Totals,
    IReadOnlyCollection<RollupGroup> Groups,
    IReadOnlyList<DayTotals> Days,
    IReadOnlyList<LineBlock> Blocks)
{
    /// <summary>The days of each object that has rows, in the order of reading: what shows that two objects have the same rows.</summary>
    public IReadOnlyList<ObjectDays> Objects { get; init; } = [];
}

/// <summary>The charge days of one object of a delivery.</summary>
/// <param name="Name">The name under which the object was read; empty where a format names none.</param>
/// <param name="Days">Totals and digest per charge day, in order of days.</param>
public sealed record ObjectDays(string Name, IReadOnlyList<DayTotals> Days);

/// <summary>The exact totals of the lines of one currency that are credits, or of those that are not.</summary>
public sealed class ExactTotals
{
    // Fields, not arrays: eight additions for every row of a bill.
    private Int128 _billedNanos;
    private Int128 _effectiveNanos;
    private Int128 _listNanos;
    private Int128 _contractedNanos;

    // A residue is at most half a nano, 5e8 of 1e-18, so that 64 bits hold those of 18 billion rows.
    private long _billedResidueAttos;
    private long _effectiveResidueAttos;
    private long _listResidueAttos;
    private long _contractedResidueAttos;

    /// <summary>Makes empty totals.</summary>
    public ExactTotals(Currency currency, bool areCredits)
    {
        Currency = currency;
        AreCredits = areCredits;
    }

    /// <summary>The currency.</summary>
    public Currency Currency { get; }

    /// <summary>True for rows with ChargeCategory Credit.</summary>
    public bool AreCredits { get; }

    /// <summary>The number of rows.</summary>
    public long RowCount { get; private set; }

    /// <summary>The sum of the rounded lines, in nanos.</summary>
    public Int128 RoundedNanos(CostColumn column) => column switch
    {
        CostColumn.Billed => _billedNanos,
        CostColumn.Effective => _effectiveNanos,
        CostColumn.List => _listNanos,
        _ => _contractedNanos,
    };

    /// <summary>Exact total minus the sum of the rounded lines, in 1e-18.</summary>
    public Int128 ResidueAttos(CostColumn column) => column switch
    {
        CostColumn.Billed => _billedResidueAttos,
        CostColumn.Effective => _effectiveResidueAttos,
        CostColumn.List => _listResidueAttos,
        _ => _contractedResidueAttos,
    };

    /// <summary>The exact total, in 1e-18.</summary>
    public Int128 ExactAttos(CostColumn column) => (RoundedNanos(column) * FocusDecimal.AttosPerNano) + ResidueAttos(column);

    /// <summary>Adds one row.</summary>
    public void Add(in CostLineRow row)
    {
        // 4e9 rows of 64 bits cannot leave 128 bits, nor their residues 64: nothing to check.
        unchecked
        {
            RowCount++;
            _billedNanos += row.BilledNanos;
            _effectiveNanos += row.EffectiveNanos;
            _listNanos += row.ListNanos;
            _contractedNanos += row.ContractedNanos;
            _billedResidueAttos += row.BilledResidueAttos;
            _effectiveResidueAttos += row.EffectiveResidueAttos;
            _listResidueAttos += row.ListResidueAttos;
            _contractedResidueAttos += row.ContractedResidueAttos;
        }
    }
}

/// <summary>The sums of one group of the rollup: billing month, charge day, dimension set.</summary>
public sealed class RollupGroup
{
    private Int128 _pricingUnits;
    private Int128 _consumedUnits;
    private long _pricingSubunitNanos;
    private long _consumedSubunitNanos;

    /// <summary>Makes an empty group.</summary>
    public RollupGroup(int dimensionSet, int chargeDay, int billingMonthIndex)
    {
        DimensionSet = dimensionSet;
        ChargeDay = chargeDay;
        BillingMonthIndex = billingMonthIndex;
    }

    /// <summary>Ordinal of the dimension set in the delivery.</summary>
    public int DimensionSet { get; }

    /// <summary>Days since 1970-01-01.</summary>
    public int ChargeDay { get; }

    /// <summary>The rows' own billing period.</summary>
    public int BillingMonthIndex { get; }

    /// <summary>The number of lines.</summary>
    public long LineCount { get; private set; }

    /// <summary>Sum of BilledCost, in nanos.</summary>
    public long BilledNanos { get; private set; }

    /// <summary>Sum of EffectiveCost, in nanos.</summary>
    public long EffectiveNanos { get; private set; }

    /// <summary>Sum of ListCost, in nanos.</summary>
    public long ListNanos { get; private set; }

    /// <summary>Sum of ContractedCost, in nanos.</summary>
    public long ContractedNanos { get; private set; }

    /// <summary>Sum of PricingQuantity in 1e-9 of the set's PricingUnit.</summary>
    public Int128 PricingNanos => (_pricingUnits * Money.Money.NanosPerUnit) + _pricingSubunitNanos;

    /// <summary>Sum of ConsumedQuantity in 1e-9 of the set's ConsumedUnit.</summary>
    public Int128 ConsumedNanos => (_consumedUnits * Money.Money.NanosPerUnit) + _consumedSubunitNanos;

    /// <summary>Adds one row.</summary>
    /// <exception cref="OverflowException">A sum leaves 64 bits.</exception>
    public void Add(in CostLineRow row)
    {
        checked
        {
            LineCount++;
            BilledNanos += row.BilledNanos;
            EffectiveNanos += row.EffectiveNanos;
            ListNanos += row.ListNanos;
            ContractedNanos += row.ContractedNanos;
        }

        // Cannot leave 128 and 64 bits within 4e9 rows.
        unchecked
        {
            _pricingUnits += row.PricingUnits;
            _consumedUnits += row.ConsumedUnits;
            _pricingSubunitNanos += row.PricingSubunitNanos;
            _consumedSubunitNanos += row.ConsumedSubunitNanos;
        }
    }

    /// <summary>Adds another group: two ordinals turned out to be one dimension set.</summary>
    public void Add(RollupGroup other)
    {
        ArgumentNullException.ThrowIfNull(other);
        checked
        {
            LineCount += other.LineCount;
            BilledNanos += other.BilledNanos;
            EffectiveNanos += other.EffectiveNanos;
            ListNanos += other.ListNanos;
            ContractedNanos += other.ContractedNanos;
            _pricingUnits += other._pricingUnits;
            _consumedUnits += other._consumedUnits;
            _pricingSubunitNanos += other._pricingSubunitNanos;
            _consumedSubunitNanos += other._consumedSubunitNanos;
        }
    }
}

/// <summary>The totals of one charge day of a delivery, over all currencies, and a digest that is the same for any order of rows.</summary>
public sealed class DayTotals
{
    /// <summary>Makes an empty day.</summary>
    public DayTotals(int chargeDay) => ChargeDay = chargeDay;

    /// <summary>Days since 1970-01-01.</summary>
    public int ChargeDay { get; }

    /// <summary>The number of lines.</summary>
    public long LineCount { get; private set; }

    /// <summary>The sum modulo 2^128 of the lines' digests. Two deliveries with equal digests have the same lines on that day.</summary>
    public UInt128 Digest { get; private set; }

    /// <summary>Has any line a cost that is not 0?</summary>
    public bool HasCost { get; private set; }

    /// <summary>Adds one line.</summary>
    /// <param name="lineDigest">The line's digest.</param>
    /// <param name="hasCost">Is any of its four costs not 0?</param>
    public void Add(Hash128 lineDigest, bool hasCost)
    {
        LineCount++;
        HasCost |= hasCost;
        Digest = unchecked(Digest + lineDigest.ToUInt128());
    }

    /// <summary>Adds the lines of another object on the same day.</summary>
    public void Add(DayTotals other)
    {
        ArgumentNullException.ThrowIfNull(other);
        LineCount += other.LineCount;
        HasCost |= other.HasCost;
        Digest = unchecked(Digest + other.Digest);
    }
}

/// <summary>A block of consecutive rows: its digest proves that a re-read gives the same lines, its days let a search skip it.</summary>
/// <param name="FirstRowNumber">From 1 over the whole delivery.</param>
/// <param name="RowCount">10,000, less in the last block.</param>
/// <param name="FirstChargeDay">The earliest charge day in the block.</param>
/// <param name="LastChargeDay">The latest charge day in the block.</param>
/// <param name="Digest">Over the rows in their order.</param>
public sealed record LineBlock(uint FirstRowNumber, int RowCount, int FirstChargeDay, int LastChargeDay, Hash128 Digest)
{
    /// <summary>Rows in a full block.</summary>
    public const int RowsPerBlock = 10_000;
}

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

    /// <summary>The exact total.</summary>
    public ExactAmount Exact(CostColumn column) => ExactAmount.Of(RoundedNanos(column), ResidueAttos(column));

    /// <summary>The exact total in 1e-18.</summary>
    /// <exception cref="OverflowException">It is beyond 1.7e20 units; <see cref="Exact"/> has no such end.</exception>
    public Int128 ExactAttos(CostColumn column) => checked((RoundedNanos(column) * FocusDecimal.AttosPerNano) + ResidueAttos(column));

    /// <summary>Adds the high parts of a row that was added.</summary>
    public void Add(in CostHighs highs)
    {
        // At most 9.2e27 nanos a row: 4e9 of them cannot leave 128 bits.
        _billedNanos += (Int128)highs.Billed * WideNanos.PerHigh;
        _effectiveNanos += (Int128)highs.Effective * WideNanos.PerHigh;
        _listNanos += (Int128)highs.List * WideNanos.PerHigh;
        _contractedNanos += (Int128)highs.Contracted * WideNanos.PerHigh;
    }

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
    private WideSum _billed;
    private WideSum _effective;
    private WideSum _list;
    private WideSum _contracted;
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
    public Int128 BilledNanos => _billed.Nanos;

    /// <summary>Sum of EffectiveCost, in nanos.</summary>
    public Int128 EffectiveNanos => _effective.Nanos;

    /// <summary>Sum of ListCost, in nanos.</summary>
    public Int128 ListNanos => _list.Nanos;

    /// <summary>Sum of ContractedCost, in nanos.</summary>
    public Int128 ContractedNanos => _contracted.Nanos;

    /// <summary>Sum of PricingQuantity in 1e-9 of the set's PricingUnit.</summary>
    public Int128 PricingNanos => (_pricingUnits * Money.Money.NanosPerUnit) + _pricingSubunitNanos;

    /// <summary>Sum of ConsumedQuantity in 1e-9 of the set's ConsumedUnit.</summary>
    public Int128 ConsumedNanos => (_consumedUnits * Money.Money.NanosPerUnit) + _consumedSubunitNanos;

    /// <summary>Adds the high parts of a row that was added.</summary>
    public void Add(in CostHighs highs)
    {
        _billed.AddHigh(highs.Billed);
        _effective.AddHigh(highs.Effective);
        _list.AddHigh(highs.List);
        _contracted.AddHigh(highs.Contracted);
    }

    /// <summary>Adds one row.</summary>
    public void Add(in CostLineRow row)
    {
        LineCount++;
        _billed.Add(row.BilledNanos);
        _effective.Add(row.EffectiveNanos);
        _list.Add(row.ListNanos);
        _contracted.Add(row.ContractedNanos);

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
        _billed.Add(other._billed);
        _effective.Add(other._effective);
        _list.Add(other._list);
        _contracted.Add(other._contracted);
        checked
        {
            LineCount += other.LineCount;
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

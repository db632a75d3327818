using System.Runtime.InteropServices;
using CiCost.Domain.Money;

namespace CiCost.Domain.Lines;

/// <content>What is added up on the way: exact totals, the rollup, day totals, block digests.</content>
public sealed partial class LineEncoder
{
    private readonly List<ExactTotals> _totals = [];
    private readonly List<ExactTotals> _totalsOfSet = [];
    private readonly List<Hash128> _digestOfSet = [];
    private readonly List<RollupGroup?> _lastGroupOfSet = [];
    private readonly Dictionary<ulong, RollupGroup> _groups = [];
    private readonly List<ObjectDays> _objects = [];
    private readonly Dictionary<int, DayTotals> _days = [];
    private string _objectName = "";
    private readonly List<LineBlock> _blocks = [];
    private DayTotals? _day;
    private Hash128 _blockDigest = Hash128.Seed;
    private uint _blockFirstRow;
    private int _blockRows;
    private int _blockFirstDay = int.MaxValue;
    private int _blockLastDay = int.MinValue;

    private void RegisterForTotals(DimensionSet set)
    {
        var currency = Currency.Parse(set[DimensionColumn.BillingCurrency] ?? "");
        var credits = set[DimensionColumn.ChargeCategory] == "Credit";
        var totals = _totals.Find(t => t.Currency == currency && t.AreCredits == credits);
        if (totals is null)
        {
            totals = new ExactTotals(currency, credits);
            _totals.Add(totals);
        }

        _totalsOfSet.Add(totals);
        _digestOfSet.Add(Hash128.Seed.Append(set.Key));
        _lastGroupOfSet.Add(null);
    }

    private void Accumulate(in CostLineRow row, Hash128 textDigest)
    {
        _totalsOfSet[row.DimensionSet].Add(in row);
        var day = row.ChargeDay;
        GroupOf(in row, day).Add(in row);
        AddToDigests(Digest(in row, _digestOfSet[row.DimensionSet], textDigest), day,
            hasMoney: (row.BilledNanos | row.EffectiveNanos | row.ListNanos | row.ContractedNanos) != 0);
    }

    private void Accumulate(in CostLineRow row, in CostHighs highs, Hash128 textDigest)
    {
        _totalsOfSet[row.DimensionSet].Add(in row);
        _totalsOfSet[row.DimensionSet].Add(in highs);
        var day = row.ChargeDay;
        var group = GroupOf(in row, day);
        group.Add(in row);
        group.Add(in highs);
        AddToDigests(Digest(in row, _digestOfSet[row.DimensionSet], textDigest).Append(highs.Billed, highs.Effective)
            .Append(highs.List, highs.Contracted), day, hasMoney: true);
    }

    private void AddToDigests(Hash128 digest, int day, bool hasMoney)
    {
        if (_day is null || _day.ChargeDay != day)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_days, day, out _);
            _day = entry ??= new DayTotals(day);
        }

        _day.Add(digest, hasMoney);
        AddToBlock(digest, day);
    }

    private RollupGroup GroupOf(in CostLineRow row, int day)
    {
        // Bills run along days and resources: mostly it is the group of the set's row before.
        var last = _lastGroupOfSet[row.DimensionSet];
        if (last is not null && last.ChargeDay == day && last.BillingMonthIndex == row.BillingMonthIndex)
        {
            return last;
        }

        var key = ((ulong)(uint)row.DimensionSet << 40) | ((ulong)(ushort)row.BillingMonthIndex << 24) | ((uint)day & 0xFF_FFFF);
        ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, key, out var exists);
        if (!exists)
        {
            if (_groups.Count > _limits.MaxRollupGroups)
            {
                throw new LineLimitException(nameof(LineEncoderLimits.MaxRollupGroups), _limits.MaxRollupGroups, RowCount, _objectName);
            }

            group = new RollupGroup(row.DimensionSet, day, row.BillingMonthIndex);
        }

        _lastGroupOfSet[row.DimensionSet] = group;
        return group!;
    }

    private static Hash128 Digest(in CostLineRow row, Hash128 setDigest, Hash128 textDigest)
    {
        var quantities = (row.HasPricingQuantity ? 1 : 0) | (row.HasConsumedQuantity ? 2 : 0);
        return new Hash128(setDigest.Low ^ textDigest.High, setDigest.High ^ textDigest.Low)
            .Append(row.ChargeStartSeconds, row.ChargeSeconds)
            .Append(row.BilledNanos, row.EffectiveNanos)
            .Append(row.ListNanos, row.ContractedNanos)
            .Append(Pair(row.BilledResidueAttos, row.EffectiveResidueAttos), Pair(row.ListResidueAttos, row.ContractedResidueAttos))
            .Append(row.PricingUnits, row.ConsumedUnits)
            .Append(Pair(row.PricingSubunitNanos, row.ConsumedSubunitNanos), Pair(row.BillingMonthIndex, quantities));
    }

    private static long Pair(int high, int low) => ((long)high << 32) | unchecked((uint)low);

    private void AddToBlock(Hash128 digest, int day)
    {
        _blockDigest = _blockDigest.Append(digest);
        _blockFirstDay = Math.Min(_blockFirstDay, day);
        _blockLastDay = Math.Max(_blockLastDay, day);
        if (_blockRows == 0)
        {
            _blockFirstRow = RowCount;
        }

        if (++_blockRows == LineBlock.RowsPerBlock)
        {
            CloseBlock();
        }
    }

    private void CloseBlock()
    {
        if (_blockRows == 0)
        {
            return;
        }

        _blocks.Add(new LineBlock(_blockFirstRow, _blockRows, _blockFirstDay, _blockLastDay, _blockDigest));
        _blockRows = 0;
        _blockDigest = Hash128.Seed;
        _blockFirstDay = int.MaxValue;
        _blockLastDay = int.MinValue;
    }

    /// <summary>The days so far are those of one object.</summary>
    private void CloseObject()
    {
        if (_days.Count > 0)
        {
            _objects.Add(new ObjectDays(_objectName, [.. _days.Values.OrderBy(d => d.ChargeDay)]));
            _days.Clear();
            _day = null;
        }
    }

    private IReadOnlyList<DayTotals> DaysOfAll()
    {
        if (_objects is [var only])
        {
            return only.Days;
        }

        SortedDictionary<int, DayTotals> days = [];
        foreach (var part in _objects.SelectMany(o => o.Days))
        {
            if (!days.TryGetValue(part.ChargeDay, out var day))
            {
                days.Add(part.ChargeDay, day = new DayTotals(part.ChargeDay));
            }

            day.Add(part);
        }

        return [.. days.Values];
    }

    private EncodedDelivery Totals()
    {
        CloseObject();
        return new EncodedDelivery(
            RowCount,
            [.. _totals.OrderBy(t => t.Currency).ThenBy(t => t.AreCredits)],
            _groups.Values,
            DaysOfAll(),
            _blocks)
        {
            Objects = _objects,
        };
    }
}

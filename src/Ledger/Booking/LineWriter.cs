using CiCost.Domain.Lines;
using CiCost.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Booking;

/// <summary>The hot inserts of one delivery: lines and their dictionaries, in the order of their keys, so that every insert
/// appends.</summary>
internal sealed class LineWriter : IDisposable
{
    private readonly long _prefix;
    private readonly HotInsert _line;
    private readonly HotInsert _resource;
    private readonly HotInsert _tagSet;
    private readonly HotInsert _unitPrice;
    private readonly HotInsert _high;

    public LineWriter(SqliteConnection connection, int deliveryId)
    {
        _prefix = (long)deliveryId << 32;
        _line = new HotInsert(
            connection,
            "cost_line",
            "line_id",
            "dimension_set_id",
            "charge_start_s",
            "charge_seconds",
            "billing_month",
            "resource_ordinal",
            "tag_set_ordinal",
            "unit_price_ordinal",
            "billed_nanos",
            "effective_nanos",
            "list_nanos",
            "contracted_nanos",
            "pricing_units",
            "pricing_nanos",
            "consumed_units",
            "consumed_nanos");
        _resource = new HotInsert(connection, "resource", "resource_id", "ResourceId", "ResourceName");
        _tagSet = new HotInsert(connection, "tag_set", "tag_set_id", "Tags");
        _unitPrice = new HotInsert(connection, "unit_price", "unit_price_id", "ListUnitPrice", "ContractedUnitPrice");
        _high = new HotInsert(connection, "cost_line_high", "line_id", "billed_high", "effective_high", "list_high", "contracted_high");
    }

    /// <summary>Writes the dictionary entries and lines of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="dimensionSetIds">The ledger's id for each ordinal of the delivery.</param>
    public void Write(LineBatch batch, IReadOnlyList<long> dimensionSetIds)
    {
        WriteTexts(_resource, batch.NewResources, textColumns: 2);
        WriteTexts(_tagSet, batch.NewTagSets, textColumns: 1);
        WriteTexts(_unitPrice, batch.NewUnitPrices, textColumns: 2);
        var rows = batch.Rows.AsSpan(0, batch.Count);
        for (var i = 0; i < rows.Length; i++)
        {
            ref readonly var row = ref rows[i];
            WriteLine(batch.FirstRowNumber + (uint)i, dimensionSetIds[row.DimensionSet], in row);
        }

        foreach (var (index, highs) in batch.Highs)
        {
            _high.Set(0, _prefix | (batch.FirstRowNumber + (uint)index));
            _high.Set(1, highs.Billed);
            _high.Set(2, highs.Effective);
            _high.Set(3, highs.List);
            _high.Set(4, highs.Contracted);
            _high.EndRow();
        }
    }

    /// <summary>Writes one line.</summary>
    public void WriteLine(uint rowNumber, long dimensionSetId, in CostLineRow row)
    {
        _line.Set(0, _prefix | rowNumber);
        _line.Set(1, dimensionSetId);
        _line.Set(2, row.ChargeStartSeconds);
        _line.Set(3, row.ChargeSeconds);
        _line.Set(4, row.BillingMonthIndex);
        SetOrdinal(5, row.Resource);
        SetOrdinal(6, row.TagSet);
        SetOrdinal(7, row.UnitPrices);
        _line.Set(8, row.BilledNanos);
        _line.Set(9, row.EffectiveNanos);
        _line.Set(10, row.ListNanos);
        _line.Set(11, row.ContractedNanos);
        SetQuantity(12, row.HasPricingQuantity, row.PricingUnits, row.PricingSubunitNanos);
        SetQuantity(14, row.HasConsumedQuantity, row.ConsumedUnits, row.ConsumedSubunitNanos);
        _line.EndRow();
    }

    /// <summary>Writes the lines that are still held back. Until then the tables may lack the last few.</summary>
    public void Flush()
    {
        _line.Flush();
        _high.Flush();
    }

    public void Dispose()
    {
        _line.Dispose();
        _resource.Dispose();
        _tagSet.Dispose();
        _unitPrice.Dispose();
        _high.Dispose();
    }

    private void SetOrdinal(int column, int ordinal)
    {
        if (ordinal == 0)
        {
            _line.SetNull(column);
        }
        else
        {
            _line.Set(column, ordinal);
        }
    }

    private void SetQuantity(int column, bool isStated, long units, int subunitNanos)
    {
        if (isStated)
        {
            _line.Set(column, units);
            _line.Set(column + 1, subunitNanos);
        }
        else
        {
            _line.SetNull(column);
            _line.SetNull(column + 1);
        }
    }

    private unsafe void WriteTexts(HotInsert insert, TextPairs texts, int textColumns)
    {
        fixed (byte* pinned = texts.Bytes)
        {
            for (var i = 0; i < texts.Count; i++)
            {
                insert.Set(0, _prefix | (uint)(texts.FirstOrdinal + i));
                insert.SetPinned(1, texts.First(i));
                if (textColumns == 2)
                {
                    insert.SetPinned(2, texts.Second(i));
                }

                insert.EndRow();
            }

            insert.Flush();
        }
    }
}

using CiCost.Domain.Lines;
using CiCost.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Booking;

/// <summary>The hot inserts of one delivery: lines and their dictionaries, in the order of their keys, so that every insert
/// appends.</summary>
internal sealed class LineWriter : IDisposable
{
    private const string InsertLine = """
        INSERT INTO cost_line (line_id, dimension_set_id, charge_start_s, charge_seconds, billing_month,
          resource_ordinal, tag_set_ordinal, unit_price_ordinal,
          billed_nanos, effective_nanos, list_nanos, contracted_nanos, pricing_units, pricing_nanos, consumed_units, consumed_nanos)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        """;

    private const string InsertResource = "INSERT INTO resource (resource_id, ResourceId, ResourceName) VALUES (?1, ?2, ?3)";
    private const string InsertTagSet = "INSERT INTO tag_set (tag_set_id, Tags) VALUES (?1, ?2)";
    private const string InsertUnitPrice = "INSERT INTO unit_price (unit_price_id, ListUnitPrice, ContractedUnitPrice) VALUES (?1, ?2, ?3)";

    private readonly long _prefix;
    private readonly HotStatement _line;
    private readonly HotStatement _resource;
    private readonly HotStatement _tagSet;
    private readonly HotStatement _unitPrice;
    private CostLineRow _last;
    private bool _isFirst = true;

    public LineWriter(SqliteConnection connection, int deliveryId)
    {
        _prefix = (long)deliveryId << 32;
        _line = new HotStatement(connection, InsertLine);
        _resource = new HotStatement(connection, InsertResource);
        _tagSet = new HotStatement(connection, InsertTagSet);
        _unitPrice = new HotStatement(connection, InsertUnitPrice);
    }

    /// <summary>Writes the dictionary entries and lines of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="dimensionSetIds">The ledger's id for each ordinal of the delivery.</param>
    public void Write(LineBatch batch, IReadOnlyList<long> dimensionSetIds)
    {
        WritePairs(_resource, batch.NewResources);
        WriteTagSets(batch.NewTagSets);
        WritePairs(_unitPrice, batch.NewUnitPrices);
        var rows = batch.Rows.AsSpan(0, batch.Count);
        for (var i = 0; i < rows.Length; i++)
        {
            ref readonly var row = ref rows[i];
            WriteLine(batch.FirstRowNumber + (uint)i, dimensionSetIds[row.DimensionSet], in row);
        }
    }

    /// <summary>Writes one line. What is the same as in the line before stays bound.</summary>
    public void WriteLine(uint rowNumber, long dimensionSetId, in CostLineRow row)
    {
        _line.Bind(1, _prefix | rowNumber);
        _line.Bind(2, dimensionSetId);
        _line.Bind(3, row.ChargeStartSeconds);
        if (_isFirst || row.ChargeSeconds != _last.ChargeSeconds)
        {
            _line.Bind(4, row.ChargeSeconds);
        }

        if (_isFirst || row.BillingMonthIndex != _last.BillingMonthIndex)
        {
            _line.Bind(5, row.BillingMonthIndex);
        }

        BindOrdinal(6, row.Resource, _last.Resource);
        BindOrdinal(7, row.TagSet, _last.TagSet);
        BindOrdinal(8, row.UnitPrices, _last.UnitPrices);
        _line.Bind(9, row.BilledNanos);
        _line.Bind(10, row.EffectiveNanos);
        _line.Bind(11, row.ListNanos);
        _line.Bind(12, row.ContractedNanos);
        BindQuantity(13, row.HasPricingQuantity, row.PricingUnits, row.PricingSubunitNanos);
        BindQuantity(15, row.HasConsumedQuantity, row.ConsumedUnits, row.ConsumedSubunitNanos);
        _line.Run();
        _last = row;
        _isFirst = false;
    }

    public void Dispose()
    {
        _line.Dispose();
        _resource.Dispose();
        _tagSet.Dispose();
        _unitPrice.Dispose();
    }

    private void BindOrdinal(int index, int ordinal, int last)
    {
        if (!_isFirst && ordinal == last)
        {
            return;
        }

        if (ordinal == 0)
        {
            _line.BindNull(index);
        }
        else
        {
            _line.Bind(index, ordinal);
        }
    }

    private void BindQuantity(int index, bool isStated, long units, int subunitNanos)
    {
        if (isStated)
        {
            _line.Bind(index, units);
            _line.Bind(index + 1, subunitNanos);
        }
        else
        {
            _line.BindNull(index);
            _line.BindNull(index + 1);
        }
    }

    private void WritePairs(HotStatement insert, TextPairs pairs)
    {
        for (var i = 0; i < pairs.Count; i++)
        {
            insert.Bind(1, _prefix | (uint)(pairs.FirstOrdinal + i));
            insert.Run(2, pairs.First(i), 3, pairs.Second(i));
        }
    }

    private void WriteTagSets(TextPairs tagSets)
    {
        for (var i = 0; i < tagSets.Count; i++)
        {
            _tagSet.Bind(1, _prefix | (uint)(tagSets.FirstOrdinal + i));
            _tagSet.Run(2, tagSets.First(i), 0, default);
        }
    }
}

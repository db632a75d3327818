using CiCost.Domain.Money;
using CiCost.Ledger.Booking;
using CiCost.Ledger.Sqlite;
using Dapper;

namespace CiCost.Ledger.Costs;

/// <summary>A cost line with its texts.</summary>
public sealed record CostLine
{
    /// <summary>The delivery.</summary>
    public required int DeliveryId { get; init; }

    /// <summary>The row in the delivery, from 1; rounding lines have numbers from 4,294,900,000.</summary>
    public required uint RowNumber { get; init; }

    /// <summary>True for a rounding line, which no raw row stands behind.</summary>
    public bool IsRounding => RowNumber >= RoundingLines.FirstRowNumber;

    /// <summary>The dimension set.</summary>
    public required long DimensionSetId { get; init; }

    /// <summary>ChargePeriodStart, UTC.</summary>
    public required DateTimeOffset ChargePeriodStart { get; init; }

    /// <summary>ChargePeriodEnd, UTC.</summary>
    public required DateTimeOffset ChargePeriodEnd { get; init; }

    /// <summary>The row's own billing period, months since 1970-01.</summary>
    public required int BillingMonthIndex { get; init; }

    /// <summary>BilledCost in nanos.</summary>
    public required Int128 BilledNanos { get; init; }

    /// <summary>EffectiveCost in nanos.</summary>
    public required Int128 EffectiveNanos { get; init; }

    /// <summary>ListCost in nanos.</summary>
    public required Int128 ListNanos { get; init; }

    /// <summary>ContractedCost in nanos.</summary>
    public required Int128 ContractedNanos { get; init; }

    /// <summary>PricingQuantity, or null.</summary>
    public Quantity? PricingQuantity { get; init; }

    /// <summary>ConsumedQuantity, or null.</summary>
    public Quantity? ConsumedQuantity { get; init; }

    /// <summary>ResourceId, or null.</summary>
    public string? ResourceId { get; init; }

    /// <summary>ResourceName, or null.</summary>
    public string? ResourceName { get; init; }

    /// <summary>Tags that are no dimensions, a JSON object, or null.</summary>
    public string? Tags { get; init; }

    /// <summary>ListUnitPrice in its exact text, or null.</summary>
    public string? ListUnitPrice { get; init; }

    /// <summary>ContractedUnitPrice in its exact text, or null.</summary>
    public string? ContractedUnitPrice { get; init; }
}

/// <summary>Reads cost lines of deliveries that still have them.</summary>
public sealed class LineReader(Books books)
{
    private const string Select = """
        SELECT l.line_id, l.dimension_set_id, l.charge_start_s, l.charge_seconds, l.billing_month,
               l.billed_nanos, l.effective_nanos, l.list_nanos, l.contracted_nanos,
               l.pricing_units, l.pricing_nanos, l.consumed_units, l.consumed_nanos,
               r.ResourceId, r.ResourceName, t.Tags, p.ListUnitPrice, p.ContractedUnitPrice
        FROM cost_line l
        LEFT JOIN resource r ON r.resource_id = (l.line_id >> 32 << 32) | l.resource_ordinal
        LEFT JOIN tag_set t ON t.tag_set_id = (l.line_id >> 32 << 32) | l.tag_set_ordinal
        LEFT JOIN unit_price p ON p.unit_price_id = (l.line_id >> 32 << 32) | l.unit_price_ordinal
        WHERE l.line_id BETWEEN ?1 AND ?2
        """;

    private const string SelectHighs = """
        SELECT billed_high, effective_high, list_high, contracted_high FROM cost_line_high WHERE line_id = ?1
        """;

    private const string SelectKeys = """
        SELECT line_id, dimension_set_id, charge_start_s / 86400 FROM cost_line WHERE line_id BETWEEN ?1 AND ?2
        """;

    private const string SelectBlocks = """
        SELECT first_row FROM delivery_block
        WHERE delivery_id = @deliveryId AND first_day <= @lastDay AND last_day >= @firstDay ORDER BY first_row
        """;

    private const string SelectNextBlock = """
        SELECT MIN(first_row) FROM delivery_block WHERE delivery_id = @deliveryId AND first_row > @firstRow
        """;

    /// <summary>One line, or null: a set-aside row, a row beyond the end, or a delivery whose lines were removed.</summary>
    public CostLine? Find(int deliveryId, uint rowNumber)
    {
        using var connection = books.OpenReader();
        using var query = new HotQuery(connection, Select);
        var id = ((long)deliveryId << 32) | rowNumber;
        query.Bind(1, id);
        query.Bind(2, id);
        using var highs = new HotQuery(connection, SelectHighs);
        return query.Read() ? Line(query, highs) : null;
    }

    /// <summary>The lines of some dimension sets within a range of charge days, in row order. Blocks without such days are not
    /// read.</summary>
    public IEnumerable<CostLine> Lines(int deliveryId, IReadOnlySet<long> dimensionSetIds, int firstDay, int lastDay)
    {
        ArgumentNullException.ThrowIfNull(dimensionSetIds);
        using var connection = books.OpenReader();
        using var keys = new HotQuery(connection, SelectKeys);
        using var lines = new HotQuery(connection, Select);
        using var highs = new HotQuery(connection, SelectHighs);
        foreach (var (first, last) in Ranges(connection, deliveryId, firstDay, lastDay))
        {
            keys.Bind(1, ((long)deliveryId << 32) | first);
            keys.Bind(2, ((long)deliveryId << 32) | last);
            while (keys.Read())
            {
                if (keys.Int32(2) < firstDay || keys.Int32(2) > lastDay || !dimensionSetIds.Contains(keys.Int64(1)))
                {
                    continue;
                }

                lines.Bind(1, keys.Int64(0));
                lines.Bind(2, keys.Int64(0));
                if (lines.Read())
                {
                    yield return Line(lines, highs);
                }

                lines.Restart();
            }

            keys.Restart();
        }
    }

    private static IEnumerable<(uint First, uint Last)> Ranges(Microsoft.Data.Sqlite.SqliteConnection connection, int deliveryId,
        int firstDay, int lastDay)
    {
        foreach (var firstRow in connection.Query<long>(SelectBlocks, new { deliveryId, firstDay, lastDay }).ToList())
        {
            var next = connection.ExecuteScalar<long?>(SelectNextBlock, new { deliveryId, firstRow });
            yield return ((uint)firstRow, (uint)((next ?? RoundingLines.FirstRowNumber) - 1));
        }

        yield return (RoundingLines.FirstRowNumber, uint.MaxValue);
    }

    private static CostLine Line(HotQuery query, HotQuery highs)
    {
        highs.Bind(1, query.Int64(0));
        var high = highs.Read() ? WideSql.HighCosts(highs, 0) : default;
        highs.Restart();
        return Line(query, high);
    }

    private static CostLine Line(HotQuery query, WideCosts high) => new()
    {
        DeliveryId = (int)(query.Int64(0) >> 32),
        RowNumber = (uint)(query.Int64(0) & uint.MaxValue),
        DimensionSetId = query.Int64(1),
        ChargePeriodStart = DateTimeOffset.FromUnixTimeSeconds(query.Int64(2)),
        ChargePeriodEnd = DateTimeOffset.FromUnixTimeSeconds(query.Int64(2) + query.Int64(3)),
        BillingMonthIndex = query.Int32(4),
        BilledNanos = high.Billed + query.Int64(5),
        EffectiveNanos = high.Effective + query.Int64(6),
        ListNanos = high.List + query.Int64(7),
        ContractedNanos = high.Contracted + query.Int64(8),
        PricingQuantity = query.IsNull(9) ? null : Quantity.FromParts(query.Int64(9), query.Int64(10)),
        ConsumedQuantity = query.IsNull(11) ? null : Quantity.FromParts(query.Int64(11), query.Int64(12)),
        ResourceId = query.Text(13),
        ResourceName = query.Text(14),
        Tags = query.Text(15),
        ListUnitPrice = query.Text(16),
        ContractedUnitPrice = query.Text(17),
    };
}

using System.Text.Json;
using CiCost.Domain.Lines;
using CiCost.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Booking;

/// <summary>Finds and adds dimension sets by their SHA-256 key, inside the booking's transaction.</summary>
internal sealed class DimensionSetStore : IDisposable
{
    private static readonly string Columns = string.Join(", ", Enum.GetNames<DimensionColumn>());

    private static readonly string Insert = $"""
        INSERT INTO dimension_set (dimension_set_id, dimension_key, origin, first_delivery_id, extras, {Columns})
        VALUES (?1, ?2, ?3, ?4, ?5, {string.Join(", ", Enumerable.Range(6, DimensionSet.ColumnCount).Select(n => $"?{n}"))})
        """;

    private const string SelectByKey = "SELECT dimension_set_id FROM dimension_set WHERE dimension_key = ?1";
    private const string SelectLast = "SELECT COALESCE(MAX(dimension_set_id), 0) FROM dimension_set";

    private readonly HotStatement _select;
    private readonly HotStatement _insert;
    private readonly int _deliveryId;
    private long _lastId;

    public DimensionSetStore(SqliteConnection connection, int deliveryId)
    {
        _deliveryId = deliveryId;
        _select = new HotStatement(connection, SelectByKey);
        _insert = new HotStatement(connection, Insert);
        using var last = new HotStatement(connection, SelectLast);
        last.TryReadInt64(out _lastId);
    }

    /// <summary>The sets that were added, with their ids.</summary>
    public List<(long Id, DimensionSet Set)> Added { get; } = [];

    /// <summary>The id of a set, adding it when the books do not have it.</summary>
    public long Resolve(DimensionSet set)
    {
        _select.BindBlob(1, set.Key);
        if (_select.TryReadInt64(out var id))
        {
            return id;
        }

        id = ++_lastId;
        _insert.Bind(1, id);
        _insert.BindBlob(2, set.Key);
        _insert.Bind(3, (int)set.Origin);
        _insert.Bind(4, _deliveryId);
        _insert.BindText(5, set.Extras.Count == 0 ? null : JsonSerializer.Serialize(set.Extras));
        for (var column = 0; column < DimensionSet.ColumnCount; column++)
        {
            _insert.BindText(6 + column, set[(DimensionColumn)column]);
        }

        _insert.Run();
        Added.Add((id, set));
        return id;
    }

    public void Dispose()
    {
        _select.Dispose();
        _insert.Dispose();
    }
}

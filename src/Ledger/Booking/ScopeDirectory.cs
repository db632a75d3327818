using CiCost.Ledger.Sources;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Booking;

/// <summary>Scopes and their current deliveries, inside the booking's transaction.</summary>
internal static class ScopeDirectory
{
    private const string SelectSource = "SELECT source_id FROM source WHERE source_key = @key";

    private const string InsertScope = """
        INSERT INTO scope (source_id, billing_month, part) VALUES (@sourceId, @month, @part) ON CONFLICT DO NOTHING
        """;

    private const string SelectScope = """
        SELECT scope_id FROM scope WHERE source_id = @sourceId AND billing_month = @month AND part = @part
        """;

    private const string SelectCurrent = """
        SELECT delivery_id AS DeliveryId, fingerprint AS Fingerprint FROM delivery
        WHERE scope_id = @scopeId ORDER BY delivery_id DESC LIMIT 1
        """;

    private const string SelectNext = "SELECT COALESCE(MAX(delivery_id), 0) + 1 FROM delivery";

    public static long FindOrAdd(SqliteConnection connection, BookingRequest request, long nowMs)
    {
        SourceRegistry.Register(connection, request.Source, nowMs);
        var sourceId = connection.ExecuteScalar<long>(SelectSource, new { key = request.Source.Key });
        var key = new { sourceId, month = request.BillingMonth.Index, part = request.Part };
        connection.Execute(InsertScope, key);
        return connection.ExecuteScalar<long>(SelectScope, key);
    }

    public static (int DeliveryId, string Fingerprint)? CurrentDelivery(SqliteConnection connection, long scopeId) =>
        connection.QuerySingleOrDefault<CurrentRow>(SelectCurrent, new { scopeId }) is { } row ? (row.DeliveryId, row.Fingerprint) : null;

    public static int NextDeliveryId(SqliteConnection connection) => connection.ExecuteScalar<int>(SelectNext);

    private sealed record CurrentRow
    {
        public int DeliveryId { get; init; }

        public string Fingerprint { get; init; } = "";
    }
}

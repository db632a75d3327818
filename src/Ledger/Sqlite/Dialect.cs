using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Sqlite;

/// <summary>What only SQLite says this way, in one place: another engine needs another file like this.</summary>
internal static class Dialect
{
    /// <summary>The distinct keys of the JSON objects in <c>dimension_set.extras</c>.</summary>
    public const string SelectExtraNames = """
        SELECT DISTINCT e.key FROM dimension_set d, json_each(d.extras) e WHERE d.extras IS NOT NULL ORDER BY 1
        """;

    /// <summary>The billing accounts of a scope with lines in more than one currency.</summary>
    public const string SelectAccountCurrencies = """
        SELECT COALESCE(d.BillingAccountId, '') AS BillingAccountId, GROUP_CONCAT(DISTINCT d.BillingCurrency) AS Currencies
        FROM rollup_month r JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
        WHERE r.scope_id = @scopeId AND r.from_delivery <= @deliveryId AND r.to_delivery > @deliveryId AND d.origin = 0
        GROUP BY 1 HAVING COUNT(DISTINCT d.BillingCurrency) > 1 ORDER BY 1
        """;

    /// <summary>Moves the write-ahead log into the database file as far as readers allow, and waits for none of them.</summary>
    public static void CheckpointWhatReadersAllow(SqliteConnection connection) => connection.Execute("PRAGMA wal_checkpoint(PASSIVE)");

    /// <summary>Moves the write-ahead log into the database file and empties it.</summary>
    public static void CheckpointAll(SqliteConnection connection) => connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

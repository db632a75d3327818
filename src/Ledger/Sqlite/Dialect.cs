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

    /// <summary>What makes every table, view and index: kind and name, and the text.</summary>
    public const string SelectSchema = """
        SELECT type || ' ' || name AS Name, COALESCE(sql, '') AS Text FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1
        """;

    /// <summary>An empty database of the newest schema that nobody else sees: a temporary file, gone when it is closed, that is never synced and
    /// looks at no reference.</summary>
    public static SqliteConnection OpenTemporary()
    {
        var connection = new SqliteConnection("Data Source=;Pooling=False");
        connection.Open();
        connection.Execute("PRAGMA page_size = 8192; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536");
        Migrator.Migrate(connection);
        connection.Execute("PRAGMA foreign_keys = OFF");
        return connection;
    }

    /// <summary>What SQLite finds wrong with pages and indexes, and rows that refer to no row; so many at most.</summary>
    public static IReadOnlyList<string> Problems(SqliteConnection connection, int most)
    {
        List<string> problems = [.. connection.Query<string>($"PRAGMA integrity_check({most})").Where(r => r != "ok")];
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA foreign_key_check";
        using var reader = command.ExecuteReader();
        while (reader.Read() && problems.Count < most)
        {
            var row = reader.IsDBNull(1) ? "a row" : "row " + reader.GetValue(1);
            problems.Add($"{row} of {reader.GetValue(0)} refers to a row of {reader.GetValue(2)} that is not there");
        }

        return problems;
    }
}

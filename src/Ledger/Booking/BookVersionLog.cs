using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Booking;

/// <summary>Appends to the list of events that change what the books say. Times never run backwards, whatever the clock does.</summary>
internal static class BookVersionLog
{
    private const string Insert = """
        INSERT INTO book_version (recorded_at_ms, event, rule_set_id)
        VALUES (MAX(@now, COALESCE((SELECT MAX(recorded_at_ms) FROM book_version), 0)), @kind, @ruleSetId)
        RETURNING book_version_id
        """;

    public static long Append(SqliteConnection connection, TimeProvider time, string kind, long ruleSetId) =>
        connection.ExecuteScalar<long>(Insert, new { now = time.GetUtcNow().ToUnixTimeMilliseconds(), kind, ruleSetId });
}

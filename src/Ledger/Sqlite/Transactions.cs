using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Sqlite;

/// <summary>Short write transactions. The caller holds the write gate.</summary>
internal static class Transactions
{
    /// <summary>Runs a few statements whole or not at all.</summary>
    public static void Run(SqliteConnection connection, Action statements)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            statements();
            connection.Execute("COMMIT");
        }
        catch
        {
            connection.Execute("ROLLBACK");
            throw;
        }
    }
}

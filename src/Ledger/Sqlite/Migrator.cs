using System.Globalization;
using System.Reflection;
using CiCost.Ledger.Digests;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Sqlite;

/// <summary>Brings a database to the current schema: embedded scripts <c>NNNN_name.sql</c>, forward only, each in one
/// transaction.</summary>
internal static class Migrator
{
    private const string Prefix = "CiCost.Ledger.Sqlite.Migrations.";

    /// <summary>The schema that has digests of records: those of older books are taken with its script.</summary>
    private const int FirstWithDigests = 9;

    /// <summary>All scripts in order: number and text.</summary>
    public static IReadOnlyList<(int Number, string Sql)> Scripts { get; } = [.. Load()];

    /// <summary>The newest schema number this program knows.</summary>
    public static int Newest => Scripts[^1].Number;

    /// <summary>The schema number of a database; 0 for an empty one.</summary>
    public static int VersionOf(SqliteConnection connection) => connection.ExecuteScalar<int>("PRAGMA user_version");

    /// <summary>Applies the scripts that a database lacks. The caller holds the write gate. A script may write a table anew that others
    /// refer to; references are looked at before each commit.</summary>
    public static void Migrate(SqliteConnection connection)
    {
        var missing = Scripts.Where(s => s.Number > VersionOf(connection)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        connection.Execute("PRAGMA foreign_keys = OFF");
        try
        {
            foreach (var (number, sql) in missing)
            {
                Apply(connection, number, sql);
            }
        }
        finally
        {
            connection.Execute("PRAGMA foreign_keys = ON");
        }
    }

    private static void Apply(SqliteConnection connection, int number, string sql)
    {
        using var transaction = WriteTransaction.Begin(connection);
        connection.Execute(sql);
        if (number == FirstWithDigests)
        {
            RecordDigests.TakeAll(connection);
        }

        if (connection.Query("PRAGMA foreign_key_check").Any())
        {
            throw new InvariantException($"Migration {number} would leave rows that refer to nothing. Restore a backup, or ask for help.");
        }

        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {number}"));
        transaction.Commit();
    }

    private static IEnumerable<(int Number, string Sql)> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n
            => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (int.Parse(name.AsSpan(Prefix.Length, 4), CultureInfo.InvariantCulture), reader.ReadToEnd());
        }
    }
}

using System.Globalization;
using CiCost.Ledger;
using Microsoft.Data.Sqlite;

namespace CiCost.CostApi.Tests.Disks;

/// <summary>Books as an older program made them: the scripts of the schema up to a number, and no more.</summary>
internal static class OldBooks
{
    private const string Prefix = "CiCost.Ledger.Sqlite.Migrations.";

    public static void Make(string path, int schema)
    {
        var assembly = typeof(Books).Assembly;
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL");
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var number = int.Parse(name.AsSpan(Prefix.Length, 4), CultureInfo.InvariantCulture);
            if (number > schema)
            {
                return;
            }

            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            Execute(connection, reader.ReadToEnd());
            Execute(connection, $"PRAGMA user_version = {number}");
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

using CiCost.Ledger.Proofs;
using CiCost.Ledger.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Tests.Proofs;

/// <summary>Every column is proved by a check, or somebody said why it need not be.</summary>
public sealed class ProofScopeTests
{
    [Test]
    public void EveryColumn_IsProved_OrSaysWhyNot()
    {
        var columns = Columns();
        Assert.Multiple(() =>
        {
            Assert.That(columns.Except(ProofScope.Proved.Keys).Except(ProofScope.Unproved.Keys), Is.Empty, "in neither list");
            Assert.That(ProofScope.Proved.Keys.Except(columns), Is.Empty, "proved, and there is no such column");
            Assert.That(ProofScope.Unproved.Keys.Except(columns), Is.Empty, "left out, and there is no such column");
            Assert.That(ProofScope.Proved.Keys.Intersect(ProofScope.Unproved.Keys), Is.Empty, "in both lists");
            Assert.That(ProofScope.Unproved.Values, Has.All.Length.GreaterThan(40), "a reason");
        });
    }

    private static List<string> Columns()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Migrator.Migrate(connection);
        return [.. connection.Query<string>("""
            SELECT s.name || '.' || c.name FROM sqlite_schema s JOIN pragma_table_info(s.name) c
            WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite_%' ORDER BY 1
            """)];
    }
}

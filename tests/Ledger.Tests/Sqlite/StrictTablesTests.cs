using CiCost.Ledger.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Tests.Sqlite;

/// <summary>A table that a script makes, or writes anew, is STRICT: SQLite itself refuses a text where money belongs. Tables of schema 8
/// and before come from a time when the library had none; they keep their <c>CHECK (typeof(...))</c>.</summary>
public sealed class StrictTablesTests
{
    private const int LastWithoutStrict = 8;

    [Test]
    public void TablesOfLaterScripts_AreStrict() =>
        Assert.That(NotStrict(Migrator.Scripts.Where(s => s.Number > LastWithoutStrict).Select(s => s.Sql)), Is.Empty);

    [TestCase("CREATE TABLE a (b INTEGER NOT NULL) STRICT", ExpectedResult = "")]
    [TestCase("CREATE TABLE a (b INTEGER PRIMARY KEY) STRICT, WITHOUT ROWID", ExpectedResult = "")]
    [TestCase("ALTER TABLE source ADD COLUMN b INTEGER", ExpectedResult = "")]
    [TestCase("CREATE TABLE a (b INTEGER NOT NULL)", ExpectedResult = "a")]
    [TestCase("CREATE TABLE a (b INTEGER PRIMARY KEY) WITHOUT ROWID", ExpectedResult = "a")]
    [TestCase("CREATE TABLE new_upkeep AS SELECT * FROM upkeep; DROP TABLE upkeep; ALTER TABLE new_upkeep RENAME TO upkeep", ExpectedResult = "upkeep")]
    public string TableOfAScript_ThatIsNotStrict_IsFound(string script) => NotStrict([script]);

    [Test]
    public void StrictTable_RefusesTextForMoney()
    {
        using var connection = Old();
        connection.Execute("CREATE TABLE a (amount_nanos INTEGER NOT NULL) STRICT");

        Assert.That(() => connection.Execute("INSERT INTO a VALUES ('12.50 USD')"),
            Throws.InstanceOf<SqliteException>().With.Message.Contains("cannot store TEXT value in INTEGER column"));
    }

    /// <summary>The tables that these scripts make on schema 8 and that are not strict. A table that is written anew has another root
    /// page.</summary>
    private static string NotStrict(IEnumerable<string> scripts)
    {
        const string tables = """
            SELECT s.name || ' ' || s.rootpage FROM sqlite_schema s JOIN pragma_table_list(s.name) l ON l.schema = 'main'
            WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite_%' AND NOT l.strict
            """;
        using var connection = Old();
        var before = connection.Query<string>(tables).ToHashSet();
        Assert.That(before, Has.Count.GreaterThan(20), "tables of schema 8");
        foreach (var script in scripts)
        {
            connection.Execute(script);
        }

        return string.Join(", ", connection.Query<string>(tables).Where(t => !before.Contains(t)).Select(t => t.Split(' ')[0]));
    }

    private static SqliteConnection Old()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        foreach (var (_, sql) in Migrator.Scripts.Where(s => s.Number <= LastWithoutStrict))
        {
            connection.Execute(sql);
        }

        return connection;
    }
}

using System.Reflection;
using System.Text.RegularExpressions;
using CiCost.TestKit.Bookkeeping;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Tests.Sqlite;

/// <summary>No query is first parsed in production: every SQL text of the ledger is prepared on a freshly migrated database.</summary>
public sealed partial class SqlConstantsTests
{
    private static IEnumerable<TestCaseData> Statements => typeof(Books).Assembly.GetTypes()
        .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
        .SelectMany(f => TextsOf(f).Select((sql, i) => new TestCaseData(sql).SetArgDisplayNames($"{f.DeclaringType!.Name}.{f.Name}[{i}]")));

    [TestCaseSource(nameof(Statements))]
    public async Task Sql_OnAMigratedDatabase_CanBePrepared(string sql)
    {
        using var books = await BookFixture.OpenAsync();
        using var connection = books.OpenRaw();
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN " + sql;
        foreach (var name in Parameter().Matches(sql).Select(m => m.Value).Distinct())
        {
            command.Parameters.AddWithValue(name, 0);
        }

        Assert.That(() => command.ExecuteNonQuery(), Throws.Nothing);
    }

    [Test]
    public void Statements_AreFound_InAllFolders() => Assert.That(Statements.Count(), Is.AtLeast(50));

    [Test]
    public void RollupStatements_OfBothTables_CanBePrepared()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        CiCost.Ledger.Sqlite.Migrator.Migrate(connection);
        foreach (var intervals in new object[] { Ledger.Booking.RollupIntervals.ByDay(connection),
            Ledger.Booking.RollupIntervals.ByMonth(connection) })
        {
            foreach (var field in typeof(Ledger.Booking.RollupIntervals).GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Where(f
                => f.FieldType == typeof(string) && f.Name is "_selectOpen" or "_selectHighs" or "_close"))
            {
                using var command = connection.CreateCommand();
                command.CommandText = "EXPLAIN " + (string)field.GetValue(intervals)!;
                foreach (var name in Parameter().Matches(command.CommandText).Select(m => m.Value).Distinct())
                {
                    command.Parameters.AddWithValue(name, 0);
                }

                Assert.That(() => command.ExecuteNonQuery(), Throws.Nothing, field.Name);
            }
        }
    }

    private static IEnumerable<string> TextsOf(FieldInfo field)
    {
        var texts = field.FieldType == typeof(string) ? [(string?)field.GetValue(null) ?? ""]
            : field.FieldType == typeof(string[]) ? (string[])field.GetValue(null)!
            : [];
        return texts.Where(t => Verb().IsMatch(t))
            .SelectMany(t => t.Contains("{0}", StringComparison.Ordinal) ? Filled(field, t) : [t]);
    }

    /// <summary>Templates are filled as the code fills them: a period and a table, or a table and a period.</summary>
    private static IEnumerable<string> Filled(FieldInfo field, string template) => field.DeclaringType!.Name switch
    {
        "AuditReader" => [Fill(template, "rollup", "charge_day"), Fill(template, "rollup_month", "charge_month")],
        "CostCellReader" => [Fill(template, "charge_day", "rollup"), Fill(template, "charge_month", "rollup_month")],
        "DeliveryDifferences" => ((string[])["from_delivery", "to_delivery"]).Select(boundary => Fill(template, boundary,
            template.Contains("{2}", StringComparison.Ordinal) ? CiCost.Ledger.Sqlite.WideSql.Highs : CiCost.Ledger.Sqlite.WideSql.Sums)
            .Replace("{2}", CiCost.Ledger.Sqlite.WideSql.OnKey.Replace("{0}", "charge_day", StringComparison.Ordinal), StringComparison.Ordinal)),
        _ => [Fill(template, "rollup", "charge_day"), Fill(template, "rollup_month", "charge_month")],
    };

    private static string Fill(string template, string first, string second) =>
        template.Replace("{0}", first, StringComparison.Ordinal).Replace("{1}", second, StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s")]
    private static partial Regex Verb();

    [GeneratedRegex(@"@\w+|\?\d+")]
    private static partial Regex Parameter();
}

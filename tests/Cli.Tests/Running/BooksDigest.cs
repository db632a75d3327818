using System.Security.Cryptography;
using System.Text;

namespace CiCost.Cli.Tests.Running;

/// <summary>
/// What books say, as one hash per table: every row of every table, without the columns that hold the time of the run, and without the digests
/// that cover such columns. Ids are in it: a booking that is done again after a kill gets the same ones.
/// </summary>
internal static class BooksDigest
{
    private const string Columns = """
        SELECT m.name AS t, group_concat('quote(' || p.name || ')', ' || char(124) || ') AS columns
        FROM sqlite_master m, pragma_table_info(m.name) p
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND p.name NOT LIKE '%_ms' AND p.name <> 'posting_month'
          AND NOT (m.name IN ('record_digest', 'version_digest') AND p.name = 'digest')
        GROUP BY m.name ORDER BY m.name
        """;

    /// <summary>The digest: a line per table with its name and its hash.</summary>
    public static async Task<string> OfAsync(string books)
    {
        var digest = new StringBuilder();
        var tables = await SqliteShell.RowsAsync(books, Columns);
        Assert.That(tables, Has.Count.GreaterThan(15), "tables in the books");
        var separator = new string('=', 40);
        var statements = tables.Select(t => $"SELECT '{separator}'; SELECT {t[1]} FROM {t[0]};");
        var rows = await Cicost.RunProgramAsync(Path.GetDirectoryName(books)!, "sqlite3", "-batch", "-bail", books,
            string.Concat(statements));
        var parts = rows.Expect(0).Output.Split(separator + "\n")[1..];
        foreach (var (table, content) in tables.Zip(parts))
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
            digest.Append(table[0]).Append(' ').Append(content.Count(c => c == '\n')).Append(" lines ").AppendLine(hash[..16]);
        }

        return digest.ToString();
    }
}

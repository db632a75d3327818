using CiCost.Domain.Checks;
using CiCost.Ledger;
using CiCost.Ledger.Proofs;
using CiCost.TestKit;
using Microsoft.Data.Sqlite;

namespace CiCost.Accounting.Tests.Checks.Deep;

/// <summary>Random damage: what changes a stored value is found by <c>cicost check --deep</c>, and no damage ends in an unhandled exception.</summary>
public sealed class RandomDamageTests
{
    /// <summary>Small pages have little room that holds nothing, so that most damage changes a value.</summary>
    private const int PageBytes = 512;
    private const int FlippedBytes = 16;

    private DeepBooks _books = null!;
    private HashSet<string> _sound = [];
    private string _content = "";

    [OneTimeSetUp]
    public async Task MakeBooks()
    {
        _books = await DeepBooks.MakeAsync();
        _books.Damage(_ => { });
        _content = Content();
        _sound = DeepBooks.Failures(await _books.CheckAsync());
    }

    [OneTimeTearDown]
    public void RemoveBooks() => _books?.Dispose();

    [Test]
    public async Task EditsOfOneField_AreFound()
    {
        var random = new Random(Counts.Seed());
        List<string> missed = [];
        HashSet<string> tables = [];
        var edits = 0;
        while (edits < Counts.Of(1_000))
        {
            var edit = "";
            _books.Damage(connection => edit = EditOneField(connection, random));
            if (edit.Length == 0 || Content() == _content)
            {
                continue; // A constraint of the table refused it, or the value was the same.
            }

            edits++;
            tables.Add(edit.Split('.')[0]);
            if (!ProofScope.Unproved.ContainsKey(edit.Split(' ')[0]) && !await IsFoundAsync())
            {
                missed.Add(edit);
            }
        }

        TestContext.Out.WriteLine($"{edits} edits in {tables.Count} tables: {string.Join(", ", tables.Order())}");
        Assert.That(missed, Is.Empty);
    }

    [Test]
    public async Task DamagedPages_AreFound()
    {
        var random = new Random(Counts.Seed());
        var original = _books.WithPagesOf(PageBytes);
        _books.Reset(original);
        var content = Content();
        List<string> missed = [];
        var (changed, same) = (0, 0);
        for (var i = 0; i < Counts.Of(300); i++)
        {
            var bytes = original.ToArray();
            var page = random.Next(bytes.Length / PageBytes);
            var at = (page * PageBytes) + random.Next(PageBytes - FlippedBytes);
            for (var b = 0; b < FlippedBytes; b++)
            {
                bytes[at + b] ^= 0xFF;
            }

            _books.Reset(bytes);
            if (Content() == content)
            {
                same++; // In room that holds nothing.
            }
            else
            {
                changed++;
                _books.Reset(bytes);
                if (!await IsFoundAsync())
                {
                    missed.Add($"page {page}, offset {at % PageBytes}");
                }
            }
        }

        TestContext.Out.WriteLine($"{changed} changed a value, {same} did not");
        Assert.That(missed, Is.Empty);
        Assert.That(changed, Is.GreaterThan(same / 4), "damage to room that holds nothing proves nothing");
    }

    /// <summary>Every table can be edited, but for the one of older books.</summary>
    [Test]
    public void EveryTable_HasARow()
    {
        _books.Damage(_ => { });
        using var connection = DeepBooks.Open(_books.CopyPath);
        var empty = Tables(connection).Where(t => Read(connection, $"SELECT EXISTS (SELECT 1 FROM {t})") == "0");
        Assert.That(empty, Is.EqualTo(new[] { "upkeep" }), "what a newer program has to do in older books");
    }

    private async Task<bool> IsFoundAsync()
    {
        try
        {
            var outcomes = await _books.CheckAsync();
            return !DeepBooks.Failures(outcomes).SetEquals(_sound) && outcomes.Any(o => o.State == CheckState.Fails);
        }
        catch (BooksException exception)
        {
            return exception.Message.Length > 0;
        }
        catch (SqliteException exception)
        {
            // Books that cannot even be opened: every face names it so.
            return StorageFault.Of(exception)?.Code == "books-damaged";
        }
    }

    private static string EditOneField(SqliteConnection connection, Random random)
    {
        var tables = Tables(connection);
        var table = tables[random.Next(tables.Count)];
        var columns = Lines(connection, $"SELECT name FROM pragma_table_info('{table}')");
        var column = columns[random.Next(columns.Count)];
        var keys = Lines(connection, $"SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk");
        var count = int.Parse(Read(connection, $"SELECT COUNT(*) FROM {table}"), System.Globalization.CultureInfo.InvariantCulture);
        if (count == 0)
        {
            return "";
        }

        var row = random.Next(count);
        var key = string.Join(", ", keys);
        var old = Read(connection, $"SELECT quote({column}) FROM {table} ORDER BY {key} LIMIT 1 OFFSET {row}");
        var value = Other(old, random);
        using var command = connection.CreateCommand();
        command.CommandText = $"UPDATE {table} SET {column} = {value} WHERE ({key}) = (SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET {row})";
        try
        {
            return command.ExecuteNonQuery() == 1 ? $"{table}.{column} row {row}: {Short(old)} to {Short(value)}" : "";
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT)
        {
            return "";
        }
    }

    private static string Other(string quoted, Random random)
    {
        if (quoted == "NULL")
        {
            return random.Next(2) == 0 ? "1" : "'x'";
        }

        if (quoted.StartsWith("X'", StringComparison.Ordinal))
        {
            var bytes = Convert.FromHexString(quoted[2..^1]);
            if (bytes.Length == 0)
            {
                return "X'00'";
            }

            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            return $"X'{Convert.ToHexString(bytes)}'";
        }

        if (quoted.StartsWith('\''))
        {
            var at = quoted.Length == 2 ? 1 : random.Next(1, quoted.Length - 1);
            var rest = quoted.Length == 2 ? "'" : quoted[(at + 1)..];
            return quoted[at] is '\'' ? quoted[..^1] + "x'" : quoted[..at] + (quoted[at] == 'a' ? 'b' : 'a') + rest;
        }

        long[] steps = [1, -1, 60, 1_000_000_000];
        return $"{quoted} + ({steps[random.Next(steps.Length)]})";
    }

    private string Content()
    {
        try
        {
            using var connection = DeepBooks.Open(_books.CopyPath);
            return string.Join('\n', Tables(connection).Append("sqlite_schema").Select(t => $"{t}:{Content(connection, t)}"));
        }
        catch (SqliteException exception)
        {
            return exception.Message;
        }
    }

    private static string Content(SqliteConnection connection, string table)
    {
        var columns = Lines(connection, $"SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}')");
        var keys = Lines(connection, $"SELECT name FROM pragma_table_info('{table}') WHERE pk > 0");
        var order = keys.Count == 0 ? "" : $" ORDER BY {string.Join(", ", keys)}";
        return string.Join('\n', Lines(connection, $"SELECT {string.Join(" || '|' || ", columns)} FROM {table}{order}"));
    }

    private static List<string> Tables(SqliteConnection connection) =>
        Lines(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1");

    private static string Short(string text) => text.Length > 60 ? text[..60] + "..." : text;

    private static string Read(SqliteConnection connection, string sql) => Lines(connection, sql)[0];

    private static List<string> Lines(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<string> lines = [];
        while (reader.Read())
        {
            lines.Add(reader.IsDBNull(0) ? "" : Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!);
        }

        return lines;
    }
}

using System.Globalization;
using System.Text.Json;

namespace CiCost.Cli.Tests.Running;

/// <summary>Asks books with the sqlite3 shell: past all code of this repository. A missing sqlite3 is a failure.</summary>
internal static class SqliteShell
{
    /// <summary>Rows of cells as text, nulls as empty.</summary>
    public static async Task<IReadOnlyList<string[]>> RowsAsync(string books, string sql)
    {
        var run = (await Cicost.RunProgramAsync(Path.GetDirectoryName(books)!, "sqlite3", "-batch", "-bail", "-json", books,
            sql)).Expect(0);
        if (run.Output.Length == 0)
        {
            return [];
        }

        using var document = JsonDocument.Parse(run.Output);
        return [.. document.RootElement.EnumerateArray().Select(r => r.EnumerateObject().Select(c => c.Value.ToString()).ToArray())];
    }

    /// <summary>The first cell of the first row as a number.</summary>
    public static async Task<long> NumberAsync(string books, string sql) =>
        long.Parse((await RowsAsync(books, sql))[0][0], CultureInfo.InvariantCulture);
}

using System.Globalization;
using CiCost.Domain.Periods;
using CiCost.Ledger;

namespace CiCost.Reports.Board;

/// <summary>A table of hours by architecture that was published elsewhere, as a CSV file: a column <c>architecture</c>, one a month, and
/// a last row with the published total.</summary>
public sealed class PublishedTable
{
    private PublishedTable(string name, IReadOnlyList<BillingMonth> months, IReadOnlyList<(string Name, long[] Hours)> rows)
    {
        Name = name;
        Months = months;
        Rows = [.. rows.SkipLast(1)];
        Total = rows[^1];
    }

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>The months of the columns.</summary>
    public IReadOnlyList<BillingMonth> Months { get; }

    /// <summary>The rows without the total.</summary>
    public IReadOnlyList<(string Name, long[] Hours)> Rows { get; }

    /// <summary>The total as it was published.</summary>
    public (string Name, long[] Hours) Total { get; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="BooksException">It is not such a table.</exception>
    public static PublishedTable Read(string path)
    {
        var lines = File.ReadAllLines(path).Where(l => l.Length > 0).Select(l => l.Split(',')).ToList();
        var name = Path.GetFileName(path);
        if (lines.Count < 3 || lines.Any(l => l.Length != lines[0].Length))
        {
            throw new BooksException("published-table", $"{name} is no table: a header, rows and a total row of equal length are expected.");
        }

        var months = lines[0].Skip(1).Select((t, i) => BillingMonth.TryParse(t, out var month) ? month
            : throw new BooksException("published-table", $"{name}: header, column {i + 2}: '{t}' is not a month such as 2026-07.")).ToList();
        var rows = lines.Skip(1).Select((l, row) => (l[0], l.Skip(1).Select((t, i) => HoursOf(t, name, row + 1, i + 2)).ToArray())).ToList();
        return new PublishedTable(name, months, rows);
    }

    private static long HoursOf(string text, string name, int row, int column) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            ? hours
            : throw new BooksException("published-table",
                $"{name}: row {row}, column {column}: '{text}' is not a whole number of hours. Write it without a separator.");
}

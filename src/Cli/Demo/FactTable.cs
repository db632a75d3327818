using System.Globalization;
using System.Text;

namespace CiCost.Cli.Demo;

/// <summary>A small CSV file of facts: a header, then records; fields may be quoted.</summary>
internal sealed class FactTable
{
    private readonly string _file;
    private readonly Dictionary<string, int> _columns;
    private readonly List<string[]> _records;

    private FactTable(string file, string[] header, List<string[]> records)
    {
        _file = file;
        _columns = header.Select((name, index) => (name, index)).ToDictionary(c => c.name, c => c.index, StringComparer.Ordinal);
        _records = records;
        Header = header;
    }

    public IReadOnlyList<string> Header { get; }

    public int Count => _records.Count;

    public static FactTable Read(string directory, string name)
    {
        var path = Path.Combine(directory, name);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The demonstration books need the fact file {path}. Restore demo/facts, or name the folder "
                + "that holds it.", path);
        }

        var records = File.ReadLines(path, Encoding.UTF8).Where(line => line.Length > 0).Select(Fields).ToList();
        return new FactTable(path, records[0], records[1..]);
    }

    public string Text(int record, string column) => _columns.TryGetValue(column, out var index) && index < _records[record].Length
        ? _records[record][index]
        : throw new InvalidDataException($"{_file}, line {record + 2}: no column '{column}'. The header has {string.Join(", ", Header)}.");

    public long Whole(int record, string column) =>
        long.TryParse(Text(record, column), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Bad(record, column, "a whole number");

    public decimal Number(int record, string column) =>
        decimal.TryParse(Text(record, column), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out var value) ? value : throw Bad(record, column, "a number");

    public DateTime Day(int record, string column) =>
        DateOnly.TryParseExact(Text(record, column), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var value)
            ? value.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)
            : throw Bad(record, column, "a day YYYY-MM-DD");

    private static string[] Fields(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString());
        return [.. fields];
    }

    private InvalidDataException Bad(int record, string column, string wanted) =>
        new($"{_file}, line {record + 2}, column {column}: '{Text(record, column)}' is not {wanted}.");
}

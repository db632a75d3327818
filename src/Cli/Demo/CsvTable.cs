using System.Text;

namespace CiCost.Cli.Demo;

/// <summary>Writes a CSV file row by row: set fields by name, then end the row. What is not set stays empty.</summary>
internal sealed class CsvTable : IDisposable
{
    private readonly StreamWriter _writer;
    private readonly string[] _columns;
    private readonly Dictionary<string, int> _index;
    private readonly string?[] _fields;

    public CsvTable(Stream stream, string[] columns)
    {
        _writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024) { NewLine = "\n" };
        _columns = columns;
        _index = columns.Select((name, index) => (name, index)).ToDictionary(c => c.name, c => c.index, StringComparer.Ordinal);
        _fields = new string?[columns.Length];
        WriteRecord(columns);
    }

    public long Rows { get; private set; }

    public string? this[string column]
    {
        set => _fields[_index.TryGetValue(column, out var index)
            ? index
            : throw new ArgumentException($"The file has no column '{column}': {string.Join(", ", _columns)}.", nameof(column))] = value;
    }

    public void EndRow()
    {
        WriteRecord(_fields);
        Array.Clear(_fields);
        Rows++;
    }

    public void Dispose() => _writer.Dispose();

    private void WriteRecord(string?[] fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0)
            {
                _writer.Write(',');
            }

            var field = fields[i];
            if (field is not null && field.AsSpan().IndexOfAny(",\"\n\r") >= 0)
            {
                _writer.Write('"');
                _writer.Write(field.Replace("\"", "\"\"", StringComparison.Ordinal));
                _writer.Write('"');
            }
            else
            {
                _writer.Write(field);
            }
        }

        _writer.Write('\n');
    }
}

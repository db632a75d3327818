using System.Text;

namespace CiCost.Cli.Output;

/// <summary>A plain table: columns as wide as needed, numbers to the right, two blanks between. The same on a terminal and in a
/// pipe.</summary>
internal sealed class Table(params (string Header, bool IsNumber)[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row. A line break in a name would make two of it.</summary>
    public void Add(params string[] cells) => _rows.Add([.. cells.Select(c => PlainText.Of(c))]);

    public override string ToString()
    {
        var widths = columns.Select((c, i) => _rows.Select(r => r[i].Length).Append(c.Header.Length).Max()).ToArray();
        var text = new StringBuilder();
        AppendRow(text, [.. columns.Select(c => c.Header)], widths);
        AppendRow(text, [.. widths.Select(w => new string('-', w))], widths);
        foreach (var row in _rows)
        {
            AppendRow(text, row, widths);
        }

        return text.ToString();
    }

    private void AppendRow(StringBuilder text, string[] cells, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Length; i++)
        {
            line.Append(i == 0 ? "" : "  ").Append(columns[i].IsNumber ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i]));
        }

        text.AppendLine(line.ToString().TrimEnd());
    }
}

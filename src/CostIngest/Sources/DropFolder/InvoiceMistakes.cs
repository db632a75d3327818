using System.Globalization;

namespace CiCost.CostIngest.Sources.DropFolder;

/// <summary>What is wrong with the invoice files of a month: several are told at once, as such files are typed by hand.</summary>
internal sealed class InvoiceMistakes
{
    private const int MostTold = 10;
    private const int MostOfValue = 200;
    private readonly List<string> _told = [];
    private string _code = "";
    private int _count;

    /// <summary>Lists a mistake.</summary>
    /// <param name="code">Its stable name.</param>
    /// <param name="file">The file as it lies in the drop folder.</param>
    /// <param name="row">From 1, the first row after the header; 0 for the header or the file as a whole.</param>
    /// <param name="column">The column; empty when the row as a whole is meant.</param>
    /// <param name="value">The offending text.</param>
    /// <param name="message">What is wrong and what to do.</param>
    public void Add(string code, string file, long row, string column, string value, string message)
    {
        _code = _count++ == 0 ? code : _code;
        if (_told.Count < MostTold)
        {
            var at = row == 0 ? "header" : string.Create(CultureInfo.InvariantCulture, $"row {row}");
            var of = column.Length == 0 ? "" : $", column {column}";
            var shown = value.Length == 0 ? "" : $", value '{(value.Length > MostOfValue ? value[..MostOfValue] + "..." : value)}'";
            _told.Add($"{file}: {at}{of}{shown}: {message}");
        }
    }

    /// <summary>Throws when there is a mistake.</summary>
    /// <exception cref="SourceException">It has the code of the first.</exception>
    public void Refuse()
    {
        if (_count > 0)
        {
            var more = _count > _told.Count ? string.Create(CultureInfo.InvariantCulture, $" And {_count - _told.Count} more.") : "";
            throw new SourceException(_code, string.Join(" Also: ", _told) + more);
        }
    }
}

using System.Globalization;
using System.Text;
using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Csv;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>Reads single rows of a file as they stand there, whatever a booking would say of them.</summary>
internal static class RawRowReader
{
    public static IReadOnlyList<RawRow> Read(ContentObject content, IReadOnlyList<long> rowNumbers, CancellationToken cancellationToken,
        CsvSeparator? separator = null)
    {
        var found = new List<RawRow>(rowNumbers.Count);
        using var stream = content.Open();
        var limits = new FormatLimits();
        var csv = new CsvTokenizer(stream, limits.MaxRecordBytes, separator: separator);
        var row = 0L;
        try
        {
            csv.Read();
            var names = FocusHeader.ReadNames(csv, content.Name, limits.MaxColumns);
            while (found.Count < rowNumbers.Count && csv.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                row++;
                if (rowNumbers[found.Count] == row)
                {
                    found.Add(new RawRow(row, csv.RecordOffset, Fields(csv, names)));
                }
            }
        }
        catch (CsvFaultException fault)
        {
            throw new DeliveryRejectedException([new RowError(content.Name, row + 1, "", fault.Rule, fault.Value, fault.Message)]);
        }

        return found.Count == rowNumbers.Count
            ? found
            : throw new ArgumentException(
                $"{content.Name} has {row} rows; row {rowNumbers[found.Count]} is not among them, or the numbers are not ascending from "
                    + "1.", nameof(rowNumbers));
    }

    private static List<KeyValuePair<string, string>> Fields(CsvTokenizer csv, List<string> names)
    {
        var fields = new List<KeyValuePair<string, string>>(csv.FieldCount);
        var unquoted = default(CsvText);
        for (var i = 0; i < csv.FieldCount; i++)
        {
            var name = i < names.Count ? names[i] : string.Create(CultureInfo.InvariantCulture, $"(field {i + 1})");
            fields.Add(new(name, Encoding.UTF8.GetString(unquoted.Value(csv.Raw(i)))));
        }

        return fields;
    }
}

using System.Globalization;
using System.Text.Json;

namespace CiCost.CostIngest.Sources.Google;

/// <summary>
/// The query numbers its rows, so that a page that comes twice, is left out or changes places is seen whatever its content is.
/// </summary>
internal sealed class NumberedRows(string table)
{
    /// <summary>The column with the number, the first of each query.</summary>
    public const string Column = "cicost_row";

    /// <summary>Rows so far.</summary>
    public long Count { get; private set; }

    /// <summary>Takes the number of the next row.</summary>
    /// <exception cref="SourceException">It is not the next one.</exception>
    public void Take(IReadOnlyList<BigQueryField> fields, JsonElement row)
    {
        if (fields is not [{ Name: Column }, ..] || !long.TryParse(
            row.GetProperty("f")[0].GetProperty("v").GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new InvalidDataException($"the column {Column} is not there.");
        }

        if (number != Count + 1)
        {
            throw new SourceException(
                number <= Count ? "page-repeated" : "page-missing",
                $"BigQuery sent row {number} of {table} where row {Count + 1} is due: a page came {(number <= Count ? "twice" : "not at all")}. "
                    + "Nothing of it was kept; run it later.");
        }

        Count = number;
    }
}

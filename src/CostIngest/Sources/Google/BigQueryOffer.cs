using System.Globalization;
using System.Text.Json;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Google;

/// <summary>A month of a table, as it was when it was found.</summary>
internal sealed record BigQueryOffer : Offer
{
    /// <summary>COUNT(*).</summary>
    public required long Rows { get; init; }

    /// <summary>How many lines the rows make: one each, and one for each credit.</summary>
    public required long Lines { get; init; }

    /// <summary>Reads a row of a query that counts: month YYYYMM, MAX of the export time in microseconds, rows, credits.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static BigQueryOffer Of(JsonElement row, string table)
    {
        var cells = row.GetProperty("f");
        string? Cell(int index) => cells[index].GetProperty("v").GetString();
        var month = Cell(0) is { Length: 6 } text && BillingMonth.TryParse($"{text[..4]}-{text[4..]}", out var parsed)
            ? parsed
            : throw new InvalidDataException($"'{Cell(0)}' is no invoice month.");
        var rows = Number(Cell(2));
        var exported = Cell(1) is { } micros ? Number(micros) : (long?)null;
        return new BigQueryOffer
        {
            Month = month,
            Version = $"{Cell(1) ?? "null"}|{Cell(2)}",
            PublishedAt = exported is { } time ? DateTimeOffset.UnixEpoch.AddTicks(time * TimeSpan.TicksPerMicrosecond) : null,
            Description = $"{table}, invoice month {Cell(0)}",
            Rows = rows,
            Lines = rows + Number(Cell(3)),
        };
    }

    private static long Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"'{text}' is no count.");
}

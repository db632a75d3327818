using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Google;

/// <summary>Months of Google's FOCUS export, written as FOCUS files.</summary>
internal sealed class GoogleFocusSource(BigQueryClient client, BigQuerySettings settings) : ISource
{
    private static readonly JsonWriterOptions TagForm = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FocusExportQuery.Require(await client.ColumnsAsync(cancellationToken).ConfigureAwait(false), settings.FullName);
        List<BigQueryOffer> offers = [];
        await client.QueryAsync(FocusExportQuery.Tokens(settings.QuotedTable), Range(months), (_, row)
            => offers.Add(BigQueryOffer.Of(row, settings.FullName)), cancellationToken).ConfigureAwait(false);
        foreach (var offer in offers)
        {
            yield return offer;
        }
    }

    /// <inheritdoc/>
    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(offer);
        var wanted = (BigQueryOffer)offer;
        var fields = await client.ColumnsAsync(cancellationToken).ConfigureAwait(false);
        FocusExportQuery.Require(fields, settings.FullName);
        var path = Path.Combine(folder, $"google-focus-{offer.Month}.csv.gz");
        var numbers = new NumberedRows(settings.FullName);
        using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
        using (var gzip = new GZipStream(file, CompressionLevel.Optimal))
        using (var csv = new StreamWriter(gzip, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
        {
            await client.QueryAsync(
                FocusExportQuery.Rows(fields, settings.QuotedTable),
                Range(new MonthRange(offer.Month, offer.Month)),
                (columns, row) =>
                {
                    numbers.Take(columns, row);
                    if (numbers.Count == 1)
                    {
                        csv.WriteLine(string.Join(',', columns.Skip(1).Select(c => c.Name == FocusExportQuery.Labels ? "Tags" : c.Name)));
                    }

                    csv.WriteLine(string.Join(',', columns.Select((c, i) => CsvValue.Quoted(Value(c, row.GetProperty("f")[i].GetProperty("v"), numbers.Count)))
                        .Skip(1)));
                },
                cancellationToken).ConfigureAwait(false);
        }

        return numbers.Count == wanted.Rows
            ? new FetchedDelivery([path], wanted.Lines)
            : throw new SourceException("object-changed", $"{offer.Description} had {wanted.Rows} rows when it was found and has {numbers.Count} "
                + "now: Google was writing to it. The next run takes the new state.");
    }

    private string Value(BigQueryField column, JsonElement value, long row)
    {
        if (column.Name == FocusExportQuery.Labels)
        {
            return Tags(value);
        }

        if (column.Fields.Count > 0)
        {
            using var memory = new MemoryStream();
            using (var json = new Utf8JsonWriter(memory, TagForm))
            {
                column.Write(json, value);
            }

            return Encoding.UTF8.GetString(memory.ToArray());
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return FocusExportQuery.Costs.Contains(column.Name)
                ? throw new SourceException("row-incomplete", $"Row {row} of {settings.FullName} has no {column.Name}. FOCUS demands it; nothing of "
                    + "the month was booked. Ask Google, or leave the month out.")
                : "";
        }

        var text = value.GetString()!;
        return column.Type == "TIMESTAMP" ? Instant(column.Name, text) : text;
    }

    /// <summary>FOCUS has whole seconds: a part of one is cut off.</summary>
    private static string Instant(string name, string micros) =>
        long.TryParse(micros, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
            ? DateTimeOffset.UnixEpoch.AddTicks(time * TimeSpan.TicksPerMicrosecond)
                .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : throw new InvalidDataException($"'{name}' is no count of microseconds.");

    private static string Tags(JsonElement labels)
    {
        if (labels.GetArrayLength() == 0)
        {
            return "";
        }

        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, TagForm))
        {
            json.WriteStartObject();
            foreach (var cells in labels.EnumerateArray().Select(l => l.GetProperty("v").GetProperty("f")))
            {
                json.WriteString(cells[0].GetProperty("v").GetString() ?? "", cells[1].GetProperty("v").GetString() ?? "");
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.ToArray());
    }

    private static Dictionary<string, string> Range(MonthRange months) => new()
    {
        ["from"] = $"{months.First}-01",
        ["until"] = $"{months.Last.Next}-01",
    };
}

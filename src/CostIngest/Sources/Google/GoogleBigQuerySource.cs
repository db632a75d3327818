using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Google;

/// <summary>
/// Invoice months of a billing export. Google gives no guarantee when rows come and adds to closed months for weeks, so a month is read
/// whole whenever its newest export time or its row count changes.
/// </summary>
internal sealed class GoogleBigQuerySource(BigQueryClient client, BigQuerySettings settings) : ISource
{
    private static readonly JsonWriterOptions LineForm = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    /// <inheritdoc/>
    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BillingExportQuery.Require(await client.ColumnsAsync(cancellationToken).ConfigureAwait(false), settings.FullName);
        List<BigQueryOffer> offers = [];
        var parameters = new Dictionary<string, string> { ["first"] = Text(months.First), ["last"] = Text(months.Last) };
        await client.QueryAsync(BillingExportQuery.Tokens(settings.QuotedTable), parameters, (_, row)
            => offers.Add(BigQueryOffer.Of(row, settings.FullName)), cancellationToken).ConfigureAwait(false);
        foreach (var offer in offers)
        {
            yield return months.Contains(offer.Month)
                ? offer
                : throw new SourceException("answer-unreadable", $"BigQuery answered for {offer.Month}, which was not asked for.");
        }
    }

    /// <inheritdoc/>
    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(offer);
        var wanted = (BigQueryOffer)offer;
        var fields = await client.ColumnsAsync(cancellationToken).ConfigureAwait(false);
        BillingExportQuery.Require(fields, settings.FullName);
        var path = Path.Combine(folder, $"gcp-billing-{offer.Month}.jsonl.gz");
        var numbers = new NumberedRows(settings.FullName);
        using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
        using (var gzip = new GZipStream(file, CompressionLevel.Optimal))
        {
            await client.QueryAsync(
                BillingExportQuery.Rows(fields, settings.QuotedTable),
                new Dictionary<string, string> { ["month"] = Text(offer.Month) },
                (columns, row) =>
                {
                    numbers.Take(columns, row);
                    using (var json = new Utf8JsonWriter(gzip, LineForm))
                    {
                        BigQueryField.WriteObject(json, columns, row, name => name != NumberedRows.Column);
                    }

                    gzip.Write(LineEnd);
                },
                cancellationToken).ConfigureAwait(false);
        }

        return numbers.Count == wanted.Rows
            ? new FetchedDelivery([path], wanted.Lines)
            : throw new SourceException("object-changed", $"{offer.Description} had {wanted.Rows} rows when it was found and has {numbers.Count} "
                + "now: Google was writing to it. The next run takes the new state.");
    }

    private static string Text(BillingMonth month) =>
        string.Create(CultureInfo.InvariantCulture, $"{month.Year:0000}{month.Month:00}");
}

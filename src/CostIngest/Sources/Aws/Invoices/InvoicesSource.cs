using System.Globalization;
using System.Text.Json;
using CiCost.CostIngest.Sources.Http;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Aws.Invoices;

/// <summary>
/// The invoices of a month, as the figures that it must tie to. Asking is free of charge; a month is asked for once a day, as credit memos
/// may come at any time.
/// </summary>
internal sealed class InvoicesSource(string payerAccount, Func<RequestCounter, HttpChainOptions> chain, TimeProvider time) : ISource
{
    private const int MostRequests = 1_000;
    private const int PageSize = 100;

    public IAsyncEnumerable<Offer> FindAsync(MonthRange months, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return months.Months.Where(m => m.FirstDay <= today).Select(month => new Offer
        {
            Month = month,
            Version = $"asked on {today:yyyy-MM-dd}",
            Description = $"AWS invoices of {month} of account {payerAccount}",
        }).ToAsyncEnumerable();
    }

    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        using var http = HttpChain.Create(chain(new RequestCounter(MostRequests, "the limit of this source")));
        var service = new AwsJsonService(http, "Invoicing", "application/x-amz-json-1.0", folder);
        var figures = new InvoiceFigures(payerAccount, offer.Month);
        await AwsPages.ReadAsync(offer.Description, "NextToken", Ask, figures.Read).ConfigureAwait(false);
        return new FetchedFigures(service.Files, figures.All);

        Task<JsonDocument> Ask(string? token, int page) => service.AskAsync(
            "ListInvoiceSummaries",
            string.Create(CultureInfo.InvariantCulture, $"{offer.Month}-invoices-{page}.json"),
            writer => Write(writer, offer.Month, token),
            cancellationToken);
    }

    private void Write(Utf8JsonWriter writer, BillingMonth month, string? token)
    {
        writer.WriteStartObject("Selector");
        writer.WriteString("ResourceType", "ACCOUNT_ID");
        writer.WriteString("Value", payerAccount);
        writer.WriteEndObject();
        writer.WriteStartObject("Filter");
        writer.WriteStartObject("BillingPeriod");
        writer.WriteNumber("Month", month.Month);
        writer.WriteNumber("Year", month.Year);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteNumber("MaxResults", PageSize);
        if (token is not null)
        {
            writer.WriteString("NextToken", token);
        }
    }
}

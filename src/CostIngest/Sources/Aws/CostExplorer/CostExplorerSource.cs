using CiCost.CostIngest.Sources.Http;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;

namespace CiCost.CostIngest.Sources.Aws.CostExplorer;

/// <summary>What the source is asked to do.</summary>
internal sealed record CostExplorerSettings
{
    public required string PayerAccount { get; init; }

    public required string? InvoiceIssuer { get; init; }

    public required string Metric { get; init; }

    public required int MaxRequests { get; init; }
}

/// <summary>
/// Cost Explorer's totals of a month, to tie the books to: by service and by account, each with the kind of charge. Every request costs
/// USD 0.01, so a month is asked for once a day while it can change and once a month afterwards, a run has a limit, and what was spent
/// is a figure of its own.
/// </summary>
internal sealed class CostExplorerSource(
    CostExplorerSettings settings, Func<RequestCounter, HttpChainOptions> chain, TimeProvider time) : ISource
{
    /// <summary>https://aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing: USD 0.01 per request, each page one.</summary>
    private const long NanosPerRequest = 10_000_000;

    // AWS corrects a month for about two weeks after its end.
    private const int DaysOfCorrections = 21;

    private RequestCounter _counter = NewCounter(settings);

    public IAsyncEnumerable<Offer> FindAsync(MonthRange months, CancellationToken cancellationToken)
    {
        // A run begins here, and with it its budget.
        _counter = NewCounter(settings);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return months.Months.Where(m => m.FirstDay <= today).Select(month => new Offer
        {
            Month = month,
            Version = today <= month.LastDay.AddDays(DaysOfCorrections) ? $"asked on {today:yyyy-MM-dd}" : $"asked in {today:yyyy-MM}",
            Description = $"AWS Cost Explorer, {settings.Metric} of {month} of account {settings.PayerAccount}",
        }).ToAsyncEnumerable();
    }

    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        var before = _counter.Count;
        using var http = HttpChain.Create(chain(_counter));
        var service = new AwsJsonService(http, "AWSInsightsIndexService", "application/x-amz-json-1.1", folder);
        var byService = await Ask("SERVICE").ConfigureAwait(false);
        var byAccount = await Ask("LINKED_ACCOUNT").ConfigureAwait(false);
        RefuseDifference(offer, byService.Groups, byAccount.Groups);
        var spent = new ControlFigure
        {
            PayerAccount = settings.PayerAccount,
            BillingMonth = offer.Month,
            Currency = "USD",
            Measure = ControlMeasure.RequestSpend,
            Breakdown = ControlBreakdown.Total,
            Item = "",
            AmountNanos = checked((_counter.Count - before) * NanosPerRequest),
        };
        return new FetchedFigures(
            service.Files,
            [.. Figures(offer, byService, ControlBreakdown.Service), .. Figures(offer, byAccount, ControlBreakdown.SubAccount), spent]);

        Task<CostDivision> Ask(string dimension) =>
            new CostQuestion(offer.Month, settings.Metric, dimension).AskAsync(service, cancellationToken);
    }

    private IEnumerable<ControlFigure> Figures(Offer offer, CostDivision division, ControlBreakdown breakdown) =>
        division.Groups.Select(group => new ControlFigure
        {
            PayerAccount = settings.PayerAccount,
            InvoiceIssuer = settings.InvoiceIssuer,
            BillingMonth = offer.Month,
            Currency = group.Currency,
            Measure = group.RecordType switch
            {
                "Tax" => ControlMeasure.Tax,
                "Credit" => ControlMeasure.Credits,
                _ => ControlMeasure.ChargesWithoutTax,
            },
            Breakdown = breakdown,
            Item = group.Item,
            RecordType = group.RecordType,
            AmountNanos = group.Nanos,
            IsEstimated = division.IsEstimated,
        });

    /// <summary>The same money divided twice has the same sums: a page that is missing would show here.</summary>
    private static void RefuseDifference(Offer offer, IReadOnlyList<CostGroup> byService, IReadOnlyList<CostGroup> byAccount)
    {
        var left = Sums(byService);
        var right = Sums(byAccount);
        foreach (var key in left.Keys.Union(right.Keys))
        {
            var (service, account) = (left.GetValueOrDefault(key), right.GetValueOrDefault(key));

            // AWS rounds each group to ten decimals.
            var tolerance = (Int128)FocusDecimal.AttosPerNano * (byService.Count + byAccount.Count);
            if (Int128.Abs(service - account) > tolerance)
            {
                throw new SourceException(
                    "totals-disagree",
                    $"{offer.Description}: '{key.RecordType}' is {DecimalText.OfAttos(service)} {key.Currency} by service and "
                    + $"{DecimalText.OfAttos(account)} by account. AWS refreshed it between the two questions, or left out a page. Run it "
                    + "again.");
            }
        }
    }

    private static Dictionary<(string RecordType, string Currency), Int128> Sums(IReadOnlyList<CostGroup> groups) => groups
        .GroupBy(g => (g.RecordType, g.Currency))
        .ToDictionary(g => g.Key, g => g.Aggregate((Int128)0, (sum, group) => checked(sum + group.Attos)));

    private static RequestCounter NewCounter(CostExplorerSettings settings) => new(settings.MaxRequests, "maxRequests");
}

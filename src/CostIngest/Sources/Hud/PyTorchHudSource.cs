using System.Runtime.CompilerServices;
using CiCost.CostIngest.Sources.Http;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Hud;

/// <summary>
/// Months of HUD's estimates. HUD does not say what has changed, so a month is read anew each day until it has settled, and once after
/// that.
/// </summary>
internal sealed class PyTorchHudSource(HttpChainOptions options, HudQuery query, TimeProvider time) : ISource
{
    private const string Settled = "settled";

    /// <summary>HUD's table is filled about a day late.</summary>
    private const int DaysLate = 2;

    private SourceHttp? _http;

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var month in months.Months.Where(m => m.FirstDay.AddDays(DaysLate) <= Today))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Offer
            {
                Month = month,
                Version = IsSettled(month) ? Settled : Today.ToString("yyyy-MM-dd", null),
                Description = $"HUD {query.Name}, {month}",
            };
        }
    }

    /// <inheritdoc/>
    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(offer);
        _http ??= HttpChain.Create(options);
        var answer = await _http.GetAsync(query.Address(offer.Month), cancellationToken).ConfigureAwait(false);
        using var document = answer.ReadJson();
        var sums = new HudSums(query, offer.Month);
        try
        {
            foreach (var row in document.RootElement.EnumerateArray())
            {
                sums.Take(row);
            }

            RefuseMissingDays(sums, offer.Month);
            var path = Path.Combine(folder, $"hud-{query.Name}-{offer.Month}.json");
            await File.WriteAllBytesAsync(path, answer.Body.ToArray(), cancellationToken).ConfigureAwait(false);
            return new FetchedFigures([path], sums.Figures(!IsSettled(offer.Month)));
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or OverflowException)
        {
            throw new SourceException("answer-unreadable", $"{answer.Subject} answered with rows that are not as the settings say: "
                + $"{exception.Message} Compare query, parameters and the ...Field settings with docs/sources/hud.md.", exception);
        }
    }

    private bool IsSettled(BillingMonth month) => month.LastDay.AddDays(query.SettleDays) < Today;

    private void RefuseMissingDays(HudSums sums, BillingMonth month)
    {
        var last = Today.AddDays(-DaysLate) < month.LastDay ? Today.AddDays(-DaysLate) : month.LastDay;
        List<DateOnly> missing = [];
        for (var day = month.FirstDay; day <= last; day = day.AddDays(1))
        {
            if (!sums.Days.Contains(day))
            {
                missing.Add(day);
            }
        }

        if (query.NeedsEveryDay && missing.Count > 0)
        {
            throw new SourceException("days-missing", $"HUD {query.Name} has no row for {missing.Count} days of {month}, the first is "
                + $"{missing[0]:yyyy-MM-dd}: the estimate would be too low. HUD's queries begin after the start that they are given: use {{before}}. "
                + "If HUD itself has the gap, set everyDay: false.");
        }
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;
using CiCost.CostIngest.Sources.Http;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>One scope and month to be asked for.</summary>
internal sealed record QueryOffer : Offer
{
    public required string Scope { get; init; }
}

/// <summary>
/// What Cost Management says a month cost, to reconcile with. Its answers have no version, so a month is asked for again on another day.
/// </summary>
/// <param name="scopes">The scopes of the settings; empty when they are looked for.</param>
internal sealed class AzureQuery(
    SourceHttp http, CostQueryClient client, ScopeFinder? finder, ScopeSearch search, IReadOnlyList<string> scopes, string payerAccount,
    TimeProvider time) : ISource, IDisposable
{
    // In the first five days of a month the month before is calculated anew.
    private const int OpenDays = 5;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var today = Today();
        var all = months.Months.ToList();
        foreach (var month in all)
        {
            // Every month, before the first is asked for.
            _ = QueryWindow.Of(QueryGranularity.Monthly, month, today);
        }

        var found = finder is null ? scopes : await finder.FindAsync(search, cancellationToken).ConfigureAwait(false);
        foreach (var month in all)
        {
            foreach (var scope in found)
            {
                yield return new QueryOffer
                {
                    Month = month,
                    Part = scope,
                    Version = today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    Description = $"Cost Management query of {scope} for {month}",
                    Scope = scope,
                };
            }
        }
    }

    /// <inheritdoc/>
    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        var (scope, month, today) = (((QueryOffer)offer).Scope, offer.Month, Today());
        var monthly = QueryWindow.Of(QueryGranularity.Monthly, month, today);
        var daily = QueryWindow.Of(QueryGranularity.Daily, month, today);
        var services = await client.AskAsync(scope, monthly, "ServiceName", "ChargeType", cancellationToken).ConfigureAwait(false);
        var subscriptions = await client.AskAsync(scope, daily, "SubscriptionId", "ChargeType", cancellationToken).ConfigureAwait(false);
        var isEstimated = today <= month.LastDay.AddDays(OpenDays);
        var figures = new CostFigures(payerAccount, scope, month, isEstimated).Of(
            CostQueryTable.Read(services, monthly, "ServiceName"), CostQueryTable.Read(subscriptions, daily, "SubscriptionId"));
        List<string> files = [];
        await KeepAsync(services, "by-service", folder, files, cancellationToken).ConfigureAwait(false);
        await KeepAsync(subscriptions, "by-subscription", folder, files, cancellationToken).ConfigureAwait(false);
        return new FetchedFigures(files, figures);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        http.Dispose();
        finder?.Dispose();
    }

    private DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private static async Task KeepAsync(
        IReadOnlyList<HttpAnswer> pages, string name, string folder, List<string> files, CancellationToken cancellationToken)
    {
        for (var i = 0; i < pages.Count; i++)
        {
            var path = Path.Combine(folder, $"{name}-{i + 1:0000}.json");
            await File.WriteAllBytesAsync(path, pages[i].Body, cancellationToken).ConfigureAwait(false);
            files.Add(path);
        }
    }
}

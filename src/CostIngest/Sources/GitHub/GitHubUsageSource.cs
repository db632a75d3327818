using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using CiCost.CostIngest.Sources.Http;
using CiCost.CostIngest.Sources.Paging;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.GitHub;

/// <summary>
/// One answer per month: https://docs.github.com/en/rest/billing/enhanced-billing#get-billing-usage-report-for-an-organization. The answer
/// is the file, byte by byte; its hash is the version.
/// </summary>
internal sealed class GitHubUsageSource(GitHubAccess access, string organization) : ISource
{
    private GitHubSession? _session;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var session = access.Open();
        session.PruneCache();
        _session = session;
        try
        {
            foreach (var month in months.Months)
            {
                var page = await ReadAsync(session, month, cancellationToken).ConfigureAwait(false);
                if (CountItems(page.Body, month) > 0)
                {
                    yield return new Offer
                    {
                        Month = month,
                        Version = VersionOf(page.Body),
                        Description = $"GitHub usage of {organization}, {month}",
                    };
                }
            }
        }
        finally
        {
            _session = null;
        }
    }

    /// <inheritdoc/>
    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(offer);
        using var own = _session is null ? access.Open() : null;
        var page = await ReadAsync(_session ?? own!, offer.Month, cancellationToken).ConfigureAwait(false);
        if (VersionOf(page.Body) != offer.Version)
        {
            throw new SourceException("offer-changed",
                $"{offer.Description}: GitHub answers with other figures than a moment ago. Nothing was taken; the next run takes the "
                + "new ones.");
        }

        var file = Path.Combine(folder, $"github-usage-{organization}-{offer.Month}.json");
        await File.WriteAllBytesAsync(file, page.Body, cancellationToken).ConfigureAwait(false);
        return new FetchedDelivery([file]);
    }

    private Task<CachedPage> ReadAsync(GitHubSession session, BillingMonth month, CancellationToken cancellationToken) => session.GetAsync(
        $"organizations/{organization}/settings/billing/usage?year={month.Year}&month={month.Month}",
        isFresh: false,
        answer =>
        {
            using var document = answer.ReadJson();
            Check(answer, document.RootElement, month);
            return answer.Body;
        },
        cancellationToken);

    // An answer for another month would be booked a second time under this one.
    private static void Check(HttpAnswer answer, JsonElement root, BillingMonth month)
    {
        var items = JsonParts.Objects(answer, root, "usageItems");
        var prefix = month + "-";
        if (items.FirstOrDefault(i => !JsonParts.Text(answer, i, "date").StartsWith(prefix, StringComparison.Ordinal))
            is { ValueKind: JsonValueKind.Object } stray)
        {
            throw new SourceException("answer-not-asked",
                $"{answer.Subject} was asked for {month} and answered with usage of {JsonParts.Text(answer, stray, "date")}. Nothing was taken. "
                + "Tell GitHub's support, or leave the month out.");
        }
    }

    private static int CountItems(ReadOnlyMemory<byte> body, BillingMonth month)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("usageItems", out var items) && items.ValueKind == JsonValueKind.Array
            ? items.GetArrayLength()
            : throw new SourceException("answer-unreadable",
                $"The page that was kept for {month} is not what was kept. Delete the source's state folder.");
    }

    private static string VersionOf(ReadOnlyMemory<byte> body) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(body.Span))[..32];
}

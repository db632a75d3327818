using System.Text.Json;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Google;

/// <summary>
/// Lists of the Cloud Billing API, followed to their last page: https://cloud.google.com/billing/docs/reference/rest/v1/services.skus/list.
/// The last page has an empty token or none.
/// </summary>
internal sealed class CloudBillingList(SourceHttp http, int maxPages)
{
    /// <summary>All items of a list; names must not repeat.</summary>
    /// <param name="address">Path and query, without a page token.</param>
    /// <param name="name">The member of the answer that holds the items.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<JsonElement>> AllAsync(string address, string name, CancellationToken cancellationToken)
    {
        List<JsonElement> items = [];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var token = "";
        for (var page = 1; ; page++)
        {
            var separator = address.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var next = token.Length == 0 ? address : $"{address}{separator}pageToken={Uri.EscapeDataString(token)}";
            using var answer = (await http.GetAsync(next, cancellationToken).ConfigureAwait(false)).ReadJson();
            if (answer.RootElement.TryGetProperty(name, out var found))
            {
                foreach (var item in found.EnumerateArray())
                {
                    if (!names.Add(item.GetProperty("name").GetString()!))
                    {
                        throw new SourceException("page-repeated", $"Google's list of {name} has {item.GetProperty("name").GetString()} twice: a page "
                            + "came again. Run it later.");
                    }

                    items.Add(item.Clone());
                }
            }

            token = answer.RootElement.TryGetProperty("nextPageToken", out var text) ? text.GetString() ?? "" : "";
            if (token.Length == 0)
            {
                return items;
            }

            if (page >= maxPages)
            {
                throw new SourceException("too-many-pages", $"Google's list of {name} has more than {maxPages} pages. Name fewer services, or raise "
                    + "maxPages.");
            }
        }
    }
}

using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>
/// The query call of Cost Management: https://learn.microsoft.com/rest/api/cost-management/query/usage (read 2026-11-21). One call at a
/// time per tenant, as its limits count by tenant and scope.
/// </summary>
internal sealed class CostQueryClient(SourceHttp http, string tenantId)
{
    private const string ApiVersion = "2025-03-01";
    private const int MostPages = 1_000;

    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Gates = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Asks for the actual cost of a scope, divided by two dimensions.</summary>
    /// <returns>The answers, page by page; empty when there is no data.</returns>
    /// <exception cref="SourceException">It is refused, or its pages make no sense.</exception>
    public async Task<IReadOnlyList<HttpAnswer>> AskAsync(
        string scope, QueryWindow window, string dimension, string otherDimension, CancellationToken cancellationToken)
    {
        var gate = Gates.GetOrAdd(tenantId, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await AskPagesAsync(scope, Body(window, dimension, otherDimension), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<IReadOnlyList<HttpAnswer>> AskPagesAsync(string scope, byte[] body, CancellationToken cancellationToken)
    {
        List<HttpAnswer> pages = [];
        HashSet<string> asked = new(StringComparer.Ordinal);
        Uri? next = new Uri(http.BaseAddress, $"{scope.TrimStart('/')}/providers/Microsoft.CostManagement/query?api-version={ApiVersion}");
        while (next is not null)
        {
            asked.Add(next.AbsoluteUri);
            var answer = await http.PostJsonAsync(next.AbsoluteUri, body, cancellationToken).ConfigureAwait(false);
            if (answer.Status == HttpStatusCode.NoContent)
            {
                return pages.Count == 0 ? pages : throw Unreadable(answer, "a later page is empty (204)");
            }

            pages.Add(answer);
            next = NextPage(answer);
            if (next is not null && (asked.Contains(next.AbsoluteUri) || pages.Count >= MostPages))
            {
                throw new SourceException(
                    "paging-broken",
                    $"{answer.Subject} answered with pages that make no sense: "
                    + (pages.Count >= MostPages ? $"there are more than {MostPages}" : "its next page is one that was read before")
                    + ". Nothing was recorded; run it again.");
            }
        }

        return pages;
    }

    // It carries a token of the query and our own token goes with it: never to another host.
    private Uri? NextPage(HttpAnswer answer)
    {
        using var document = answer.ReadJson();
        if (!document.RootElement.TryGetProperty("properties", out var properties)
            || !properties.TryGetProperty("nextLink", out var link) || link.ValueKind == JsonValueKind.Null || link.ValueEquals(""))
        {
            return null;
        }

        return link.ValueKind == JsonValueKind.String && Uri.TryCreate(link.GetString(), UriKind.Absolute, out var next)
            && next.Scheme == http.BaseAddress.Scheme && next.Authority == http.BaseAddress.Authority
            ? next
            : throw Unreadable(answer, "its next page is on another host");
    }

    private static byte[] Body(QueryWindow window, string dimension, string otherDimension)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", "ActualCost");
            json.WriteString("timeframe", "Custom");
            json.WriteStartObject("timePeriod");
            json.WriteString("from", window.From.ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture));
            json.WriteString("to", window.To.ToString("yyyy-MM-dd'T23:59:59Z'", CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteStartObject("dataset");
            json.WriteString("granularity", window.Granularity.ToString());
            json.WriteStartObject("aggregation");
            json.WriteStartObject("totalCost");
            json.WriteString("name", "Cost");
            json.WriteString("function", "Sum");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartArray("grouping");
            foreach (var name in new[] { dimension, otherDimension })
            {
                json.WriteStartObject();
                json.WriteString("type", "Dimension");
                json.WriteString("name", name);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static SourceException Unreadable(HttpAnswer answer, string why) => new(
        "answer-unreadable", $"{answer.Subject} answered with pages that make no sense: {why}. Nothing was recorded; run it again.");
}

using System.Security.Cryptography;
using System.Text;
using CiCost.CostApi.Documents;
using CiCost.CostApi.Hosting;
using CiCost.Domain.Periods;
using CiCost.Ledger.BookVersions;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CiCost.CostApi.Endpoints;

/// <summary>Answers with a document and its strong ETag, or with 304 when the caller has it already.</summary>
internal static class Answering
{
    private const string JsonMediaType = "application/json";

    /// <summary>How often an answer is made again because a booking was committed meanwhile.</summary>
    private const int MostAttempts = 5;

    // Another build may write other bytes for the same books.
    private static readonly string Build = typeof(Answering).Module.ModuleVersionId.ToString("N");

    /// <summary>Answers a question.</summary>
    public static async Task AnswerAsync(HttpContext http, ApiEndpoint endpoint, BooksAccess access)
    {
        var query = new QueryReader(http.Request.Query, endpoint.Parameters);
        var books = await access.OpenAsync(http.RequestAborted).ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            var newest = books.Versions.AsOf(null);
            var condition = endpoint.ShowsCondition
                ? await books.Checks.ConditionAsync(VersionOf(books, query) ?? newest, MonthOf(endpoint, query), http.RequestAborted)
                    .ConfigureAwait(false)
                : BooksCondition.Unknown;
            var tag = endpoint.IsFixedByVersion ? Tag(http.Request, newest, books, query, condition) : null;
            if (tag is not null && Matches(http.Request, tag))
            {
                NotModified(http, tag);
                return;
            }

            var document = await endpoint.AnswerAsync(new Asked(query, books, condition, http.RequestAborted)).ConfigureAwait(false);
            if (books.Versions.AsOf(null) == newest || attempt == MostAttempts)
            {
                await WriteAsync(http, JsonDocuments.Text(document), JsonMediaType, tag).ConfigureAwait(false);
                return;
            }
        }
    }

    /// <summary>Writes a text with its tag; without one, its tag is its hash.</summary>
    public static async Task WriteAsync(HttpContext http, string text, string mediaType, string? tag = null)
    {
        tag ??= $"\"{Hash(text)}\"";
        if (Matches(http.Request, tag))
        {
            NotModified(http, tag);
            return;
        }

        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.ContentType = mediaType + "; charset=utf-8";
        await http.Response.WriteAsync(text, http.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>The book version that is asked about; null for the newest.</summary>
    private static BookVersion? VersionOf(OpenBooks books, QueryReader query) =>
        query.InstantOrNull(Parameters.AsOf) is { } asOf ? books.Versions.AsOf(asOf) : null;

    /// <summary>The one month that is asked about; null for a range, and where there is no month.</summary>
    private static BillingMonth? MonthOf(ApiEndpoint endpoint, QueryReader query)
    {
        var from = MonthAt(Parameters.Month);
        return MonthAt(Parameters.To) is { } to && to != from ? null : from;

        BillingMonth? MonthAt(ParameterSpec spec) => endpoint.Parameters.Any(p => p.Name == spec.Name) ? query.MonthOrNull(spec) : null;
    }

    private static string Tag(HttpRequest request, BookVersion newest, OpenBooks books, QueryReader query, BooksCondition condition)
    {
        var asOf = query.InstantOrNull(Parameters.AsOf);
        var version = asOf is null ? newest : books.Versions.AsOf(asOf);
        var question = string.Join('\n', Build, version.PolicyHash, newest.Id, JsonDocuments.Text(condition), request.Path,
            request.QueryString);
        return $"\"v{version.Id}-{version.PolicyHash[..12]}-{Hash(question)}\"";
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    private static bool Matches(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var given)
        && given.Any(g => g == EntityTagHeaderValue.Any || g.Compare(new EntityTagHeaderValue(tag), useStrongComparison: false));

    private static void NotModified(HttpContext http, string tag)
    {
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "no-cache";
    }
}

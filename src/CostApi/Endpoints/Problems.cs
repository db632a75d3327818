using System.Data.Common;
using CiCost.CostApi.Documents;
using CiCost.Ledger;
using CiCost.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace CiCost.CostApi.Endpoints;

/// <summary>Turns exceptions into problem documents. What a caller can mend says how; of all else the log has the rest.</summary>
internal static partial class Problems
{
    /// <summary>The status of refusals that are not 400.</summary>
    private static readonly Dictionary<string, int> StatusOf = new[]
    {
        (StatusCodes.Status403Forbidden, new[] { "write-not-local" }),
        (StatusCodes.Status404NotFound,
            ["delivery-unknown", "row-unknown", "split-unknown", "book-version-unknown", "dimension-set-unknown", "report-unknown",
                "source-unknown", "schedule-missing", "hooks-off"]),
        (StatusCodes.Status413PayloadTooLarge, ["hook-too-large", "body-too-large"]),
        (StatusCodes.Status500InternalServerError, ["policy-changed"]),
        (StatusCodes.Status503ServiceUnavailable,
            ["books-missing", "books-empty", "no-policy", "books-newer", "books-not-a-database", "schedule-down", "schedule-unusable",
                "hook-secret", "hook-not-kept", "books-held", .. StorageFault.Codes]),
    }.SelectMany(s => s.Item2.Select(code => (Code: code, Status: s.Item1)))
        .ToDictionary(s => s.Code, s => s.Status, StringComparer.Ordinal);

    private static readonly Dictionary<string, string> ParameterOf = new(StringComparer.Ordinal)
    {
        ["as-of-too-early"] = Parameters.AsOf.Name,
        ["delivery-unknown"] = Parameters.Delivery.Name,
        ["row-unknown"] = Parameters.Row.Name,
        ["split-unknown"] = Parameters.Split.Name,
    };

    /// <summary>The problem of an exception.</summary>
    public static ProblemDocument Of(Exception exception, ILogger logger)
    {
        switch (exception)
        {
            case ParameterException parameter:
                return Make(StatusCodes.Status400BadRequest, parameter.Code, parameter.Message, parameter.Parameter);
            case BooksException books:
                return Make(StatusOf.GetValueOrDefault(books.Code, StatusCodes.Status400BadRequest), books.Code, books.Message,
                    ParameterOf.GetValueOrDefault(books.Code));
            case DbException or IOException when StorageFault.Of(exception) is { } fault:
                Failed(logger, exception);
                return Make(StatusCodes.Status503ServiceUnavailable, fault.Code, fault.Message);
            case DbException:
                Failed(logger, exception);
                return Make(StatusCodes.Status503ServiceUnavailable, "books-unusable",
                    "The database cannot be read now. Try again; when it stays so, run 'cicost check' and restore a backup.");
            case InvariantException or PolicyException or OverflowException:
                Failed(logger, exception);
                return Make(StatusCodes.Status500InternalServerError, "books-contradictory",
                    "The books contradict themselves; nothing was changed. Run 'cicost check', and restore a backup if it fails.");
            default:
                Failed(logger, exception);
                return Make(StatusCodes.Status500InternalServerError, "internal-error",
                    "This is a defect of the server; its log says more.");
        }
    }

    /// <summary>The problem of a status that no exception made.</summary>
    public static ProblemDocument OfStatus(int status) => status switch
    {
        StatusCodes.Status405MethodNotAllowed => Make(status, "method-not-allowed",
            "This address is not asked so; the header Allow says how. What only commands of 'cicost' do, is not served."),
        StatusCodes.Status415UnsupportedMediaType => Make(status, "media-type-unsupported", "The body must be application/json."),
        StatusCodes.Status401Unauthorized => Make(status, "unauthorized", "Not accepted."),
        _ => Make(status, "not-found", "There is nothing here. / links what there is; /openapi/v1.json describes it."),
    };

    /// <summary>Writes a problem as the answer.</summary>
    public static async Task WriteAsync(HttpContext http, ProblemDocument problem)
    {
        http.Response.StatusCode = problem.Status;
        http.Response.ContentType = ProblemDocument.MediaType;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Remove("ETag");
        await http.Response.WriteAsync(JsonDocuments.Text(problem), http.RequestAborted).ConfigureAwait(false);
    }

    private static ProblemDocument Make(int status, string code, string detail, string? parameter = null) =>
        new($"urn:cicost:problem:{code}", ReasonPhrases.GetReasonPhrase(status), status, detail, code, parameter);

    [LoggerMessage(Level = LogLevel.Error, Message = "An answer failed.")]
    private static partial void Failed(ILogger logger, Exception exception);
}

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
        (StatusCodes.Status401Unauthorized, new[] { "write-not-allowed" }),
        (StatusCodes.Status403Forbidden, ["write-from-elsewhere"]),
        (StatusCodes.Status404NotFound,
            ["delivery-unknown", "row-unknown", "split-unknown", "book-version-unknown", "dimension-set-unknown", "report-unknown",
                "source-unknown", "schedule-missing", "hooks-off"]),
        (StatusCodes.Status500InternalServerError, ["object-missing", "object-changed", "gzip-broken", "policy-changed"]),
        (StatusCodes.Status413PayloadTooLarge, ["hook-too-large", "body-too-large"]),
        (StatusCodes.Status503ServiceUnavailable,
            ["books-missing", "books-lost", "books-older", "books-log-left", "books-empty", "books-newer", "books-not-a-database", "no-policy",
                "schedule-down", "schedule-unusable", "hook-secret", "hook-not-kept", "books-held", "server-busy", "token-unusable",
                .. StorageFault.Codes]),
    }.SelectMany(s => s.Item2.Select(code => (Code: code, Status: s.Item1)))
        .ToDictionary(s => s.Code, s => s.Status, StringComparer.Ordinal);

    /// <summary>What callers are told in place of messages that name files or secrets of this machine.</summary>
    private static readonly Dictionary<string, string> ToldAs = new(StringComparer.Ordinal)
    {
        ["books-missing"] = "The books are not there yet. Whoever runs the server books a first delivery, or starts it with the right --db; its log says "
            + "where it looks.",
        ["books-lost"] = "The books are lost: their database is gone or empty. Whoever runs the server restores a backup; its log says more.",
        ["books-not-a-database"] = "What should be the books is no database. Whoever runs the server looks at its log.",
        ["books-newer"] = "The books were written by a newer program. Whoever runs the server starts that one.",
        ["books-older"] = "The books are of an older schema and cannot be brought up to date here. Whoever runs the server looks at its log.",
        ["books-log-left"] = "The books have a log that cannot be read here. Whoever runs the server looks at its log.",
        ["books-locked"] = "Somebody else writes to the books. Try again later; the server's log says more.",
        ["books-read-only"] = "The books cannot be written here. The server's log says more.",
        ["object-missing"] = "A raw object of the books is not in the store. Whoever runs the server runs 'cicost check' and restores it from a backup.",
        ["object-changed"] = "A raw object of the books is not what was delivered. Whoever runs the server runs 'cicost check' and restores it from a "
            + "backup.",
        ["hook-secret"] = "The secret of the webhook cannot be read. Whoever runs the server looks at its log.",
        ["hook-not-kept"] = "The event could not be kept. Deliver it again; the server's log says why.",
    };

    private static readonly Dictionary<string, string> ParameterOf = new(StringComparer.Ordinal)
    {
        ["as-of-too-early"] = Parameters.AsOf.Name,
        ["delivery-unknown"] = Parameters.Delivery.Name,
        ["delivery-of-jobs"] = Parameters.Delivery.Name,
        ["row-unknown"] = Parameters.Row.Name,
        ["split-unknown"] = Parameters.Split.Name,
    };

    /// <summary>The problem of an exception.</summary>
    public static ProblemDocument Of(Exception exception, ILogger logger)
    {
        switch (exception)
        {
            case BadHttpRequestException transfer:
                return OfTransfer(transfer.StatusCode);
            case ParameterException parameter:
                return Make(StatusCodes.Status400BadRequest, parameter.Code, parameter.Message, parameter.Parameter);
            case BooksException books:
                return Make(StatusOf.GetValueOrDefault(books.Code, StatusCodes.Status400BadRequest), books.Code, ToldOf(books, logger),
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

    /// <summary>What is said of a refusal: not where files lie, nor how secrets are called. The log has that.</summary>
    private static string ToldOf(BooksException refusal, ILogger logger)
    {
        if (!ToldAs.TryGetValue(refusal.Code, out var told))
        {
            return refusal.Message;
        }

        Withheld(logger, refusal.Code, refusal.Message);
        return told;
    }

    private static ProblemDocument OfTransfer(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => Make(status, "body-too-large", "The body is larger than is taken here."),
        StatusCodes.Status408RequestTimeout => Make(status, "body-too-slow", "The body did not come in time. Send it again."),
        StatusCodes.Status405MethodNotAllowed or StatusCodes.Status415UnsupportedMediaType => OfStatus(status),
        _ => Make(StatusCodes.Status400BadRequest, "body-broken", "The transfer of the body is malformed or broke off. Send it again."),
    };

    /// <summary>The problem of a status that no exception made.</summary>
    public static ProblemDocument OfStatus(int status) => status switch
    {
        StatusCodes.Status405MethodNotAllowed => Make(status, "method-not-allowed",
            "This address is not asked so; the header Allow says how. What only commands of 'cicost' do, is not served."),
        StatusCodes.Status415UnsupportedMediaType => Make(status, "media-type-unsupported", "The body must be application/json."),
        StatusCodes.Status400BadRequest => Make(status, "host-not-allowed",
            "The server does not answer under this name. Whoever runs it adds the name with --allowed-host."),
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "An answer was {Code}: {Reason}")]
    private static partial void Withheld(ILogger logger, string code, string reason);
}

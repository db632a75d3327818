using CiCost.CostApi.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CiCost.CostApi.Hosting;

/// <summary>Stands around every answer: headers that browsers need, and problem documents in place of exceptions.</summary>
internal static class Guard
{
    private const string PagePolicy =
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
        + "frame-ancestors 'none'";

    /// <summary>Reports carry their styles, fonts and charts in themselves.</summary>
    private const string ReportPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'";

    public static async Task RunAsync(HttpContext http, RequestDelegate next, ApiHostOptions options, ILogger logger)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy =
            http.Request.Path.StartsWithSegments("/reports", StringComparison.Ordinal) ? ReportPolicy : PagePolicy;
        headers.CacheControl = "no-cache";
        if (options.Notice is { } notice)
        {
            headers["X-CiCost-Notice"] = notice;
        }

        try
        {
            await next(http).ConfigureAwait(false);
            if (!http.Response.HasStarted && http.Response.ContentType is null
                && http.Response.StatusCode is StatusCodes.Status400BadRequest or StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed
                    or StatusCodes.Status415UnsupportedMediaType)
            {
                await Problems.WriteAsync(http, Problems.OfStatus(http.Response.StatusCode)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody is there to be told.
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            await Problems.WriteAsync(http, Problems.Of(exception, logger)).ConfigureAwait(false);
        }
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace CiCost.CostApi.Hosting;

/// <summary>
/// One line of the log for a request: what was asked, how it ended, and how long it took. The route stands there and not the address: no value
/// of a query, and nothing that a stranger wrote.
/// </summary>
internal static partial class RequestLog
{
    public static async Task RunAsync(HttpContext http, RequestDelegate next, TimeProvider time, ILogger logger)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            await next(http).ConfigureAwait(false);
            return;
        }

        var started = time.GetTimestamp();
        try
        {
            await next(http).ConfigureAwait(false);
        }
        finally
        {
            var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
            var method = MethodOf(http.Request.Method);
            var milliseconds = (long)time.GetElapsedTime(started).TotalMilliseconds;
            Answered(logger, method, route, http.Response.StatusCode, milliseconds);
        }
    }

    /// <summary>The method when it is one of HTTP's own; a client may send any word.</summary>
    private static string MethodOf(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsPost(method)
        || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method) || HttpMethods.IsPatch(method) || HttpMethods.IsOptions(method) ? method : "other";

    [LoggerMessage(EventId = 3001, EventName = "Answered", Level = LogLevel.Information, Message = "{Method} {Route} {Status} in {Milliseconds} ms")]
    private static partial void Answered(ILogger logger, string method, string route, int status, long milliseconds);
}

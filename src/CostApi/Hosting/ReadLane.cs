using System.Threading.RateLimiting;
using CiCost.Ledger;
using Microsoft.AspNetCore.Http;

namespace CiCost.CostApi.Hosting;

/// <summary>
/// Answers that read the books are made by a few readers at a time: each keeps a thread, a connection and the rows of its answer. More wait in a
/// queue of a fixed length, and beyond it are told to come back. Webhooks, health, the schedule and files do not stand in this queue.
/// </summary>
internal sealed class ReadLane : IDisposable
{
    private const int MostWaiting = 128;
    private static readonly string[] Prefixes = ["/v1", "/reconciliation"];
    private static readonly string[] OwnLanes = ["/v1/hooks", "/v1/schedule"];
    private static readonly int Readers = Math.Max(2, Environment.ProcessorCount);
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Readers,
        QueueLimit = MostWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>How many are answered or wait now.</summary>
    public long Busy => _limiter.GetStatistics() is { } now ? now.CurrentQueuedCount + Readers - now.CurrentAvailablePermits : 0;

    /// <summary>How many were answered since the start.</summary>
    public long Answered => _limiter.GetStatistics()?.TotalSuccessfulLeases ?? 0;

    /// <summary>Answers when it is the request's turn.</summary>
    public async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        if (!IsReading(http.Request.Path))
        {
            await next(http).ConfigureAwait(false);
            return;
        }

        using var turn = await _limiter.AcquireAsync(1, http.RequestAborted).ConfigureAwait(false);
        if (!turn.IsAcquired)
        {
            http.Response.Headers.RetryAfter = "2";
            throw new BooksException("server-busy", $"{MostWaiting} answers wait already. Ask again in two seconds, and fewer at a time.");
        }

        // Reading is synchronous: it must not take the threads that take requests in.
        await Task.Run(() => next(http), CancellationToken.None).ConfigureAwait(false);
    }

    public void Dispose() => _limiter.Dispose();

    private static bool IsReading(PathString path) => path == "/"
        || (StartsWithOneOf(path, Prefixes) && !StartsWithOneOf(path, OwnLanes));

    private static bool StartsWithOneOf(PathString path, string[] prefixes) =>
        prefixes.Any(p => path.StartsWithSegments(p, StringComparison.Ordinal));
}

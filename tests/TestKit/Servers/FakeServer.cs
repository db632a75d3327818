using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CiCost.TestKit.Servers;

/// <summary>A request as a <see cref="FakeServer"/> got it.</summary>
/// <param name="Method">GET, POST...</param>
/// <param name="Path">The path as it was sent, still escaped.</param>
/// <param name="Query">The query with its question mark, still escaped; empty without one.</param>
/// <param name="Headers">All headers, names in any case.</param>
/// <param name="Body">The body.</param>
public sealed record SeenRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>A header; null when it is not there.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}

/// <summary>
/// A provider in this process, on a free port of this machine. It keeps every request, reads bodies whole before the answer, and
/// misbehaves on demand. An exception in the answer is kept and thrown when the server is disposed, so that no test passes over it.
/// </summary>
public sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Func<FakeServer, HttpContext, SeenRequest, Task> _answer;
    private readonly ConcurrentQueue<SeenRequest> _requests = new();
    private readonly ConcurrentQueue<Exception> _broken = new();
    private readonly List<(Fault Fault, Counter Seen)> _faults = [];

    private FakeServer(WebApplication app, Func<FakeServer, HttpContext, SeenRequest, Task> answer)
    {
        _app = app;
        _answer = answer;
    }

    /// <summary>Scheme, host and port, with a slash.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>All requests so far, in order.</summary>
    public IReadOnlyList<SeenRequest> Requests => [.. _requests];

    /// <summary>Starts a server.</summary>
    /// <param name="answer">The proper answer to a request.</param>
    public static Task<FakeServer> StartAsync(Func<HttpContext, SeenRequest, Task> answer) => StartAsync((_, c, r) => answer(c, r));

    /// <summary>Starts a server whose answers need the server, such as its address.</summary>
    /// <param name="answer">The proper answer to a request.</param>
    public static async Task<FakeServer> StartAsync(Func<FakeServer, HttpContext, SeenRequest, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(o => o.AddServerHeader = false);
        var app = builder.Build();
        var server = new FakeServer(app, answer);
        app.Run(server.RunAsync);
        await app.StartAsync();
        server.Address = new Uri(app.Urls.Single() + "/");
        return server;
    }

    /// <summary>Misbehaves with coming requests; the first fault whose time has come is used, one per request.</summary>
    public void Misbehave(params ReadOnlySpan<Fault> faults)
    {
        lock (_faults)
        {
            foreach (var fault in faults)
            {
                _faults.Add((fault, new Counter()));
            }
        }
    }

    /// <summary>Misbehaves no more.</summary>
    public void Heal()
    {
        lock (_faults)
        {
            _faults.Clear();
        }
    }

    /// <summary>Forgets the requests so far.</summary>
    public void Forget() => _requests.Clear();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_broken.TryDequeue(out var exception))
        {
            ExceptionDispatchInfo.Throw(exception);
        }
    }

    private async Task RunAsync(HttpContext context)
    {
        try
        {
            var seen = await ReadAsync(context.Request);
            _requests.Enqueue(seen);
            Task Proper(HttpContext c) => _answer(this, c, seen);
            await (TakeFault(context.Request) is { } fault
                ? fault.RunAsync(context, Proper, _app.Lifetime.ApplicationStopping)
                : Proper(context));
        }
        catch (Exception exception) when (exception is not CutBody.EndedException && !context.RequestAborted.IsCancellationRequested)
        {
            _broken.Enqueue(exception);
            throw;
        }
    }

    private Fault? TakeFault(HttpRequest request)
    {
        lock (_faults)
        {
            foreach (var (fault, seen) in _faults)
            {
                if (seen.Value >= fault.After + fault.Times || !fault.When(request))
                {
                    continue;
                }

                seen.Value++;
                if (seen.Value > fault.After)
                {
                    return fault;
                }
            }

            return null;
        }
    }

    private static async Task<SeenRequest> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var target = request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return new SeenRequest(
            request.Method,
            query < 0 ? target : target[..query],
            query < 0 ? "" : target[query..],
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
    }

    private sealed class Counter
    {
        public int Value { get; set; }
    }
}

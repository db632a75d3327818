using Microsoft.AspNetCore.Http;

namespace CiCost.TestKit.Servers;

/// <summary>A way for a <see cref="FakeServer"/> to misbehave with a request; <see cref="Times"/> says with how many.</summary>
public sealed record Fault
{
    private Fault(Func<HttpContext, RequestDelegate, CancellationToken, Task> run) => RunAsync = run;

    /// <summary>With how many requests; the first ones that <see cref="When"/> fits.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Which requests; all unless told.</summary>
    public Predicate<HttpRequest> When { get; init; } = _ => true;

    /// <summary>How many fitting requests are answered properly before.</summary>
    public int After { get; init; }

    internal Func<HttpContext, RequestDelegate, CancellationToken, Task> RunAsync { get; }

    /// <summary>Answers with a status, a body and headers, instead of the proper answer.</summary>
    public static Fault Answer(
        int status, string body = "", string contentType = "application/json", params (string Name, string Value)[] headers) =>
        new(async (context, _, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }

            await context.Response.WriteAsync(body, CancellationToken.None);
        });

    /// <summary>Sends so many bytes of the proper body and closes the connection.</summary>
    public static Fault CutOffAfter(int bytes) => Body((_, body) => new CutBody(body, bytes, _ => Task.CompletedTask));

    /// <summary>Sends so many bytes of the proper body and then nothing, until the client leaves or the server stops.</summary>
    public static Fault StallAfter(int bytes) => Body((context, body) => new CutBody(body, bytes, async stopping =>
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var left = new TaskCompletionSource();
        using var registration = either.Token.Register(() => left.TrySetResult());
        await left.Task;
    }));

    /// <summary>Does something between the first bytes of the body and the rest, such as replacing the object.</summary>
    public static Fault DuringBody(int bytes, Action act) => Body((_, body) => new CutBody(body, bytes, _ =>
    {
        act();
        return Task.CompletedTask;
    }, goesOn: true));

    /// <summary>Does something before the proper answer, such as replacing the object.</summary>
    public static Fault Before(Action act) => new((context, next, _) =>
    {
        act();
        return next(context);
    });

    /// <summary>Alters the proper answer: status, headers or body as the function likes.</summary>
    public static Fault Altered(Func<HttpContext, RequestDelegate, Task> run) => new((context, next, _) => run(context, next));

    private static Fault Body(Func<HttpContext, Stream, CutBody> make) => new(async (context, next, stopping) =>
    {
        var body = context.Response.Body;
        var cut = make(context, body);
        cut.Stopping = stopping;
        context.Response.Body = cut;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }
    });
}

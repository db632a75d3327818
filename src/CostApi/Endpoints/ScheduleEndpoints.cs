using System.Text.Json;
using System.Text.Json.Serialization;
using CiCost.CostApi.Documents;
using CiCost.CostApi.Hosting;
using CiCost.CostApi.Scheduling;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Sources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CiCost.CostApi.Endpoints;

/// <summary>The schedule: what runs when, what ran, and the few things that can be changed. Changes need the token of the books.</summary>
internal static class ScheduleEndpoints
{
    private const int MaxBodyBytes = 4096;
    private const string Json = "application/json";

    private static readonly QueryWords RunsQuery = new([Parameters.RunsAfter, Parameters.RunsLimit], []);

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    public static void Map(IEndpointRouteBuilder app, ScheduleService service, BooksAccess access, WriteAccess writes)
    {
        Describe(app.MapGet("/v1/schedule", async (HttpContext http) =>
            {
                _ = new QueryReader(http.Request.Query, []);
                var sources = await service.Schedule.ListAsync(http.RequestAborted).ConfigureAwait(false);
                var books = await access.OpenAsync(http.RequestAborted).ConfigureAwait(false);
                await WriteAsync(http, ScheduleDocument.Of(true, sources, books.Runs)).ConfigureAwait(false);
                return Results.Empty;
            }), "schedule", "Every source: when it runs, whether it is paused, and how its last run ended.")
            .Produces<ScheduleDocument>();
        Describe(app.MapGet("/v1/schedule/{key}/runs", async (HttpContext http, string key) =>
            {
                var query = new QueryReader(http.Request.Query, RunsQuery.Parameters);
                await SourceAsync(service.Schedule, key, http.RequestAborted).ConfigureAwait(false);
                var books = await access.OpenAsync(http.RequestAborted).ConfigureAwait(false);
                var after = query.NumberOrNull(Parameters.RunsAfter) ?? 0;
                var runs = books.Runs.List(key, (int)query.NumberOrNull(Parameters.RunsLimit)!.Value);
                await WriteAsync(http, RunsDocument.Of(runs.Where(r => r.RunId > after))).ConfigureAwait(false);
                return Results.Empty;
            }), "runs", "The runs of a source, newest first.").WithMetadata(RunsQuery)
            .Produces<RunsDocument>().Produces<ProblemDocument>(StatusCodes.Status400BadRequest, ProblemDocument.MediaType);
        MapWrites(app, service, access, writes);
    }

    private static void MapWrites(IEndpointRouteBuilder app, ScheduleService service, BooksAccess access, WriteAccess writes)
    {
        Describe(app.MapPost("/v1/schedule/{key}/runs", (HttpContext http, string key) => RunAsync(http, key, service, access, writes)),
            "run", "Asks for a run now, or with months for a backfill. With the token of the books.")
            .Accepts<RunRequestDocument>(isOptional: true, Json)
            .Produces<RunAcceptedDocument>(StatusCodes.Status202Accepted, Json)
            .Produces<ProblemDocument>(StatusCodes.Status400BadRequest, ProblemDocument.MediaType)
            .Produces<ProblemDocument>(StatusCodes.Status401Unauthorized, ProblemDocument.MediaType)
            .Produces<ProblemDocument>(StatusCodes.Status403Forbidden, ProblemDocument.MediaType)
            .Produces<ProblemDocument>(StatusCodes.Status413PayloadTooLarge, ProblemDocument.MediaType)
            .Produces<ProblemDocument>(StatusCodes.Status415UnsupportedMediaType, ProblemDocument.MediaType);
        foreach (var (verb, summary) in new[]
        {
            ("pause", "Keeps a source from running by its schedule. With the token of the books."),
            ("resume", "Lets a source run by its schedule again. With the token of the books."),
        })
        {
            Describe(app.MapPost($"/v1/schedule/{{key}}/{verb}", (HttpContext http, string key) =>
                ChangeAsync(http, key, service, access, writes, isPause: verb == "pause")), verb, summary)
                .Produces<ScheduledSourceDocument>()
                .Produces<ProblemDocument>(StatusCodes.Status401Unauthorized, ProblemDocument.MediaType)
            .Produces<ProblemDocument>(StatusCodes.Status403Forbidden, ProblemDocument.MediaType);
        }
    }

    private static async Task<IResult> RunAsync(HttpContext http, string key, ScheduleService service, BooksAccess access, WriteAccess writes)
    {
        writes.Require(http);
        _ = new QueryReader(http.Request.Query, []);
        var schedule = service.Schedule;
        var months = await MonthsAsync(http).ConfigureAwait(false);
        var books = await access.OpenAsync(http.RequestAborted).ConfigureAwait(false);
        var last = LastRun(books, key)?.RunId ?? 0;
        var cause = months is null ? PullCause.Api : PullCause.Backfill;
        await schedule.RequestRunAsync(key, months, cause, http.RequestAborted).ConfigureAwait(false);
        var address = $"/v1/schedule/{key}/runs?after={last}";
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.Headers.Location = address;
        var accepted = new RunAcceptedDocument(key, HyphenWords.Of(cause), months?.First.ToString(), months?.Last.ToString(), address);
        await WriteAsync(http, accepted).ConfigureAwait(false);
        return Results.Empty;
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http, string key, ScheduleService service, BooksAccess access, WriteAccess writes, bool isPause)
    {
        writes.Require(http);
        _ = new QueryReader(http.Request.Query, []);
        var schedule = service.Schedule;
        var change = isPause ? schedule.PauseAsync(key, http.RequestAborted) : schedule.ResumeAsync(key, http.RequestAborted);
        await change.ConfigureAwait(false);
        var source = await SourceAsync(schedule, key, http.RequestAborted).ConfigureAwait(false);
        var books = await access.OpenAsync(http.RequestAborted).ConfigureAwait(false);
        await WriteAsync(http, ScheduledSourceDocument.Of(source, LastRun(books, key))).ConfigureAwait(false);
        return Results.Empty;
    }

    private static async Task<ScheduledSource> SourceAsync(IPullSchedule schedule, string key, CancellationToken cancellationToken) =>
        (await schedule.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(s => s.Key == key)
        ?? throw new BooksException("source-unknown", "There is no source of this name in sources.yaml. /v1/schedule lists them.");

    private static SourceRun? LastRun(OpenBooks books, string key) => books.Runs.List(key, 1) is [var run] ? run : null;

    private static async Task<MonthRange?> MonthsAsync(HttpContext http)
    {
        var body = await BoundedBody.ReadAsync(http.Request, MaxBodyBytes,
            () => new BooksException("body-too-large", $"The body has more than {MaxBodyBytes} bytes; two months are expected."))
            .ConfigureAwait(false);
        if (body.Length == 0)
        {
            return null;
        }

        // A form or a text can be sent by a page of another site without asking; JSON cannot.
        if (!http.Request.HasJsonContentType())
        {
            throw Invalid($"The body must be {Json}.");
        }

        RunRequestDocument request;
        try
        {
            request = JsonSerializer.Deserialize<RunRequestDocument>(body, Strict) ?? throw Invalid("The body is null.");
        }
        catch (JsonException exception)
        {
            throw Invalid($"The body is no such document: {exception.Message}");
        }

        if (request is { FirstMonth: null, LastMonth: null })
        {
            return null;
        }

        return BillingMonth.TryParse(request.FirstMonth, out var first) && BillingMonth.TryParse(request.LastMonth, out var last)
            && first <= last
            ? new MonthRange(first, last)
            : throw Invalid("firstMonth and lastMonth must both be months, the first not after the last.");
    }

    private static BooksException Invalid(string message) =>
        new("body-invalid", message + " Send nothing, or {\"firstMonth\": \"2026-01\", \"lastMonth\": \"2026-03\"}.");

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route, string name, string summary) => route
        .WithName(name).WithSummary(summary).WithTags("Schedule")
        .Produces<ProblemDocument>(StatusCodes.Status404NotFound, ProblemDocument.MediaType)
        .Produces<ProblemDocument>(StatusCodes.Status503ServiceUnavailable, ProblemDocument.MediaType);

    private static async Task WriteAsync(HttpContext http, object document)
    {
        http.Response.ContentType = Json + "; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync(JsonDocuments.Text(document), http.RequestAborted).ConfigureAwait(false);
    }
}

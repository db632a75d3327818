using System.Net;
using CiCost.CostApi.Documents;
using CiCost.CostApi.Endpoints;
using CiCost.CostApi.Hosting;
using CiCost.CostApi.Pages;
using CiCost.CostApi.Scheduling;
using CiCost.CostApi.Webhooks;
using CiCost.Ledger;
using CiCost.Ledger.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CiCost.CostApi;

/// <summary>Builds the web server: the start page, the JSON API, the reports, and the schedule that pulls sources. No answer changes the
/// books; what the schedule runs and received events do.</summary>
public static class ApiHost
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] ThisMachine = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>How long requests may go on after the stop; less than the two seconds that a stopped command has.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1.5);

    /// <summary>Builds a host; starting it opens the port.</summary>
    /// <exception cref="BooksException">An option cannot be used.</exception>
    public static WebApplication Build(ApiHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var address = AddressOf(options);
        RequireNotice(options.Notice);
        // An empty builder: no variable of the environment and no file beside the program changes what is served, or where.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = options.ApplicationName ?? "cicost",
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = "wwwroot",
        });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, builder.Environment.ApplicationName + ".staticwebassets.runtime.json")))
        {
            // Run from a build folder: the assets lie where the sources are. A published program has them in wwwroot.
            builder.WebHost.UseStaticWebAssets();
        }

        AddLog(builder.Logging, options);
        // A start that fails is thrown to who starts; logging it with its stack, too, would bury the one sentence that helps.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<RouteOptions>(routes => routes.SetParameterPolicy<RegexInlineRouteConstraint>("regex"));
        builder.Services.ConfigureHttpJsonOptions(json => JsonDocuments.Configure(json.SerializerOptions));
        builder.Services.AddOpenApi("v1", openApi =>
        {
            openApi.AddDocumentTransformer(OpenApiWords.DocumentAsync);
            openApi.AddOperationTransformer(OpenApiWords.OperationAsync);
        });
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(new WriteAccess(options.Database));
        builder.Services.AddSingleton<ReadLane>();
        builder.Services.AddHostedService<IdleMemory>();
        builder.Services.AddHostFiltering(hosts =>
        {
            hosts.AllowedHosts = [.. ThisMachine, new Uri(address).Host, .. options.AllowedHosts];
            hosts.AllowEmptyHosts = false;
            hosts.IncludeFailureMessage = false;
        });
        builder.Services.AddSingleton<BooksAccess>();
        builder.Services.AddSingleton<PageWriter>();
        builder.Services.AddSingleton(services => new HookInbox(HookInbox.FolderOf(options.Database), options.Time,
            services.GetRequiredService<ILoggerFactory>().CreateLogger<HookInbox>()));
        builder.Services.AddSingleton<ScheduleService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ScheduleService>());
        options.Services?.Invoke(builder.Services);
        var app = builder.Build();
        app.Urls.Add(address);
        Map(app, options);
        return app;
    }

    private static void AddLog(ILoggingBuilder logging, ApiHostOptions options)
    {
        const string instants = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        if (options.LogFormat == "json")
        {
            logging.AddJsonConsole(console => (console.TimestampFormat, console.UseUtcTimestamp, console.IncludeScopes) = (instants.TrimEnd(), true, true));
        }
        else
        {
            logging.AddSimpleConsole(console =>
                (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, instants, true));
        }

        // Of libraries what matters; of this program what was asked for. The host's own scope would add the address that a stranger wrote.
        logging.SetMinimumLevel((LogLevel)Math.Max((int)LogLevel.Warning, (int)options.LogLevel));
        logging.AddFilter("cicost", options.LogLevel);
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }

    private static void Map(WebApplication app, ApiHostOptions options)
    {
        app.Use((http, next) => RequestLog.RunAsync(http, next, options.Time, app.Logger));
        app.Use((http, next) => Guard.RunAsync(http, next, options, app.Logger));
        app.UseHostFiltering();
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = asset => asset.Context.Response.Headers.CacheControl = "no-cache",
        });
        var lane = app.Services.GetRequiredService<ReadLane>();
        app.Use((http, next) => lane.RunAsync(http, next));
        app.UseRouting();
        var access = app.Services.GetRequiredService<BooksAccess>();
        foreach (var endpoint in ApiEndpoints.All)
        {
            var route = app.MapGet(endpoint.Path, async (HttpContext http) =>
                {
                    await Answering.AnswerAsync(http, endpoint, access).ConfigureAwait(false);
                    return Results.Empty;
                })
                .WithName(endpoint.Name).WithSummary(endpoint.Summary).WithTags("Books").WithMetadata(endpoint)
                .Produces(StatusCodes.Status200OK, endpoint.Documents[0], "application/json");
            if (endpoint.Documents.Count > 1)
            {
                route.Produces(OpenApiWords.OtherDocument, endpoint.Documents[1], "application/json");
            }

            int[] problems = endpoint.CanBeNotFound ? [400, 404, 500, 503] : [400, 500, 503];
            foreach (var status in problems)
            {
                route.Produces<ProblemDocument>(status, ProblemDocument.MediaType);
            }
        }

        var schedule = app.Services.GetRequiredService<ScheduleService>();
        ScheduleEndpoints.Map(app, schedule, access, app.Services.GetRequiredService<WriteAccess>());
        HookEndpoints.Map(app, new GitHubHook(options.GitHubHook, app.Services.GetRequiredService<HookInbox>()));
        MapHealth(app, access, schedule);
        app.MapOpenApi("/openapi/{documentName:regex(^v1$)}.json");
        app.MapPages(options.ReportDirectory);
        app.MapMethods("/reports/{file}", Reading, (string file) => ReportFiles.Serve(options.ReportDirectory, file)).ExcludeFromDescription();
    }

    private static void MapHealth(WebApplication app, BooksAccess access, ScheduleService schedule)
    {
        app.MapMethods("/health/{state:regex(^(live|ready)$)}", [HttpMethods.Head], async (HttpContext http, string state) =>
            {
                // Monitors ask so; the body is what they leave out.
                if (state == "ready")
                {
                    await ReadyAsync(http, access, schedule).ConfigureAwait(false);
                }

                return Results.Ok();
            }).ExcludeFromDescription();
        app.MapGet("/health/live", () => Results.Text(JsonDocuments.Text(new HealthDocument("live", null, null)), "application/json"))
            .WithName("live").WithSummary("Is the server up?").WithTags("Health").Produces<HealthDocument>();
        app.MapGet("/health/ready", async Task<IResult> (HttpContext http) =>
                Results.Text(JsonDocuments.Text(await ReadyAsync(http, access, schedule).ConfigureAwait(false)), "application/json"))
            .WithName("ready").WithSummary("Can it answer? With the newest book version, and the version of SQLite.").WithTags("Health")
            .Produces<HealthDocument>().Produces<ProblemDocument>(StatusCodes.Status503ServiceUnavailable, ProblemDocument.MediaType);
    }

    private static async Task<HealthDocument> ReadyAsync(HttpContext http, BooksAccess access, ScheduleService schedule)
    {
        var books = await access.OpenAsync(http.RequestAborted).ConfigureAwait(false);
        Readiness.Require(books.Books);
        if (schedule.IsDown)
        {
            _ = schedule.Schedule; // Says so as a problem.
        }

        return new HealthDocument("ready", BookVersionDocument.Of(books.Versions.AsOf(null)), SqliteLibrary.Version, books.Books.UpkeepFailure);
    }

    private static string AddressOf(ApiHostOptions options) =>
        Uri.TryCreate(options.Address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && uri.AbsolutePath == "/"
            && uri.Query.Length == 0 && uri.UserInfo.Length == 0
            && (uri.Host == "localhost" || IPAddress.TryParse(uri.Host.Trim('[', ']'), out _))
            ? uri.GetLeftPart(UriPartial.Authority)
            : throw new BooksException("address-invalid",
                $"'{options.Address}' is no address to listen on: http://HOST:PORT with an IP address or localhost is expected, such as "
                    + $"{ApiHostOptions.DefaultAddress}.");

    private static void RequireNotice(string? notice)
    {
        // It stands in a header of every answer, where only these characters are allowed.
        if (notice is not null && (notice.Trim().Length == 0 || notice.Any(c => c is < ' ' or > '~')))
        {
            throw new BooksException("notice-invalid", "The notice must be one line of printable ASCII, and not empty.");
        }
    }
}

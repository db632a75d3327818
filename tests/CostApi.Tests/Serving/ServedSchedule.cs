using System.Net;
using System.Text;
using System.Text.Json;
using CiCost.CostApi.Hosting;
using CiCost.CostApi.Scheduling;
using CiCost.CostApi.Tests.Scheduling;
using CiCost.CostApi.Webhooks;
using CiCost.TestKit.Bookkeeping;
using Microsoft.Extensions.Logging;

namespace CiCost.CostApi.Tests.Serving;

/// <summary>A server that runs a schedule over empty books, asked over real HTTP.</summary>
internal sealed class ServedSchedule : IAsyncDisposable
{
    private readonly WebApplication _host;

    private ServedSchedule(BookFixture books, WebApplication host, LogLines log)
    {
        (Books, _host, Log) = (books, host, log);
        Client = new HttpClient { BaseAddress = new Uri(host.Urls.First()) };
    }

    public BookFixture Books { get; }

    public HttpClient Client { get; }

    /// <summary>What the server logs.</summary>
    public LogLines Log { get; }

    /// <summary>The schedule's own state.</summary>
    public ScheduleService Service => _host.Services.GetRequiredService<ScheduleService>();

    /// <summary>Starts it.</summary>
    /// <param name="pulls">What it pulls; null for nothing.</param>
    /// <param name="hook">How webhooks are received.</param>
    /// <param name="from">The address that requests seem to come from; null for the real one.</param>
    /// <param name="hosts">Names under which it answers beside those of this machine.</param>
    public static async Task<ServedSchedule> StartAsync(IPulls? pulls, GitHubHookOptions? hook = null, IPAddress? from = null,
        params string[] hosts)
    {
        var books = await BookFixture.OpenAsync();
        var log = new LogLines();
        var host = ApiHost.Build(new ApiHostOptions
        {
            Database = books.Books.Path,
            Address = "http://127.0.0.1:0",
            ApplicationName = typeof(ServedSchedule).Assembly.GetName().Name,
            Pulls = pulls is null ? null : _ => pulls,
            GitHubHook = hook,
            AllowedHosts = hosts,
            Services = services =>
            {
                services.AddSingleton<ILoggerProvider>(log);
                if (from is not null)
                {
                    services.AddSingleton<IStartupFilter>(new Sender(from));
                }
            },
        });
        await host.StartAsync();
        return new ServedSchedule(books, host, log);
    }

    /// <summary>Where the token for changes lies.</summary>
    public string TokenFile => WriteAccess.FileOf(Books.Books.Path);

    /// <summary>Sends something, with the token where it changes something, and returns status, document and Location.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Document, string? Location)> SendAsync(HttpMethod method, string path,
        string? body = null, string mediaType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = mediaType.Length > 0
                ? new StringContent(body, Encoding.UTF8, mediaType)
                : new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        }

        if (method != HttpMethod.Get && headers.All(h => h.Name != "Authorization") && File.Exists(TokenFile))
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + (await File.ReadAllTextAsync(TokenFile)).Trim());
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : ServedBooks.Parse(text), response.Headers.Location?.OriginalString);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync();
        await _host.DisposeAsync();
        Books.Dispose();
    }

    /// <summary>Lets every request seem to come from an address.</summary>
    private sealed class Sender(IPAddress from) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((HttpContext http, RequestDelegate after) =>
            {
                http.Connection.RemoteIpAddress = from;
                return after(http);
            });
            next(app);
        };
    }
}

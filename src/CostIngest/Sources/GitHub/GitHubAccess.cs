using System.Text.RegularExpressions;
using CiCost.CostIngest.Sources.Http;
using CiCost.CostIngest.Sources.Paging;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.GitHub;

/// <summary>How GitHub is reached: the settings that both connectors have, and what they make.</summary>
internal sealed partial class GitHubAccess
{
    private readonly Uri _endpoint;
    private readonly SecretReference? _token;
    private readonly GitHubApp? _app;
    private readonly int _longestWaitMinutes;
    private readonly int _maxRequests;
    private readonly SourceServices _services;

    private GitHubAccess(SourceSettings settings, SourceServices services)
    {
        _services = services;
        _endpoint = settings.Address("endpoint", "https://api.github.com/");
        _token = settings.OptionalSecret("token");
        _longestWaitMinutes = settings.Number("longestWaitMinutes", 15, 1, 120);
        _maxRequests = settings.Number("maxRequests", 20_000, 1, 10_000_000);
        _app = ReadApp(settings);
    }

    /// <summary>Reads the settings.</summary>
    public static GitHubAccess Read(SourceSettings settings, SourceServices services) => new(settings, services);

    /// <summary>Is this a name that an organisation or a repository can have? Anything else could change an address.</summary>
    public static bool IsName(string text) => NamePattern().IsMatch(text) && text is not ("." or "..");

    /// <summary>Begins a run: its requests count from zero.</summary>
    public GitHubSession Open() => new(
        HttpChain.Create(new HttpChainOptions
        {
            Provider = "GitHub",
            BaseAddress = _endpoint,
            Rule = RetryRule.GitHub,
            Time = _services.Time,
            Counter = new RequestCounter(_maxRequests, "maxRequests"),
            TotalTime = TimeSpan.FromMinutes(_longestWaitMinutes),
            Authorisation = Authorise,
        }),
        new PageCache(Path.Combine(_services.StateFolder, "pages"), _services.Time));

    private VersionHandler Authorise(HttpMessageHandler inner)
    {
        var proven = _app is { } app
            ? new InstallationTokenHandler(app, _endpoint, _services.Time, inner)
            : Credentials.Bearer(() => _token!.Read())(inner);
        return new VersionHandler(proven);
    }

    private GitHubApp? ReadApp(SourceSettings settings)
    {
        var appId = settings.OptionalText("appId");
        var installation = settings.Number("installationId", 0, 1, int.MaxValue);
        var key = settings.OptionalSecret("privateKey");
        if (_token is null && appId is not null && installation > 0 && key is not null)
        {
            return new GitHubApp(appId, installation, key);
        }

        if (_token is null || appId is not null || installation > 0 || key is not null)
        {
            settings.Refuse("token", "Set either 'token', or all of 'appId', 'installationId' and 'privateKey' of a GitHub App.");
        }

        return null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    // https://docs.github.com/en/rest/about-the-rest-api/api-versions
    private sealed class VersionHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Accept.Clear();
            request.Headers.Accept.ParseAdd("application/vnd.github+json");
            request.Headers.Remove("X-GitHub-Api-Version");
            request.Headers.Add("X-GitHub-Api-Version", "2022-11-28");
            return base.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>A GitHub App's installation.</summary>
/// <param name="AppId">Its client id or number.</param>
/// <param name="InstallationId">The installation in the organisation.</param>
/// <param name="PrivateKey">Where its PEM file stands.</param>
internal sealed record GitHubApp(string AppId, int InstallationId, SecretReference PrivateKey);

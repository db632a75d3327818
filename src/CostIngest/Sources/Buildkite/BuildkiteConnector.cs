using System.Text.RegularExpressions;
using CiCost.CostIngest.Sources.Http;
using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Buildkite;

/// <summary>The connector <c>buildkite-jobs</c>: builds with their jobs, of an organisation or of some of its pipelines.</summary>
public sealed partial class BuildkiteConnector : ISourceConnector
{
    /// <inheritdoc/>
    public string Name => "buildkite-jobs";

    /// <inheritdoc/>
    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var endpoint = settings.Address("endpoint", "https://api.buildkite.com/");
        var token = settings.Secret("token");
        var organization = Slug(settings, "organization", settings.Text("organization"));
        var pipelines = settings.Texts("pipelines");
        foreach (var pipeline in pipelines)
        {
            Slug(settings, "pipelines", pipeline);
        }

        if (pipelines.Distinct(StringComparer.Ordinal).Count() != pipelines.Count)
        {
            settings.Refuse("pipelines", "A pipeline is there twice. Remove one.");
        }

        var longestWait = TimeSpan.FromMinutes(settings.Number("longestWaitMinutes", 15, 1, 120));
        var maxRequests = settings.Number("maxRequests", 20_000, 1, 10_000_000);
        SourceHttp Open() => HttpChain.Create(new HttpChainOptions
        {
            Provider = "Buildkite",
            BaseAddress = endpoint,
            Rule = BuildkiteRule.Instance,
            Time = services.Time,
            Counter = new RequestCounter(maxRequests, "maxRequests"),
            TotalTime = longestWait,
            Authorisation = inner => new PacingHandler(services.Time, Credentials.Bearer(token.Read)(inner)),
        });
        return new SourceSetup(
            new BuildkiteSource(Open, organization, pipelines, services.Time), "buildkite-jobs", Mode: SourceMode.Append);
    }

    private static string Slug(SourceSettings settings, string key, string text)
    {
        if (text.Length > 0 && !SlugPattern().IsMatch(text))
        {
            settings.Refuse(key, "This is no slug: it is what stands in the address of the organisation or pipeline, in small letters.");
        }

        return text;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,99}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex SlugPattern();
}

using CiCost.CostIngest.Sources;

namespace CiCost.CostIngest.Tests.Sources.GitHub;

/// <summary>GitHub, and sources that ask it.</summary>
internal sealed class GitHubFixture : IAsyncDisposable
{
    private const string Variable = "CICOST_TEST_GITHUB_TOKEN";

    private GitHubFixture(Sourcing sourcing, GitHubFake fake) => (Sourcing, Fake) = (sourcing, fake);

    public Sourcing Sourcing { get; }

    public GitHubFake Fake { get; }

    public static async Task<GitHubFixture> StartAsync(string basePath = "")
    {
        Environment.SetEnvironmentVariable(Variable, GitHubFake.Token);
        var sourcing = new Sourcing();
        return new GitHubFixture(sourcing, await GitHubFake.StartAsync(sourcing.Time, basePath));
    }

    public string[] Settings(params string[] more) => [$"endpoint: {Fake.Endpoint}", $"token: env:{Variable}", .. more];

    public SourceSetup Jobs(params string[] more) =>
        Sourcing.Setup("github-jobs", Settings(more.Length == 0 ? ["repositories: [acme/app]"] : more));

    public SourceSetup Usage(params string[] more) => Sourcing.Setup("github-usage", Settings(["organization: acme", .. more]));

    /// <summary>The requests for jobs so far.</summary>
    public int JobRequests => Fake.Server.Requests.Count(r => r.Path.EndsWith("/jobs", StringComparison.Ordinal));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Fake.DisposeAsync();
        Sourcing.Dispose();
    }
}

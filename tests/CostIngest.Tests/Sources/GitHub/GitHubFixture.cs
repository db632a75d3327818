using CiCost.CostIngest.Sources;

namespace CiCost.CostIngest.Tests.Sources.GitHub;

/// <summary>GitHub, and sources that ask it.</summary>
internal sealed class GitHubFixture : IAsyncDisposable
{
    private const string Variable = "CICOST_TEST_GITHUB_TOKEN";

    private GitHubFixture(SourceRig rig, GitHubFake fake) => (Rig, Fake) = (rig, fake);

    public SourceRig Rig { get; }

    public GitHubFake Fake { get; }

    public static async Task<GitHubFixture> StartAsync(string basePath = "")
    {
        Environment.SetEnvironmentVariable(Variable, GitHubFake.Token);
        var rig = new SourceRig();
        return new GitHubFixture(rig, await GitHubFake.StartAsync(rig.Time, basePath));
    }

    public string[] Settings(params string[] more) => [$"endpoint: {Fake.Endpoint}", $"token: env:{Variable}", .. more];

    public SourceSetup Jobs(params string[] more) =>
        Rig.Setup("github-jobs", Settings(more.Length == 0 ? ["repositories: [acme/app]"] : more));

    public SourceSetup Usage(params string[] more) => Rig.Setup("github-usage", Settings(["organization: acme", .. more]));

    /// <summary>The requests for jobs so far.</summary>
    public int JobRequests => Fake.Server.Requests.Count(r => r.Path.EndsWith("/jobs", StringComparison.Ordinal));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Fake.DisposeAsync();
        Rig.Dispose();
    }
}

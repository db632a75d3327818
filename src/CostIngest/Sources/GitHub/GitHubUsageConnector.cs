using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.GitHub;

/// <summary>The connector <c>github-usage</c>: what GitHub bills an organisation, by day, product and repository.</summary>
public sealed class GitHubUsageConnector : ISourceConnector
{
    /// <inheritdoc/>
    public string Name => "github-usage";

    /// <inheritdoc/>
    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var access = GitHubAccess.Read(settings, services);
        var organization = settings.Text("organization");
        if (organization.Length > 0 && !GitHubAccess.IsName(organization))
        {
            settings.Refuse("organization", "This is no organization's name: it is what stands after github.com/ in its address.");
        }

        var profile = settings.OptionalText("profile");
        return new SourceSetup(new GitHubUsageSource(access, organization), "github-usage", profile);
    }
}

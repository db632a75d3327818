using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.GitHub;

/// <summary>The connector <c>github-jobs</c>: the jobs of workflow runs of many repositories.</summary>
public sealed class GitHubJobsConnector : ISourceConnector
{
    /// <inheritdoc/>
    public string Name => "github-jobs";

    /// <inheritdoc/>
    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var access = GitHubAccess.Read(settings, services);
        var repositories = settings.Texts("repositories");
        var organization = settings.OptionalText("organization");
        if (repositories.Count == 0 == organization is null)
        {
            settings.Refuse("repositories",
                "Set either 'repositories', a list of OWNER/NAME, or 'organization' for all of its repositories.");
        }

        if (repositories.FirstOrDefault(r => !RepositoryList.IsRepository(r)) is not null)
        {
            settings.Refuse("repositories", "Each repository is written as OWNER/NAME, such as pytorch/pytorch.");
        }

        if (repositories.Distinct(StringComparer.OrdinalIgnoreCase).Count() != repositories.Count)
        {
            settings.Refuse("repositories", "A repository is there twice. Remove one.");
        }

        if (organization is not null && !GitHubAccess.IsName(organization))
        {
            settings.Refuse("organization", "This is no organization's name: it is what stands after github.com/ in its address.");
        }

        var source = new GitHubJobsSource(
            access, repositories, organization, settings.Number("settledAfterDays", 35, 1, 400), services);
        return new SourceSetup(source, "github-jobs", Mode: SourceMode.Append);
    }
}

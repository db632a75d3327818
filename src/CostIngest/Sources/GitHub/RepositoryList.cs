using CiCost.CostIngest.Sources.Paging;

namespace CiCost.CostIngest.Sources.GitHub;

/// <summary>The repositories of an organisation that the credentials may see.
/// https://docs.github.com/en/rest/repos/repos#list-organization-repositories</summary>
internal static class RepositoryList
{
    private const int PerPage = 100;

    public static async Task<IReadOnlyList<string>> ReadAsync(
        GitHubSession session, string organization, CancellationToken cancellationToken)
    {
        var list = await PagedReading.ReadAsync(
            $"orgs/{organization}/repos?type=all&sort=full_name&per_page={PerPage}",
            async (address, _, cancel) =>
            {
                var answer = await session.GetAsync(address, cancel).ConfigureAwait(false);
                using var document = answer.ReadJson();
                var names = JsonParts.Objects(answer, document.RootElement, null)
                    .Select(r => JsonParts.Text(answer, r, "full_name")).ToList();
                return names.All(IsRepository)
                    ? (new PageItems<string>(names, null), LinkHeader.Next(answer, session.Endpoint))
                    : throw JsonParts.Strange(answer, "has a repository with an impossible name");
            },
            new PagedListRules<string> { Subject = $"The list of repositories of {organization}", KeyOf = n => n, PerPage = PerPage },
            cancellationToken).ConfigureAwait(false);
        return [.. list.Items.Order(StringComparer.Ordinal)];
    }

    /// <summary>OWNER/NAME?</summary>
    public static bool IsRepository(string text) => text.Split('/') is [var owner, var name]
        && GitHubAccess.IsName(owner) && GitHubAccess.IsName(name);
}

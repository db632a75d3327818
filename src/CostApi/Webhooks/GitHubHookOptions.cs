using CiCost.Policy.Sources;

namespace CiCost.CostApi.Webhooks;

/// <summary>How GitHub's webhooks are received.</summary>
/// <param name="Secret">Where the secret stands that GitHub signs with.</param>
/// <param name="SourceKey">The source that its jobs are booked under.</param>
public sealed record GitHubHookOptions(SecretReference Secret, string SourceKey)
{
    /// <summary>How often what came is booked.</summary>
    public TimeSpan BookEvery { get; init; } = TimeSpan.FromMinutes(3);
}

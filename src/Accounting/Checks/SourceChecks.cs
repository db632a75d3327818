using CiCost.Accounting.Freshness;
using CiCost.Domain.Checks;

namespace CiCost.Accounting.Checks;

/// <summary>No source grows old in silence.</summary>
public sealed class SourcesAreFresh() : Check(
    "SourcesAreFresh", "Every configured source was pulled in time and delivers as often as it should.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new AssessSources(context.Books).Run()
            .Where(s => s.State is FreshnessState.Stale or FreshnessState.Silent)
            .Select(s => Failure($"source {s.Feed.SourceKey}", s.Message, "fresh", s.State == FreshnessState.Stale ? "stale" : "silent"));
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Notices(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new AssessSources(context.Books).Run()
            .Where(s => s.State is FreshnessState.Failing or FreshnessState.Waiting)
            .Select(s => $"source {s.Feed.SourceKey}: {s.Message}");
    }
}

using CiCost.Accounting.Checks;
using CiCost.Domain.Checks;

namespace CiCost.CostApi.Documents;

/// <summary>Every check with what does not hold: <c>/v1/checks</c> and <c>cicost check --json</c>.</summary>
/// <param name="Holds">True when no check fails; one that has nothing to compare does not.</param>
/// <param name="IsDeep">True when all raw objects were read again, which only <c>cicost check --deep</c> does.</param>
/// <param name="NotProved">What these checks leave open; null for a deep run.</param>
/// <param name="Checks">The checks in the order of their catalogue.</param>
public sealed record ChecksDocument(bool Holds, bool IsDeep, string? NotProved, IReadOnlyList<CheckOutcome> Checks)
{
    /// <summary>The document of some outcomes.</summary>
    /// <param name="outcomes">The outcomes.</param>
    /// <param name="isDeep">Were all raw objects read again?</param>
    public static ChecksDocument Of(IReadOnlyList<CheckOutcome> outcomes, bool isDeep = false) =>
        new(outcomes.All(o => o.State != CheckState.Fails), isDeep, isDeep ? null : RunChecks.NotProved, outcomes);
}

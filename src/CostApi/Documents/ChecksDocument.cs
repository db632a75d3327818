using CiCost.Domain.Checks;

namespace CiCost.CostApi.Documents;

/// <summary>Every check with what does not hold: <c>/v1/checks</c> and <c>cicost check --json</c>.</summary>
/// <param name="Holds">True when no check fails; one that has nothing to compare does not.</param>
/// <param name="Checks">The checks in the order of their catalogue.</param>
public sealed record ChecksDocument(bool Holds, IReadOnlyList<CheckOutcome> Checks)
{
    /// <summary>The document of some outcomes.</summary>
    public static ChecksDocument Of(IReadOnlyList<CheckOutcome> outcomes) =>
        new(outcomes.All(o => o.State != CheckState.Fails), outcomes);
}

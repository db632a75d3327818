using CiCost.Reports.Models;

namespace CiCost.Reports.Rendering;

/// <summary>Something in a report does not foot, so it was not rendered.</summary>
public sealed class ReportDoesNotFootException(IReadOnlyList<FootingFailure> failures)
    : Exception($"The report does not foot, so it was not made: {string.Join("; ", failures.Take(5))}"
        + (failures.Count > 5 ? $"; and {failures.Count - 5} more." : "."))
{
    /// <summary>All that does not foot.</summary>
    public IReadOnlyList<FootingFailure> Failures { get; } = failures;
}

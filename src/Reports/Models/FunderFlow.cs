namespace CiCost.Reports.Models;

/// <summary>Money of one group of funders that a project consumed.</summary>
/// <param name="From">The group: a series of the trend chart.</param>
/// <param name="To">The project, or what has none.</param>
/// <param name="Cents">How much. Zero and less cannot be drawn; they count in the sums and are named under the chart.</param>
public sealed record FlowLink(string From, string To, long Cents);

/// <summary>From funder to project.</summary>
public sealed record FunderFlow
{
    /// <summary>The sentence that says what to see.</summary>
    public required string Say { get; init; }

    /// <summary>The links; at most one for each pair. About eight projects are readable, so the builder joins the small ones.</summary>
    public required IReadOnlyList<FlowLink> Links { get; init; }

    /// <summary>The right-hand names that are in the alert tone, for example <c>Not attributed</c>.</summary>
    public IReadOnlyList<string> AlertProjects { get; init; } = [];
}

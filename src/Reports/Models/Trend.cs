using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;

namespace CiCost.Reports.Models;

/// <summary>What a series stands for; it decides the colour.</summary>
public enum SeriesRole
{
    /// <summary>One funder. The first takes navy, the second blue, the third amber.</summary>
    Funder = 0,

    /// <summary>All other funders together.</summary>
    Others = 1,

    /// <summary>Unfunded, or not attributed: in the alert tone, at the top.</summary>
    Alert = 2,
}

/// <summary>The consumption of one group of funders, month by month.</summary>
public sealed record TrendSeries
{
    /// <summary>The group's name. Rows of the funding table and links of the flow use the same one.</summary>
    public required string Name { get; init; }

    /// <summary>What it stands for.</summary>
    public required SeriesRole Role { get; init; }

    /// <summary>How sure its last month is, for the key under the chart; null to leave it out of the key.</summary>
    public CostBasis? Basis { get; init; }

    /// <summary>What the key says, for example <c>Meta: estimated at list price</c>; null to leave it out of the key.</summary>
    public string? BasisText { get; init; }

    /// <summary>Cents, one for each month of the chart.</summary>
    public required IReadOnlyList<long> Cents { get; init; }
}

/// <summary>An agreed budget, drawn as a line.</summary>
/// <param name="Name">Its name, for example <c>Foundation budget</c>.</param>
/// <param name="Cents">Cents a month.</param>
public sealed record BudgetLine(string Name, long Cents);

/// <summary>Twelve months by funder.</summary>
public sealed record Trend
{
    /// <summary>The sentence that says what to see.</summary>
    public required string Say { get; init; }

    /// <summary>The months in order, the report's own last; usually twelve.</summary>
    public required IReadOnlyList<BillingMonth> Months { get; init; }

    /// <summary>
    /// At most four that are not <see cref="SeriesRole.Alert"/>, and at most two that are; drawn from the bottom in this order.
    /// </summary>
    public required IReadOnlyList<TrendSeries> Series { get; init; }

    /// <summary>The budget; null for none.</summary>
    public BudgetLine? Budget { get; init; }
}

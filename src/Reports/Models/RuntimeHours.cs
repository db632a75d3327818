using CiCost.Domain.Periods;

namespace CiCost.Reports.Models;

/// <summary>A row of the table of hours.</summary>
/// <param name="Name">The architecture.</param>
/// <param name="Hours">Whole hours, one for each month.</param>
/// <param name="TotalHours">Their sum.</param>
public sealed record HoursRow(string Name, IReadOnlyList<long> Hours, long TotalHours);

/// <summary>A total that was published elsewhere, to compare with.</summary>
/// <param name="Name">Whose it is, for example <c>As published</c>.</param>
/// <param name="Hours">Whole hours, one for each month.</param>
/// <param name="TotalHours">Their sum.</param>
/// <param name="Note">What differs and why, for example which row it omits.</param>
public sealed record PublishedHours(string Name, IReadOnlyList<long> Hours, long TotalHours, string Note);

/// <summary>Hours of job run time by architecture and month.</summary>
public sealed record RuntimeHours
{
    /// <summary>The sentence that says what to see.</summary>
    public required string Say { get; init; }

    /// <summary>The months in order, usually those of the trend.</summary>
    public required IReadOnlyList<BillingMonth> Months { get; init; }

    /// <summary>The architectures.</summary>
    public required IReadOnlyList<HoursRow> Rows { get; init; }

    /// <summary>The total by month.</summary>
    public required HoursRow Total { get; init; }

    /// <summary>The published total; null for none.</summary>
    public PublishedHours? Published { get; init; }
}

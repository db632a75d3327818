using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;

namespace CiCost.Accounting.Freshness;

/// <summary>Whether a source can be relied on now.</summary>
public enum FreshnessState
{
    /// <summary>It was pulled in time and has nothing to complain about.</summary>
    Fresh,

    /// <summary>It is configured since shorter than it may take, and was never pulled.</summary>
    Waiting,

    /// <summary>Its last run failed; the one before is still recent enough.</summary>
    Failing,

    /// <summary>Its runs succeed and nothing new came for longer than expected.</summary>
    Silent,

    /// <summary>No run succeeded for longer than allowed.</summary>
    Stale,

    /// <summary>Whatever its runs say: the books' newest data of it is older than the coverage's cadence allows.</summary>
    Old,
}

/// <summary>How fresh and how complete one source is.</summary>
public sealed record SourceFreshness
{
    /// <summary>The source's key.</summary>
    public required string SourceKey { get; init; }

    /// <summary>The source as it is configured to be pulled; null for a ledger source of the coverage table that people deliver.</summary>
    public Feed? Feed { get; init; }

    /// <summary>Whether it can be relied on.</summary>
    public required FreshnessState State { get; init; }

    /// <summary>True when figures may lack what it would have brought: stale, silent or old.</summary>
    public bool IsOverdue => State is FreshnessState.Stale or FreshnessState.Silent or FreshnessState.Old;

    /// <summary>
    /// True when the figures of a month may lack it: it is stale or silent, so that nobody knows what it would bring; or old, and its data
    /// does not reach the month's end.
    /// </summary>
    /// <param name="month">The month; null for now.</param>
    public bool IsOverdueFor(BillingMonth? month) => IsOverdue
        && (State != FreshnessState.Old || month is not { } asked || DataUntil is not { } until || until < asked.LastDay);

    /// <summary>
    /// The last day that the books' data of it reaches: its newest charge day, for a monthly bill the end of its newest month; null without
    /// any.
    /// </summary>
    public DateOnly? DataUntil { get; init; }

    /// <summary>The state in words, with what to do.</summary>
    public required string Message { get; init; }

    /// <summary>Its last run, however it ended; null when it never ran.</summary>
    public SourceRun? LastRun { get; init; }

    /// <summary>When a run last succeeded.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>When something new was last taken.</summary>
    public DateTimeOffset? LastDelivery { get; init; }

    /// <summary>By when the next successful run is expected; null for a source that is not pulled.</summary>
    public DateTimeOffset? ExpectedBy { get; init; }

    /// <summary>The newest billing period with a delivery, or null without one.</summary>
    public SourceCompleteness? Newest { get; init; }
}

/// <summary>How complete the newest billing period of a source is.</summary>
/// <param name="Month">The billing period.</param>
/// <param name="Rows">Rows of its deliveries.</param>
/// <param name="Days">Charge days with lines.</param>
/// <param name="UsualRowsPerDay">Rows a day in the three billing periods before, rounded; null without them.</param>
/// <param name="LastDay">The last charge day with lines; null when it has none.</param>
/// <param name="MissingDays">Charge days between the first and the last that have no line.</param>
public sealed record SourceCompleteness(BillingMonth Month, long Rows, int Days, long? UsualRowsPerDay, DateOnly? LastDay,
    IReadOnlyList<DateOnly> MissingDays)
{
    /// <summary>Rows a day as a percentage of the usual; null without a usual.</summary>
    public long? PercentOfUsual => UsualRowsPerDay is > 0 and var usual && Days > 0 ? Rows * 100 / Days / usual : null;
}

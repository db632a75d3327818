using System.Collections.Immutable;

namespace CiCost.Domain.Sharing;

/// <summary>How the common pool is divided.</summary>
public enum SplitMethod
{
    /// <summary>Every participant the same, pro-rated by its days.</summary>
    Even = 0,

    /// <summary>A percentage each; what the percentages leave is Unallocated.</summary>
    FixedPercent = 1,

    /// <summary>In proportion to a metric of the charge month.</summary>
    Proportional = 2,
}

/// <summary>What a proportional split is proportional to: consumption of the charge month (accounting.md, 12).</summary>
public enum SplitMetric
{
    /// <summary>Consumption whose beneficiary is the participant.</summary>
    Used = 0,

    /// <summary>Consumption that the participant funds.</summary>
    Given = 1,

    /// <summary>Consumption on chips of the participant.</summary>
    ChipVendor = 2,
}

/// <summary>What to do when all weights are zero. Every split policy says it.</summary>
public enum SplitFallback
{
    /// <summary>Divide evenly.</summary>
    Even = 0,

    /// <summary>Leave it Unallocated.</summary>
    Unallocated = 1,

    /// <summary>Use the weights of the last month that had any; Unallocated where there is none.</summary>
    Previous = 2,
}

/// <summary>How overhead is divided.</summary>
public enum OverheadBase
{
    /// <summary>In proportion to the shares of the direct part.</summary>
    CommonDirect = 0,

    /// <summary>Evenly.</summary>
    Even = 1,
}

/// <summary>An organisation that takes part, for some days.</summary>
/// <param name="Organisation">Its id.</param>
/// <param name="FromDay">The first charge day, in days since 1970-01-01.</param>
/// <param name="ToDay">The first charge day that it no longer takes part.</param>
/// <param name="PercentNanos">Its percentage in 1e-9 of a percent, for fixed percent; else 0.</param>
public sealed record Participant(string Organisation, int FromDay, int ToDay, long PercentNanos)
{
    /// <summary>The days of a month on which it takes part.</summary>
    public int DaysIn(int firstDay, int lastDay) => Math.Max(0, Math.Min(ToDay - 1, lastDay) - Math.Max(FromDay, firstDay) + 1);
}

/// <summary>Consumption that is never shared, by name: an attribute has one of some values.</summary>
/// <param name="Id">Its name in statements.</param>
/// <param name="Reason">Why.</param>
/// <param name="Attribute">An attribute, such as <c>project</c>.</param>
/// <param name="Values">The values.</param>
public sealed record Exclusion(string Id, string Reason, Attribution.AttributeName Attribute, ImmutableArray<string> Values);

/// <summary>How much donated hardware of an organisation enters the common pool in a month; the rest is reported, not shared.</summary>
/// <param name="Organisation">The donor.</param>
/// <param name="NanosPerMonth">The amount of a whole month in nanos of the split's currency; a part of a month counts by its days.</param>
/// <param name="FromDay">The first charge day.</param>
/// <param name="ToDay">The first charge day that it no longer holds for.</param>
public sealed record InKindAcceptance(string Organisation, Int128 NanosPerMonth, int FromDay, int ToDay)
{
    /// <summary>The days of a month for which it holds.</summary>
    public int DaysIn(int firstDay, int lastDay) => Math.Max(0, Math.Min(ToDay - 1, lastDay) - Math.Max(FromDay, firstDay) + 1);
}

/// <summary>A policy that divides consumption among organisations (accounting.md, 12), for some charge days.</summary>
public sealed record SplitPolicy
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name on pages.</summary>
    public required string Name { get; init; }

    /// <summary>True when the board agreed to it; a proposal is shown as such.</summary>
    public required bool IsAgreed { get; init; }

    /// <summary>ISO 4217: other currencies are not shared.</summary>
    public required string Currency { get; init; }

    /// <summary>The first charge day.</summary>
    public required int FromDay { get; init; }

    /// <summary>The first charge day that it no longer holds for.</summary>
    public required int ToDay { get; init; }

    /// <summary>How the direct part is divided.</summary>
    public required SplitMethod Method { get; init; }

    /// <summary>To what a proportional split is proportional.</summary>
    public SplitMetric Metric { get; init; }

    /// <summary>What to do when all weights are zero.</summary>
    public required SplitFallback Fallback { get; init; }

    /// <summary>Who takes part.</summary>
    public required ImmutableArray<Participant> Participants { get; init; }

    /// <summary>What is not shared.</summary>
    public ImmutableArray<Exclusion> Exclusions { get; init; } = [];

    /// <summary>Components that are overhead: divided after the direct part, in proportion to it.</summary>
    public ImmutableArray<string> OverheadComponents { get; init; } = [];

    /// <summary>How they are divided.</summary>
    public OverheadBase OverheadBase { get; init; }

    /// <summary>Donated hardware that enters the pool. A donor that is not named gives without being shared.</summary>
    public ImmutableArray<InKindAcceptance> InKind { get; init; } = [];
}

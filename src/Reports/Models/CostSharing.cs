namespace CiCost.Reports.Models;

/// <summary>What a row of the sharing table is.</summary>
public enum SharingRowRole
{
    /// <summary>An organisation.</summary>
    Organisation = 0,

    /// <summary>Shared cost that no organisation carries.</summary>
    Unallocated = 1,

    /// <summary>Consumption that nobody is known to pay.</summary>
    Unfunded = 2,
}

/// <summary>An amount with its sensitivity (accounting.md, 14).</summary>
/// <param name="Cents">The point.</param>
/// <param name="LowCents">The lowest, in whole dollars where it differs from the point; the point where there is no range.</param>
/// <param name="HighCents">The highest, likewise.</param>
public sealed record RangedAmount(long Cents, long LowCents, long HighCents)
{
    /// <summary>An amount without a range.</summary>
    public static RangedAmount Exactly(long cents) => new(cents, cents, cents);

    /// <summary>Is there a range to show?</summary>
    public bool HasRange => LowCents != Cents || HighCents != Cents;
}

/// <summary>A row of the sharing table. Net = given - excluded - directed - shared - prior period.</summary>
public sealed record SharingRow
{
    /// <summary>The organisation, <c>Unallocated</c> or <c>Unfunded</c>.</summary>
    public required string Organisation { get; init; }

    /// <summary>What the row is.</summary>
    public SharingRowRole Role { get; init; }

    /// <summary>What it gave, all kinds. For an organisation it equals its rows in the funding table.</summary>
    public required RangedAmount Given { get; init; }

    /// <summary>Consumption whose beneficiary it is, for information, it enters no sum; null where no rule says whose it is.</summary>
    public long? UsedCents { get; init; }

    /// <summary>Of what it gave: excluded from sharing.</summary>
    public long ExcludedCents { get; init; }

    /// <summary>Of what it gave: for its own work. Share = given.</summary>
    public long DirectedCents { get; init; }

    /// <summary>Its part of the pool.</summary>
    public required RangedAmount Shared { get; init; }

    /// <summary>Corrections of sealed months.</summary>
    public long PriorPeriodCents { get; init; }

    /// <summary>Positive when it gave more than its share.</summary>
    public required RangedAmount Net { get; init; }
}

/// <summary>A part of consumption that is not shared, by name.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Cents">How much.</param>
public sealed record ExcludedPart(string Name, long Cents);

/// <summary>The bottom of the table: pool + directed + excluded + free terms = consumption (accounting.md, 12).</summary>
/// <param name="PoolCents">What is shared.</param>
/// <param name="DirectedCents">What is for the funder's own work.</param>
/// <param name="ExcludedCents">What is not shared.</param>
/// <param name="FreeTermsCents">What providers give to anybody: nobody's contribution.</param>
/// <param name="ConsumptionCents">All.</param>
public sealed record SharingProof(long PoolCents, long DirectedCents, long ExcludedCents, long FreeTermsCents, long ConsumptionCents);

/// <summary>Given, used, shared and net per organisation, under one policy.</summary>
public sealed record CostSharing
{
    /// <summary>The sentence that says what to see, with the name of the policy.</summary>
    public required string Say { get; init; }

    /// <summary>The policy's name.</summary>
    public string PolicyName { get; init; } = "";

    /// <summary>Is it agreed? A proposal is titled as what it is: an illustration.</summary>
    public bool IsAgreed { get; init; }

    /// <summary>Is less than 80 % of the month's consumption invoiced? Then the title says so.</summary>
    public required bool IsIndicative { get; init; }

    /// <summary>The rows, by net position, then Unallocated and Unfunded, which are always there.</summary>
    public required IReadOnlyList<SharingRow> Rows { get; init; }

    /// <summary>The last line of the table; its net is zero.</summary>
    public required SharingRow Total { get; init; }

    /// <summary>The named parts that are not shared; empty for none.</summary>
    public required IReadOnlyList<ExcludedPart> Excluded { get; init; }

    /// <summary>The line under the table.</summary>
    public required SharingProof Proof { get; init; }
}

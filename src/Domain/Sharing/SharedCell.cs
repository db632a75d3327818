using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;

namespace CiCost.Domain.Sharing;

/// <summary>A funded part of consumption, as the split sees it.</summary>
/// <param name="Key">Stable and unique.</param>
/// <param name="Funder">Who pays, and with what.</param>
/// <param name="Attributes">One value per <see cref="AttributeName"/>; null is Unattributed.</param>
/// <param name="Nanos">The amount.</param>
public sealed record SharedCell(string Key, Funder Funder, ImmutableArray<string?> Attributes, Int128 Nanos)
{
    /// <summary>An attribute's value, or null.</summary>
    public string? this[AttributeName attribute] => Attributes[(int)attribute];
}

/// <summary>What becomes of a part of consumption, in the engine's fixed order.</summary>
public enum SharingStage
{
    /// <summary>Not shared, by a named exclusion or because in-kind above the accepted amount is not.</summary>
    Excluded = 0,

    /// <summary>The beneficiary is the funder: share = given.</summary>
    Directed = 1,

    /// <summary>Shared as direct cost.</summary>
    CommonDirect = 2,

    /// <summary>Shared as overhead.</summary>
    CommonOverhead = 3,
}

/// <summary>One organisation in the statement of a month; also the rows Unallocated and Unfunded.</summary>
public sealed record StatementRow
{
    /// <summary>An organisation's id, <c>Unallocated</c> or <c>Unfunded</c>.</summary>
    public required string Organisation { get; init; }

    /// <summary>What it gave, by kind, in nanos.</summary>
    public required ImmutableSortedDictionary<FundingKind, Int128> GivenNanos { get; init; }

    /// <summary>What it paid ahead for later use; beside the sum, because use counts when it is consumed.</summary>
    public Int128 PaidAheadNanos { get; init; }

    /// <summary>Consumption whose beneficiary it is; for information.</summary>
    public Int128 UsedNanos { get; init; }

    /// <summary>Of what it gave: excluded from sharing.</summary>
    public Int128 ExcludedNanos { get; init; }

    /// <summary>Of what it gave: for its own work.</summary>
    public Int128 DirectedNanos { get; init; }

    /// <summary>Its part of the pool.</summary>
    public Int128 SharedNanos { get; init; }

    /// <summary>Corrections of sealed months.</summary>
    public Int128 PriorPeriodNanos { get; init; }

    /// <summary>All that it gave.</summary>
    public Int128 TotalGivenNanos => GivenNanos.Values.Aggregate((Int128)0, (sum, n) => sum + n);

    /// <summary>Given minus excluded, directed, shared and prior period. All rows together: zero.</summary>
    public Int128 NetNanos => TotalGivenNanos - ExcludedNanos - DirectedNanos - SharedNanos - PriorPeriodNanos;
}

/// <summary>A named part of what is not shared.</summary>
/// <param name="Id">The exclusion, or <c>in-kind-above-accepted</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Nanos">How much.</param>
public sealed record ExcludedAmount(string Id, string Reason, Int128 Nanos);

/// <summary>The statement of a month. Pool + directed + excluded = consumption, and the rows' net positions add up to zero.</summary>
public sealed record SplitStatement
{
    /// <summary>The policy that made it.</summary>
    public required SplitPolicy Policy { get; init; }

    /// <summary>The rows, by organisation, then Unallocated and Unfunded, always there.</summary>
    public required ImmutableArray<StatementRow> Rows { get; init; }

    /// <summary>Direct cost that is shared.</summary>
    public required Int128 CommonDirectNanos { get; init; }

    /// <summary>Overhead that is shared.</summary>
    public required Int128 CommonOverheadNanos { get; init; }

    /// <summary>For the funder's own work.</summary>
    public required Int128 DirectedNanos { get; init; }

    /// <summary>Not shared, by name.</summary>
    public required ImmutableArray<ExcludedAmount> Excluded { get; init; }

    /// <summary>All consumption.</summary>
    public required Int128 ConsumptionNanos { get; init; }

    /// <summary>The weights used for the direct part; what was negative is 0 and named in <see cref="Notes"/>.</summary>
    public required ImmutableSortedDictionary<string, Int128> Weights { get; init; }

    /// <summary>What a reader should know: fallbacks used, negative weights.</summary>
    public required ImmutableArray<string> Notes { get; init; }
}

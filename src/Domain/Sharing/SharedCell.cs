using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Periods;

namespace CiCost.Domain.Sharing;

/// <summary>A funded part of consumption, as the split sees it.</summary>
/// <param name="Key">Stable and unique.</param>
/// <param name="Funder">Who pays, and with what.</param>
/// <param name="Attributes">One value per <see cref="AttributeName"/>; null is Unattributed.</param>
/// <param name="Nanos">The amount.</param>
public sealed record SharedCell(string Key, Funder Funder, ImmutableArray<string?> Attributes, Int128 Nanos)
{
    /// <summary>The organisation whose account reserved the capacity, where nobody used it; null for what was used.</summary>
    public string? ReservedBy { get; init; }

    /// <summary>Of donated hardware: the value whose rate has no approver that is not of the donor, or no reference rate, in nanos.</summary>
    public Int128 NotApprovedNanos { get; init; }

    /// <summary>Of donated hardware: the value above the reference rate, in nanos.</summary>
    public Int128 AboveReferenceNanos { get; init; }

    /// <summary>What may be shared, in nanos: donated hardware counts at the lower of its rate and the reference rate, and not at all
    /// until both are approved (accounting.md, 13).</summary>
    public Int128 AcceptableNanos => Nanos - NotApprovedNanos - AboveReferenceNanos;

    /// <summary>An attribute's value, or null.</summary>
    public string? this[AttributeName attribute] => Attributes[(int)attribute];
}

/// <summary>Days of a month on which one split policy holds, with what was consumed on them.</summary>
/// <param name="Policy">The policy; null on days that none covers: nothing of them is shared.</param>
/// <param name="FirstDay">The first charge day, in days since 1970-01-01.</param>
/// <param name="LastDay">The last charge day, included.</param>
/// <param name="Cells">All funded consumption of the days, in the policies' currency.</param>
public sealed record SplitPeriod(SplitPolicy? Policy, int FirstDay, int LastDay, IReadOnlyList<SharedCell> Cells);

/// <summary>Days of a month and how they were divided.</summary>
/// <param name="Policy">The policy; null on days that none covers.</param>
/// <param name="FirstDay">The first charge day, in days since 1970-01-01.</param>
/// <param name="LastDay">The last charge day, included.</param>
/// <param name="Weights">The weights used for the direct part; what was negative is 0 and named in the notes.</param>
public sealed record StatedPeriod(SplitPolicy? Policy, int FirstDay, int LastDay, ImmutableSortedDictionary<string, Int128> Weights);

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

    /// <summary>Reserved capacity that nobody used: the share of who reserved it.</summary>
    Reserved = 4,

    /// <summary>What a provider gives to anybody: outside given, pool and net.</summary>
    FreeTerms = 5,
}

/// <summary>One organisation in the statement of a month; also the rows Unallocated and Unfunded.</summary>
public sealed record StatementRow
{
    /// <summary>An organisation's id, <c>Unallocated</c> or <c>Unfunded</c>.</summary>
    public required string Organisation { get; init; }

    /// <summary>What it gave, by kind, in nanos. What a provider gives to anybody is nobody's contribution and not in it.</summary>
    public required ImmutableSortedDictionary<FundingKind, Int128> GivenNanos { get; init; }

    /// <summary>What it paid ahead for later use; beside the sum, because use counts when it is consumed.</summary>
    public Int128 PaidAheadNanos { get; init; }

    /// <summary>Consumption whose beneficiary it is; for information.</summary>
    public Int128 UsedNanos { get; init; }

    /// <summary>Of what it gave: excluded from sharing.</summary>
    public Int128 ExcludedNanos { get; init; }

    /// <summary>Of what it gave: for its own work.</summary>
    public Int128 DirectedNanos { get; init; }

    /// <summary>Its part of the pool, and the capacity that it reserved and nobody used.</summary>
    public Int128 SharedNanos { get; init; }

    /// <summary>Corrections of sealed months.</summary>
    public Int128 PriorPeriodNanos { get; init; }

    /// <summary>All that it gave.</summary>
    public Int128 TotalGivenNanos => GivenNanos.Values.Aggregate((Int128)0, (sum, n) => sum + n);

    /// <summary>Given minus excluded, directed, shared and prior period. All rows together: zero.</summary>
    public Int128 NetNanos => TotalGivenNanos - ExcludedNanos - DirectedNanos - SharedNanos - PriorPeriodNanos;
}

/// <summary>A named part of what is not shared.</summary>
/// <param name="Id">The exclusion, or <c>in-kind-above-accepted</c>, <c>in-kind-above-reference</c> or <c>in-kind-not-approved</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Nanos">How much.</param>
public sealed record ExcludedAmount(string Id, string Reason, Int128 Nanos);

/// <summary>The statement of a month. Pool + directed + excluded + free terms = consumption, and the rows' net positions add up to zero.
/// </summary>
public sealed record SplitStatement
{
    /// <summary>The days and the policy of each; at least one has a policy.</summary>
    public required ImmutableArray<StatedPeriod> Periods { get; init; }

    /// <summary>The policy that holds at the end of the month, or held last.</summary>
    public SplitPolicy Policy => Periods.Last(p => p.Policy is not null).Policy!;

    /// <summary>The policies by name, each with its days where it is not alone.</summary>
    public string Name => Periods is [{ Policy: { } only }] ? only.Name
        : string.Join(", ", Periods.Select(p => $"{p.Policy?.Name ?? "no policy"} ({ChargeDay.ToText(p.FirstDay)} to {ChargeDay.ToText(p.LastDay)})"));

    /// <summary>Did the board agree to the policy of every day?</summary>
    public bool IsAgreed => Periods.All(p => p.Policy is { IsAgreed: true });

    /// <summary>The rows, by organisation, then Unallocated and Unfunded, always there.</summary>
    public required ImmutableArray<StatementRow> Rows { get; init; }

    /// <summary>Direct cost that is shared.</summary>
    public required Int128 CommonDirectNanos { get; init; }

    /// <summary>Overhead that is shared.</summary>
    public required Int128 CommonOverheadNanos { get; init; }

    /// <summary>Reserved capacity that nobody used: the share of who reserved it.</summary>
    public required Int128 ReservedNanos { get; init; }

    /// <summary>For the funder's own work.</summary>
    public required Int128 DirectedNanos { get; init; }

    /// <summary>What providers give to anybody by published terms: a memo, outside given, pool and net (accounting.md, 1).</summary>
    public required Int128 FreeTermsNanos { get; init; }

    /// <summary>Not shared, by name.</summary>
    public required ImmutableArray<ExcludedAmount> Excluded { get; init; }

    /// <summary>All consumption.</summary>
    public required Int128 ConsumptionNanos { get; init; }

    /// <summary>What a reader should know: fallbacks used, negative weights.</summary>
    public required ImmutableArray<string> Notes { get; init; }
}

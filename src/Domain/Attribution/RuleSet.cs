using System.Collections.Immutable;

namespace CiCost.Domain.Attribution;

/// <summary>One rule for one attribute.</summary>
/// <param name="Id">The rule's name, which <c>explain</c> shows. Rules for several attributes may share one.</param>
/// <param name="Attribute">What it decides.</param>
/// <param name="FromDay">The first charge day, in days since 1970-01-01; <see cref="int.MinValue"/> for "always".</param>
/// <param name="ToDay">The first charge day that it no longer holds for; <see cref="int.MaxValue"/> for "still".</param>
/// <param name="When">When it holds.</param>
/// <param name="Value">What the attribute then is.</param>
public sealed record AttributionRule(
    string Id, AttributeName Attribute, int FromDay, int ToDay, RuleConditions When, string Value);

/// <summary>One rule for the role of a line (accounting.md, 3).</summary>
/// <param name="Id">The rule's name, which <c>explain</c> shows.</param>
/// <param name="FromDay">The first charge day, in days since 1970-01-01; <see cref="int.MinValue"/> for "always".</param>
/// <param name="ToDay">The first charge day that it no longer holds for; <see cref="int.MaxValue"/> for "still".</param>
/// <param name="When">When it holds.</param>
/// <param name="GrantId">The grant that the line draws on, or refills when its sign is positive; null says that it is a charge.</param>
public sealed record FundingRule(string Id, int FromDay, int ToDay, RuleConditions When, string? GrantId)
{
    /// <summary>The charge is a negotiated, committed-use or sustained-use discount (accounting.md, 1): a column of the bridge.</summary>
    public bool IsDiscount { get; init; }
}

/// <summary>All rules in their order: the first that matches decides, attribute by attribute.</summary>
/// <param name="Rules">The rules for attributes.</param>
/// <param name="FundingRules">The rules for the role.</param>
public sealed record RuleSet(ImmutableArray<AttributionRule> Rules, ImmutableArray<FundingRule> FundingRules)
{
    /// <summary>No rules: everything is Unattributed.</summary>
    public static RuleSet Empty { get; } = new([], []);
}

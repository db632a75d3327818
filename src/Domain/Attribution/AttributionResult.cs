using System.Collections.Immutable;

namespace CiCost.Domain.Attribution;

/// <summary>What the rules decided for one dimension set during one interval of charge days, and which rule decided it.</summary>
/// <param name="Values">One per <see cref="AttributeName"/>, in its order; null is Unattributed.</param>
/// <param name="RuleIds">The id of the deciding rule per attribute; null where no rule matched.</param>
/// <param name="Role">The role of the lines.</param>
/// <param name="GrantId">The grant that a line of role <see cref="LineRole.Funding"/> draws on; else null.</param>
/// <param name="RoleRuleId">The id of the funding rule that decided the role; null where none matched.</param>
/// <param name="IsUnclassifiedCredit">
/// True for ChargeCategory Credit that no funding rule maps to a grant or to a charge (accounting.md, 3).
/// </param>
public sealed record AttributionResult(
    ImmutableArray<string?> Values,
    ImmutableArray<string?> RuleIds,
    LineRole Role,
    string? GrantId,
    string? RoleRuleId,
    bool IsUnclassifiedCredit)
{
    /// <summary>The value shown where no rule matched.</summary>
    public const string Unattributed = "Unattributed";

    /// <summary>The value of all attributes of rounding lines, which stand outside the Unattributed figure (accounting.md, 8).</summary>
    public const string Rounding = "rounding";

    /// <summary>The value of an attribute; null is Unattributed.</summary>
    public string? this[AttributeName attribute] => Values[(int)attribute];

    /// <summary>Equal by content.</summary>
    public bool Equals(AttributionResult? other) => other is not null && Role == other.Role && GrantId == other.GrantId
        && RoleRuleId == other.RoleRuleId && IsUnclassifiedCredit == other.IsUnclassifiedCredit
        && Values.AsSpan().SequenceEqual(other.Values.AsSpan()) && RuleIds.AsSpan().SequenceEqual(other.RuleIds.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Role);
        hash.Add(GrantId);
        foreach (var value in Values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }
}

/// <summary>A result and the charge days that it holds for.</summary>
/// <param name="ValidFromDay">The first charge day, in days since 1970-01-01; <see cref="int.MinValue"/> for "always was".</param>
/// <param name="ValidToDay">The first charge day that it no longer holds for; <see cref="int.MaxValue"/> for "still holds".</param>
/// <param name="Result">What was decided.</param>
public sealed record DatedAttribution(int ValidFromDay, int ValidToDay, AttributionResult Result);

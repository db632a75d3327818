using System.Collections.Immutable;

namespace CiCost.Domain.Attribution;

/// <summary>When a rule holds: all tests hold, and of each group of alternatives at least one.</summary>
public sealed class RuleConditions
{
    /// <summary>Makes conditions. None at all always hold.</summary>
    /// <param name="all">Tests that must all hold.</param>
    /// <param name="anyOf">Groups of alternatives; a group without alternatives never holds.</param>
    public RuleConditions(ImmutableArray<ColumnTest> all, ImmutableArray<ImmutableArray<RuleConditions>> anyOf)
    {
        All = all;
        AnyOf = anyOf;
        Parts = [.. All.Select(test => test.Identity)
            .Concat(AnyOf.Select(group => $"any({string.Join('|', group.Select(part => part.Identity).Order(StringComparer.Ordinal))})"))
            .Distinct().Order(StringComparer.Ordinal)];
        Identity = $"all({string.Join('&', Parts)})";
    }

    /// <summary>Conditions that always hold.</summary>
    public static RuleConditions None { get; } = new([], []);

    /// <summary>Tests that must all hold.</summary>
    public ImmutableArray<ColumnTest> All { get; }

    /// <summary>Groups of alternatives.</summary>
    public ImmutableArray<ImmutableArray<RuleConditions>> AnyOf { get; }

    /// <summary>What must hold, part by part, in ordinal order. Conditions with fewer of the same parts hold at least as often.</summary>
    public ImmutableArray<string> Parts { get; }

    /// <summary>Equal for conditions that are the same by content.</summary>
    public string Identity { get; }

    /// <summary>Every test in these conditions, at any depth.</summary>
    public IEnumerable<ColumnTest> Tests => All.Concat(AnyOf.SelectMany(group => group).SelectMany(part => part.Tests));

    /// <summary>
    /// Do the conditions hold for values looked up by column name? The plain form of what <see cref="Attributor"/>
    /// does fast.
    /// </summary>
    public bool Hold(Func<string, string?> valueOf) =>
        All.All(test => test.Holds(valueOf(test.Column))) && AnyOf.All(group => group.Any(part => part.Hold(valueOf)));
}

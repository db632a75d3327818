using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.Policy.Reading;
using CiCost.Policy.Yaml;

namespace CiCost.Policy.Linting;

/// <summary>A rule and where it stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="File">The file.</param>
/// <param name="At">Where the rule begins.</param>
/// <param name="FromDay">The first day.</param>
/// <param name="ToDay">The first day that is no longer meant.</param>
/// <param name="When">Its conditions.</param>
internal sealed record PlacedRule(string Id, string File, YamlNode At, int FromDay, int ToDay, RuleConditions When);

/// <summary>Mistakes that only show in what rules mean: catch-alls, and rules that never decide anything.</summary>
internal static class RuleLint
{
    /// <summary>
    /// Does the rule hold for every known line? Then it hides what no rule knows, and nothing would ever be
    /// Unattributed.
    /// </summary>
    public static bool IsCatchAll(RuleConditions when) => when.All.All(IsWide) && when.AnyOf.All(IsWide);

    /// <summary>Can the conditions never hold, because they name an account whose id is not set?</summary>
    public static bool NeverHolds(RuleConditions when) => when.AnyOf.Any(group => group.All(NeverHolds));

    /// <summary>Lists rules that an earlier rule for the same attribute keeps from ever deciding.</summary>
    /// <param name="rules">The rules for one attribute, in their order.</param>
    /// <param name="what">The attribute, in the words of an error.</param>
    /// <param name="errors">Where mistakes go.</param>
    public static void FindShadowed(IReadOnlyList<PlacedRule> rules, string what, ErrorList errors)
    {
        var earlier = new List<PlacedRule>();
        foreach (var rule in rules.Where(rule => !NeverHolds(rule.When)))
        {
            var parts = rule.When.Parts.ToHashSet(StringComparer.Ordinal);
            if (earlier.Find(e => Shadows(e, rule, parts)) is { } first)
            {
                errors.In(rule.File).Add(rule.At, PolicyErrorCode.Shadowed,
                    $"Rule '{rule.Id}' never decides {what}{Between(first, rule)}: rule '{first.Id}' ({first.File}, line {first.At.Line}) "
                    + "comes first and holds whenever this one does. Remove one, set their dates apart, or move the narrower one up.");
            }

            earlier.Add(rule);
        }
    }

    /// <summary>
    /// Rules with equal conditions may not overlap at all; one with fewer conditions may not cover all days of a
    /// later one.
    /// </summary>
    private static bool Shadows(PlacedRule earlier, PlacedRule later, HashSet<string> parts) =>
        earlier.FromDay < later.ToDay && later.FromDay < earlier.ToDay
        && earlier.When.Parts.Length <= parts.Count && earlier.When.Parts.All(parts.Contains)
        && (earlier.When.Parts.Length == parts.Count || (earlier.FromDay <= later.FromDay && later.ToDay <= earlier.ToDay));

    private static string Between(PlacedRule first, PlacedRule rule)
    {
        var (from, to) = (Math.Max(first.FromDay, rule.FromDay), Math.Min(first.ToDay, rule.ToDay));
        var text = from == int.MinValue ? "" : $" from {ChargeDay.ToText(from)}";
        return to == int.MaxValue ? text : $"{text} before {ChargeDay.ToText(to)}";
    }

    /// <summary>Does the test hold for every known value? That a column has a value tells nothing apart where every row has one.</summary>
    internal static bool IsWide(ColumnTest test) =>
        KnownValues.Of(test.Column).Where(value => value is not null || !KnownValues.IsFilled(test.Column)).All(test.TryOut);

    private static bool IsWide(ImmutableArray<RuleConditions> group)
    {
        if (group.Any(IsCatchAll))
        {
            return true;
        }

        // Alternatives of one column each may cover all of its values between them: Usage, or not Usage.
        var single = group.Where(part => part.All.Length == 1 && part.AnyOf.IsEmpty).Select(part => part.All[0]);
        return single.GroupBy(test => test.Column).Any(tests => KnownValues.Of(tests.Key).All(value => tests.Any(t => t.TryOut(value))));
    }
}

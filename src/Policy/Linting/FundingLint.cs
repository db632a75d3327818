using CiCost.Domain.Attribution;
using CiCost.Policy.Reading;

namespace CiCost.Policy.Linting;

/// <summary>Mistakes in what rules of funding.yaml mean (accounting.md, 3): credits that no rule can fail to map, and corrections of a grant's
/// credits that do not reach the grant.</summary>
internal static class FundingLint
{
    /// <summary>Lists them.</summary>
    /// <param name="rules">All rules in their order.</param>
    /// <param name="grantRules">Those that map to a grant.</param>
    /// <param name="errors">Where mistakes go.</param>
    public static void Run(IReadOnlyList<PlacedRule> rules, IReadOnlySet<PlacedRule> grantRules, FileErrors errors)
    {
        if (errors.IsChecked)
        {
            return;
        }

        foreach (var rule in rules)
        {
            if (TakesEveryCredit(rule.When))
            {
                errors.Add(rule.At, PolicyErrorCode.CatchAll,
                    $"Rule '{rule.Id}' holds for every Credit, and would hide one that no rule knows. Say what these credits are called.");
            }
        }

        foreach (var (rule, at) in rules.Select((r, i) => (r, i)).Where(r => grantRules.Contains(r.r)))
        {
            if (rule.When.All.Any(test => test.Column == "ChargeClass" && !test.TryOut("Correction")))
            {
                errors.Add(rule.At, PolicyErrorCode.GrantWithoutCorrections,
                    $"Rule '{rule.Id}' keeps corrections from its grant: a Credit that matches a grant is funding also with ChargeClass "
                    + "Correction; a positive one is a reversal. Remove the condition on ChargeClass.");
            }
            else if (rules.Take(at).FirstOrDefault(earlier => !grantRules.Contains(earlier) && TakesCorrections(earlier, rule)) is { } first)
            {
                errors.Add(first.At, PolicyErrorCode.GrantWithoutCorrections,
                    $"Rule '{first.Id}' takes corrections before rule '{rule.Id}' (line {rule.At.Line}) can map them to its grant: a Credit that "
                    + $"matches a grant is funding also with ChargeClass Correction. Move '{first.Id}' behind the rules of grants.");
            }
        }
    }

    private static bool TakesEveryCredit(RuleConditions when) => when.All.All(test => Holds(test, null)) && when.AnyOf.All(group =>
        group.Any(TakesEveryCredit));

    /// <summary>Does the earlier rule hold for every correction that the later one maps, without a look at what it is called?</summary>
    private static bool TakesCorrections(PlacedRule earlier, PlacedRule later)
    {
        var parts = later.When.Parts.ToHashSet(StringComparer.Ordinal);
        bool Takes(RuleConditions when) => when.All.All(test => parts.Contains(test.Identity) || Holds(test, "Correction"))
            && when.AnyOf.All(group => group.Any(Takes));
        return earlier.FromDay < later.ToDay && later.FromDay < earlier.ToDay && Takes(earlier.When);
    }

    private static bool Holds(ColumnTest test, string? chargeClass) => test.Column switch
    {
        "ChargeCategory" => test.TryOut("Credit"),
        "ChargeClass" => test.TryOut(chargeClass),
        _ => RuleLint.IsWide(test),
    };
}

using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Policy.Linting;
using CiCost.Policy.Yaml;

namespace CiCost.Policy.Reading;

/// <summary>Reads funding.yaml: the grants, and which credits draw on them (accounting.md, 3).</summary>
internal sealed class FundingReader(
    PolicyTexts texts, VocabularyReader words, KnownIds accountIds, KnownIds ruleIds, ConditionReader conditions)
{
    private readonly KnownIds _grantIds = new("grant", PolicyTexts.Funding);

    public ImmutableArray<Grant> Grants { get; private set; } = [];

    /// <summary>What bills do not say of commitments.</summary>
    public PrepaidTerms Prepaid { get; private set; } = PrepaidTerms.None;

    public ImmutableArray<FundingRule> Read(ErrorList allErrors)
    {
        if (texts.Open(PolicyTexts.Funding, Shape.FundingFile) is not var (map, errors))
        {
            return [];
        }

        Grants = VocabularyReader.ReadList(map, "grants", Shape.Grant, _grantIds, errors, Grant);
        Prepaid = new PrepaidReader(words, accountIds, _grantIds, Grants).Read(map, errors);
        var rules = ImmutableArray.CreateBuilder<FundingRule>();
        var placed = new List<PlacedRule>();
        var grantRules = new HashSet<PlacedRule>();
        foreach (var node in map.List("rules"))
        {
            if (MapReader.Open(node, Shape.FundingRule, errors) is not { } rule)
            {
                continue;
            }

            var head = RuleHead.Read(rule, ruleIds, conditions, errors);
            var then = rule.Node("then") is { } thenNode ? ReadThen(thenNode, errors) : null;
            if (head is not { When: { } when } || then is not var (grant, isGrant, isDiscount))
            {
                continue;
            }

            if (isGrant && !IsCredit(when))
            {
                errors.Add(rule.Node("when")!, PolicyErrorCode.GrantNotCredit,
                    $"Rule '{head.Id}' maps lines to a grant that are perhaps no draws on it. "
                    + "Add ChargeCategory: Credit.");
            }

            rules.Add(new FundingRule(head.Id, head.From, head.To, when, grant) { IsDiscount = isDiscount });
            placed.Add(new PlacedRule(head.Id, errors.File, node, head.From, head.To, when));
            if (isGrant)
            {
                grantRules.Add(placed[^1]);
            }
        }

        RuleLint.FindShadowed(placed, "the role", allErrors);
        FundingLint.Run(placed, grantRules, errors);
        return rules.ToImmutable();
    }

    private Grant? Grant(string id, MapReader map, FileErrors errors)
    {
        var (name, kind) = (map.Text("name"), map.Choice("kind", Choices.GrantKinds));
        var donor = map.Text("donor");
        var donorId = words.OrganisationIds.Resolve(donor, errors);
        if (words.Organisations.FirstOrDefault(o => o.Id == donorId) is { } known && !known.Roles.Contains(OrganisationRole.Donor))
        {
            errors.Add(donor!, PolicyErrorCode.MissingRole,
                $"The organisation '{known.Id}' does not have the role donor. Add the role in organisations.yaml, or name another.");
        }

        var notFor = map.Texts("notFor").Select(c => words.ComponentIds.Resolve(c, errors)).OfType<string>();
        return name is null || kind is null || donorId is null
            ? null
            : new Grant(id, name.Value, donorId, kind.Value) { ExcludedComponents = [.. notFor] };
    }

    private (string? Grant, bool IsGrant, bool IsDiscount)? ReadThen(YamlNode node, FileErrors errors)
    {
        if (MapReader.Open(node, Shape.FundingThen, errors) is not { } then)
        {
            return null;
        }

        var (grant, role) = (then.Node("grant"), then.Node("role"));
        if (grant is null == role is null)
        {
            errors.Add(node, PolicyErrorCode.BadChoice, "A funding rule gives exactly one of the two: grant: ID, or role: charge.");
            return null;
        }

        if (role is not null)
        {
            return then.Choice("role", Choices.FundingRoles) is null
                || (then.Node("as") is not null && then.Choice("as", Choices.ChargesAs) is null) ? null : (null, false, then.Node("as") is not null);
        }

        if (then.Node("as") is { } kind)
        {
            errors.Add(kind, PolicyErrorCode.BadChoice, "Only a charge is taken as something: remove as, or write role: charge.");
            return null;
        }

        return _grantIds.Resolve(then.Text("grant"), errors) is { } id ? (id, true, false) : null;
    }

    private static bool IsCredit(RuleConditions when) =>
        when.All.Any(test => test is { Column: "ChargeCategory", Kind: ColumnTestKind.OneOf, IsNegated: false, Texts: ["Credit"] });
}

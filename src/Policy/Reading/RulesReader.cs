using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Policy.Linting;
using CiCost.Policy.Yaml;

namespace CiCost.Policy.Reading;

/// <summary>Reads attribution/*.yaml.</summary>
internal sealed class RulesReader(
    PolicyTexts texts, VocabularyReader words, KnownIds accounts, KnownIds domains, ConditionReader conditions)
{
    private readonly Dictionary<AttributeName, List<PlacedRule>> _placed = [];

    public KnownIds RuleIds { get; } = new("rule", "attribution/*.yaml or funding.yaml");

    public ImmutableArray<AttributionRule> Read(ErrorList errors)
    {
        var rules = ImmutableArray.CreateBuilder<AttributionRule>();
        foreach (var name in texts.AttributionFiles)
        {
            if (texts.Open(name, Shape.AttributionFile) is var (map, fileErrors))
            {
                ReadFile(map, fileErrors, rules);
            }
        }

        foreach (var (attribute, placed) in _placed)
        {
            RuleLint.FindShadowed(placed, attribute.ToText(), errors);
        }

        return rules.ToImmutable();
    }

    private void ReadFile(MapReader map, FileErrors errors, ImmutableArray<AttributionRule>.Builder rules)
    {
        foreach (var node in map.List("rules"))
        {
            if (rules.Count >= PolicyLimits.Rules)
            {
                errors.Add(node, PolicyErrorCode.TooMany, $"The policy has more than {PolicyLimits.Rules} rules. Merge some.");
                return;
            }

            if (MapReader.Open(node, Shape.Rule, errors) is not { } rule)
            {
                continue;
            }

            var head = RuleHead.Read(rule, RuleIds, conditions, errors);
            var values = rule.Node("then") is { } then ? ReadThen(then, errors) : [];
            if (head is not { When: { } when })
            {
                continue;
            }

            foreach (var (attribute, value) in values)
            {
                rules.Add(new AttributionRule(head.Id, attribute, head.From, head.To, when, value));
                if (!_placed.TryGetValue(attribute, out var placed))
                {
                    _placed.Add(attribute, placed = []);
                }

                placed.Add(new PlacedRule(head.Id, errors.File, node, head.From, head.To, when));
            }
        }
    }

    private List<(AttributeName Attribute, string Value)> ReadThen(YamlNode node, FileErrors errors)
    {
        var values = new List<(AttributeName, string)>();
        if (MapReader.Open(node, Shape.Then, errors) is not { } then)
        {
            return values;
        }

        if (node is YamlMap { Entries.Count: 0 })
        {
            errors.Add(node, PolicyErrorCode.EmptyValue,
                $"The rule decides nothing. Set at least one of: {Words.List(AttributeNames.All)}.");
        }

        foreach (var (name, attribute) in Choices.Attributes)
        {
            if (then.Text(name) is { } text && Resolve(attribute, text, errors) is { } value)
            {
                values.Add((attribute, value));
            }
        }

        return values;
    }

    /// <summary>Lists a value that the attribute cannot have.</summary>
    public void RequireValue(AttributeName attribute, YamlText value, FileErrors errors) => Resolve(attribute, value, errors);

    private string? Resolve(AttributeName attribute, YamlText text, FileErrors errors) => attribute switch
    {
        AttributeName.Project => words.ProjectIds.Resolve(text, errors) is { } id && IsProject(id, text, errors) ? id : null,
        AttributeName.Architecture => words.ArchitectureIds.Resolve(text, errors),
        AttributeName.Component => words.ComponentIds.Resolve(text, errors),
        AttributeName.Operator => Organisation(text, OrganisationRole.Operator, "operator", errors),
        AttributeName.PayerAccount => accounts.Resolve(text, errors),
        AttributeName.Domain => domains.Resolve(text, errors),
        AttributeName.Beneficiary => words.BeneficiaryIds.Resolve(text, errors),
        AttributeName.ChipVendor => Organisation(text, OrganisationRole.ChipVendor, "chip-vendor", errors),
        _ => throw new ArgumentOutOfRangeException(nameof(attribute), attribute, "Every attribute has its vocabulary."),
    };

    /// <summary>The ids of organisations are kept from projects, so they resolve as such and must be told apart here.</summary>
    private bool IsProject(string id, YamlText text, FileErrors errors)
    {
        if (!words.OrganisationIds.Contains(id))
        {
            return true;
        }

        errors.Add(text, PolicyErrorCode.UnknownReference, $"'{id}' is an organisation, not a project. Name a project of projects.yaml.");
        return false;
    }

    private string? Organisation(YamlText text, OrganisationRole role, string roleName, FileErrors errors)
    {
        if (words.OrganisationIds.Resolve(text, errors) is not { } id)
        {
            return null;
        }

        var organisation = words.Organisations.FirstOrDefault(o => o.Id == id);
        if (organisation is not null && !organisation.Roles.Contains(role))
        {
            errors.Add(text, PolicyErrorCode.MissingRole,
                $"The organisation '{id}' does not have the role {roleName}. Add the role in organisations.yaml, or name another.");
            return null;
        }

        return id;
    }
}

/// <summary>What every rule has: id, days, conditions.</summary>
/// <param name="Id">Its id.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The first day that is no longer meant.</param>
/// <param name="When">Its conditions; null when they are wrong.</param>
internal sealed record RuleHead(string Id, int From, int To, RuleConditions? When)
{
    public static RuleHead? Read(MapReader rule, KnownIds ids, ConditionReader conditions, FileErrors errors)
    {
        var id = rule.Id();
        var isNew = id is not null && ids.Declare(id, errors);
        var (from, to) = rule.Days();
        var node = rule.Node("when");
        var when = node is null ? null : conditions.Read(node, errors);
        if (when is not null && !errors.IsChecked && RuleLint.IsCatchAll(when))
        {
            errors.Add(node!, PolicyErrorCode.CatchAll,
                $"Rule '{id?.Value}' holds for every line, and would hide what no rule knows. Add a condition that sets its lines apart.");
            when = null;
        }

        return isNew ? new RuleHead(id!.Value, from, to, when) : null;
    }
}

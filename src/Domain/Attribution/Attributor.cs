using System.Collections.Concurrent;
using System.Collections.Immutable;
using CiCost.Domain.Lines;

namespace CiCost.Domain.Attribution;

/// <summary>
/// The attribution engine: per attribute the first rule that matches and is in effect on the charge day decides; what no rule matches
/// is Unattributed. Pure: the answer depends on the rules and the set only, whatever was asked before. Safe for several threads.
/// </summary>
public sealed class Attributor : IAttributor
{
    /// <summary>Bounds the memory: real rule sets give some hundred distinct outcomes.</summary>
    private const int MaxOutcomes = 200_000;

    private static readonly IReadOnlyList<DatedAttribution> RoundingOfCharges = Rounding(LineRole.RoundingOfCharges);
    private static readonly IReadOnlyList<DatedAttribution> RoundingOfCredits = Rounding(LineRole.RoundingOfCredits);

    private readonly ConcurrentDictionary<Outcome, IReadOnlyList<DatedAttribution>> _outcomes = new();
    private readonly CompiledRules _rules;

    /// <summary>Makes an engine for a rule set.</summary>
    public Attributor(RuleSet rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = new CompiledRules(rules);
    }

    /// <inheritdoc/>
    public IReadOnlyList<DatedAttribution> Attribute(DimensionSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        switch (set.Origin)
        {
            case LineOrigin.RoundingOfCharges:
                return RoundingOfCharges;
            case LineOrigin.RoundingOfCredits:
                return RoundingOfCredits;
        }

        var matched = new List<int>(16);
        _rules.Match(set, matched);
        var outcome = new Outcome([.. matched], set[DimensionColumn.ChargeCategory] == "Credit");
        if (_outcomes.TryGetValue(outcome, out var known))
        {
            return known;
        }

        var built = Build(outcome);
        if (_outcomes.Count >= MaxOutcomes)
        {
            _outcomes.Clear();
        }

        return _outcomes.GetOrAdd(outcome, built);
    }

    private static DatedAttribution[] Rounding(LineRole role)
    {
        var values = Enumerable.Repeat<string?>(AttributionResult.Rounding, AttributeNames.Count).ToImmutableArray();
        var rules = Enumerable.Repeat<string?>(null, AttributeNames.Count).ToImmutableArray();
        return [new(int.MinValue, int.MaxValue, new AttributionResult(values, rules, role, null, null, IsUnclassifiedCredit: false))];
    }

    /// <summary>
    /// Cuts the days where a matched rule begins or ends, decides each interval, and joins neighbours that came out
    /// equal.
    /// </summary>
    private DatedAttribution[] Build(Outcome outcome)
    {
        var matched = outcome.Matched.Select(ordinal => _rules.All[ordinal]).ToArray();
        var cuts = matched.SelectMany(rule => new[] { rule.FromDay, rule.ToDay })
            .Append(int.MinValue).Append(int.MaxValue).Distinct().Order().ToArray();
        var result = new List<DatedAttribution>();
        for (var i = 0; i + 1 < cuts.Length; i++)
        {
            var decided = Decide(matched, cuts[i], outcome.IsCredit);
            if (result.Count > 0 && result[^1].Result.Equals(decided))
            {
                result[^1] = result[^1] with { ValidToDay = cuts[i + 1] };
            }
            else
            {
                result.Add(new DatedAttribution(cuts[i], cuts[i + 1], decided));
            }
        }

        return [.. result];
    }

    private static AttributionResult Decide(CompiledRules.Rule[] matched, int day, bool isCredit)
    {
        var values = new string?[AttributeNames.Count];
        var ids = new string?[AttributeNames.Count];
        CompiledRules.Rule? role = null;
        foreach (var rule in matched)
        {
            if (rule.FromDay > day || rule.ToDay <= day)
            {
                continue;
            }

            if (rule.Slot == CompiledRules.RoleSlot)
            {
                role ??= rule;
            }
            else if (ids[rule.Slot] is null)
            {
                (values[rule.Slot], ids[rule.Slot]) = (rule.Value, rule.Id);
            }
        }

        return new AttributionResult(
            [.. values],
            [.. ids],
            role?.Value is null ? LineRole.Charge : LineRole.Funding,
            role?.Value,
            role?.Id,
            IsUnclassifiedCredit: isCredit && role is null);
    }

    /// <summary>All that a result depends on: the rules that matched, and whether the line is a credit.</summary>
    private readonly struct Outcome(ImmutableArray<int> matched, bool isCredit) : IEquatable<Outcome>
    {
        public ImmutableArray<int> Matched { get; } = matched;

        public bool IsCredit { get; } = isCredit;

        public bool Equals(Outcome other) => IsCredit == other.IsCredit && Matched.AsSpan().SequenceEqual(other.Matched.AsSpan());

        public override bool Equals(object? obj) => obj is Outcome other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(IsCredit);
            foreach (var ordinal in Matched)
            {
                hash.Add(ordinal);
            }

            return hash.ToHashCode();
        }
    }
}

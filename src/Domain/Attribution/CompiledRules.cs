using System.Collections.Immutable;
using CiCost.Domain.Lines;

namespace CiCost.Domain.Attribution;

/// <summary>A rule set with its tests numbered per column, so that a test is looked up and not run again.</summary>
internal sealed class CompiledRules
{
    /// <summary>The slot of the role, after the slots of the attributes.</summary>
    public static readonly int RoleSlot = AttributeNames.Count;

    private readonly List<List<ColumnTest>> _testsByColumn = [];
    private readonly Dictionary<string, int> _columnByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TestAt> _testByIdentity = new(StringComparer.Ordinal);
    private readonly ImmutableArray<ImmutableArray<Rule>> _slots;
    private readonly ImmutableArray<ColumnFacts> _columns;

    public CompiledRules(RuleSet rules)
    {
        var slots = Enumerable.Range(0, RoleSlot + 1).Select(_ => ImmutableArray.CreateBuilder<Rule>()).ToArray();
        var all = ImmutableArray.CreateBuilder<Rule>();
        foreach (var rule in rules.Rules)
        {
            Add((int)rule.Attribute, rule.Id, rule.FromDay, rule.ToDay, rule.When, rule.Value);
        }

        foreach (var rule in rules.FundingRules)
        {
            Add(RoleSlot, rule.Id, rule.FromDay, rule.ToDay, rule.When, rule.GrantId);
        }

        _slots = [.. slots.Select(slot => slot.ToImmutable())];
        _columns = [.. _testsByColumn.Select(tests => new ColumnFacts(tests[0].Column, [.. tests]))];
        All = all.ToImmutable();

        void Add(int slot, string id, int from, int to, RuleConditions when, string? value)
        {
            var rule = new Rule(all.Count, slot, id, from, to, Compile(when), value);
            all.Add(rule);
            slots[slot].Add(rule);
        }
    }

    /// <summary>All rules by their ordinal.</summary>
    public ImmutableArray<Rule> All { get; }

    /// <summary>
    /// The ordinals of the rules that match on some day and can decide something: in each slot up to the first that holds on every day.
    /// </summary>
    public void Match(DimensionSet set, List<int> matched)
    {
        var view = new SetView(_columns, set);
        foreach (var slot in _slots)
        {
            foreach (var rule in slot)
            {
                if (view.Holds(rule.When))
                {
                    matched.Add(rule.Ordinal);
                    if (rule is { FromDay: int.MinValue, ToDay: int.MaxValue })
                    {
                        break;
                    }
                }
            }
        }
    }

    private Conditions Compile(RuleConditions when) => new(
        [.. when.All.Select(At)],
        [.. when.AnyOf.Select(group => group.Select(Compile).ToImmutableArray())]);

    private TestAt At(ColumnTest test)
    {
        if (_testByIdentity.TryGetValue(test.Identity, out var at))
        {
            return at;
        }

        if (!_columnByName.TryGetValue(test.Column, out var column))
        {
            _columnByName.Add(test.Column, column = _testsByColumn.Count);
            _testsByColumn.Add([]);
        }

        at = new TestAt(column, _testsByColumn[column].Count);
        _testsByColumn[column].Add(test);
        _testByIdentity.Add(test.Identity, at);
        return at;
    }

    internal readonly record struct TestAt(int Column, int Test);

    internal sealed record Conditions(ImmutableArray<TestAt> All, ImmutableArray<ImmutableArray<Conditions>> AnyOf);

    internal sealed record Rule(int Ordinal, int Slot, string Id, int FromDay, int ToDay, Conditions When, string? Value);

    /// <summary>One set with the facts of its values, each looked up at most once.</summary>
    private sealed class SetView(ImmutableArray<ColumnFacts> columns, DimensionSet set)
    {
        private readonly string?[] _values = new string?[columns.Length];
        private readonly byte[]?[] _facts = new byte[]?[columns.Length];

        public bool Holds(Conditions when)
        {
            foreach (var test in when.All)
            {
                if (!Holds(test))
                {
                    return false;
                }
            }

            foreach (var group in when.AnyOf)
            {
                if (!HoldsAny(group))
                {
                    return false;
                }
            }

            return true;
        }

        private bool HoldsAny(ImmutableArray<Conditions> group)
        {
            foreach (var part in group)
            {
                if (Holds(part))
                {
                    return true;
                }
            }

            return false;
        }

        private bool Holds(TestAt at)
        {
            var column = columns[at.Column];
            var facts = _facts[at.Column];
            if (facts is null)
            {
                _values[at.Column] = column.ValueIn(set);
                _facts[at.Column] = facts = column.FactsOf(_values[at.Column]);
            }

            return column.HoldsFor(at.Test, _values[at.Column], facts);
        }
    }
}

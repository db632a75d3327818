using CiCost.Domain.Attribution;
using CiCost.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Attribution;

/// <summary>Each property runs random rule sets, 10,000 in the long run, of six dimension sets each.</summary>
public sealed class AttributorProperties
{
    private static readonly int Cases = Counts.Of(10_000);

    [Test]
    public void Intervals_AnyRules_PartitionAllDaysAndSayWhatTheRulesSay()
    {
        var classes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        ForAll(c =>
        {
            var engine = new Attributor(c.Rules);
            return c.Sets.All(set =>
            {
                var dated = engine.Attribute(set);
                Count(classes, dated);
                var matching = AttributionCase.Matching(c.Rules, set);
                return Partition(dated) && AttributionCase.Days(c.Rules).All(day =>
                    At(dated, day).Equals(AttributionCase.Expected(matching, set, day)));
            });
        });

        TestContext.Out.WriteLine(string.Join('\n', classes.Select(c => $"{c.Key}: {c.Value}")));
        Assert.That(classes.Where(c => c.Value * 20 < classes["all"]), Is.Empty, "each class is at least 5 % of the sets");
    }

    [Test]
    public void Cache_AnyOrderOfQuestions_GivesTheSameAnswers() => ForAll(c =>
    {
        var (forward, backward) = (new Attributor(c.Rules), new Attributor(c.Rules));
        var first = c.Sets.Select(forward.Attribute).ToArray();
        var second = c.Sets.Reverse().Select(backward.Attribute).Reverse().ToArray();
        var again = c.Sets.Select(forward.Attribute).ToArray();
        return first.Zip(second, again).All(t => t.First.SequenceEqual(t.Second) && t.First.SequenceEqual(t.Third));
    });

    [Test]
    public void Reattribution_SameRules_ChangesNothing() => ForAll(c =>
        c.Sets.All(set => new Attributor(c.Rules).Attribute(set).SequenceEqual(new Attributor(c.Rules).Attribute(set))));

    [Test]
    public void RemovedRule_AnyRules_ChangesOnlyWhatItDecided() => ForAll(c =>
    {
        var before = new Attributor(c.Rules);
        return c.Rules.Rules.All(removed =>
        {
            var after = new Attributor(c.Rules with { Rules = c.Rules.Rules.Remove(removed) });
            return c.Sets.All(set => OnlyItsDaysChange(c.Rules, before.Attribute(set), after.Attribute(set), removed));
        });
    });

    private static bool OnlyItsDaysChange(
        RuleSet rules, IReadOnlyList<DatedAttribution> before, IReadOnlyList<DatedAttribution> after, AttributionRule removed) =>
        AttributionCase.Days(rules).All(day =>
            At(before, day).RuleIds[(int)removed.Attribute] == removed.Id
                ? At(after, day).RuleIds[(int)removed.Attribute] != removed.Id
                : At(before, day).Equals(At(after, day)));

    private static void ForAll(Func<AttributionCase, bool> property) => Check.One(
        Properties.Config(Cases),
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => property(new AttributionCase(seed))));

    private static bool Partition(IReadOnlyList<DatedAttribution> dated) =>
        dated[0].ValidFromDay == int.MinValue && dated[^1].ValidToDay == int.MaxValue
        && dated.All(d => d.ValidFromDay < d.ValidToDay)
        && dated.Zip(dated.Skip(1)).All(pair =>
            pair.First.ValidToDay == pair.Second.ValidFromDay && !pair.First.Result.Equals(pair.Second.Result));

    private static AttributionResult At(IReadOnlyList<DatedAttribution> dated, int day) =>
        dated.Single(d => d.ValidFromDay <= day && day < d.ValidToDay).Result;

    private static void Count(SortedDictionary<string, int> classes, IReadOnlyList<DatedAttribution> dated)
    {
        Add("all");
        Add(dated.Count == 1 ? "one interval" : "several intervals");
        Add(dated.Any(d => d.Result.Role == LineRole.Funding) ? "funding" : "charge");
        Add(dated.All(d => d.Result.RuleIds.All(id => id is null)) ? "no rule decides" : "a rule decides");
        if (dated.Any(d => d.Result.IsUnclassifiedCredit))
        {
            Add("unclassified credit");
        }

        void Add(string name) => classes[name] = classes.GetValueOrDefault(name) + 1;
    }
}

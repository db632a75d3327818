using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;

namespace CiCost.Domain.Tests.Attribution;

public sealed class AttributorTests
{
    private static readonly DimensionSet Ec2 = ASet.Of(("ChargeCategory", "Usage"), ("ServiceName", "AmazonEC2"));

    [Test]
    public void Rules_SeveralMatch_FirstWinsPerAttribute()
    {
        var engine = ASet.Engine(
        [
            ASet.Rule("wide", AttributeName.Component, ASet.When(ASet.Is("ChargeCategory", "Usage")), "compute"),
            ASet.Rule("narrow", AttributeName.Component, ASet.When(ASet.Is("ServiceName", "AmazonEC2")), "storage"),
            ASet.Rule("narrow", AttributeName.Operator, ASet.When(ASet.Is("ServiceName", "AmazonEC2")), "meta"),
        ]);

        var result = engine.Attribute(Ec2).Single().Result;

        Assert.Multiple(() =>
        {
            Assert.That(result[AttributeName.Component], Is.EqualTo("compute"));
            Assert.That(result.RuleIds[(int)AttributeName.Component], Is.EqualTo("wide"));
            Assert.That(result[AttributeName.Operator], Is.EqualTo("meta"));
            Assert.That(result.RuleIds[(int)AttributeName.Operator], Is.EqualTo("narrow"));
            Assert.That(result[AttributeName.Project], Is.Null);
            Assert.That(result.RuleIds[(int)AttributeName.Project], Is.Null);
        });
    }

    [Test]
    public void Rules_NoneMatches_EverythingIsUnattributedCharge()
    {
        var only = ASet.Engine([]).Attribute(Ec2).Single();

        Assert.Multiple(() =>
        {
            Assert.That((only.ValidFromDay, only.ValidToDay), Is.EqualTo((int.MinValue, int.MaxValue)));
            Assert.That(only.Result.Values, Has.All.Null);
            Assert.That(only.Result.RuleIds, Has.All.Null);
            Assert.That(only.Result.Role, Is.EqualTo(LineRole.Charge));
            Assert.That(only.Result.IsUnclassifiedCredit, Is.False);
        });
    }

    [Test]
    public void Rules_ChangeInMidMonth_DaysAreCutThere()
    {
        var midMonth = new DateOnly(2026, 7, 15).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        var engine = ASet.Engine(
        [
            ASet.Rule("until", AttributeName.Operator, ASet.When(ASet.Is("ServiceName", "AmazonEC2")), "meta", to: midMonth),
            ASet.Rule("since", AttributeName.Operator, ASet.When(ASet.Is("ServiceName", "AmazonEC2")), "linux-foundation", from: midMonth),
        ]);

        var dated = engine.Attribute(Ec2);

        Assert.That(
            dated.Select(d => (d.ValidFromDay, d.ValidToDay, d.Result[AttributeName.Operator])),
            Is.EqualTo(new[] { (int.MinValue, midMonth, "meta"), (midMonth, int.MaxValue, "linux-foundation") }));
    }

    [Test]
    public void Rules_DatedRuleThatDecidesNothing_NeighboursAreJoined()
    {
        var engine = ASet.Engine(
        [
            ASet.Rule("always", AttributeName.Component, ASet.When(ASet.Is("ServiceName", "AmazonEC2")), "compute"),
            ASet.Rule("later", AttributeName.Component, ASet.When(ASet.Is("ChargeCategory", "Usage")), "other", from: 100, to: 200),
        ]);

        Assert.That(engine.Attribute(Ec2), Has.Count.EqualTo(1));
    }

    [Test]
    public void Rules_DatedRuleBeforeOpenOne_OpenOneHoldsOutsideItsDates()
    {
        var engine = ASet.Engine(
        [
            ASet.Rule("trial", AttributeName.Component, ASet.When(ASet.Is("ServiceName", "AmazonEC2")), "other", from: 100, to: 200),
            ASet.Rule("always", AttributeName.Component, ASet.When(ASet.Is("ChargeCategory", "Usage")), "compute"),
        ]);

        Assert.That(
            engine.Attribute(Ec2).Select(d => (d.ValidFromDay, d.Result[AttributeName.Component])),
            Is.EqualTo(new[] { (int.MinValue, "compute"), (100, "other"), (200, "compute") }));
    }

    [TestCase(ColumnTestKind.OneOf, false, ExpectedResult = false)]
    [TestCase(ColumnTestKind.StartsWith, false, ExpectedResult = false)]
    [TestCase(ColumnTestKind.Matches, false, ExpectedResult = false)]
    [TestCase(ColumnTestKind.IsNull, false, ExpectedResult = true)]
    [TestCase(ColumnTestKind.OneOf, true, ExpectedResult = true)]
    [TestCase(ColumnTestKind.Matches, true, ExpectedResult = true)]
    [TestCase(ColumnTestKind.IsNull, true, ExpectedResult = false)]
    public bool Test_NoValue_EqualsNothing(ColumnTestKind kind, bool isNegated)
    {
        var test = new ColumnTest("RegionId", kind, kind == ColumnTestKind.IsNull ? [] : ["us"], isNegated);
        var engine = ASet.Engine([ASet.Rule("r", AttributeName.Component, ASet.When(test), "compute")]);
        return engine.Attribute(Ec2).Single().Result[AttributeName.Component] is not null;
    }

    [TestCase("x_UsageType", "USE2-BoxUsage:c7a.48xlarge", ExpectedResult = "compute")]
    [TestCase("tags.Cluster", "USE2-BoxUsage:c7a.48xlarge", ExpectedResult = null)]
    [TestCase("x_UsageType", "EBS:VolumeUsage.gp3", ExpectedResult = null)]
    public string? Test_CustomColumn_MatchesByItsName(string column, string value)
    {
        var test = new ColumnTest("x_UsageType", ColumnTestKind.Matches, ["BoxUsage"]);
        var engine = ASet.Engine([ASet.Rule("r", AttributeName.Component, ASet.When(test), "compute")]);
        return engine.Attribute(ASet.Of((column, value))).Single().Result[AttributeName.Component];
    }

    [Test]
    public void AnyOf_GroupWithoutAlternatives_NeverHolds()
    {
        var never = new RuleConditions([], [[]]);
        var engine = ASet.Engine([ASet.Rule("r", AttributeName.PayerAccount, never, "aws-foundation")]);
        Assert.That(engine.Attribute(Ec2).Single().Result[AttributeName.PayerAccount], Is.Null);
    }

    [Test]
    public void AnyOf_OneAlternativeHolds_RuleHolds()
    {
        var either = new RuleConditions([], [[ASet.When(ASet.Is("ServiceName", "x")), ASet.When(ASet.Is("ChargeCategory", "Usage"))]]);
        var engine = ASet.Engine([ASet.Rule("r", AttributeName.Component, either, "compute")]);
        Assert.That(engine.Attribute(Ec2).Single().Result[AttributeName.Component], Is.EqualTo("compute"));
    }

    [TestCase(LineOrigin.RoundingOfCharges, ExpectedResult = LineRole.RoundingOfCharges)]
    [TestCase(LineOrigin.RoundingOfCredits, ExpectedResult = LineRole.RoundingOfCredits)]
    public LineRole Rounding_AnyRules_StandsOutsideThem(LineOrigin origin)
    {
        var anything = ASet.When(ASet.Is("ServiceName", "AmazonEC2"));
        var engine = ASet.Engine(
            [ASet.Rule("r", AttributeName.Component, anything, "compute")],
            new FundingRule("f", int.MinValue, int.MaxValue, anything, "grant"));

        var only = engine.Attribute(ASet.From(origin, ("ServiceName", "AmazonEC2"), ("ChargeCategory", "Credit"))).Single();

        Assert.Multiple(() =>
        {
            Assert.That((only.ValidFromDay, only.ValidToDay), Is.EqualTo((int.MinValue, int.MaxValue)));
            Assert.That(only.Result.Values, Has.Length.EqualTo(8).And.All.EqualTo(AttributionResult.Rounding));
            Assert.That(only.Result.RuleIds, Has.Length.EqualTo(8).And.All.Null);
            Assert.That(only.Result.GrantId, Is.Null);
            Assert.That(only.Result.RoleRuleId, Is.Null);
            Assert.That(only.Result.IsUnclassifiedCredit, Is.False);
        });
        return only.Result.Role;
    }

    [TestCase("Credit", "AWS Open Source credits", null, LineRole.Funding, "aws-open-source", "grant", false)]
    [TestCase("Credit", "SLA credit", null, LineRole.Charge, null, "sla", false)]
    [TestCase("Credit", "something else", null, LineRole.Charge, null, null, true)]
    [TestCase("Credit", null, null, LineRole.Charge, null, null, true)]
    [TestCase("Credit", "AWS Open Source credits", "Correction", LineRole.Charge, null, "correction", false)]
    [TestCase("Usage", "AWS Open Source credits", null, LineRole.Charge, null, null, false)]
    public void Funding_Credit_IsWhatTheRulesSay(
        string category, string? description, string? chargeClass, LineRole role, string? grant, string? rule, bool isUnclassified)
    {
        var engine = ASet.Engine([], FundingRules());

        var result = engine.Attribute(
            ASet.Of(("ChargeCategory", category), ("ChargeDescription", description), ("ChargeClass", chargeClass))).Single().Result;

        Assert.That(
            (result.Role, result.GrantId, result.RoleRuleId, result.IsUnclassifiedCredit),
            Is.EqualTo((role, grant, rule, isUnclassified)));
    }

    /// <summary>
    /// accounting.md, 3: Usage 100, Credit/Correction -30, Usage/Correction +5 is consumption 75 and nobody gave
    /// anything.
    /// </summary>
    [Test]
    public void Funding_ShippedExample_Is75AndNobodyGaveAnything()
    {
        var engine = ASet.Engine([], FundingRules());
        (string Category, string? Class, long Dollars)[] lines =
            [("Usage", null, 100), ("Credit", "Correction", -30), ("Usage", "Correction", 5)];

        var roles = lines.Select(line => (Line: line, Role: RoleOf(line.Category, line.Class))).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(roles.Where(r => r.Role != LineRole.Funding).Sum(r => r.Line.Dollars), Is.EqualTo(75));
            Assert.That(roles.Where(r => r.Role == LineRole.Funding), Is.Empty);
        });

        LineRole RoleOf(string category, string? chargeClass) =>
            engine.Attribute(ASet.Of(("ChargeCategory", category), ("ChargeClass", chargeClass))).Single().Result.Role;
    }

    private static FundingRule[] FundingRules()
    {
        var credit = ASet.Is("ChargeCategory", "Credit");
        return
        [
            Rule("correction", ASet.When(credit, ASet.Is("ChargeClass", "Correction")), null),
            Rule("sla", ASet.When(credit, new ColumnTest("ChargeDescription", ColumnTestKind.Matches, ["SLA"])), null),
            Rule("grant", ASet.When(credit, new ColumnTest("ChargeDescription", ColumnTestKind.Matches, ["Open"])), "aws-open-source"),
        ];

        static FundingRule Rule(string id, RuleConditions when, string? grant) => new(id, int.MinValue, int.MaxValue, when, grant);
    }
}

using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Sharing;
using static CiCost.Domain.Tests.Sharing.SplitCases;

namespace CiCost.Domain.Tests.Sharing;

/// <summary>The worked examples of accounting.md, 12, and each method, fallback and dated part in whole units.</summary>
public sealed class SplitEngineTests
{
    private const int Always = int.MaxValue;
    private static readonly Funder Aws = new("aws", FundingKind.Credits);

    /// <summary>
    /// AMD adds 1,000,000 of its own GPUs. Wholly shared, it would gain 885,000 of it and NVIDIA carry 140,000 more; with nothing
    /// accepted, no position changes and the surplus is reported.
    /// </summary>
    [TestCase(1_000_000, 885_000, -140_000, 0)]
    [TestCase(0, 0, 0, 1_000_000)]
    [TestCase(250_000, 221_250, -35_000, 750_000)]
    public void OwnGpusOfAMember_ImproveItsPositionOnlyByWhatWasAccepted(long accepted, long amdGains, long nvidiaGains, long reported)
    {
        var policy = Percentages(("amd", 115), ("nvidia", 140), ("meta", 745)) with
        {
            InKind = [new InKindAcceptance("amd", accepted, int.MinValue, Always)],
        };
        var before = Divide(policy, Cell("bill", Aws, 4_000_000));
        var after = Divide(policy, Cell("bill", Aws, 4_000_000), Cell("gpus", new Funder("amd", FundingKind.InKind), 1_000_000));

        Assert.Multiple(() =>
        {
            Assert.That((long)(Row(after, "amd").NetNanos - Row(before, "amd").NetNanos), Is.EqualTo(amdGains));
            Assert.That((long)(Row(after, "nvidia").NetNanos - Row(before, "nvidia").NetNanos), Is.EqualTo(nvidiaGains));
            Assert.That(after.Excluded.Sum(e => (long)e.Nanos), Is.EqualTo(reported));
            Assert.That(Row(after, "amd").TotalGivenNanos, Is.EqualTo((Int128)1_000_000), "what is not shared is still given");
        });
    }

    [Test]
    public void Order_IsExcludedThenDirectedThenCommon()
    {
        var policy = Even("amd", "aws") with
        {
            Exclusions = [new Exclusion("other-projects", "hosted elsewhere", AttributeName.Project, ["vllm"])],
            OverheadComponents = ["support"],
        };
        var statement = Divide(policy,
            Cell("a", Aws, 7, (AttributeName.Project, "vllm"), (AttributeName.Beneficiary, "aws")),
            Cell("b", Aws, 20, (AttributeName.Beneficiary, "aws")),
            Cell("c", Aws, 100),
            Cell("d", Aws, 10, (AttributeName.Component, "support")));

        Assert.Multiple(() =>
        {
            Assert.That(statement.Excluded.Select(e => (e.Id, e.Reason, (long)e.Nanos)),
                Is.EqualTo(new[] { ("other-projects", "hosted elsewhere", 7L) }));
            Assert.That(((long)statement.DirectedNanos, (long)statement.CommonDirectNanos, (long)statement.CommonOverheadNanos),
                Is.EqualTo((20L, 100L, 10L)));
            Assert.That(Text(statement), Is.EqualTo(new[]
            {
                "amd given 0 excluded 0 directed 0 shared 55 net -55", "aws given 137 excluded 7 directed 20 shared 55 net 55",
                "Unallocated given 0 excluded 0 directed 0 shared 0 net 0", "Unfunded given 0 excluded 0 directed 0 shared 0 net 0",
            }));
        });
    }

    [Test]
    public void Participants_ArePartOfTheMonthByDays()
    {
        var first = SplitCase.FirstDay;
        var policy = Even("aws") with
        {
            Participants =
            [
                new Participant("amd", int.MinValue, first + 10, 0), new Participant("amd", first + 20, first + 21, 0),
                new Participant("aws", first - 5, first + 20, 0), new Participant("google", first + 31, Always, 0),
            ],
        };
        Assert.That(Weights(Divide(policy, Cell("a", Aws, 310))).ToDictionary(w => w.Key, w => (long)w.Value),
            Is.EqualTo(new Dictionary<string, long> { ["amd"] = 11, ["aws"] = 20 }));
    }

    [Test]
    public void FixedPercent_LeavesTheRestUnallocated_AlsoWhenAParticipantLeavesInMidMonth()
    {
        var policy = Percentages(("amd", 500), ("aws", 400)) with { Method = SplitMethod.FixedPercent };
        policy = policy with { Participants = [policy.Participants[0], policy.Participants[1] with { ToDay = SplitCase.FirstDay + 15 }] };
        var statement = Divide(policy, Cell("a", Aws, 3100));

        // AMD 50 % of 31 days; AWS 40 % of 15 days of 31: 600; the rest is 950.
        Assert.Multiple(() =>
        {
            Assert.That(statement.Rows.Select(r => (r.Organisation, (long)r.SharedNanos)), Is.EqualTo(new[]
            {
                ("amd", 1550L), ("aws", 600L), ("Unallocated", 950L), ("Unfunded", 0L),
            }));
            Assert.That(statement.Notes.Single(), Does.Contain("Unallocated"));
        });
    }

    [TestCase(SplitMetric.Used, 30, 70)]
    [TestCase(SplitMetric.Given, 60, 40)]
    [TestCase(SplitMetric.ChipVendor, 20, 80)]
    public void Proportional_FollowsItsMetric(SplitMetric metric, long amd, long aws)
    {
        var policy = Even("amd", "aws") with { Method = SplitMethod.Proportional, Metric = metric };
        var statement = Divide(policy,
            Cell("a", new Funder("amd", FundingKind.MemberPaid), 60, (AttributeName.ChipVendor, "aws")),
            Cell("b", Aws, 20, (AttributeName.ChipVendor, "amd")),
            Cell("c", Aws, 20, (AttributeName.ChipVendor, "aws")),
            Cell("d", new Funder("meta", FundingKind.MemberPaid), 30, (AttributeName.Beneficiary, "amd")),
            Cell("e", new Funder("meta", FundingKind.MemberPaid), 70, (AttributeName.Beneficiary, "aws")));
        Assert.That(new[] { Weights(statement)["amd"], Weights(statement)["aws"] }.Select(w => (long)w),
            Is.EqualTo(new[] { amd * 31, aws * 31 }), "the metric times the days");
    }

    [Test]
    public void Weight_BelowZero_CountsAsZeroAndIsSaid()
    {
        var policy = Even("amd", "aws") with { Method = SplitMethod.Proportional, Metric = SplitMetric.Used };
        var statement = Divide(policy, Cell("a", Aws, -40, (AttributeName.Beneficiary, "amd")),
            Cell("b", new Funder("meta", FundingKind.MemberPaid), 100, (AttributeName.Beneficiary, "aws")));
        Assert.Multiple(() =>
        {
            Assert.That(statement.Rows.Select(r => (r.Organisation, (long)r.SharedNanos)).Take(2),
                Is.EqualTo(new[] { ("amd", 0L), ("aws", 60L) }));
            Assert.That(statement.Notes, Is.EqualTo(new[] { "The weight of amd is below zero and counts as zero." }));
        });
    }

    [TestCase(SplitFallback.Even, true, "amd 50, aws 50, Unallocated 0")]
    [TestCase(SplitFallback.Unallocated, true, "amd 0, aws 0, Unallocated 100")]
    [TestCase(SplitFallback.Previous, true, "amd 25, aws 75, Unallocated 0")]
    [TestCase(SplitFallback.Previous, false, "amd 0, aws 0, Unallocated 100")]
    public void Fallback_WhenAllWeightsAreZero_IsTheOneOfThePolicy(SplitFallback fallback, bool hasPrevious, string expected)
    {
        var policy = Even("amd", "aws") with { Method = SplitMethod.Proportional, Metric = SplitMetric.Used, Fallback = fallback };
        var previous = hasPrevious ? new Dictionary<string, Int128> { ["amd"] = 1, ["aws"] = 3, ["gone"] = 9 } : null;
        var statement = SplitEngine.Divide(policy, SplitCase.Month, [Cell("a", Aws, 100)], new Dictionary<string, Int128>(), previous);
        Assert.Multiple(() =>
        {
            Assert.That(string.Join(", ", statement.Rows.Take(3).Select(r => $"{r.Organisation} {r.SharedNanos}")), Is.EqualTo(expected));
            Assert.That(statement.Notes.Single(), Does.StartWith("No participant has a weight"));
        });
    }

    [TestCase(OverheadBase.CommonDirect, 15, 5)]
    [TestCase(OverheadBase.Even, 10, 10)]
    public void Overhead_FollowsItsBase(OverheadBase by, long amd, long aws)
    {
        var policy = Percentages(("amd", 750), ("aws", 250)) with { OverheadComponents = ["support"], OverheadBase = by };
        var statement = Divide(policy, Cell("a", Aws, 20, (AttributeName.Component, "support")));
        Assert.That(statement.Rows.Take(2).Select(r => (long)r.SharedNanos), Is.EqualTo(new[] { amd, aws }));
    }

    [Test]
    public void Unfunded_IsARowOfItsOwn_AndItsNetIsWhatNobodyPays()
    {
        var statement = Divide(Even("amd"), Cell("a", Funder.Nobody, 90), Cell("b", Aws, 10));
        Assert.That(Text(statement).Where(t => !t.StartsWith("Unallocated", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "amd given 0 excluded 0 directed 0 shared 100 net -100", "aws given 10 excluded 0 directed 0 shared 0 net 10",
            "Unfunded given 90 excluded 0 directed 0 shared 0 net 90",
        }));
    }

    /// <summary>An amount that changes in mid-month is accepted by days, never both amounts at once.</summary>
    [TestCase(0, 310, 0, 0, 310)]
    [TestCase(310, 620, 10, 100, 420)]
    public void Acceptance_ThatChangesInMidMonth_CountsByDays(long before, long after, int day, long ofBefore, long ofAfter)
    {
        var change = SplitCase.FirstDay + day;
        var policy = Even("aws") with
        {
            InKind = [new InKindAcceptance("amd", before, int.MinValue, change), new InKindAcceptance("amd", after, change, Always)],
        };
        var statement = Divide(policy, Cell("gpus", new Funder("amd", FundingKind.InKind), 10_000));
        Assert.That((long)statement.CommonDirectNanos, Is.EqualTo(ofBefore + ofAfter));
    }

    /// <summary>AMD gives 4,900 more of its own machines, which nobody accepted: its share of the pool of 2,100 stays 1,100.</summary>
    [TestCase(0)]
    [TestCase(4_900)]
    public void Weights_AreOfThePool_NotOfWhatIsNotAccepted(long more)
    {
        var policy = Even("amd", "aws") with { Method = SplitMethod.Proportional, Metric = SplitMetric.Given };
        var statement = Divide(policy, Cell("cloud", new Funder("amd", FundingKind.MemberPaid), 1_100), Cell("bill", Aws, 1_000),
            Cell("gpus", new Funder("amd", FundingKind.InKind), more));
        Assert.That((long)Row(statement, "amd").SharedNanos, Is.EqualTo(1_100));
        Assert.That((long)Row(statement, "amd").NetNanos, Is.Zero);
    }

    /// <summary>Of 1,000 that AMD gives 400 are accepted: its weight is that of 400, as AWS's is.</summary>
    [Test]
    public void Weights_OfWhatIsAcceptedInPart_AreOfThatPart()
    {
        var policy = Even("amd", "aws") with
        {
            Method = SplitMethod.Proportional,
            Metric = SplitMetric.Given,
            InKind = [new InKindAcceptance("amd", 400, int.MinValue, Always)],
        };
        var statement = Divide(policy, Cell("gpus", new Funder("amd", FundingKind.InKind), 1_000), Cell("bill", Aws, 400));
        Assert.That(statement.Rows.Take(2).Select(r => (long)r.SharedNanos), Is.EqualTo(new[] { 400L, 400 }));
    }

    [Test]
    public void Weights_AreOfThePool_NotOfWhatIsExcludedOrDirected()
    {
        var policy = Even("amd", "aws") with
        {
            Method = SplitMethod.Proportional,
            Metric = SplitMetric.ChipVendor,
            Exclusions = [new Exclusion("other-projects", "hosted elsewhere", AttributeName.Project, ["vllm"])],
        };
        var statement = Divide(policy, Cell("a", Aws, 30, (AttributeName.ChipVendor, "amd")), Cell("b", Aws, 70, (AttributeName.ChipVendor, "aws")),
            Cell("c", Aws, 900, (AttributeName.ChipVendor, "amd"), (AttributeName.Project, "vllm")),
            Cell("d", Aws, 800, (AttributeName.ChipVendor, "amd"), (AttributeName.Beneficiary, "aws")));
        Assert.That(Weights(statement).Values.Select(w => (long)w), Is.EqualTo(new[] { 30L * 31, 70 * 31 }));
    }

    /// <summary>The Foundation reserved it, AWS's credits paid for it: it is the Foundation's share, not everybody's.</summary>
    [Test]
    public void ReservedCapacity_ThatNobodyUsed_GoesToWhoReservedIt()
    {
        var statement = Divide(Even("amd", "aws"), Cell("a", Aws, 100), Cell("idle", Aws, 40) with { ReservedBy = "foundation" },
            Cell("own", new Funder("meta", FundingKind.MemberPaid), 7) with { ReservedBy = "meta" });
        Assert.Multiple(() =>
        {
            Assert.That(Text(statement).Where(t => !t.StartsWith('U')), Is.EqualTo(new[]
            {
                "amd given 0 excluded 0 directed 0 shared 50 net -50", "aws given 140 excluded 0 directed 0 shared 50 net 90",
                "foundation given 0 excluded 0 directed 0 shared 40 net -40", "meta given 7 excluded 0 directed 0 shared 7 net 0",
            }));
            Assert.That((long)statement.ReservedNanos, Is.EqualTo(47));
        });
    }

    [Test]
    public void FreeTerms_AreNobodysContribution()
    {
        var statement = Divide(Even("amd", "aws"), Cell("a", Aws, 100), Cell("minutes", new Funder("github", FundingKind.FreeTier), 30));
        Assert.Multiple(() =>
        {
            Assert.That(statement.Rows.Select(r => r.Organisation), Does.Not.Contain("github"));
            Assert.That(((long)statement.FreeTermsNanos, (long)statement.ConsumptionNanos, (long)statement.CommonDirectNanos),
                Is.EqualTo((30L, 130L, 100L)));
        });
    }

    /// <summary>A worth 100 is stated, 60 of it approved, whose reference is worth 45: 45 are shared, 15 and 40 named.</summary>
    [Test]
    public void InKind_CountsAtTheLowerRate_OnceItIsApproved()
    {
        var policy = Even("aws") with { InKind = [new InKindAcceptance("amd", 1_000, int.MinValue, Always)] };
        var statement = Divide(policy, Cell("gpus", new Funder("amd", FundingKind.InKind), 100) with
        {
            NotApprovedNanos = 40,
            AboveReferenceNanos = 15,
        });
        Assert.Multiple(() =>
        {
            Assert.That(statement.Excluded.Select(e => (e.Id, (long)e.Nanos)), Is.EqualTo(new[]
            {
                (SplitEngine.InKindAboveReference, 15L), (SplitEngine.InKindNotApproved, 40L),
            }));
            Assert.That((long)statement.CommonDirectNanos, Is.EqualTo(45));
            Assert.That((long)Row(statement, "amd").NetNanos, Is.EqualTo(45));
        });
    }

    /// <summary>Even until the 10th, then AMD alone: each on what was consumed on its days.</summary>
    [Test]
    public void Policy_ThatChangesInMidMonth_HoldsByDay()
    {
        var change = SplitCase.FirstDay + 10;
        var statement = SplitEngine.Divide(
            SplitCase.Month,
            [
                new SplitPeriod(Even("amd", "aws") with { Name = "Even" }, SplitCase.FirstDay, change - 1, [Cell("a", Aws, 100)]),
                new SplitPeriod(Even("amd") with { Name = "AMD" }, change, change + 4, [Cell("a", Aws, 30)]),
                new SplitPeriod(null, change + 5, SplitCase.LastDay, [Cell("a", Aws, 5)]),
            ],
            new Dictionary<string, Int128>(),
            _ => null);
        Assert.Multiple(() =>
        {
            Assert.That(statement.Rows.Select(r => (r.Organisation, (long)r.SharedNanos)), Is.EqualTo(new[]
            {
                ("amd", 80L), ("aws", 50L), ("Unallocated", 5L), ("Unfunded", 0L),
            }));
            Assert.That(statement.Name, Is.EqualTo(
                "Even (2026-07-01 to 2026-07-10), AMD (2026-07-11 to 2026-07-15), no policy (2026-07-16 to 2026-07-31)"));
            Assert.That(statement.Notes.Single(), Does.StartWith("No split policy holds from 2026-07-16 to 2026-07-31"));
        });
    }

    [Test]
    public void Participants_Nobody_IsSaid_AndNotCalledEven()
    {
        var statement = Divide(Even() with { Fallback = SplitFallback.Even }, Cell("a", Aws, 100));
        Assert.That(statement.Notes, Is.EqualTo(new[] { "Nobody takes part: what is common is shared with nobody." }));
    }

    private static IReadOnlyDictionary<string, Int128> Weights(SplitStatement statement) => statement.Periods.Single().Weights;

    private static SplitStatement Divide(SplitPolicy policy, params SharedCell[] cells) =>
        SplitEngine.Divide(policy, SplitCase.Month, cells, new Dictionary<string, Int128>(), null);

    private static SplitPolicy Even(params string[] organisations) =>
        APolicy with { Participants = [.. organisations.Select(o => new Participant(o, int.MinValue, Always, 0))] };

    private static SplitPolicy Percentages(params (string Organisation, long PerMille)[] shares) => APolicy with
    {
        Method = SplitMethod.FixedPercent,
        Participants = [.. shares.Select(s => new Participant(s.Organisation, int.MinValue, Always, s.PerMille * 100_000_000))],
    };

    private static StatementRow Row(SplitStatement statement, string organisation) =>
        statement.Rows.Single(r => r.Organisation == organisation);

    private static IEnumerable<string> Text(SplitStatement s) => s.Rows.Select(r =>
        $"{r.Organisation} given {r.TotalGivenNanos} excluded {r.ExcludedNanos} directed {r.DirectedNanos} "
        + $"shared {r.SharedNanos} net {r.NetNanos}");
}

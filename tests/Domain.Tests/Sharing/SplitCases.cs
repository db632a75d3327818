using System.Collections.Immutable;
using CiCost.Domain.Allocation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Periods;
using CiCost.Domain.Sharing;
using FsCheck;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Sharing;

/// <summary>A month of funded consumption and a policy that divides it.</summary>
internal sealed record SplitCase(
    SplitPolicy Policy,
    SharedCell[] Cells,
    IReadOnlyDictionary<string, Int128> PaidAhead,
    IReadOnlyDictionary<string, Int128>? Previous,
    SplitPeriod? Later)
{
    public static BillingMonth Month { get; } = BillingMonth.Parse("2026-07");

    public static int FirstDay { get; } = ChargeDay.Of(Month.FirstDay);

    public static int LastDay { get; } = ChargeDay.Of(Month.LastDay);

    /// <summary>The days of the policy: the whole month, or those before the later policy.</summary>
    public SplitPeriod First => new(Policy, FirstDay, (Later?.FirstDay ?? LastDay + 1) - 1, Cells);

    public IEnumerable<SplitPeriod> Periods => Later is null ? [First] : [First, Later];

    public SplitStatement Divide() => SplitEngine.Divide(Month, [.. Periods], PaidAhead, _ => Previous);

    public SplitStatement Divide(SplitPeriod alone) => SplitEngine.Divide(Month, [alone], new Dictionary<string, Int128>(), _ => Previous);

    public override string ToString() =>
        $"{Policy.Method} {Policy.Metric} {Policy.Fallback} {Policy.OverheadBase}: {string.Join(", ", Policy.Participants)}; "
        + string.Join("; ", Cells.Select(c => $"{c.Funder.Organisation} {c.Funder.Kind} {string.Join('/', c.Attributes)} {c.Nanos}"));
}

/// <summary>Makes months with every method, dated participants, exclusions, donated hardware, refunds and unknown funders.</summary>
internal static class SplitCases
{
    private static readonly string[] Organisations = ["amd", "aws", "google", "intel", "meta", "nvidia"];
    private static readonly string?[] Components = ["compute", "storage", "support", null];

    public static Gen<SplitCase> All =>
        from policy in Policy
        from cells in Cells
        from paid in Gen.Elements<Int128>(0, 500, -20)
        from hasPrevious in Gen.Elements(true, false)
        from previous in Gen.Choose(0, 4).ArrayOf(Organisations.Length)
        from later in Gen.Frequency((2, Gen.Constant<SplitPeriod?>(null)), (1, Later))
        select new SplitCase(
            policy,
            cells,
            new Dictionary<string, Int128> { ["aws"] = paid },
            hasPrevious ? Organisations.Zip(previous).ToDictionary(p => p.First, p => (Int128)p.Second) : null,
            later);

    public static SplitPolicy APolicy { get; } = new()
    {
        Id = "test",
        Name = "Test",
        IsAgreed = false,
        Currency = "USD",
        FromDay = int.MinValue,
        ToDay = int.MaxValue,
        Method = SplitMethod.Even,
        Fallback = SplitFallback.Unallocated,
        Participants = [],
    };

    public static SharedCell Cell(string key, Funder funder, Int128 nanos, params (AttributeName Name, string? Value)[] attributes)
    {
        var values = new string?[Enum.GetValues<AttributeName>().Length];
        foreach (var (name, value) in attributes)
        {
            values[(int)name] = value;
        }

        return new SharedCell(key, funder, [.. values], nanos);
    }

    private static Gen<Int128> Nanos => Gen.Frequency(
        (6, Gen.Choose(-400, 1_000).Select(n => (Int128)n)),
        (1, Gen.Constant((Int128)0)),
        (2, Gen.Choose(1, int.MaxValue).Select(n => (Int128)n * 999_983)),
        (1, Gen.Elements<Int128>(long.MaxValue, long.MinValue + 1)));

    private static Gen<SharedCell> ACell(int number) =>
        from organisation in Gen.Frequency((6, Gen.Elements(Organisations)), (1, Gen.Constant(FundingKinds.Unfunded)))
        from kind in Gen.Frequency((3, Gen.Constant(FundingKind.InKind)), (4, Gen.Elements(FundingKind.MemberPaid, FundingKind.Credits)),
            (1, Gen.Constant(FundingKind.FreeTier)))
        from reservedBy in Gen.Frequency((8, Gen.Constant<string?>(null)), (1, Gen.Elements<string?>("meta", Allocator.Unallocated)))
        from refusedPercent in Gen.Elements(0, 0, 0, 25, 100)
        from abovePercent in Gen.Elements(0, 0, 0, 40)
        from beneficiary in Gen.Frequency((2, Gen.Constant<string?>(null)), (1, Gen.Elements<string?>(Organisations)))
        from vendor in Gen.Frequency((1, Gen.Constant<string?>(null)), (2, Gen.Elements<string?>(Organisations)))
        from component in Gen.Elements(Components)
        from project in Gen.Elements<string?>("pytorch", "vllm", null)
        from nanos in Nanos
        select Cell(
            $"cell-{number}",
            organisation == FundingKinds.Unfunded ? Funder.Nobody : new Funder(organisation, kind),
            nanos,
            (AttributeName.Beneficiary, beneficiary), (AttributeName.ChipVendor, vendor), (AttributeName.Component, component),
            (AttributeName.Project, project)) is var cell && kind == FundingKind.InKind
                ? cell with
                {
                    NotApprovedNanos = nanos * refusedPercent / 100,
                    AboveReferenceNanos = (nanos - (nanos * refusedPercent / 100)) * abovePercent / 100,
                }
                : cell with { ReservedBy = reservedBy };

    private static Gen<SplitPeriod?> Later =>
        from policy in Policy
        from isThere in Gen.Frequency((4, Gen.Constant(true)), (1, Gen.Constant(false)))
        from day in Gen.Choose(1, 30)
        from cells in Cells
        select new SplitPeriod(isThere ? policy : null, SplitCase.FirstDay + day, SplitCase.LastDay, cells);

    private static Gen<SharedCell[]> Cells =>
        from count in Gen.Frequency((1, Gen.Constant(0)), (9, Gen.Choose(1, 9)))
        from cells in Gen.CollectToArray(Enumerable.Range(0, count).Select(ACell))
        select cells;

    private static Gen<ImmutableArray<Participant>> Participants(SplitMethod method) =>
        from names in Gen.Frequency((1, Gen.Constant(Array.Empty<string>())), (9, Gen.SubListOf(Organisations).Select(n => n.ToArray())))
        from froms in Gen.Elements(int.MinValue, SplitCase.FirstDay, SplitCase.FirstDay + 10, SplitCase.LastDay, SplitCase.LastDay + 5)
            .ArrayOf(Organisations.Length)
        from lengths in Gen.Elements(1, 10, 40, 1_000_000).ArrayOf(Organisations.Length)
        from percents in Gen.Elements(0L, 5_000_000_000, 12_345_678_901, 16_000_000_000).ArrayOf(Organisations.Length)
        select names.Select((name, i) => new Participant(
            name,
            froms[i],
            froms[i] == int.MinValue ? int.MaxValue : froms[i] + lengths[i],
            method == SplitMethod.FixedPercent ? percents[i] : 0)).ToImmutableArray();

    private static Gen<SplitPolicy> Policy =>
        from method in Gen.Frequency((1, Gen.Constant(SplitMethod.Even)), (1, Gen.Constant(SplitMethod.FixedPercent)),
            (2, Gen.Constant(SplitMethod.Proportional)))
        from metric in Gen.Elements(Enum.GetValues<SplitMetric>())
        from fallback in Gen.Elements(Enum.GetValues<SplitFallback>())
        from overhead in Gen.Elements<string[]>([], ["storage", "support"])
        from overheadBase in Gen.Elements(Enum.GetValues<OverheadBase>())
        from participants in Participants(method)
        from excludes in Gen.Elements(true, false)
        from accepted in Gen.Elements<Int128>(0, 1, 100, 100_000)
        from donors in Gen.SubListOf(Organisations)
        select APolicy with
        {
            Method = method,
            Metric = metric,
            Fallback = fallback,
            Participants = participants,
            OverheadComponents = [.. overhead],
            OverheadBase = overheadBase,
            Exclusions = excludes ? [new Exclusion("other-projects", "not ours", AttributeName.Project, ["vllm"])] : [],
            InKind = [.. donors.Select(d => new InKindAcceptance(d, accepted, int.MinValue, int.MaxValue))],
        };
}

using System.Globalization;
using CiCost.Domain.Allocation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Checks;
using CiCost.Reports.Models;
using static CiCost.Reports.Tests.Fixtures.ReportMaker;

namespace CiCost.Reports.Tests.Fixtures;

/// <summary>
/// A whole report on invented figures, except the invoiced column by architecture and the hours, which are the published ones.
/// </summary>
internal static partial class SampleReport
{
    private const string Amazon = "Amazon credits";
    private const string NotAttributed = "Not attributed";

    public static BoardReport Closed() => Create() with
    {
        Head = Create().Head with
        {
            Status = MonthStatus.Closed,
            StatusDay = new DateOnly(2026, 8, 14),
            SealHex = Seal,
            Demonstration = null,
        },
    };

    public static BoardReport Create() => new()
    {
        Head = new ReportHead
        {
            Organisation = "PyTorch Foundation",
            Month = July,
            Status = MonthStatus.Provisional,
            StatusDay = new DateOnly(2026, 8, 12),
            BookVersion = 1204,
            BookVersionAt = new DateTimeOffset(2026, 8, 14, 10, 2, 3, TimeSpan.Zero),
            Demonstration = "Bills and job runs are made up to meet published totals; no figure here is a statement of any organisation.",
        },
        Lead = "Continuous integration consumed $1.54 million in July, 3.4% more than in June. The Foundation account spent half as much "
            + "again as its budget, and at this rate the Amazon credits that pay for it end in about six weeks.",
        Kpis = Kpis(),
        Trend = Months(),
        ForTheBoard = new BoardPoints
        {
            Decide = ["Move CUDA test jobs to member machines, or ask Amazon for the next credit grant before 11 September."],
            Watch = ["x86_64 (AMD) rose 11.8% and ROCm 16.1%. Both follow the rise in run time, not in price."],
            Open = ["$132,838 of the invoice has no architecture.", "Nobody is known to pay $20,000 of estimated use."],
        },
        Architectures = Costs(),
        Funding = Funders(),
        Sharing = Shares(),
        Flow = new FunderFlow
        {
            Say = "PyTorch core takes most of every funder\u2019s money. The part with no project comes only from the Foundation invoice.",
            AlertProjects = [NotAttributed],
            Links =
            [
                new(Amazon, "PyTorch core", 50_000_000), new(Amazon, "Inductor benchmarks", 7_200_000),
                new(Amazon, "Domain libraries", 3_885_355),
                new(Amazon, NotAttributed, 13_283_814), new("Meta", "PyTorch core", 30_000_000),
                new("Meta", "Inductor benchmarks", 14_800_000),
                new("Meta", "ExecuTorch", 7_291_400), new("AMD", "PyTorch core", 12_200_000), new("AMD", "vLLM", 5_434_000),
                new("Others", "PyTorch core", 5_924_944), new("Others", "vLLM", 2_200_000), new("Unfunded", "PyTorch core", 2_000_000),
            ],
        },
        Bridge = Bridge(
            "Credits pay for almost all of the Foundation account; 3,218.44 is left to pay, as invoiced.",
            Bridge("AWS, Foundation", 71_400_000, -1_250_000, 4_541_013, -74_369_169, 0, 321_844),
            Bridge("AWS, Meta", 52_091_400, 0, 0, 0, 0, null),
            Bridge("GitHub-hosted runners", 4_211_900, 0, 0, 0, 0, null),
            Bridge("AMD machines", 17_634_000, 0, 0, 0, 0, null),
            Bridge("Intel, NVIDIA, IBM, Google", 5_591_200, 0, 0, 0, 0, null)),
        Hours = HoursOfTwelveMonths(),
        Sources = Sources(),
        Checks =
        [
            new("Invoice ties out", CheckState.Holds, "AWS, Foundation: charges, tax, credits and payable meet the invoice to the cent."),
            new("One ledger source per day", CheckState.Holds, "No domain has two ledger sources on a day."),
            new("Published totals foot", CheckState.Fails, "The published hours omit the row ARM64 (AWS Graviton) in all 12 months."),
            new("Meta invoice", CheckState.NotProvable, "There is no invoice of Meta\u2019s account in the books."),
        ],
        Terms =
        [
            new("Consumption", "What continuous integration used, before credits: the default figure of every page."),
            new("Invoiced", "Tied out to an issued invoice. Billed means that a bill is there and the invoice is not yet."),
            new("Fair share", "The part of shared cost an organisation would carry under the policy named on the page."),
            new("Unfunded", "Use that nobody is known to pay."),
        ],
        Notes =
        [
            "26 to 28 July: the runner log is incomplete for ROCm; 412 hours are estimated from the week before.",
            "macOS hosts outside GitHub: no owner is confirmed, so no cost is recorded.",
            "Self-hosted runners that members run for their own projects are outside this report.",
        ],
    };

    private static Kpi[] Kpis() =>
    [
        new()
        {
            Label = "Total consumption", Figure = KpiFigure.OfCents(154_219_513), Detail = "before credits, +3.4% vs June",
            Bar = KpiBar.ByFunder,
            Tie = KpiTie.Consumption, TiedCents = 154_219_513,
        },
        new()
        {
            Label = "Foundation vs budget", Figure = KpiFigure.OfSignedPermille(494), Detail = "$746,910 against $500,000",
            NeedsAttention = true,
            Bar = KpiBar.Filled(747, 500),
        },
        new()
        {
            Label = "Credit runway", Figure = KpiFigure.OfWords("1.4\u20132.1", "months"),
            Detail = "$1.04 million: at July\u2019s use, and at budget",
            NeedsAttention = true, Bar = KpiBar.Filled(120, 500),
        },
        new()
        {
            Label = "Not attributed", Figure = KpiFigure.OfPermille(178, "of invoice"), Detail = "no architecture yet; target is 5%",
            Bar = KpiBar.Filled(356, 100), Tie = KpiTie.NotAttributed, TiedCents = 13_283_814,
        },
    ];

    private static ArchitectureCosts Costs() => Architectures(
        "CUDA and AMD x86 are 61.2% of all cost. Of the invoice, 17.8% has no architecture yet.",
        Architecture("CUDA", "NVIDIA GPUs: A10G, L4, T4, H100, B200", 22_052_630, 28_790_300, 1_980_000, 56_100_000),
        Architecture("x86_64 (AMD)", "", 29_687_080, 11_842_100, 0, 37_150_000),
        Architecture("ROCm", "AMD Instinct MI2xx, MI3xx", 0, 0, 17_634_000, 15_190_000),
        Architecture("x86_64 (Generic)", "vendor not stated", 4_294_437, 6_421_600, 0, 11_830_000),
        Architecture("ARM64", "AWS Graviton", 4_795_879, 3_177_000, 0, 7_209_000),
        Architecture("Windows", "", 444_761, 3_860_400, 0, 4_402_000),
        Architecture("XPU", "Intel GPUs, Gaudi", 29_931, 0, 2_486_000, 2_391_000),
        Architecture("macOS", "", 0, 2_211_900, 0, 2_143_000),
        Architecture("s390x", "", 0, 0, 690_200, 684_700),
        Architecture("TPU", "Google v6e, v7x", 0, 0, 435_000, 226_000),
        Architecture("x86_64 (Intel)", "", 102_481, 0, 0, 118_700),
        Architecture(NotAttributed, "bill lines without an architecture", 13_283_814, 0, 0, 11_763_600));

    private static FundingByOrganisation Funders() => Funding(
        "Two organisations carry 82.0% of the month.",
        Funder("Amazon Web Services", "Open source promotional credits", Amazon, new() { CreditsCents = 74_369_169 }, CostBasis.Invoiced),
        Funder("Meta", "Own AWS account", "Meta", new() { MemberPaidCents = 52_091_400 }, CostBasis.Estimated),
        Funder("AMD", "ROCm machines, cloud and lab", "AMD", new() { InKindCents = 17_634_000 }, CostBasis.DonorStated),
        Funder("Intel", "XPU and Gaudi lab", "Others", new() { InKindCents = 2_486_000 }, CostBasis.DonorStated),
        Funder("GitHub", "Hosted minutes of public repositories", "Others", new() { FreeTierCents = 2_211_900 }, CostBasis.Estimated),
        Funder("NVIDIA", "DGX B200 lab", "Others", new() { InKindCents = 1_980_000 }, CostBasis.DonorStated),
        Funder("IBM", "s390x machines", "Others", new() { InKindCents = 690_200 }, CostBasis.DonorStated),
        Funder("Google", "Cloud TPU", "Others", new() { InKindCents = 435_000 }, CostBasis.DonorStated),
        Funder("PyTorch Foundation", "Support fees not eligible for credits", "Others", new() { FoundationCashCents = 321_844 },
            CostBasis.Invoiced),
        Funder("Unfunded", "nobody is known to pay", "Unfunded", new() { UnfundedCents = 2_000_000 }, CostBasis.Estimated));

    private static CostSharing Shares()
    {
        (string Name, int Weight, long Given, long Used, long Directed)[] members =
        [
            ("Amazon Web Services", 170, 74_369_169, 4_795_879, 0), ("Meta", 310, 52_091_400, 61_200_000, 0),
            ("AMD", 115, 17_634_000, 21_000_000, 4_000_000), ("Arm", 25, 0, 7_972_879, 0), ("Google", 75, 435_000, 435_000, 0),
            ("Huawei", 20, 0, 0, 0), ("IBM", 35, 690_200, 690_200, 0), ("Intel", 60, 2_486_000, 2_618_412, 0),
            ("Microsoft", 50, 0, 4_305_161, 0), ("NVIDIA", 140, 1_980_000, 48_842_930, 0),
        ];
        const long unallocated = 1_500_000;
        const long pool = 154_219_513 - 321_844 - 4_000_000 - 2_211_900;
        var shares = Allocator.Allocate(pool - unallocated, [.. members.Select(m => new AllocationWeight(m.Name, m.Weight))]).Shares
            .ToDictionary(s => s.Key, s => (long)s.AmountNanos);
        return Sharing(
            "Shares follow the policy fair-share of July 2026. A positive net position means that an organisation gave more than its "
                + "share; the column adds up to zero.",
            isIndicative: true,
            [new ExcludedPart("support fees, paid by PyTorch Foundation", 321_844)],
            [
                .. members.Select(m => Sharing(m.Name, m.Given, m.Used, 0, m.Directed, shares[m.Name], percent: 4)).OrderByDescending(
                    r => r.Net.Cents),
                Sharing("PyTorch Foundation", 321_844, 321_844, 321_844, 0, 0),
                Sharing("Unallocated", 0, 2_037_208, 0, 0, unallocated, role: SharingRowRole.Unallocated),
                Sharing("Unfunded", 2_000_000, 0, 0, 0, 0, role: SharingRowRole.Unfunded),
            ],
            freeTerms: 2_211_900);
    }

    private static Trend Months()
    {
        static long[] Cents(string thousands, long last) =>
            [.. thousands.Split(' ').Select(t => long.Parse(t, CultureInfo.InvariantCulture) * 100_000), last];
        var before = Costs().Total.PreviousCents!.Value;
        var amd = Cents("62 66 70 74 78 84 98 105 118 131 152", 17_634_000);
        amd[10] += before - 149_200_000;
        return new Trend
        {
            Say = "Growth since January comes from the Foundation account and from AMD; Meta is lower than a year ago.",
            Months = TwelveMonths,
            Budget = new BudgetLine("Foundation budget", 50_000_000),
            Series =
            [
                new()
                {
                    Name = Amazon, Role = SeriesRole.Funder, Basis = CostBasis.Invoiced, BasisText = "Amazon credits: invoiced",
                    Cents = Cents("318 332 346 359 368 357 398 443 494 548 668", 74_369_169),
                },
                new()
                {
                    Name = "Meta", Role = SeriesRole.Funder, Basis = CostBasis.Estimated, BasisText = "Meta: estimated at list price",
                    Cents = Cents("642 653 668 671 606 587 610 624 580 565 575", 52_091_400),
                },
                new()
                {
                    Name = "AMD", Role = SeriesRole.Funder, Basis = CostBasis.DonorStated, BasisText = "AMD, others: donor-stated",
                    Cents = amd,
                },
                new() { Name = "Others", Role = SeriesRole.Others, Cents = Cents("31 32 33 34 36 39 41 43 45 48 75", 8_124_944) },
                new() { Name = "Unfunded", Role = SeriesRole.Alert, Cents = Cents("9 10 10 11 12 12 14 15 17 18 22", 2_000_000) },
            ],
        };
    }
}

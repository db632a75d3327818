using CiCost.Domain.Attribution;
using CiCost.Domain.Checks;
using CiCost.Reports.Models;
using static CiCost.Reports.Tests.Fixtures.ReportMaker;

namespace CiCost.Reports.Tests.Fixtures;

/// <summary>Reports at the edges: more rows, longer names and larger figures than a month will have, and none at all.</summary>
internal static class StressReport
{
    private const int Organisations = 40;
    private const long Huge = 9_999_999_999_999;
    private const string LongWord = "Donaudampfschifffahrtselektrizit\u00e4tenhauptbetriebswerkbauunterbeamtengesellschaft";

    private static readonly string[] Groups = ["An extraordinarily long name of a group of funders", "Meta & <Platforms>", "AMD", "Others"];

    /// <summary>40 organisations with long names, figures of eleven digits, negative and zero rows, and months below zero.</summary>
    public static BoardReport Large()
    {
        var funding = Funding(
            "Forty organisations.",
            [
                .. Enumerable.Range(0, Organisations).Select(i => Funder(
                    Name(i), i % 3 == 0 ? "a remark that is much longer than any remark has to be, and says nothing" : "", Groups[i % 4],
                    Kinds(i),
                    CostBasis.Invoiced, CostBasis.DonorStated)),
                Funder("Unfunded", "", "Unfunded", new() { UnfundedCents = 77_700 }, CostBasis.Estimated),
            ]);
        var rows = Enumerable.Range(0, 24).Select(i => Architecture(
            $"{Name(i)} architecture", i % 2 == 0 ? "a note of some length behind the name" : "", i % 5 == 0 ? 0 : Huge / (i + 1),
            i % 7 == 0 ? -1_234_500 : 0, i == 3 ? -Huge / 2 : 0, 0)).ToList();
        rows.Add(Architecture("Not attributed", "the rest", funding.TotalCents - rows.Sum(r => r.TotalCents), 0, 0, 0));
        return Template(Architectures("Many rows.", [.. rows]), funding) with
        {
            Sharing = Sharing(
                "Many rows.", false, [],
                [
                    .. funding.Rows.Where(r => !r.IsUnfunded).Select((r, i) => Sharing(
                        r.Organisation, Given(r), i % 4 == 0 ? 0 : Huge, 0, i == 2 ? Given(r) : 0, i == 2 ? 0 : Given(r) - Position(i),
                        percent: 5)),
                    Sharing("Unallocated", 0, 0, 0, 0, 0, role: SharingRowRole.Unallocated),
                    Sharing("Unfunded", 77_700, 0, 0, 0, 0, role: SharingRowRole.Unfunded),
                ],
                freeTerms: funding.Total.FreeTierCents),
            Bridge = Bridge(
                "Many sources.",
                [
                    Bridge("Everything else", funding.TotalCents - (18 * Huge), 0, 0, 0, 0, null),
                    .. Enumerable.Range(0, 18).Select(i => Bridge(
                        $"{Name(i)} source", Huge + 1000, -1000, 0, -Huge, i, i % 2 == 0 ? i : null)),
                ]),
            Hours = Hours("Many hours.", "It omits a row.", 0,
                [.. Enumerable.Range(0, 25).Select(i => (Name(i),
                    TwelveMonths.Select((_, m) => i == 4 ? 0 : (99_999_999L + m) / (i + 1)).ToArray()))]),
        };
    }

    private static long Given(FundingRow row) => row.TotalCents - row.Amounts.FreeTierCents;

    /// <summary>The first month, with nothing in it.</summary>
    public static BoardReport Empty() => Template(
        Architectures("Nothing was used."), Funding("Nobody gave.", Funder("Unfunded", "", "Unfunded", KindAmounts.Zero))) with
    {
        Kpis = [],
        Trend = new Trend { Say = "Nothing yet.", Months = [July], Series = [] },
        Flow = new FunderFlow { Say = "Nothing flows.", Links = [] },
        Sharing = Sharing(
            "Nothing is shared.", false, [],
            [
                Sharing("Unallocated", 0, 0, 0, 0, 0, role: SharingRowRole.Unallocated),
                Sharing("Unfunded", 0, 0, 0, 0, 0, role: SharingRowRole.Unfunded),
            ]),
        Bridge = Bridge("No sources."),
        Hours = new RuntimeHours { Say = "No hours.", Months = [], Rows = [], Total = new HoursRow("Total", [], 0) },
        Sources = [],
        Checks = [],
        Terms = [],
        Notes = [],
        ForTheBoard = new BoardPoints { Decide = [], Watch = [], Open = [] },
    };

    private static BoardReport Template(ArchitectureCosts architectures, FundingByOrganisation funding)
    {
        long Group(string name) => funding.Rows.Where(r => r.Group == name).Sum(r => r.TotalCents);
        string[] names = [.. Groups, "Unfunded"];
        return SampleReport.Create() with
        {
            Kpis = [.. SampleReport.Create().Kpis.Select(k => k with
            {
                Label = $"{k.Label} in many more words", Tie = KpiTie.None, TiedCents = null, Figure = KpiFigure.OfCents(-Huge),
                Detail = LongWord,
            })],
            Architectures = architectures,
            Funding = funding,
            Trend = new Trend
            {
                Say = "Up and down.",
                Months = [.. TwelveMonths],
                Budget = new BudgetLine("A budget with a name that is far too long for the chart", Huge / 7),
                Series = [.. names.Select((n, s) => new TrendSeries
                {
                    Name = n,
                    Role = n == "Unfunded" ? SeriesRole.Alert : n == "Others" ? SeriesRole.Others : SeriesRole.Funder,
                    Basis = CostBasis.Billed,
                    BasisText = $"{n}: billed",
                    Cents = [.. Enumerable.Range(0, 10).Select(m => (m % 3 == s ? -Huge : Huge) / (s + 1)), 0, Group(n)],
                })],
            },
            Flow = new FunderFlow
            {
                Say = "Many projects.",
                AlertProjects = ["Not attributed"],
                Links =
                [
                    .. names.SelectMany((n, s) => Enumerable.Range(0, 14).Select(
                        p => new FlowLink(n, Name(p), p == 0 ? -100_000 : 1_000_000))),
                    .. names.Select(n => new FlowLink(n, "Not attributed", Group(n) - (13 * 1_000_000) + 100_000)),
                ],
            },
            Sources = [.. SampleReport.Create().Sources.Select(s => s with { Source = LongWord, KnownGap = LongWord })],
            Checks = [.. Enumerable.Range(0, 30).Select(i =>
                new ReportCheck($"Check {i} {LongWord}", (CheckState)(i % 3), $"It says {LongWord}."))],
        };
    }

    private static string Name(int i) => i switch
    {
        1 => LongWord,
        2 => "<script>alert('x')</script> & \"Co\"",
        3 => "\u0141\u00f3d\u017a University",
        _ => $"Consortium for the Advancement of Continuous Integration and Testing, Chapter {i}",
    };

    // The second is directed; the rest add up to what is unfunded, with the other sign.
    private static long Position(int i) => i switch
    {
        3 or 38 => 0,
        39 => -77_700,
        _ => i % 2 == 0 ? Huge / 3 : -Huge / 3,
    };

    private static KindAmounts Kinds(int i) => i switch
    {
        0 => KindAmounts.Zero,
        1 => new() { CreditsCents = -Huge / 3, MemberPaidCents = 1 },
        _ => new()
        {
            MemberPaidCents = Huge / (i + 1),
            FoundationCashCents = i,
            CreditsCents = Huge / 7,
            InKindCents = -i,
            FreeTierCents = i % 2 == 0 ? 100 : 0,
        },
    };
}

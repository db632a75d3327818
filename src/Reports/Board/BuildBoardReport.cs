using CiCost.Accounting.Checks;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Freshness;
using CiCost.Accounting.Funding;
using CiCost.Accounting.Jobs;
using CiCost.Accounting.Policies;
using CiCost.Accounting.Presentation;
using CiCost.Accounting.Statements;
using CiCost.Domain.Attribution;
using CiCost.Domain.Checks;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Costs;
using CiCost.Ledger.Deliveries;
using CiCost.Reports.Models;

namespace CiCost.Reports.Board;

/// <summary>What to build.</summary>
public sealed record BoardReportRequest
{
    /// <summary>The charge month.</summary>
    public required BillingMonth Month { get; init; }

    /// <summary>Whose report it is.</summary>
    public string Organisation { get; init; } = "PyTorch Foundation";

    /// <summary>Says that the books are demonstration data; null for real books.</summary>
    public string? Demonstration { get; init; }

    /// <summary>The split policy; null takes the agreed one, else the first proposal.</summary>
    public string? SplitId { get; init; }

    /// <summary>A table of hours that was published elsewhere, to compare with; null for none.</summary>
    public PublishedTable? Published { get; init; }
}

/// <summary>Builds the board report of a month from the books: every figure and every sentence is computed here.</summary>
public sealed class BuildBoardReport(Books books, PolicyShelf policies, QueryCosts costs)
{
    private const int TrendMonths = 12;
    private const int MostUnvalued = 6;

    /// <summary>Builds it.</summary>
    /// <exception cref="BooksException">The books have nothing for the month, or no split policy covers it.</exception>
    public BoardReport Run(BoardReportRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var version = new BookVersionDirectory(books).AsOf(null);
        var scopes = new CostCellReader(books).Scopes(version);
        var first = scopes.Where(s => s.BillingMonth <= request.Month).Select(s => s.BillingMonth.Index).DefaultIfEmpty(request.Month.Index).Min();
        var months = Enumerable.Range(Math.Max(first, request.Month.Index - TrendMonths + 1), TrendMonths)
            .TakeWhile(i => i <= request.Month.Index).Select(BillingMonth.FromIndex).ToList();
        var funding = new FundConsumption(costs);
        var funded = funding.Run(months[0], request.Month, null);
        if (!funded.Cells.Any(c => c.ChargeMonthIndex == request.Month.Index))
        {
            throw new BooksException("month-empty", $"The books have no consumption for {request.Month}. "
                + "'cicost deliveries' shows what is booked.");
        }

        // The checks take as long as all the rest, and share nothing with it but the books.
        var checking = Task.Run(() => new RunChecks(books, policies).Run(request.Month));
        var stating = new StateMonth(funding);
        var statement = stating.Run(request.Month, request.SplitId, null);
        var bridge = new BuildBridge(costs).Run(request.Month, request.Month, TimeAxis.Charge, null);
        var figures = new BoardFigures(funded, statement, bridge, months);
        var jobHours = new ReadJobHours(books, policies);
        var jobs = months.ToDictionary(m => m, jobHours.Run);
        var unvalued = ValueJobs.Unvalued(figures.Policy, jobs[request.Month]);
        var checks = checking.GetAwaiter().GetResult();
        var hours = HoursTables.Of(figures, jobs, request.Published);
        var reportChecks = checks.Select(ToCheck).ToList();
        var architectures = CostTables.Architectures(figures);
        return new BoardReport
        {
            Head = new ReportHead
            {
                Organisation = request.Organisation,
                Month = request.Month,
                Status = MonthStatus.Open,
                BookVersion = version.Id,
                BookVersionAt = version.RecordedAt,
                Demonstration = request.Demonstration,
            },
            Lead = Findings.Lead(figures),
            Kpis = Kpis(figures, architectures),
            Trend = CostTables.Trend(figures),
            ForTheBoard = Findings.ForTheBoard(figures, architectures, UnvaluedSentences(unvalued), reportChecks),
            Architectures = architectures,
            Funding = CostTables.Funding(figures),
            OtherCurrencies = CostTables.OtherCurrencies(figures),
            Sharing = SharingTables.Sharing(figures, statement),
            SharingBeside = Beside(stating, statement) is { } beside ? SharingTables.Sharing(figures, beside) : null,
            Flow = CostTables.Flow(figures),
            Bridge = SharingTables.Bridge(figures),
            Hours = hours,
            Sources = Sources(figures, scopes, new AssessSources(books, policies).RunInShort()),
            Checks = reportChecks,
            Terms = Terms,
            Notes = Notes(figures, unvalued),
        };
    }

    /// <summary>A proposal is never shown without an alternative: the first other one of the month stands beside it.</summary>
    private static StatementAnswer? Beside(StateMonth stating, StatementAnswer statement)
    {
        var (own, month) = (statement.Point.Policy, statement.Month);
        var (first, last) = (ChargeDay.Of(month.FirstDay), ChargeDay.Of(month.LastDay));
        var other = own.IsAgreed ? null : statement.Funding.Policy.Splits.FirstOrDefault(s => !s.IsAgreed && s.Id != own.Id
            && s.Currency == own.Currency && s.FromDay <= first && last < s.ToDay);
        return other is null ? null : stating.Run(month, other.Id, null);
    }

    private static IReadOnlyList<ReportTerm> Terms { get; } =
    [
        new("Consumption", "What CI used, before credits: effective cost of everything that is not funding."),
        new("Credits", "Draws on a grant. The account's owner receives the bill, the donor of the grant pays."),
        new("In kind", "Hours of donated machines at a stated rate. Not a cash expense, and no valuation of a gift."),
        new("Borne outside these books", "Consumption that others are billed for or bear themselves: donated machines, a member's own fleet."),
        new("Free terms", "What a provider gives to anybody by published terms: nobody's contribution."),
        new("Accrued", "Estimated for a Foundation account while its bill is still to come."),
        new("Timing", "Billed in another month than used."),
        new("Share", "An organisation's part of the pool under the policy that the page names."),
        new(ReaderWords.AboveOrBelowShare, "Contributed minus what is not accepted, directed or its share."),
        new(ReaderWords.NoPayerKnown, "Use that nobody is known to pay."),
        new(ReaderWords.NotAssigned, "What no rule gives an architecture or a project."),
        new(ReaderWords.SharedWithNobody, "The part of the pool that no organisation takes."),
    ];

    private static List<Kpi> Kpis(BoardFigures f, ArchitectureCosts architectures)
    {
        var notAttributed = architectures.Rows.Where(r => r.IsNotAttributed).Sum(r => r.TotalCents);
        var billed = f.OfMonth.Where(c => c.Basis is CostBasis.Billed or CostBasis.Invoiced).Sum(c => c.Cents);
        var unfunded = f.OfMonth.Where(c => c.Kind == Domain.Funding.FundingKind.Unfunded).Sum(c => c.Cents);
        List<Kpi> kpis =
        [
            new()
            {
                Label = "Consumption",
                Figure = KpiFigure.OfCents(f.TotalCents),
                Detail = "before credits, all funders",
                Bar = KpiBar.ByFunder,
                Tie = KpiTie.Consumption,
                TiedCents = f.TotalCents,
            },
        ];
        if (f.HasPrevious && f.PreviousCents > 0)
        {
            kpis.Add(new Kpi
            {
                Label = "Against the month before",
                Figure = KpiFigure.OfSignedPermille(Permille(f.TotalCents - f.PreviousCents, f.PreviousCents)),
                Detail = $"${Findings.Dollars(f.PreviousCents)} in {Formatting.Figures.Month(f.Month.Previous)}",
            });
        }

        kpis.Add(new Kpi
        {
            Label = "From bills",
            Figure = KpiFigure.OfPermille(Permille(billed, f.TotalCents)),
            Detail = "the rest is estimated or donor-stated",
            Bar = KpiBar.Filled((int)Permille(billed, f.TotalCents), 800),
        });
        kpis.Add(new Kpi
        {
            Label = ReaderWords.NoPayerKnown,
            Figure = KpiFigure.OfCents(unfunded),
            Detail = $"${Findings.Dollars(notAttributed)} is not assigned to an architecture",
            NeedsAttention = unfunded != 0,
            Tie = KpiTie.Unfunded,
            TiedCents = unfunded,
        });
        return kpis;
    }

    private static long Permille(long part, long whole) => whole == 0 ? 0 : (long)decimal.Round(part * 1000m / whole);

    private static List<string> UnvaluedSentences(IReadOnlyList<UnvaluedHours> unvalued)
    {
        var hours = HoursOf(unvalued).Sum();
        return hours == 0 ? [] : [$"{Findings.Count(hours)} job hours have no value: no rule says whose machines they ran on, or no rate covers them."];
    }

    /// <summary>Whole hours of the lines: they add up to all seconds rounded once.</summary>
    private static long[] HoursOf(IReadOnlyList<UnvaluedHours> unvalued) =>
        PresentationCube.StepsOf([.. unvalued.Select(u => (Int128)u.Seconds)], HoursTables.SecondsPerHour);

    private static List<string> Notes(BoardFigures f, IReadOnlyList<UnvaluedHours> unvalued)
    {
        List<string> notes =
        [
            "Data from the accounts with a bill is billing-grade. Estimates and donor-stated values are not confirmed costs.",
            .. f.Statement.Point.Notes,
        ];
        var hours = HoursOf(unvalued);
        notes.AddRange(unvalued.Take(MostUnvalued).Select((u, i) => $"{u.Label}: {Findings.Count(hours[i])} hours without a value "
            + $"({(u.Reason == "no-rate" ? "no rate" : "owner not known")})."));
        if (unvalued.Count > MostUnvalued)
        {
            notes.Add($"{unvalued.Count - MostUnvalued} other labels: {Findings.Count(hours[MostUnvalued..].Sum())} hours without a value.");
        }

        notes.AddRange(f.Funding.UnappliedCredits.Where(u => u.ChargeMonthIndex == f.Month.Index && u.Nanos > 0)
            .Select(u => $"{ReaderWords.UnmatchedCredit}: {Formatting.Figures.Money(PresentationCube.RoundHalfEven(u.Nanos))} {u.Currency} "
                + $"from {u.Subject} were drawn above what was consumed."));
        return notes;
    }

    private List<SourceCoverage> Sources(BoardFigures f, IReadOnlyList<ScopeState> scopes, IReadOnlyList<SourceFreshness> freshness)
    {
        var deliveries = new DeliveryDirectory(books);
        return
        [
            .. f.OfMonth.GroupBy(c => c.Source, StringComparer.Ordinal).OrderByDescending(g => g.Sum(c => c.Cents)).Select(g =>
            {
                var last = scopes.Where(s => s.SourceKey == g.Key && s.BillingMonth == f.Month).Select(s => deliveries.Get(s.DeliveryId))
                    .OrderBy(d => d.BookedAt).LastOrDefault();
                var entry = f.Policy.CoverageEntries.FirstOrDefault(e => e.LedgerSource == g.Key);
                return new SourceCoverage
                {
                    Source = f.SourceName(g.Key),
                    Basis = g.GroupBy(c => c.Basis).OrderByDescending(b => b.Sum(c => c.Cents)).First().Key,
                    From = entry is { IsValuedFromJobs: true } ? "job hours x rate card" : last is null ? "no delivery" : $"{last.Kind} {last.FormatVersion}",
                    Period = Formatting.Figures.Month(f.Month),
                    LastDelivery = last is null ? null : DateOnly.FromDateTime(last.BookedAt.UtcDateTime),
                    KnownGap = string.Join(". ", Gaps(f, g.Key, entry is { IsValuedFromJobs: true }, freshness)),
                };
            }),
        ];
    }

    private static IEnumerable<string> Gaps(BoardFigures f, string source, bool isValuedFromJobs, IReadOnlyList<SourceFreshness> freshness)
    {
        if (freshness.FirstOrDefault(s => s.SourceKey == source) is { } overdue && overdue.IsOverdueFor(f.Month))
        {
            yield return overdue.State switch
            {
                FreshnessState.Stale => "Stale: it was not pulled in time",
                FreshnessState.Silent => "Silent: nothing new came in time",
                _ => $"Old: {overdue.Message}",
            };
        }

        var bridge = f.Bridge.Bridges.FirstOrDefault(b => b.Source == source && b.Currency == BoardFigures.Currency);
        if (isValuedFromJobs)
        {
            yield return "No bill: idle machines, discounts not seen";
        }
        else if (bridge?.DifferenceNanos is not { } difference)
        {
            yield return "No invoice to tie to";
        }
        else if (f.OfMonth.Any(c => c.Source == source && c.Basis == CostBasis.Billed && c.Cents != 0))
        {
            yield return $"Does not tie to its invoice: ${Findings.Dollars(PresentationCube.RoundHalfEven(difference))} apart, or the charges are not proved";
        }
    }

    /// <summary>The words of a check's name: <c>NoGapInDays</c> is No gap in days.</summary>
    private static string Words(string name) => string.Concat(name.Select((c, i) => i > 0 && char.IsAsciiLetterUpper(c)
        ? " " + char.ToLowerInvariant(c)
        : c.ToString()));

    private static ReportCheck ToCheck(CheckOutcome outcome) => new(Words(outcome.Check), outcome.State,
        outcome.State != CheckState.Fails
            ? outcome.Claim
            : (outcome.Failures.Count == 1 ? "" : $"{outcome.Failures.Count} failures; first: ")
                + $"{outcome.Failures[0].Where}: {outcome.Failures[0].Message}");
}

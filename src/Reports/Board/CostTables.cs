using CiCost.Accounting.Presentation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Reports.Models;

namespace CiCost.Reports.Board;

/// <summary>The tables and charts that are sums of the presentation cube.</summary>
internal static class CostTables
{
    private const int MostProjects = 6;
    private const string OtherProjects = "Other projects";

    public static ArchitectureCosts Architectures(BoardFigures figures)
    {
        const string notAttributed = ReaderWords.NotAssigned;
        var rows = figures.OfMonth.Select(c => (Cell: c, IsNow: true)).Concat(figures.OfMonthBefore.Select(c => (Cell: c, IsNow: false)))
            .GroupBy(c => figures.ArchitectureName(c.Cell.Architecture), StringComparer.Ordinal)
            .Select(g => Row(g.Key, [.. g.Where(c => c.IsNow).Select(c => c.Cell)], g.Where(c => !c.IsNow).Sum(c => c.Cell.Cents)))
            .OrderBy(r => r.IsNotAttributed).ThenByDescending(r => r.TotalCents).ThenBy(r => r.Name, StringComparer.Ordinal).ToList();
        var total = Row("Total", figures.OfMonth, figures.PreviousCents);
        return new ArchitectureCosts { Say = Findings.Architectures(figures, rows), Rows = rows, Total = total };

        ArchitectureRow Row(string name, IReadOnlyList<PresentationCell> cells, long previous) => new()
        {
            Name = name,
            Note = name == "No architecture" ? "storage, traffic, support, tax" : "",
            IsNotAttributed = name == notAttributed,
            Amounts = Amounts.ByBasis(cells),
            TotalCents = cells.Sum(c => c.Cents),
            PreviousCents = figures.HasPrevious ? previous : null,
        };
    }

    public static FundingByOrganisation Funding(BoardFigures figures)
    {
        var rows = figures.OfMonth.Where(c => c.Kind != FundingKind.Unfunded).GroupBy(c => c.Organisation, StringComparer.Ordinal)
            .Select(g => Row(g.Key, [.. g]))
            .OrderByDescending(r => r.TotalCents).ThenBy(r => r.Organisation, StringComparer.Ordinal).ToList();
        rows.Add(Row(FundingKinds.Unfunded, [.. figures.OfMonth.Where(c => c.Kind == FundingKind.Unfunded)]));
        return new FundingByOrganisation
        {
            Say = Findings.Funding(figures, rows),
            Rows = rows,
            Total = Amounts.ByKind(figures.OfMonth),
            TotalCents = figures.TotalCents,
        };

        FundingRow Row(string organisation, IReadOnlyList<PresentationCell> cells) => new()
        {
            Organisation = figures.NameOf(organisation),
            Note = string.Join(", ", figures.Policy.Grants.Where(g => g.Donor == organisation
                && cells.Any(c => c.Kind is FundingKind.Credits or FundingKind.FreeTier)).Select(g => g.Name)),
            Group = figures.GroupOf(organisation),
            IsUnfunded = organisation == FundingKinds.Unfunded,
            Bases = [.. cells.Where(c => c.Cents != 0).Select(c => c.Basis).Distinct().Order()],
            Amounts = Amounts.ByKind(cells),
            TotalCents = cells.Sum(c => c.Cents),
        };
    }

    public static IReadOnlyList<OtherCurrency> OtherCurrencies(BoardFigures figures) =>
    [
        .. figures.OtherMoney.Select(m => new OtherCurrency(m.Currency,
            [.. m.Rows.GroupBy(r => r.Organisation).Select(g => new OtherCurrencyRow(figures.NameOf(g.Key), g.Sum(r => r.Cents)))], m.Cents)),
    ];

    public static Trend Trend(BoardFigures figures)
    {
        var groups = figures.Cells.GroupBy(c => figures.GroupOf(c.Organisation), StringComparer.Ordinal).ToList();
        var order = figures.TopFunders.Select(figures.NameOf).ToList();
        var series = groups.Where(g => g.Key != BoardFigures.Unfunded || g.Any(c => c.Cents != 0))
            .OrderBy(g => g.Key == BoardFigures.Unfunded).ThenBy(g => order.IndexOf(g.Key) is var i && i < 0 ? int.MaxValue : i)
            .Select(g => new TrendSeries
            {
                Name = g.Key,
                Role = g.Key == BoardFigures.Unfunded ? SeriesRole.Alert : order.Contains(g.Key) ? SeriesRole.Funder : SeriesRole.Others,
                Basis = MainBasis(g),
                BasisText = MainBasis(g) is { } basis ? $"{g.Key}: mainly {Words(basis)}" : null,
                Cents = [.. figures.Months.Select(m => g.Where(c => c.ChargeMonthIndex == m.Index).Sum(c => c.Cents))],
            })
            .ToList();
        return new Trend { Say = Findings.Trend(figures, series), Months = figures.Months, Series = series };

        CostBasis? MainBasis(IEnumerable<PresentationCell> cells) => cells.Where(c => c.ChargeMonthIndex == figures.Month.Index && c.Cents > 0)
            .GroupBy(c => c.Basis).OrderByDescending(g => g.Sum(c => c.Cents)).Select(g => (CostBasis?)g.Key).FirstOrDefault();
    }

    public static FunderFlow Flow(BoardFigures figures)
    {
        var funded = figures.Funding.Cells.Where(c => c.Currency == BoardFigures.Currency && c.ChargeMonthIndex == figures.Month.Index)
            .Select(c => (From: figures.GroupOf(c.Funder.Organisation), To: figures.ProjectName(c[AttributeName.Project]), c.Nanos)).ToList();
        var shown = funded.GroupBy(c => c.To, StringComparer.Ordinal).OrderByDescending(g => g.Aggregate((Int128)0, (sum, c) => sum + c.Nanos))
            .Take(MostProjects).Select(g => g.Key).Append("No project").ToHashSet(StringComparer.Ordinal);
        List<FlowLink> links = [];
        foreach (var from in funded.GroupBy(c => c.From, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var total = figures.OfMonth.Where(c => figures.GroupOf(c.Organisation) == from.Key).Sum(c => c.Cents);
            var to = from.GroupBy(c => shown.Contains(c.To) ? c.To : OtherProjects, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => (g.Key, Nanos: g.Aggregate((Int128)0, (sum, c) => sum + c.Nanos))).ToList();
            var cents = PresentationCube.CentsOf([.. to.Select(t => t.Nanos)], total);
            links.AddRange(to.Select((t, i) => new FlowLink(from.Key, t.Key, cents[i])).Where(l => l.Cents != 0));
        }

        return new FunderFlow { Say = Findings.Flow(figures, links), Links = links, AlertProjects = ["No project"] };
    }

    public static string Words(CostBasis basis) => basis switch
    {
        CostBasis.Invoiced => "invoiced",
        CostBasis.Billed => "billed, not tied to an invoice",
        CostBasis.Estimated => "estimated",
        CostBasis.DonorStated => "donor-stated",
        _ => "carried forward",
    };
}

using CiCost.Accounting.Presentation;

namespace CiCost.Reports.Models;

/// <content>Sharing and the flow.</content>
public static partial class Footing
{
    private const string SharingTitle = "Cost sharing";

    private static readonly (string Name, Func<SharingRow, long> Cents)[] SharingColumns =
    [
        ("given", static r => r.Given.Cents),
        ("used", static r => r.UsedCents ?? 0),
        ("excluded", static r => r.ExcludedCents),
        ("directed", static r => r.DirectedCents),
        ("shared", static r => r.Shared.Cents),
        ("prior period", static r => r.PriorPeriodCents),
        ("net", static r => r.Net.Cents),
    ];

    private static void CheckSharing(FootingList list, BoardReport report)
    {
        CheckSharing(list, report, report.Sharing);
        if (report.SharingBeside is { } beside)
        {
            CheckSharing(list, report, beside);
        }
    }

    private static void CheckSharing(FootingList list, BoardReport report, CostSharing table)
    {
        foreach (var row in table.Rows.Append(table.Total))
        {
            CheckSharingRow(list, row);
        }

        foreach (var (name, cents) in SharingColumns)
        {
            list.Equal($"{SharingTitle}, {name}", "the rows add up to the total", FootingList.Sum(table.Rows, cents), cents(table.Total));
        }

        list.Equal(SharingTitle, "net positions add up to zero", 0, table.Total.Net.Cents);
        foreach (var role in new[] { SharingRowRole.Unallocated, SharingRowRole.Unfunded })
        {
            list.Equal($"{SharingTitle}, {role}", "the row is there once", 1, table.Rows.Count(r => r.Role == role));
        }

        CheckProof(list, report, table);
        CheckGiven(list, report, table);
    }

    private static void CheckSharingRow(FootingList list, SharingRow row)
    {
        var where = $"{SharingTitle}, {row.Organisation}";
        list.Equal(where, "net = given - excluded - directed - shared - prior period",
            FootingList.Sum(row.Given.Cents, -row.ExcludedCents, -row.DirectedCents, -row.Shared.Cents, -row.PriorPeriodCents),
            row.Net.Cents);
        foreach (var (name, amount) in new[] { ("given", row.Given), ("shared", row.Shared), ("net", row.Net) })
        {
            list.Holds(amount.LowCents <= amount.Cents && amount.Cents <= amount.HighCents, $"{where}, {name}", "the point is in its range",
                $"{Text(amount.LowCents)} to {Text(amount.HighCents)}", Text(amount.Cents));
            list.Holds(!amount.HasRange || (amount.LowCents % 100 == 0 && amount.HighCents % 100 == 0), $"{where}, {name}",
                "a range is in whole dollars", "00 cents", $"{Text(amount.LowCents)} to {Text(amount.HighCents)}");
        }
    }

    private static void CheckProof(FootingList list, BoardReport report, CostSharing table)
    {
        var (proof, total) = (table.Proof, report.Architectures.Total);
        list.Equal(SharingTitle, "pool + directed + excluded + free terms = consumption",
            FootingList.Sum(proof.PoolCents, proof.DirectedCents, proof.ExcludedCents, proof.FreeTermsCents), proof.ConsumptionCents);
        list.Equal($"{SharingTitle}, free terms", "they are those of the funding table", report.Funding.Total.FreeTierCents,
            proof.FreeTermsCents);
        list.Equal($"{SharingTitle}, pool", "it is the shares together", table.Total.Shared.Cents, proof.PoolCents);
        list.Equal($"{SharingTitle}, directed", "it is the column's total", table.Total.DirectedCents, proof.DirectedCents);
        list.Equal($"{SharingTitle}, excluded", "it is the column's total", table.Total.ExcludedCents, proof.ExcludedCents);
        list.Equal($"{SharingTitle}, excluded", "its named parts add up", FootingList.Sum(table.Excluded, e => e.Cents),
            proof.ExcludedCents);
        list.Equal($"{SharingTitle}, consumption", "it is the architecture table's total", total.TotalCents, proof.ConsumptionCents);
        var isIndicative = Indicative.Is(BasisAmounts.All.Select(b => (b, total.Amounts[b])));
        list.Holds(table.IsIndicative == isIndicative, SharingTitle,
            $"the title says Indicative exactly when less than {Indicative.LeastInvoicedPercent} % is invoiced", isIndicative ? "Indicative"
                : "not Indicative",
            table.IsIndicative ? "Indicative" : "not Indicative");
    }

    /// <summary>One organisation has one figure everywhere.</summary>
    private static void CheckGiven(FootingList list, BoardReport report, CostSharing table)
    {
        var funding = report.Funding.Rows.Where(r => !r.IsUnfunded).ToLookup(r => r.Organisation);
        var sharing = table.Rows.Where(r => r.Role == SharingRowRole.Organisation).ToLookup(r => r.Organisation);
        foreach (var name in funding.Select(g => g.Key).Union(sharing.Select(g => g.Key)))
        {
            list.Equal($"{SharingTitle}, {name}, given", "it is what the funding table says, without free terms",
                FootingList.Sum(funding[name], r => r.TotalCents - r.Amounts.FreeTierCents), FootingList.Sum(sharing[name], r => r.Given.Cents));
        }

        list.Equal($"{SharingTitle}, Unfunded, given", "it is what the funding table says", report.Funding.Total.UnfundedCents,
            FootingList.Sum(table.Rows.Where(r => r.Role == SharingRowRole.Unfunded), r => r.Given.Cents));
    }

    private static void CheckFlow(FootingList list, BoardReport report)
    {
        const string where = "From funder to project";
        var links = report.Flow.Links;
        list.Equal(where, "there is at most one link between two names", links.Count, links.DistinctBy(l => (l.From, l.To)).Count());
        list.Equal(where, "the links add up to the architecture table's total", report.Architectures.Total.TotalCents,
            FootingList.Sum(links, l => l.Cents));
        foreach (var name in links.Select(l => l.From).Union(report.Trend.Series.Select(s => s.Name)))
        {
            list.Equal($"{where}, {name}", "its links are the last month of the chart's series",
                FootingList.Sum(report.Trend.Series.Where(s => s.Name == name && s.Cents.Count > 0), s => s.Cents[^1]),
                FootingList.Sum(links.Where(l => l.From == name), l => l.Cents));
        }
    }
}

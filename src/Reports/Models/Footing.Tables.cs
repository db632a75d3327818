namespace CiCost.Reports.Models;

/// <content>Architectures, funding, bridge and hours.</content>
public static partial class Footing
{
    private static void CheckArchitectures(FootingList list, ArchitectureCosts table)
    {
        const string where = "Cost by architecture";
        foreach (var row in table.Rows.Append(table.Total))
        {
            list.Equal($"{where}, {row.Name}", "the bases add up to the total",
                FootingList.Sum(BasisAmounts.All.Select(b => row.Amounts[b]).ToArray()),
                row.TotalCents);
        }

        foreach (var basis in BasisAmounts.All)
        {
            list.Equal($"{where}, {basis}", "the rows add up to the total", FootingList.Sum(table.Rows, r => r.Amounts[basis]),
                table.Total.Amounts[basis]);
        }

        list.Equal($"{where}, total", "the rows add up to the total", FootingList.Sum(table.Rows, r => r.TotalCents),
            table.Total.TotalCents);
        if (table.Total.PreviousCents is { } previous)
        {
            list.Equal($"{where}, month before", "the rows add up to the total", FootingList.Sum(table.Rows, r => r.PreviousCents ?? 0),
                previous);
        }

        list.Holds(
            table.Rows.SkipLast(1).All(r => !r.IsNotAttributed), where, "what is not attributed is one row, the last", "the last row",
            string.Join(", ", table.Rows.SkipLast(1).Where(r => r.IsNotAttributed).Select(r => r.Name)));
    }

    private static void CheckFunding(FootingList list, BoardReport report)
    {
        const string where = "Funding by organisation";
        var table = report.Funding;
        foreach (var row in table.Rows)
        {
            list.Equal($"{where}, {row.Organisation}", "the kinds add up to the total", Kinds(row.Amounts), row.TotalCents);
        }

        foreach (var (name, cents) in KindAmounts.Columns)
        {
            list.Equal($"{where}, {name}", "the rows add up to the total", FootingList.Sum(table.Rows, r => cents(r.Amounts)),
                cents(table.Total));
        }

        list.Equal(where, "the kinds add up to the total", Kinds(table.Total), table.TotalCents);
        list.Equal(where, "the total is the architecture table's", report.Architectures.Total.TotalCents, table.TotalCents);
        list.Holds(
            table.Rows.Count(r => r.IsUnfunded) == 1 && table.Rows[^1].IsUnfunded, where, "Unfunded is one row, the last", "the last row",
            string.Join(", ", table.Rows.Where(r => r.IsUnfunded).Select(r => r.Organisation)));
        list.Equal($"{where}, Unfunded", "the row holds all that is unfunded", table.Total.UnfundedCents,
            FootingList.Sum(table.Rows.Where(r => r.IsUnfunded), r => r.TotalCents));
        foreach (var group in table.Rows.Select(r => r.Group).Union(report.Trend.Series.Select(s => s.Name)))
        {
            list.Equal($"{where}, group '{group}'", "its rows are the last month of the chart's series",
                FootingList.Sum(report.Trend.Series.Where(s => s.Name == group && s.Cents.Count > 0), s => s.Cents[^1]),
                FootingList.Sum(table.Rows.Where(r => r.Group == group), r => r.TotalCents));
        }
    }

    private static void CheckBridge(FootingList list, BoardReport report)
    {
        const string where = "From list usage to payable";
        var table = report.Bridge;
        foreach (var row in table.Rows.Concat(table.Parts).Append(table.Total).Concat(table.Invoiced is { } one ? [one] : []))
        {
            list.Equal($"{where}, {row.Source}", "list usage + discounts + unpriced usage + corrections + other charges = consumption",
                FootingList.Sum(row.ListUsageCents, row.DiscountCents, row.UnpricedUsageCents, row.CorrectionCents, row.OtherChargeCents),
                row.ConsumptionCents);
            list.Equal($"{where}, {row.Source}", "consumption + its terms = payable",
                FootingList.Sum(row.ConsumptionCents, row.CreditCents, row.FreeTermsCents, row.BorneOutsideCents, row.AccruedCents,
                    row.TimingCents), row.PayableCents);
            list.Holds(row.InvoiceCents is null == row.DifferenceCents is null, $"{where}, {row.Source}",
                "there is a difference exactly where there is an invoice", row.InvoiceCents is null ? "none" : "a difference",
                row.DifferenceCents is null ? "none" : "a difference");
        }

        foreach (var row in table.Rows.Concat(table.Invoiced is { } sum ? [sum] : []).Where(
            r => r is { InvoiceCents: not null, DifferenceCents: not null }))
        {
            list.Equal($"{where}, {row.Source}", "invoice - payable = difference", (Int128)row.InvoiceCents!.Value - row.PayableCents,
                row.DifferenceCents!.Value);
        }

        var invoiced = table.Rows.Where(r => r.InvoiceCents is not null).ToArray();
        foreach (var (name, cents) in BridgeColumns)
        {
            list.Equal($"{where}, {name}", "the rows add up to the total", FootingList.Sum(table.Rows, cents), cents(table.Total));
            foreach (var part in table.Parts)
            {
                list.Equal($"{where}, {name}", "the rows of a part add up to its total",
                    FootingList.Sum(table.Rows.Where(r => r.Part == part.Part), cents), cents(part));
            }

            list.Equal($"{where}, {name}", "the parts add up to the total", FootingList.Sum(table.Parts, cents), cents(table.Total));
            list.Equal($"{where}, {name}", "the rows with an invoice add up to their total", FootingList.Sum(invoiced, cents),
                table.Invoiced is { } total ? cents(total) : 0);
        }

        list.Equal($"{where}, payable", "the payers add up to the sources", FootingList.Sum(table.Payers, p => p.Cents),
            FootingList.Sum(table.Rows, r => r.PayableCents));
        list.Equal($"{where}, invoice", "the invoices add up to their total", FootingList.Sum(invoiced, r => r.InvoiceCents!.Value),
            table.Invoiced?.InvoiceCents ?? 0);
        list.Equal($"{where}, difference", "the differences add up to their total", FootingList.Sum(invoiced, r => r.DifferenceCents ?? 0),
            table.Invoiced?.DifferenceCents ?? 0);
        list.Holds(
            table.Parts.Append(table.Total).All(r => r is { InvoiceCents: null, DifferenceCents: null })
                && (invoiced.Length > 0) == table.Invoiced?.InvoiceCents is not null, where,
            "invoices stand in the line of what is invoiced, and that line is there exactly when a source has one", "one line", "another");
        list.Equal(where, "consumption is the architecture table's total", report.Architectures.Total.TotalCents,
            table.Total.ConsumptionCents);
    }

    private static IReadOnlyList<(string Name, Func<BridgeRow, long> Cents)> BridgeColumns { get; } =
    [
        ("list usage", static r => r.ListUsageCents),
        ("discounts", static r => r.DiscountCents),
        ("unpriced usage", static r => r.UnpricedUsageCents),
        ("corrections", static r => r.CorrectionCents),
        ("other charges", static r => r.OtherChargeCents),
        ("consumption", static r => r.ConsumptionCents),
        ("credits", static r => r.CreditCents),
        ("free terms", static r => r.FreeTermsCents),
        ("borne outside", static r => r.BorneOutsideCents),
        ("accrued", static r => r.AccruedCents),
        ("timing", static r => r.TimingCents),
        ("payable", static r => r.PayableCents),
    ];

    private static void CheckHours(FootingList list, RuntimeHours table)
    {
        const string where = "Run time by architecture";
        var months = table.Months.Count;
        IEnumerable<HoursRow> rows = [.. table.Rows, table.Total];
        if (table.Published is { } published)
        {
            rows = rows.Append(new HoursRow(published.Name, published.Hours, published.TotalHours));
        }

        var complete = true;
        foreach (var row in rows)
        {
            list.Equal($"{where}, {row.Name}", "it has a value for every month", months, row.Hours.Count);
            list.Equal($"{where}, {row.Name}", "the months add up to the total", FootingList.Sum(row.Hours, h => h), row.TotalHours);
            complete &= row.Hours.Count == months;
        }

        for (var i = 0; complete && i < months; i++)
        {
            list.Equal($"{where}, {table.Months[i]}", "the rows add up to the total", FootingList.Sum(table.Rows, r => r.Hours[i]),
                table.Total.Hours[i]);
        }

        list.Equal($"{where}, total", "the rows add up to the total", FootingList.Sum(table.Rows, r => r.TotalHours),
            table.Total.TotalHours);
    }

    private static Int128 Kinds(KindAmounts amounts) => FootingList.Sum(KindAmounts.Columns, c => c.Cents(amounts));
}

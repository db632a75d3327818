using System.Globalization;
using CiCost.Accounting.Presentation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Checks;
using CiCost.Domain.Sharing;
using CiCost.Reports.Formatting;
using CiCost.Reports.Models;

namespace CiCost.Reports.Board;

/// <summary>Sentences built from figures: what each exhibit shows, and what the board should take from it.</summary>
internal static class Findings
{
    public static string Lead(BoardFigures f)
    {
        var change = f.HasPrevious && f.PreviousCents > 0
            ? $", {Math.Abs(Percent(f.TotalCents - f.PreviousCents, f.PreviousCents)).ToString("0.0", CultureInfo.InvariantCulture)}% "
                + $"{(f.TotalCents >= f.PreviousCents ? "more" : "less")} than the month before"
            : "";
        var billed = Share(f, c => c.Basis is CostBasis.Billed or CostBasis.Invoiced);
        var top = f.TopFunders.Count == 0 ? "" : $" {List([.. f.TopFunders.Take(2).Select(f.NameOf)])} carried "
            + $"{Text(Percent(f.OfMonth.Where(c => f.TopFunders.Take(2).Contains(c.Organisation)).Sum(c => c.Cents), f.TotalCents))} of it.";
        var beside = string.Concat(f.OtherMoney.Select(m => $" Beside it {m.Currency} {Figures.Money(m.Cents)}, {OtherMoney.Reason}."));
        if (f.OfMonth.Count == 0)
        {
            return $"Continuous integration consumed nothing in {BoardFigures.Currency} in {Month(f)}.{beside} {OtherMoney.NothingShared}";
        }

        return $"Continuous integration consumed ${Millions(f.TotalCents)} in {Month(f)}{change}.{top} {Text(billed)} is from bills; the rest "
            + $"is estimated or stated by donors.{beside}";
    }

    public static string Architectures(BoardFigures f, IReadOnlyList<ArchitectureRow> rows)
    {
        var top = rows.Where(r => !r.IsNotAttributed).Take(2).ToList();
        return $"{List([.. top.Select(r => r.Name)])} are {Text(Percent(top.Sum(r => r.TotalCents), f.TotalCents))} of all cost. "
            + $"{Text(Percent(rows.Where(r => r.IsNotAttributed).Sum(r => r.TotalCents), f.TotalCents))} is not assigned to an architecture.";
    }

    public static string Funding(BoardFigures f, IReadOnlyList<FundingRow> rows)
    {
        var top = rows.Where(r => !r.IsUnfunded).Take(2).ToList();
        var unfunded = rows.Where(r => r.IsUnfunded).Sum(r => r.TotalCents);
        return $"{List([.. top.Select(r => r.Organisation)])} fund {Text(Percent(top.Sum(r => r.TotalCents), f.TotalCents))} of the month. "
            + (unfunded == 0 ? "Every amount has a known payer." : $"No payer is known of ${Dollars(unfunded)}.");
    }

    public static string Trend(BoardFigures f, IReadOnlyList<TrendSeries> series)
    {
        if (f.Months.Count < 2)
        {
            return "The books begin with this month.";
        }

        var (first, last) = (series.Sum(s => s.Cents[0]), series.Sum(s => s.Cents[^1]));
        var mover = series.OrderByDescending(s => Math.Abs(s.Cents[^1] - s.Cents[0])).First();
        var moved = mover.Cents[^1] - mover.Cents[0];
        return $"From ${Millions(first)} to ${Millions(last)} in {f.Months.Count} months; the largest part of the change is {mover.Name}, "
            + $"{(moved >= 0 ? "up" : "down")} ${Millions(Math.Abs(moved))}.";
    }

    public static string Sharing(SplitStatement statement, IReadOnlyList<SharingRow> rows)
    {
        var most = rows.Where(r => r.Role == SharingRowRole.Organisation).OrderByDescending(r => r.Net.Cents).FirstOrDefault();
        return $"{statement.Name}: {(statement.IsAgreed ? "the agreed policy" : "a proposal")}. "
            + "What stands above or below the shares adds up to zero."
            + (most is null || most.Net.Cents <= 0 ? "" : $" {most.Organisation} stands ${Dollars(most.Net.Cents)} above its share.");
    }

    public static string Flow(BoardFigures f, IReadOnlyList<FlowLink> links)
    {
        var top = links.Where(l => l.To != "No project").GroupBy(l => l.To, StringComparer.Ordinal)
            .OrderByDescending(g => g.Sum(l => l.Cents)).FirstOrDefault();
        var none = links.Where(l => l.To == "No project").Sum(l => l.Cents);
        return (top is null ? "" : $"{top.Key} takes {Text(Percent(top.Sum(l => l.Cents), f.TotalCents))}. ")
            + $"{Text(Percent(none, f.TotalCents))} has no project: a cloud's bill names none.";
    }

    public static string Bridge(IReadOnlyList<BridgeRow> rows, IReadOnlyList<PayerRow> payers)
    {
        var asked = payers.Where(p => p.Cents != 0).Select(p => $"{p.Payer} {Formatting.Figures.Money(p.Cents)}").ToList();
        return $"Of ${Millions(rows.Sum(r => r.ConsumptionCents))} consumed, credits pay ${Millions(-rows.Sum(r => r.CreditCents))}, and "
            + $"${Millions(-rows.Sum(r => r.BorneOutsideCents))} is borne outside these books. "
            + (asked.Count == 0 ? "Nobody is asked for anything. " : $"Payable: {string.Join("; ", asked)}. ")
            + Invoices([.. rows.Where(r => r.InvoiceCents is not null)]);
    }

    private static string Invoices(IReadOnlyList<BridgeRow> invoiced) => invoiced.Count == 0
        ? "No invoice is in the books yet, so nothing is tied out."
        : $"Invoices of {Words(invoiced.Select(r => r.Source))} ask for ${Millions(invoiced.Sum(r => r.InvoiceCents ?? 0))}: the books are "
            + $"{Formatting.Figures.Money(invoiced.Sum(r => Math.Abs(r.DifferenceCents ?? 0)))} apart from them.";

    private static string Words(IEnumerable<string> names) =>
        names.ToList() is { Count: > 1 } many ? string.Join(", ", many[..^1]) + " and " + many[^1] : string.Concat(names);

    public static string Hours(IReadOnlyList<HoursRow> rows, HoursRow total)
    {
        var top = rows.OrderByDescending(r => r.Hours[^1]).FirstOrDefault();
        return top is null || total.Hours[^1] == 0
            ? "No job run is in the books for this month."
            : $"{Count(total.Hours[^1])} hours in the month; {top.Name} has {Text(Percent(top.Hours[^1], total.Hours[^1]))} of them.";
    }

    public static BoardPoints ForTheBoard(BoardFigures f, ArchitectureCosts architectures, IReadOnlyList<string> unvalued,
        IReadOnlyList<ReportCheck> checks)
    {
        List<string> decide = [], watch = [], open = [];
        var statement = f.Statement.Point;
        if (!statement.IsAgreed)
        {
            decide.Add($"Agree on a sharing policy: \"{statement.Name}\" is a proposal.");
        }

        var above = f.Statement.Point.Excluded.Where(e => e.Id == SplitEngine.InKindAboveAccepted).ToList();
        if (above.Count > 0)
        {
            decide.Add($"Donated hardware of ${Dollars(new StatementCents(f.Statement).ExcludedBy(above[0].Id))} is above the "
                + "accepted amounts and is not shared: accept more, or leave it so.");
        }

        watch.AddRange(architectures.Rows.Where(r => r.PreviousCents is > 0 && !r.IsNotAttributed)
            .Select(r => (Row: r, Change: r.TotalCents - r.PreviousCents!.Value))
            .OrderByDescending(r => Math.Abs(r.Change)).ThenBy(r => r.Row.Name, StringComparer.Ordinal).Take(2)
            .Select(r => $"{r.Row.Name} {(r.Change >= 0 ? "rose" : "fell")} by ${Dollars(Math.Abs(r.Change))}, "
                + $"{Text(Math.Abs(Percent(r.Change, r.Row.PreviousCents!.Value)))}."));
        open.AddRange(unvalued);
        var notAttributed = architectures.Rows.Where(r => r.IsNotAttributed).Sum(r => r.TotalCents);
        if (notAttributed != 0)
        {
            open.Add($"${Dollars(notAttributed)} is not assigned to an architecture.");
        }

        var exceptions = checks.Where(c => c.State is CheckState.Fails or CheckState.NotProvable).Select(c => c.Name).ToList();
        if (exceptions.Count > 0)
        {
            open.Add(ReaderWords.Controls(checks.Count(c => c.State == CheckState.Holds), checks.Count, exceptions,
                [.. checks.Where(c => c.State == CheckState.NothingToCompare).Select(c => c.Name)]));
        }

        return new BoardPoints { Decide = decide, Watch = watch, Open = open };
    }

    public static string Count(long count) => count.ToString("#,##0", CultureInfo.InvariantCulture);

    /// <summary>Whole dollars of some cents, thousands separated.</summary>
    public static string Dollars(long cents) => Count((cents + (cents < 0 ? -50 : 50)) / 100);

    private static string Millions(long cents) => cents < 100_000_000
        ? Dollars(cents)
        : ((cents + 500_000) / 1_000_000 / 100m).ToString("0.00", CultureInfo.InvariantCulture) + " million";

    private static string Month(BoardFigures f) => Figures.Month(f.Month);

    private static decimal Percent(long part, long whole) => whole == 0 ? 0 : decimal.Round(part * 100m / whole, 1);

    private static string Text(decimal percent) => percent.ToString("0.0", CultureInfo.InvariantCulture) + "%";

    private static decimal Share(BoardFigures f, Func<PresentationCell, bool> isMeant) =>
        Percent(f.OfMonth.Where(isMeant).Sum(c => c.Cents), f.TotalCents);

    private static string List(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "Nobody",
        1 => names[0],
        _ => string.Join(", ", names.SkipLast(1)) + " and " + names[^1],
    };
}

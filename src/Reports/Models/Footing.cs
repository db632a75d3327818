using System.Globalization;

namespace CiCost.Reports.Models;

/// <summary>
/// Lists everything in a report that does not foot: each table in itself, each chart, and each figure with the same figure on another
/// page. A report with a failure is not rendered.
/// </summary>
public static partial class Footing
{
    private const int MostSeries = 4;
    private const int MostAlertSeries = 2;
    private const int MostKpis = 4;

    /// <summary>All failures, in the order of the pages; none when the report foots.</summary>
    public static IReadOnlyList<FootingFailure> Failures(BoardReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var list = new FootingList();
        CheckHead(list, report.Head);
        CheckKpis(list, report);
        CheckTrend(list, report);
        CheckArchitectures(list, report.Architectures);
        CheckFunding(list, report);
        foreach (var other in report.OtherCurrencies)
        {
            list.Equal($"Other currencies, {other.Currency}", "the rows add up to the total", FootingList.Sum(other.Rows, r => r.Cents),
                other.TotalCents);
        }

        CheckSharing(list, report);
        CheckFlow(list, report);
        CheckBridge(list, report);
        CheckHours(list, report.Hours);
        return list.Failures;
    }

    private static void CheckHead(FootingList list, ReportHead head)
    {
        var isSeal = head.SealHex is { Length: 64 } seal && seal.All(char.IsAsciiHexDigitLower);
        list.Holds(
            head.Status == MonthStatus.Closed ? isSeal : head.SealHex is null,
            "Title",
            "a closed month has a seal of 64 lower-case hexadecimal digits, and no other month has one",
            head.Status == MonthStatus.Closed ? "a seal" : "no seal",
            head.SealHex ?? "none");
    }

    private static void CheckKpis(FootingList list, BoardReport report)
    {
        list.Holds(report.Kpis.Count <= MostKpis, "Headline figures", "there are at most", Text(MostKpis), Text(report.Kpis.Count));
        foreach (var kpi in report.Kpis)
        {
            var where = $"Headline figure '{kpi.Label}'";
            var expected = kpi.Tie switch
            {
                KpiTie.Consumption => report.Architectures.Total.TotalCents,
                KpiTie.NotAttributed => report.Architectures.Rows.Where(r => r.IsNotAttributed).Sum(r => r.TotalCents),
                KpiTie.Unfunded => report.Funding.Total.UnfundedCents,
                _ => (long?)null,
            };
            list.Holds(
                expected is null == kpi.TiedCents is null,
                where,
                "cents are given exactly when the figure ties to a table",
                expected is null ? "none" : "cents",
                kpi.TiedCents is null ? "none" : "cents");
            if (expected is { } table && kpi.TiedCents is { } cents)
            {
                list.Equal(where, "it repeats the table's figure", table, cents);
            }

            if (kpi.Figure.Unit == KpiUnit.Cents && kpi.TiedCents is { } tied)
            {
                list.Equal(where, "it shows the cents that it ties to", tied, kpi.Figure.Value);
            }
        }
    }

    private static void CheckTrend(FootingList list, BoardReport report)
    {
        var (trend, months) = (report.Trend, report.Trend.Months.Count);
        const string where = "Twelve months by funder";
        list.Holds(
            months > 0 && trend.Months[^1] == report.Head.Month, where, "the last month is the report's", report.Head.Month.ToString(),
            months > 0 ? trend.Months[^1].ToString() : "none");
        list.Holds(
            trend.Months.Zip(trend.Months.Skip(1)).All(pair => pair.First.Next == pair.Second), where, "months follow each other",
            "no gap", string.Join(' ', trend.Months));
        var alerts = trend.Series.Count(s => s.Role == SeriesRole.Alert);
        list.Holds(
            trend.Series.Count - alerts <= MostSeries && alerts <= MostAlertSeries, where, "there are at most",
            $"{MostSeries} series and {MostAlertSeries} in the alert tone", $"{trend.Series.Count - alerts} and {alerts}");
        list.Equal(where, "series have different names", trend.Series.Count, trend.Series.DistinctBy(s => s.Name).Count());
        var complete = months > 0;
        foreach (var series in trend.Series)
        {
            list.Equal($"{where}, {series.Name}", "it has a value for every month", months, series.Cents.Count);
            complete &= series.Cents.Count == months;
        }

        if (!complete)
        {
            return;
        }

        list.Equal(where, "the last month is the architecture table's total", report.Architectures.Total.TotalCents,
            FootingList.Sum(trend.Series, s => s.Cents[^1]));
        if (months > 1 && report.Architectures.Total.PreviousCents is { } previous)
        {
            list.Equal(where, "the month before is the architecture table's total of that month", previous,
                FootingList.Sum(trend.Series, s => s.Cents[^2]));
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>How finely an answer is divided in time.</summary>
internal enum QueryGranularity
{
    Daily,
    Monthly,
}

/// <summary>
/// The days that are asked for. Cost Management cuts or moves a window that it does not like and says nothing, so such a window is never
/// asked: Daily over more than 31 days and Monthly over more than 12 months lose their beginning, days to come and swapped ends are
/// moved; more than 37 months are refused.
/// </summary>
/// <param name="Granularity">The division.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The last day, inside.</param>
internal sealed record QueryWindow(QueryGranularity Granularity, DateOnly From, DateOnly To)
{
    private const int MostDays = 31;
    private const int MostMonths = 12;
    private const int MostMonthsBack = 36;

    /// <summary>One month, up to today.</summary>
    /// <exception cref="SourceException">It would not be answered as it was asked.</exception>
    public static QueryWindow Of(QueryGranularity granularity, BillingMonth month, DateOnly today) =>
        new QueryWindow(granularity, month.FirstDay, month.LastDay < today ? month.LastDay : today).Checked(today);

    /// <summary>Returns the window when Cost Management answers it whole.</summary>
    /// <exception cref="SourceException">It does not.</exception>
    public QueryWindow Checked(DateOnly today)
    {
        var first = BillingMonth.Of(From);
        if (From > today || To > today)
        {
            throw Refused($"it lies in the future: today is {today:yyyy-MM-dd}");
        }

        if (From > To)
        {
            throw Refused("its end is before its beginning");
        }

        if (BillingMonth.Of(today).Index - first.Index > MostMonthsBack)
        {
            throw Refused($"costs are kept for {MostMonthsBack + 1} months");
        }

        if (Granularity == QueryGranularity.Daily && To.DayNumber - From.DayNumber >= MostDays)
        {
            throw Refused($"days are answered for at most {MostDays} at a time");
        }

        return Granularity == QueryGranularity.Monthly && BillingMonth.Of(To).Index - first.Index >= MostMonths
            ? throw Refused($"months are answered for at most {MostMonths} at a time")
            : this;
    }

    private SourceException Refused(string why) => new(
        "query-window", $"Azure Cost Management is not asked for {From:yyyy-MM-dd} to {To:yyyy-MM-dd} ({Granularity}): {why}. Ask for other months.");
}

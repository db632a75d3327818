namespace CiCost.Domain.Periods;

/// <summary>Months from a first to a last one, both inside.</summary>
/// <param name="First">The first month.</param>
/// <param name="Last">The last month, not before the first.</param>
public readonly record struct MonthRange(BillingMonth First, BillingMonth Last)
{
    /// <summary>The months in order.</summary>
    public IEnumerable<BillingMonth> Months
    {
        get
        {
            for (var month = First; month <= Last; month = month.Next)
            {
                yield return month;
            }
        }
    }

    /// <summary>The month of an instant and those before it.</summary>
    /// <param name="now">The instant; its UTC date counts.</param>
    /// <param name="monthsBack">How many earlier months, 0 or more.</param>
    public static MonthRange Until(DateTimeOffset now, int monthsBack)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(monthsBack);
        var last = BillingMonth.Of(DateOnly.FromDateTime(now.UtcDateTime));
        return new MonthRange(BillingMonth.FromIndex(last.Index - monthsBack), last);
    }

    /// <summary>Is a month inside?</summary>
    public bool Contains(BillingMonth month) => First <= month && month <= Last;

    /// <summary><c>YYYY-MM</c>, or <c>YYYY-MM to YYYY-MM</c>.</summary>
    public override string ToString() => First == Last ? First.ToString() : $"{First} to {Last}";
}

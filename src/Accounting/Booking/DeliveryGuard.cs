using System.Globalization;
using CiCost.Accounting.Checks;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Ledger.Booking;
using CiCost.Ledger.Deliveries;
using CiCost.Ledger;

namespace CiCost.Accounting.Booking;

/// <summary>
/// Refuses deliveries that would make figures wrong without a word: rows that are booked already, rows of another month, a bill that lost
/// rows. What somebody accepts all the same is recorded with the delivery, like a tolerance.
/// </summary>
internal sealed class DeliveryGuard(Books books, BookingRequest booking, BookDeliveryRequest asked)
{
    /// <summary>Names of what was accepted, as they stand in <c>delivery_tolerance</c>.</summary>
    public const string Repeated = "accept-repeated", OtherMonth = "accept-other-month", Shorter = "accept-shorter", Empty = "accept-empty",
        EndsMonth = "ends-month";

    /// <summary>What is recorded beside <see cref="EndsMonth"/>.</summary>
    public const string EndsMonthText = "nothing more comes for the month";

    // Nine tenths: providers join rows when they restate, but not that many while the cost changes, too.
    private const int UsualTenths = 9;

    private readonly ChargeDays _days = new(books);

    private string Scope => booking.Part == "*" ? $"{booking.Source.Key} for {booking.BillingMonth}"
        : $"{booking.Source.Key} for {booking.BillingMonth}, {booking.Part}";

    /// <summary>Refuses, or returns what was accepted.</summary>
    /// <exception cref="BooksException">delivery-repeated, delivery-other-month or delivery-shorter; nothing was booked.</exception>
    public IReadOnlyList<(string Name, long Count, long FirstRow, string Example)> Judge(EncodedDelivery encoded)
    {
        List<(string, long, long, string)> accepted = [];
        Take(OtherMonth, asked.AcceptsOtherMonth || asked.IsStatedByProvider, RowsOfOtherMonths(encoded), "delivery-other-month",
            "Nothing was booked. Correct --month (or the month's folder); where it is meant, book it with --accept-other-month.");
        Take(Repeated, asked.AcceptsRepeated, RepeatedRows(encoded), "delivery-repeated",
            "Booked, they would count twice. Nothing was booked. Leave one out; where both are right, book them with --accept-repeated.");
        Take(Shorter, asked.AcceptsShorter || asked.IsStatedByProvider, MissingRows(encoded), "delivery-shorter",
            "Nothing was booked. Export the whole month again; where it is meant, book it with --accept-shorter.");
        if (asked.EndsMonth)
        {
            accepted.Add((EndsMonth, 1, 0, EndsMonthText));
        }
        else if (asked.IsStatedByProvider && EndsEarly(encoded) is { } lastDay)
        {
            accepted.Add((EndsMonth, 1, 0, $"the provider lists no row after {lastDay}"));
        }
        else if (asked.AcceptsEmpty && encoded.RowCount == 0)
        {
            accepted.Add((Empty, 1, 0, "without a row, as somebody says"));
        }

        return accepted;

        void Take(string name, bool accepts, (long Rows, string What)? found, string code, string advice)
        {
            if (found is { } fault)
            {
                accepted.Add(accepts ? (name, fault.Rows, 0, fault.What) : throw new BooksException(code, $"{fault.What} {advice}"));
            }
        }
    }

    /// <summary>A whole month that ended, by the provider's own word, before its last day; null when it did not.</summary>
    private string? EndsEarly(EncodedDelivery encoded)
    {
        var last = encoded.Days.Count == 0 ? int.MinValue : encoded.Days[^1].ChargeDay;
        return booking.Part == "*" && last < ChargeDay.Of(booking.BillingMonth.LastDay)
            && books.Time.GetUtcNow() >= new DateTimeOffset(booking.BillingMonth.Next.FirstDay, TimeOnly.MinValue, TimeSpan.Zero)
                ? last == int.MinValue ? "the month's begin" : ChargeDay.ToText(last) : null;
    }

    /// <summary>
    /// Two objects that have the same rows of a day, all of them. FOCUS has no key of rows, and equal rows within a file are two charges;
    /// that two files have exactly the same rows of a day and these cost something is another thing.
    /// </summary>
    private (long Rows, string What)? RepeatedRows(EncodedDelivery encoded)
    {
        Dictionary<(int Day, long Lines, UInt128 Digest), string> seen = [];
        Dictionary<(string One, string Other), List<DayTotals>> pairs = [];
        foreach (var (name, day) in encoded.Objects.SelectMany(o => o.Days.Where(d => d.HasCost).Select(d => (o.Name, d))))
        {
            if (!seen.TryAdd((day.ChargeDay, day.LineCount, day.Digest), name))
            {
                Pair(seen[(day.ChargeDay, day.LineCount, day.Digest)], name).Add(day);
            }
        }

        if (seen.Count > 0)
        {
            // The delivery's days as a whole, too: what was one file may come again as several.
            var whole = encoded.Days.Where(d => d.HasCost).ToDictionary(d => (d.ChargeDay, d.LineCount, d.Digest));
            var objects = encoded.Objects.SelectMany(o => o.Days).Where(d => d.HasCost).ToLookup(d => (d.ChargeDay, d.LineCount, d.Digest));
            foreach (var other in _days.Elsewhere(booking.Source.Key, booking.BillingMonth, booking.Part, seen.Keys.Min(k => k.Day),
                seen.Keys.Max(k => k.Day)).Where(e => e.Day.HasCost))
            {
                var key = (other.Day.ChargeDay, other.Day.LineCount, other.Day.Digest);
                if (objects[key].FirstOrDefault() is { } same)
                {
                    Pair(NameOf(other), seen[key]).Add(same);
                }
                else if (whole.TryGetValue(key, out var day))
                {
                    Pair(NameOf(other), "this delivery").Add(day);
                }
            }
        }

        if (pairs.Count == 0)
        {
            return null;
        }

        var ((one, two), days) = pairs.MaxBy(p => p.Value.Sum(d => d.LineCount));
        var more = pairs.Count == 1 ? "" : $" So have {pairs.Count - 1} more pairs.";
        var rows = days.Sum(d => d.LineCount);
        var which = days.Count == 1 ? $"on {ChargeDay.ToText(days[0].ChargeDay)}"
            : $"on {days.Count} days ({ChargeDay.ToText(days.Min(d => d.ChargeDay))} to {ChargeDay.ToText(days.Max(d => d.ChargeDay))})";
        return (pairs.Values.Sum(p => p.Sum(d => d.LineCount)),
            $"{Scope}: '{one}' and '{two}' have the same {Rows(rows)} {which}.{more}");

        List<DayTotals> Pair(string a, string b)
        {
            if (!pairs.TryGetValue((a, b), out var list))
            {
                pairs.Add((a, b), list = []);
            }

            return list;
        }
    }

    private string NameOf(DayElsewhere other)
    {
        var names = new DeliveryDirectory(books).ObjectsOf(other.DeliveryId).Select(o => o.Name).ToList();
        var files = names.Count switch
        {
            0 => "its file",
            1 => names[0],
            _ => $"{names[0]} and {names.Count - 1} more",
        };
        return $"{files} of delivery {other.DeliveryId} for {other.BillingMonth}";
    }

    /// <summary>
    /// A row is of the month when its billing period is, or its charge day. Parts may reach over the month's end, so that of a part only
    /// one such row is asked for; of a whole month's bill it is half of them.
    /// </summary>
    private (long Rows, string What)? RowsOfOtherMonths(EncodedDelivery encoded)
    {
        SortedDictionary<BillingMonth, long> months = [];
        foreach (var group in encoded.Groups)
        {
            var charged = BillingMonth.Of(ChargeDay.ToDate(group.ChargeDay));
            var billed = BillingMonth.FromIndex(group.BillingMonthIndex);
            var month = charged == booking.BillingMonth ? charged : billed;
            months[month] = months.GetValueOrDefault(month) + group.LineCount;
        }

        var all = months.Values.Sum();
        var own = months.GetValueOrDefault(booking.BillingMonth);
        if (all == 0 || (booking.Part == "*" ? own * 2 >= all : own > 0))
        {
            return null;
        }

        var others = string.Join(", ", months.Where(m => m.Key != booking.BillingMonth).Select(m => $"{Number(m.Value)} of {m.Key}"));
        return (all - own, $"{Scope}: {Rows(own)} of {Number(all)} are of {booking.BillingMonth}, and {others}.");
    }

    /// <summary>
    /// A charge day that cost something has no row any more; or every day has the same rows as before, or fewer; or a tenth of the rows and
    /// more is gone. Fewer rows with the same cost are rows that were joined.
    /// </summary>
    private (long Rows, string What)? MissingRows(EncodedDelivery encoded)
    {
        if (_days.CurrentOf(booking.Source.Key, booking.BillingMonth, booking.Part) is not var (before, rowsBefore) || rowsBefore == 0
            || encoded.RowCount == 0)
        {
            return null;
        }

        var now = encoded.Days.ToDictionary(d => d.ChargeDay);
        var then = _days.Of(before);
        var lost = then.Where(d => d.HasCost && !now.ContainsKey(d.ChargeDay)).Select(d => d.ChargeDay).ToList();
        if (lost.Count > 0)
        {
            var days = lost.Count == 1 ? $"{ChargeDay.ToText(lost[0])}, which has" : $"{lost.Count} days from {ChargeDay.ToText(lost[0])} to "
                + $"{ChargeDay.ToText(lost[^1])}, which have";
            return (Math.Max(0, rowsBefore - encoded.RowCount), $"{Scope}: it has no row of {days} costs in delivery {before}, whose place it would "
                + $"take ({Rows(encoded.RowCount)} instead of {Number(rowsBefore)}).");
        }

        var known = then.ToDictionary(d => d.ChargeDay);
        var isCut = encoded.Days.All(d => known.TryGetValue(d.ChargeDay, out var old)
            && (d.LineCount < old.LineCount || (d.LineCount == old.LineCount && d.Digest == old.Digest)));
        return encoded.RowCount < rowsBefore && (isCut || encoded.RowCount * 10L < rowsBefore * UsualTenths) && CostsDiffer(encoded, before)
            ? (rowsBefore - encoded.RowCount, $"{Scope}: it has {Rows(encoded.RowCount)}, and delivery {before}, whose place it would take, has "
                + $"{Number(rowsBefore)}; the costs differ, too.")
            : null;
    }

    private bool CostsDiffer(EncodedDelivery encoded, int before)
    {
        Dictionary<(string Currency, string Column), ExactAmount> now = [], then = [];
        foreach (var total in encoded.Totals)
        {
            foreach (var column in Enum.GetValues<CostColumn>())
            {
                var key = (total.Currency.Code, column + "Cost");
                now[key] = now.GetValueOrDefault(key) + total.Exact(column);
            }
        }

        foreach (var total in new DeliveryDirectory(books).TotalsOf(before))
        {
            var key = (total.Currency, total.Column);
            then[key] = then.GetValueOrDefault(key) + ExactText.Of(total.Exact);
        }

        return now.Keys.Union(then.Keys).Any(k => now.GetValueOrDefault(k) != then.GetValueOrDefault(k));
    }

    private static string Rows(long count) => count == 1 ? "1 row" : $"{Number(count)} rows";

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}

using System.IO.Compression;
using System.Text;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Domain.Checks;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Sources;
using NUnit.Framework;

namespace CiCost.TestKit.Bookkeeping;

/// <summary>What can go wrong with the files of a month on their way.</summary>
public enum DeliveryFault
{
    None, Again, AgainPackedOrRenamed, FileTwice, PartTwice, DaysOverlap, MonthMissing, MonthEndsEarly, MonthBeginsLate, DaysMissing, ShorterAgain,
    RowsMissingAgain, WrongMonth, OtherMonthToo,
}

/// <summary>A row of a bill, and the day of its charge.</summary>
public sealed record DatedRow(DateOnly Day, string Text);

/// <summary>The sound files of a daily source: rows of each month in the order of their days, under one header where the format has one.</summary>
public sealed record SoundBill(
    string SourceKey, string Kind, string? Profile, string? Header, IReadOnlyDictionary<string, IReadOnlyList<DatedRow>> Months);

/// <summary>
/// Months of a daily source, and one thing that goes wrong with the files of one. Whatever it is: the figures are those of the sound files,
/// or the delivery is refused and the figures stay, or a failing check names the source and the month.
/// </summary>
public static class PerturbedBill
{
    private static readonly string[] Refusals = ["delivery-repeated", "delivery-shorter", "delivery-other-month"];

    /// <summary>The fault of a case: each in turn.</summary>
    public static DeliveryFault FaultOf(int number) => (DeliveryFault)(number % Enum.GetValues<DeliveryFault>().Length);

    /// <summary>What became of a fault, after asserting that it became something that somebody sees or nothing at all.</summary>
    /// <param name="books">Empty books under a policy that covers the source.</param>
    /// <param name="bill">The sound files.</param>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="isAppended">Whether the source appends: half a month is a delivery then.</param>
    /// <param name="expected">The figures of the sound files; see <see cref="Figures"/>.</param>
    /// <param name="failingAnyway">What fails with the sound files, too; see <see cref="Failures"/>.</param>
    /// <param name="dice">Which month, days, rows, names.</param>
    /// <param name="what">Names the case in a failed assertion.</param>
    public static async Task<string> OutcomeAsync(BookFixture books, SoundBill bill, DeliveryFault fault, bool isAppended, string expected,
        IEnumerable<string> failingAnyway, Random dice, string what)
    {
        ArgumentNullException.ThrowIfNull(books);
        ArgumentNullException.ThrowIfNull(bill);
        ArgumentNullException.ThrowIfNull(dice);
        string[] months = [.. bill.Months.Keys.Order(StringComparer.Ordinal)];
        var hit = months[1 + dice.Next(months.Length - 1)];
        string? refusal = null;
        foreach (var delivery in months.SelectMany(m => Deliveries(bill, m, m == hit ? fault : DeliveryFault.None, isAppended, dice)))
        {
            var before = Figures(books, bill);
            try
            {
                await books.DeliverFilesAsync(delivery.Request, [.. delivery.Files]);
            }
            catch (BooksException exception) when (Refusals.Contains(exception.Code))
            {
                refusal = exception.Code;
                Assert.That(Figures(books, bill), Is.EqualTo(before), $"{what}: figures after a refusal");
                Assert.That(exception.Message, Does.Contain($"{bill.SourceKey} for 2026-"), what);
            }
        }

        if (refusal is not null)
        {
            return refusal;
        }

        var failures = Failures(books).Except(failingAnyway).ToList();
        var named = failures.Where(f => f.Contains($": {bill.SourceKey} {hit}", StringComparison.Ordinal)).ToList();
        if (named.Count > 0)
        {
            return string.Join(", ", named.Select(n => n[..n.IndexOf(':', StringComparison.Ordinal)]).Distinct().Order(StringComparer.Ordinal));
        }

        Assert.That(failures, Is.Empty, what);
        Assert.That(Figures(books, bill), Is.EqualTo(expected), what);
        return "same figures";
    }

    /// <summary>Books the sound files.</summary>
    public static async Task BookAsync(BookFixture books, SoundBill bill, bool isAppended)
    {
        ArgumentNullException.ThrowIfNull(books);
        ArgumentNullException.ThrowIfNull(bill);
        foreach (var (request, files) in bill.Months.Keys.Order(StringComparer.Ordinal)
            .SelectMany(m => Deliveries(bill, m, DeliveryFault.None, isAppended, new Random(1))))
        {
            await books.DeliverFilesAsync(request, [.. files]);
        }
    }

    /// <summary>What checks find, each as <c>check: where</c>.</summary>
    public static IReadOnlyList<string> Failures(BookFixture books)
    {
        ArgumentNullException.ThrowIfNull(books);
        return
        [
            .. books.Check().Where(o => o.State == CheckState.Fails)
                .SelectMany(o => o.Failures.Select(f => f.Where).DefaultIfEmpty("").Select(w => $"{o.Check}: {w}")),
        ];
    }

    /// <summary>What is consumed by charge month, and payable by billing month.</summary>
    public static string Figures(BookFixture books, SoundBill bill)
    {
        ArgumentNullException.ThrowIfNull(books);
        ArgumentNullException.ThrowIfNull(bill);
        string Of(CostMetric metric, TimeAxis axis) => string.Join("; ",
            bill.Months.Keys.Order(StringComparer.Ordinal).Select(m => $"{m} {books.Total(metric, m, axis):0.00#######}"));
        return $"{Of(CostMetric.Consumption, TimeAxis.Charge)} | {Of(CostMetric.Payable, TimeAxis.Billing)}";
    }

    private static IEnumerable<(BookDeliveryRequest Request, List<(string, byte[])> Files)> Deliveries(
        SoundBill bill, string month, DeliveryFault fault, bool isAppended, Random dice)
    {
        var first = bill.Months.Keys.Min(StringComparer.Ordinal)!;
        var request = Request(month);
        var (name, lines) = ($"bill-{month}.csv", bill.Months[month]);
        var last = lines[^1].Day.Day;
        var day = 2 + dice.Next(last - 4);
        var more = dice.Next(9);
        var seen = Whole(lines);
        switch (fault)
        {
            case DeliveryFault.FileTwice when !isAppended:
                var copy = dice.Next(2) == 0 ? Plain(bill, $"bill-{month} (1).csv", lines) : Packed(bill, name + ".gz", lines);
                seen = [(request, [Plain(bill, name, lines), copy])];
                break;
            case DeliveryFault.DaysOverlap when !isAppended:
                var (early, late) = (lines.Where(l => l.Day.Day <= day + 1), lines.Where(l => l.Day.Day >= day));
                seen = [(request, [Plain(bill, "early.csv", early), Plain(bill, "late.csv", late)])];
                break;
            case DeliveryFault.MonthMissing:
                yield break;
            case DeliveryFault.MonthEndsEarly:
                seen = Whole(lines.Where(l => l.Day.Day <= day));
                break;
            case DeliveryFault.MonthBeginsLate:
                seen = Whole(lines.Where(l => l.Day.Day >= day));
                break;
            case DeliveryFault.DaysMissing:
                seen = Whole(lines.Where(l => l.Day.Day != day));
                break;
            case DeliveryFault.WrongMonth:
                seen = Whole(bill.Months[first]);
                break;
        }

        foreach (var delivery in seen)
        {
            yield return delivery;
        }

        // What comes later, once the month is there.
        var part = isAppended ? lines.Where(l => l.Day.Day <= 15).ToList() : lines;
        var partName = isAppended ? $"bill-{month}-1.csv" : name;
        switch (fault)
        {
            case DeliveryFault.Again:
                yield return (request, [Plain(bill, partName, part)]);
                break;
            case DeliveryFault.AgainPackedOrRenamed:
                yield return (request, [dice.Next(2) == 0 ? Packed(bill, partName + ".gz", part) : Plain(bill, "renamed.csv", part)]);
                break;
            case DeliveryFault.FileTwice or DeliveryFault.PartTwice when isAppended:
                yield return (request, [Plain(bill, "again.csv", part)]);
                break;
            case DeliveryFault.DaysOverlap when isAppended:
                yield return (request, [Plain(bill, "overlap.csv", lines.Where(l => l.Day.Day >= day && l.Day.Day <= day + more))]);
                break;
            case DeliveryFault.ShorterAgain:
                yield return (request, [Plain(bill, partName, part.Where(l => l.Day.Day < part[^1].Day.Day - (more / 2)))]);
                break;
            case DeliveryFault.RowsMissingAgain:
                yield return (request, [Plain(bill, partName, part.Where((_, i) => i != day))]);
                break;
            case DeliveryFault.OtherMonthToo:
                yield return (Request(first), [Plain(bill, "other.csv", lines)]);
                break;
        }

        BookDeliveryRequest Request(string of) => new()
        {
            SourceKey = bill.SourceKey,
            Kind = bill.Kind,
            Profile = bill.Profile,
            Mode = isAppended ? SourceMode.Append : SourceMode.Replace,
            BillingMonth = BillingMonth.Parse(of),
        };

        List<(BookDeliveryRequest, List<(string, byte[])>)> Whole(IEnumerable<DatedRow> of)
        {
            var all = of.ToList();
            return !isAppended ? [(request, [Plain(bill, name, all)])]
                : [.. new[] { (1, all.Where(l => l.Day.Day <= 15)), (2, all.Where(l => l.Day.Day > 15)) }.Where(p => p.Item2.Any())
                    .Select(p => (request, new List<(string, byte[])> { Plain(bill, $"bill-{month}-{p.Item1}.csv", p.Item2) }))];
        }
    }

    private static (string, byte[]) Plain(SoundBill bill, string name, IEnumerable<DatedRow> lines) =>
        (name, Encoding.UTF8.GetBytes(string.Join('\n', (bill.Header is null ? [] : new[] { bill.Header }).Concat(lines.Select(l => l.Text))) + "\n"));

    private static (string, byte[]) Packed(SoundBill bill, string name, IEnumerable<DatedRow> lines)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(Plain(bill, name, lines).Item2);
        }

        return (name, target.ToArray());
    }
}

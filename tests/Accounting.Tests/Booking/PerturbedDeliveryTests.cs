using System.IO.Compression;
using System.Text;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Domain.Checks;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Sources;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Booking;

/// <summary>
/// Three months of a daily source, and one thing that goes wrong with their files. Whatever it is: the figures are those of the sound
/// files, or the delivery is refused and the figures stay, or a failing check names the source and the month.
/// </summary>
public sealed class PerturbedDeliveryTests
{
    private const int LongCases = 5_000, Cases = 100;
    private static readonly string[] Months = ["2026-01", "2026-02", "2026-03"];
    private static readonly string[] Refusals = ["delivery-repeated", "delivery-shorter", "delivery-other-month"];

    private static readonly PolicyText Policy = PolicyText.Boring with
    {
        MainCoverage = "      - {ledger: bill, basis: billed, cadence: daily}",
        SecondCoverage = "      - {ledger: bill, basis: billed, cadence: daily}",
    };

    private enum Fault
    {
        None, Again, AgainPackedOrRenamed, FileTwice, PartTwice, DaysOverlap, MonthMissing, MonthEndsEarly, MonthBeginsLate, DaysMissing, ShorterAgain,
        RowsMissingAgain, WrongMonth, OtherMonthToo,
    }

    [Test]
    public async Task AnyFault_LeavesTheFigures_OrIsRefused_OrIsNamed()
    {
        var count = Counts.AreLong ? LongCases : Cases;
        var seed = Counts.Seed();
        SortedDictionary<string, int> outcomes = new(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var fault = (Fault)(i % Enum.GetValues<Fault>().Length);
            var key = $"{fault}: {await OutcomeAsync(fault, new Random(HashCode(seed, i)), $"seed {seed}, case {i}, {fault}")}";
            outcomes[key] = outcomes.GetValueOrDefault(key) + 1;
        }

        TestContext.Out.WriteLine(string.Join('\n', outcomes.Select(o => $"{o.Value,6} {o.Key}")));
        Assert.That(outcomes.Keys.Where(k => k.StartsWith("None", StringComparison.Ordinal)), Is.EqualTo(new[] { "None: same figures" }));
    }

    private static int HashCode(int seed, int i) => unchecked((seed * 397) ^ i);

    private static async Task<string> OutcomeAsync(Fault fault, Random dice, string what)
    {
        using var books = await BookFixture.OpenAsync(Policy);
        var sound = Months.ToDictionary(m => m, m => Bill(m, dice));
        var hit = Months[1 + dice.Next(2)];
        var isAppended = dice.Next(2) == 0;
        string? refusal = null;
        foreach (var month in Months)
        {
            foreach (var delivery in Deliveries(month, sound, month == hit ? fault : Fault.None, isAppended, dice))
            {
                var before = Figures(books);
                try
                {
                    await books.DeliverFilesAsync(delivery.Request, [.. delivery.Files]);
                }
                catch (BooksException exception) when (Refusals.Contains(exception.Code))
                {
                    refusal = exception.Code;
                    Assert.That(Figures(books), Is.EqualTo(before), $"{what}: figures after a refusal");
                    Assert.That(exception.Message, Does.Contain("bill for 2026-"), what);
                }
            }
        }

        if (refusal is not null)
        {
            return refusal;
        }

        var checks = books.Check().Where(o => o.State == CheckState.Fails).ToList();
        var named = checks.Where(o => o.Failures.Any(f => f.Where.Contains("bill " + hit, StringComparison.Ordinal))).Select(o => o.Check).ToList();
        if (named.Count > 0)
        {
            return string.Join(", ", named);
        }

        Assert.That(checks.Select(c => c.Check).Except(["SourcesAreFresh"]), Is.Empty, what);
        var expected = string.Join("; ", Months.Select(m => $"{m} {sound[m].Sum(l => decimal.Parse(l.EffectiveCost, null)):0.00}"));
        Assert.That(Figures(books), Is.EqualTo($"{expected} | {expected}"), what);
        return "same figures";
    }

    /// <summary>What is consumed by charge month, and payable by billing month.</summary>
    private static string Figures(BookFixture books)
    {
        string Of(CostMetric metric, TimeAxis axis) => string.Join("; ", Months.Select(m => $"{m} {books.Total(metric, m, axis):0.00}"));
        return $"{Of(CostMetric.Consumption, TimeAxis.Charge)} | {Of(CostMetric.Payable, TimeAxis.Billing)}";
    }

    private static List<BillLine> Bill(string month, Random dice)
    {
        var days = DateTime.DaysInMonth(int.Parse(month.AsSpan(0, 4), null), int.Parse(month.AsSpan(5), null));
        return
        [
            .. Enumerable.Range(1, days).SelectMany(day => Enumerable.Range(0, 1 + dice.Next(3)).Select(i =>
                ALine().On($"{month}-{day:00}").For(i == 0 ? "Machines" : "Disks").Costing($"{1 + dice.Next(90)}.{dice.Next(100):00}"))),
        ];
    }

    private static IEnumerable<(BookDeliveryRequest Request, List<(string, byte[])> Files)> Deliveries(
        string month, Dictionary<string, List<BillLine>> sound, Fault fault, bool isAppended, Random dice)
    {
        var request = Request(month);
        var (name, lines) = ($"bill-{month}.csv", sound[month]);
        var last = lines[^1].Day.Day;
        var day = 2 + dice.Next(last - 4);
        var more = dice.Next(9);
        var seen = Whole(lines);
        switch (fault)
        {
            case Fault.FileTwice when !isAppended:
                seen = [(request, [File(name, lines), dice.Next(2) == 0 ? File($"bill-{month} (1).csv", lines) : Packed(name + ".gz", lines)])];
                break;
            case Fault.DaysOverlap when !isAppended:
                seen = [(request, [File("early.csv", lines.Where(l => l.Day.Day <= day + 1)), File("late.csv", lines.Where(l => l.Day.Day >= day))])];
                break;
            case Fault.MonthMissing:
                yield break;
            case Fault.MonthEndsEarly:
                seen = Whole(lines.Where(l => l.Day.Day <= day));
                break;
            case Fault.MonthBeginsLate:
                seen = Whole(lines.Where(l => l.Day.Day >= day));
                break;
            case Fault.DaysMissing:
                seen = Whole(lines.Where(l => l.Day.Day != day));
                break;
            case Fault.WrongMonth:
                seen = Whole(sound[Months[0]]);
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
            case Fault.Again:
                yield return (request, [File(partName, part)]);
                break;
            case Fault.AgainPackedOrRenamed:
                yield return (request, [dice.Next(2) == 0 ? Packed(partName + ".gz", part) : File("renamed.csv", part)]);
                break;
            case Fault.FileTwice or Fault.PartTwice when isAppended:
                yield return (request, [File("again.csv", part)]);
                break;
            case Fault.DaysOverlap when isAppended:
                yield return (request, [File("overlap.csv", lines.Where(l => l.Day.Day >= day && l.Day.Day <= day + more))]);
                break;
            case Fault.ShorterAgain:
                yield return (request, [File(partName, part.Where(l => l.Day.Day < part[^1].Day.Day - (more / 2)))]);
                break;
            case Fault.RowsMissingAgain:
                yield return (request, [File(partName, part.Where((_, i) => i != day))]);
                break;
            case Fault.OtherMonthToo:
                yield return (Request(Months[0]), [File("other.csv", lines)]);
                break;
        }

        BookDeliveryRequest Request(string of) => new()
        {
            SourceKey = "bill",
            Kind = "focus-csv",
            Mode = isAppended ? SourceMode.Append : SourceMode.Replace,
            BillingMonth = BillingMonth.Parse(of),
        };

        List<(BookDeliveryRequest, List<(string, byte[])>)> Whole(IEnumerable<BillLine> of)
        {
            var all = of.ToList();
            return !isAppended ? [(request, [File(name, all)])]
                : [.. new[] { (1, all.Where(l => l.Day.Day <= 15)), (2, all.Where(l => l.Day.Day > 15)) }.Where(p => p.Item2.Any())
                    .Select(p => (request, new List<(string, byte[])> { File($"bill-{month}-{p.Item1}.csv", p.Item2) }))];
        }
    }

    private static (string, byte[]) File(string name, IEnumerable<BillLine> lines) => (name, Encoding.UTF8.GetBytes(BillLine.File(lines)));

    private static (string, byte[]) Packed(string name, IEnumerable<BillLine> lines)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(BillLine.File(lines)));
        }

        return (name, target.ToArray());
    }
}

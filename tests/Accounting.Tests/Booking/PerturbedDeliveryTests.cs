using CiCost.Domain.Periods;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Booking;

/// <summary>Three months of a small daily source, and one thing that goes wrong with their files (<see cref="PerturbedBill"/>).</summary>
public sealed class PerturbedDeliveryTests
{
    private static readonly int Cases = Counts.Of(1_000);
    private static readonly string[] Months = ["2026-01", "2026-02", "2026-03"];

    private static readonly PolicyText Policy = PolicyText.Boring with
    {
        MainCoverage = "      - {ledger: bill, basis: billed, cadence: daily}",
        SecondCoverage = "      - {ledger: bill, basis: billed, cadence: daily}",
    };

    [Test]
    public async Task AnyFault_LeavesTheFigures_OrIsRefused_OrIsNamed()
    {
        var seed = Counts.Seed();
        IReadOnlyList<string>? failingAnyway = null;
        SortedDictionary<string, int> outcomes = new(StringComparer.Ordinal);
        for (var i = 0; i < Cases; i++)
        {
            var fault = PerturbedBill.FaultOf(i);
            var dice = new Random(unchecked((seed * 397) ^ i));
            var lines = Months.ToDictionary(m => m, m => Lines(m, dice));
            var consumed = string.Join("; ", Months.Select(m => $"{m} {lines[m].Sum(l => decimal.Parse(l.EffectiveCost, null)):0.00}"));
            var bill = new SoundBill("bill", "focus-csv", null, Header, lines.ToDictionary(
                m => m.Key, IReadOnlyList<DatedRow> (m) => [.. m.Value.Select(l => new DatedRow(l.Day, l.ToCsv()))]));
            failingAnyway ??= await FailuresOfSoundFilesAsync(bill);
            using var books = await BookFixture.OpenAsync(Policy);
            var outcome = await PerturbedBill.OutcomeAsync(books, bill, fault, isAppended: dice.Next(2) == 0, $"{consumed} | {consumed}",
                failingAnyway, dice, $"seed {seed}, case {i}, {fault}");
            outcomes[$"{fault}: {outcome}"] = outcomes.GetValueOrDefault($"{fault}: {outcome}") + 1;
        }

        TestContext.Out.WriteLine(string.Join('\n', outcomes.Select(o => $"{o.Value,6} {o.Key}")));
        Assert.That(outcomes.Keys.Where(k => k.StartsWith("None", StringComparison.Ordinal)), Is.EqualTo(new[] { "None: same figures" }));
    }

    private static async Task<IReadOnlyList<string>> FailuresOfSoundFilesAsync(SoundBill bill)
    {
        using var books = await BookFixture.OpenAsync(Policy);
        await PerturbedBill.BookAsync(books, bill, isAppended: false);
        return PerturbedBill.Failures(books);
    }

    private static List<BillLine> Lines(string month, Random dice)
    {
        var days = BillingMonth.Parse(month).LastDay.Day;
        return
        [
            .. Enumerable.Range(1, days).SelectMany(day => Enumerable.Range(0, 1 + dice.Next(3)).Select(i =>
                ALine().On($"{month}-{day:00}").For(i == 0 ? "Machines" : "Disks").Costing($"{1 + dice.Next(90)}.{dice.Next(100):00}"))),
        ];
    }
}

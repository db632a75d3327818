using CiCost.Accounting.Costs;
using CiCost.Domain.Periods;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Presentation;

/// <summary>The cents of answers about costs (accounting.md, 9): a figure does not depend on the question that it is in.</summary>
public sealed class QuestionCentsTests
{
    private static readonly string[] Dimensions = ["component", "ServiceName", "ChargeDescription", "payer-account", "day"];

    [Test]
    public async Task Month_AskedAloneOrInARange_ShowsTheSame()
    {
        using var books = await BooksOfTwoMonths();
        foreach (var dimension in Dimensions.Where(d => d != "day"))
        {
            var range = Rows(books, "2026-03", "2026-04", ["month", dimension]);
            var alone = Rows(books, "2026-03", "2026-03", ["month", dimension]).Concat(Rows(books, "2026-04", "2026-04", ["month", dimension]));
            Assert.That(range, Is.EquivalentTo(alone), dimension);
        }
    }

    [Test]
    public async Task Row_GroupedByOrAskedFor_ShowsTheSame()
    {
        using var books = await BooksOfTwoMonths();
        foreach (var dimension in Dimensions)
        {
            foreach (var (key, cents) in Rows(books, "2026-03", "2026-04", [dimension]))
            {
                var (currency, value) = (key.Split(' ')[0], key[(key.IndexOf(' ') + 1)..]);
                var total = Ask(books, "2026-03", "2026-04", [], KeyValuePair.Create(dimension, value)).Proofs.Single(p => p.Currency == currency);
                Assert.That(total.Cents.Total, Is.EqualTo(cents), $"{dimension}={value}");
            }
        }
    }

    [Test]
    public async Task Rows_OfAnyGrouping_AddUpToTheTotal_AndAreNearTheExactAmount()
    {
        using var books = await BooksOfTwoMonths();
        var whole = Ask(books, "2026-03", "2026-04", []).Proofs.ToDictionary(p => p.Currency, p => p.Cents.Total);
        string[][] groupings = [["component"], ["ServiceName", "component"], ["day", "ChargeDescription"], ["role", "basis", "source"]];
        Assert.Multiple(() =>
        {
            foreach (var groupBy in groupings)
            {
                var answer = Ask(books, "2026-03", "2026-04", groupBy);
                Assert.That(answer.Rows.GroupBy(r => r.Currency).ToDictionary(g => g.Key, g => g.Sum(r => r.Cents)), Is.EqualTo(whole),
                    string.Join(',', groupBy));
                Assert.That(answer.Proofs.ToDictionary(p => p.Currency, p => p.Cents.Attributed + p.Cents.Unattributed), Is.EqualTo(whole));
                Assert.That(answer.Rows.Select(r => (double)Int128.Abs(r.Nanos - ((Int128)r.Cents * 10_000_000))), Has.All.LessThan(30_000_000));
            }
        });
    }

    [TestCase(CostMetric.Credits)]
    [TestCase(CostMetric.Timing)]
    [TestCase(CostMetric.Payable)]
    [TestCase(CostMetric.List)]
    public async Task OtherMetrics_FootAndFollowTheEquation(CostMetric metric)
    {
        using var books = await BooksOfTwoMonths();
        long Total(CostMetric m) => Ask(books, "2026-03", "2026-04", [], metric: m).Proofs.Where(p => p.Currency == "USD").Sum(p => p.Cents.Total);
        Assert.That(Ask(books, "2026-03", "2026-04", ["ServiceName"], metric: metric).Rows.Where(r => r.Currency == "USD").Sum(r => r.Cents),
            Is.EqualTo(Total(metric)));
        Assert.That(Total(CostMetric.Consumption) + Total(CostMetric.Credits) + Total(CostMetric.Timing), Is.EqualTo(Total(CostMetric.Payable)));
    }

    [Test]
    public async Task Empty_IsAskedForByTheWordThatIsShown()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("1"), (ALine() with { Resource = "", Service = "" }).Costing("2"));
        var answer = Ask(books, "2026-03", "2026-03", [], KeyValuePair.Create("ServiceName", "none"));
        Assert.That(answer.Proofs.Single().Cents.Total, Is.EqualTo(200));
    }

    [Test]
    public async Task Rows_OfMonthsAndDays_StandInTheOrderOfTime()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().On("2026-03-03").Costing("1"), ALine().On("2026-03-01").Costing("3"),
            ALine().On("2026-03-02").Costing("2"));
        Assert.That(Ask(books, "2026-03", "2026-03", ["component", "day"]).Rows.Select(r => r.Keys[1]),
            Is.EqualTo(new[] { "2026-03-01", "2026-03-02", "2026-03-03" }));
    }

    /// <summary>Amounts of thirds and sevenths of a cent, of two services and three descriptions, with credits and money of another
    /// currency.</summary>
    private static async Task<BookFixture> BooksOfTwoMonths()
    {
        var books = await BookFixture.OpenAsync();
        foreach (var (month, day) in new[] { ("2026-03", "2026-03-0"), ("2026-04", "2026-04-0") })
        {
            var lines = Enumerable.Range(1, 9).SelectMany(i => new[]
            {
                ALine().On(day + i).For(i % 2 == 0 ? "Machines" : "Disks").Saying($"kind {i % 3}").Costing($"{i}.003{i}").Billed($"{i}.00{i}"),
                ALine().On(day + i).For("Nets").From(i % 4 == 0 ? "acct-2" : "stranger").Costing($"0.0{i}47").Listed($"0.0{i}99"),
                ACredit("gift").On(day + i).Costing($"-0.{i}033"),
                ALine().On(day + i).In("EUR").Costing($"0.00{i}"),
            });
            await books.DeliverAsync("bill", month, lines);
        }

        return books;
    }

    private static IEnumerable<(string Key, long Cents)> Rows(BookFixture books, string from, string to, string[] groupBy) =>
        Ask(books, from, to, groupBy).Rows.Select(r => ($"{r.Currency} {string.Join(' ', r.Keys)}", r.Cents)).ToList();

    private static CostAnswer Ask(BookFixture books, string from, string to, string[] groupBy, KeyValuePair<string, string>? where = null,
        CostMetric metric = CostMetric.Consumption) => books.Costs.Run(new CostQuery
        {
            From = BillingMonth.Parse(from),
            To = BillingMonth.Parse(to),
            GroupBy = groupBy,
            Metric = metric,
            Where = where is { } condition ? [condition] : [],
        });
}

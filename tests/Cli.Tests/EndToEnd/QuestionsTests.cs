using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>Asks the published program about books of restated bills: every answer adds up, in decimal.</summary>
public sealed class QuestionsTests
{
    private RestatementBooks _books = null!;

    [OneTimeSetUp]
    public async Task FillBooks() => _books = await new RestatementBooks().FillAsync();

    [OneTimeTearDown]
    public void RemoveBooks() => _books.Dispose();

    [Test]
    public void Ingest_RestatedBill_SupersedesTheFirst()
    {
        var billed = _books.Answers.Select(a => a.GetProperty("totals").GetProperty("USD").GetProperty("billed").GetString());
        var supersedes = _books.Answers.Select(a => a.GetProperty("supersedes").ToString());
        Assert.Multiple(() =>
        {
            Assert.That(billed, Is.EqualTo(new[] { "32.7663", "58.1679", "20.5", "19.5" }));
            Assert.That(supersedes, Is.EqualTo(new[] { "", "1", "", "3" }));
        });
    }

    [TestCase(2, "25.4016")]
    [TestCase(4, "-1")]
    public async Task Deliveries_OfRestatedBill_ReportWhatChanged(int delivery, string difference)
    {
        var answer = await _books.Cicost.JsonAsync("deliveries", "--delivery", Text(delivery));
        var changes = answer.GetProperty("differences").EnumerateArray().ToList();
        Assert.Multiple(() =>
        {
            Assert.That(changes.Sum(c => Amount(c, "billed")), Is.EqualTo(decimal.Parse(difference, CultureInfo.InvariantCulture)));
            Assert.That(answer.GetProperty("changedDays").GetArrayLength(), Is.Positive);
            Assert.That(changes.Select(c => c.GetProperty("description").GetString()), Has.None.Empty);
        });
    }

    [TestCase("consumption", "charge", "component,ServiceName")]
    [TestCase("payable", "billing", "payer-account")]
    [TestCase("list", "billing", "SubAccountName,ChargeCategory")]
    [TestCase("timing", "billing", "ServiceProviderName")]
    public async Task Costs_Grouped_AddUp(string metric, string axis, string groupBy)
    {
        var answer = await _books.Cicost.JsonAsync(
            "costs", "--month", "2026-05", "--to", "2026-06", "--metric", metric, "--axis", axis, "--group-by", groupBy);
        var total = answer.GetProperty("totals").GetProperty("USD");
        var rows = answer.GetProperty("rows").EnumerateArray().Sum(r => Amount(r, "amount"));
        Assert.Multiple(() =>
        {
            Assert.That(rows, Is.EqualTo(Amount(total, "total")));
            Assert.That(Amount(total, "attributed") + Amount(total, "unattributed"), Is.EqualTo(Amount(total, "total")));
            Assert.That(total.GetProperty("basis").EnumerateObject().Sum(b => Decimal(b.Value)), Is.EqualTo(Amount(total, "total")));
        });
    }

    [Test]
    public async Task Costs_WithCondition_ArePartOfTheWhole()
    {
        string[] question = ["costs", "--month", "2026-06", "--metric", "billed", "--axis", "billing"];
        var whole = await _books.Cicost.JsonAsync([.. question, "--group-by", "ServiceName"]);
        var service = whole.GetProperty("rows")[0];
        var name = service.GetProperty("keys").GetProperty("ServiceName").GetString();
        var part = await _books.Cicost.JsonAsync([.. question, "--where", $"ServiceName={name}"]);
        Assert.Multiple(() =>
        {
            Assert.That(Total(whole), Is.EqualTo(58.1679m));
            Assert.That(Total(part), Is.EqualTo(Amount(service, "amount")));
            Assert.That(Amount(whole.GetProperty("totals").GetProperty("USD"), "attributed"), Is.Positive, "the policy knows this account");
        });
    }

    [Test]
    public async Task Costs_AsOfBeforeARestatement_SayWhatWasKnownThen()
    {
        var first = (await _books.Cicost.JsonAsync("deliveries", "--delivery",
            "1")).GetProperty("delivery").GetProperty("bookedAt").GetString()!;
        string[] question = ["costs", "--month", "2026-06", "--metric", "billed", "--axis", "billing"];
        var before = await _books.Cicost.JsonAsync([.. question, "--as-of", first.Replace("+00:00", "Z", StringComparison.Ordinal)]);
        Assert.That((Total(before), Total(await _books.Cicost.JsonAsync(question))), Is.EqualTo((32.7663m, 58.1679m)));
    }

    [Test]
    public async Task Bridge_OfEverySource_Foots()
    {
        var answer = await _books.Cicost.JsonAsync("bridge", "--month", "2026-05", "--to", "2026-06");
        var bridges = answer.GetProperty("bridges").EnumerateArray().Select(b => b.GetProperty("steps")).ToList();
        Assert.That(bridges, Has.Count.EqualTo(2));
        Assert.Multiple(() =>
        {
            foreach (var steps in bridges)
            {
                string[] making = ["listUsage", "discounts", "unpricedUsage", "corrections", "otherCharges"];
                string[] terms = ["credits", "freeTerms", "borneOutside", "accrued", "timing"];
                var consumption = making.Sum(s => Amount(steps, s));
                Assert.That(consumption, Is.EqualTo(Amount(steps, "consumption")));
                Assert.That(consumption + terms.Sum(t => Amount(steps, t)), Is.EqualTo(Amount(steps, "payable")));
            }

            Assert.That(bridges.Sum(s => Amount(s, "payable")), Is.EqualTo(58.1679m + 19.5m));
        });
    }

    [Test]
    public async Task Explain_Figure_ReachesTheRowsOfTheFile()
    {
        string[] figure = ["--month", "2026-06", "--metric", "billed", "--axis", "billing"];
        var answer = await _books.Cicost.JsonAsync(["explain", .. figure, "--rows", "1000"]);
        var raw = BilledTexts(RestatementBooks.AwsFile(true));
        var rows = answer.GetProperty("rows").EnumerateArray().ToList();
        Assert.Multiple(() =>
        {
            Assert.That(Decimal(answer.GetProperty("rowTotals").GetProperty("USD")), Is.EqualTo(58.1679m));
            Assert.That(rows.Sum(r => Amount(r, "amount")), Is.EqualTo(58.1679m));
            Assert.That(rows, Has.Count.EqualTo(42));
            foreach (var row in rows)
            {
                var text = raw[row.GetProperty("rowInObject").GetInt32() - 1];
                Assert.That(Amount(row, "amount"), Is.EqualTo(decimal.Parse(text, CultureInfo.InvariantCulture)));
            }
        });
    }

    [Test]
    public async Task Explain_Row_NamesObjectRulesAndFigures()
    {
        var answer = await _books.Cicost.JsonAsync("explain", "--delivery", "2", "--row", "1");
        var raw = answer.GetProperty("raw").GetProperty("BilledCost").GetString();
        Assert.Multiple(() =>
        {
            Assert.That(raw, Is.EqualTo(BilledTexts(RestatementBooks.AwsFile(true))[0]));
            Assert.That(answer.GetProperty("objectSha256").GetString(), Has.Length.EqualTo(64));
            Assert.That(answer.GetProperty("rowInObject").GetInt32(), Is.EqualTo(1));
            Assert.That(answer.GetProperty("decisions").EnumerateArray().Select(d => d.GetProperty("ruleId").ToString()),
                Has.Some.Not.Empty);
            Assert.That(answer.GetProperty("figures").EnumerateArray().Select(f => f.GetProperty("metric").GetString()),
                Has.Some.EqualTo("payable"));
        });
    }

    /// <summary>The BilledCost texts of a file in row order, read without any code of this program. It has no quoted line breaks.</summary>
    private static List<string> BilledTexts(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var column = Array.IndexOf(lines[0].Trim('\uFEFF', '\r').Split(','), "BilledCost");
        Assert.That(column, Is.LessThan(2), "the columns before BilledCost are never quoted");
        return [.. lines[1..].Select(l => l.Split(',')[column])];
    }

    private static decimal Total(JsonElement costs) => Amount(costs.GetProperty("totals").GetProperty("USD"), "total");

    private static decimal Amount(JsonElement element, string name) => Decimal(element.GetProperty(name));

    private static decimal Decimal(JsonElement element) => decimal.Parse(element.GetString()!, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

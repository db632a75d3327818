using System.Text.Json;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Freshness;
using CiCost.CostApi.Documents;
using CiCost.CostApi.Tests.Serving;
using CiCost.Domain.Periods;

namespace CiCost.CostApi.Tests.Endpoints;

/// <summary>Costs over HTTP: the proof adds up, exactly and in cents, and the document is that of the use case.</summary>
public sealed class CostsEndpointTests
{
    private ServedBooks _served = null!;

    [OneTimeSetUp]
    public async Task Start() => _served = await ServedBooks.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _served.DisposeAsync();

    [TestCase("consumption", "charge", "component")]
    [TestCase("consumption", "charge", "payer-account,ServiceName")]
    [TestCase("payable", "billing", "source")]
    [TestCase("list", "billing", "day")]
    [TestCase("timing", "posting", "month")]
    [TestCase("credits", "charge", "grant")]
    public async Task Costs_Grouped_ProveThemselves(string metric, string axis, string groupBy)
    {
        var answer = await _served.JsonAsync(
            $"/v1/costs?month=2026-02&to=2026-03&metric={metric}&axis={axis}&group-by={groupBy}");
        var currencies = answer.GetProperty("totals").EnumerateObject().ToList();
        Assert.That(currencies, Is.Not.Empty);
        foreach (var (currency, total) in currencies.Select(c => (c.Name, c.Value)))
        {
            var rows = answer.GetProperty("rows").EnumerateArray().Where(r => r.GetProperty("currency").GetString() == currency).ToList();
            var display = total.GetProperty("display");
            Assert.Multiple(() =>
            {
                Assert.That(rows.Sum(r => Value(r, "amount")), Is.EqualTo(Value(total, "total")), "rows");
                Assert.That(rows.Sum(r => Value(r, "display")), Is.EqualTo(Value(display, "total")), "rows in cents");
                Assert.That(Value(total, "attributed") + Value(total, "unattributed"), Is.EqualTo(Value(total, "total")), "attributed");
                Assert.That(Value(display, "attributed") + Value(display, "unattributed"), Is.EqualTo(Value(display, "total")), "in cents");
                Assert.That(Sum(total.GetProperty("basis")), Is.EqualTo(Value(total, "total")), "basis mix");
                Assert.That(Sum(display.GetProperty("basis")), Is.EqualTo(Value(display, "total")), "basis mix in cents");
                Assert.That(Value(display, "total"), Is.EqualTo(Math.Round(Value(total, "total"), 2, MidpointRounding.ToEven)));
            });
        }
    }

    [Test]
    public async Task Costs_Total_IsThatOfTheBill()
    {
        var totals = (await _served.JsonAsync("/v1/costs?month=2026-03")).GetProperty("totals");
        Assert.Multiple(() =>
        {
            Assert.That(totals.GetProperty("USD").GetProperty("total").GetString(), Is.EqualTo("14.4522"));
            Assert.That(totals.GetProperty("EUR").GetProperty("total").GetString(), Is.EqualTo("5.505"));
        });
    }

    [Test]
    public async Task Costs_WithConditions_ArePartsOfTheWhole()
    {
        var part = await _served.JsonAsync("/v1/costs?month=2026-03&where=component=compute&where=payer-account=main");
        Assert.That(part.GetProperty("totals").GetProperty("USD").GetProperty("total").GetString(), Is.EqualTo("10.337"));
    }

    [Test]
    public async Task Costs_Document_IsThatOfTheUseCase()
    {
        var answer = _served.Books.Costs.Run(new CostQuery
        {
            From = BillingMonth.Parse("2026-03"),
            To = BillingMonth.Parse("2026-03"),
            GroupBy = ["component"],
        });
        var served = await _served.Client.GetStringAsync("/v1/costs?month=2026-03&group-by=component");
        var checks = ServedBooks.Parse(served).GetProperty("checks").Deserialize<ChecksInShort>(JsonDocuments.Options)!;
        var sources = SourcesInShort.Of(new AssessSources(_served.Books.Books, _served.Books.Policies).RunInShort());
        Assert.That((sources.Fresh, sources.Total), Is.EqualTo((1, 1)), "the ledger source, which nobody pulls");
        Assert.That(served, Is.EqualTo(JsonDocuments.Text(CostsDocument.Of(answer, new BooksCondition(checks, sources)))));
    }

    [Test]
    public async Task Costs_Checks_AreThoseOfTheChecksEndpoint()
    {
        var inShort = (await _served.JsonAsync("/v1/costs?month=2026-03")).GetProperty("checks");
        var all = (await _served.JsonAsync("/v1/checks?month=2026-03")).GetProperty("checks").EnumerateArray().ToList();
        IReadOnlyList<string?> Of(string state) =>
            [.. all.Where(c => c.GetProperty("state").GetString() == state).Select(c => c.GetProperty("check").GetString())];
        var failing = Of("fails");
        Assert.Multiple(() =>
        {
            Assert.That(inShort.GetProperty("total").GetInt32(), Is.EqualTo(all.Count));
            Assert.That(inShort.GetProperty("failing").EnumerateArray().Select(f => f.GetString()), Is.EqualTo(failing));
            Assert.That(inShort.GetProperty("holding").GetInt32(), Is.EqualTo(Of("holds").Count));
            Assert.That(inShort.GetProperty("nothingToCompare").EnumerateArray().Select(f => f.GetString()), Is.EqualTo(Of("nothing-to-compare")));
            Assert.That(inShort.GetProperty("month").GetString(), Is.EqualTo("2026-03"));
            Assert.That(inShort.GetProperty("state").GetString(), Is.EqualTo(failing.Count > 0 ? "fails" : "holds"));
        });
    }

    [Test]
    public async Task Costs_AsOfBeforeADelivery_SayWhatWasKnownThen()
    {
        var deliveries = (await _served.JsonAsync("/v1/deliveries")).GetProperty("deliveries");
        var first = Uri.EscapeDataString(deliveries[0].GetProperty("bookedAt").GetString()!);
        var then = await _served.JsonAsync($"/v1/costs?month=2026-02&to=2026-03&as-of={first}");
        Assert.Multiple(() =>
        {
            Assert.That(then.GetProperty("totals").GetProperty("USD").GetProperty("total").GetString(), Is.EqualTo("7.777"));
            Assert.That(then.GetProperty("bookVersion").GetProperty("id").GetInt64(),
                Is.EqualTo(deliveries[0].GetProperty("bookVersion").GetInt64()));
        });
    }

    private static decimal Value(JsonElement element, string name) => ServedBooks.Decimal(element.GetProperty(name));

    private static decimal Sum(JsonElement values) => values.EnumerateObject().Sum(v => ServedBooks.Decimal(v.Value));
}

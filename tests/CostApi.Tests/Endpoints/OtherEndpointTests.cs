using System.Text.Json;
using CiCost.CostApi.Tests.Serving;
using CiCost.Ledger.Sqlite;

namespace CiCost.CostApi.Tests.Endpoints;

/// <summary>Bridge, funding, statements, deliveries and explanations over HTTP: each conserves, exactly and in cents.</summary>
public sealed class OtherEndpointTests
{
    private ServedBooks _served = null!;

    [OneTimeSetUp]
    public async Task Start() => _served = await ServedBooks.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _served.DisposeAsync();

    [TestCase("steps")]
    [TestCase("display")]
    public async Task Bridge_Foots(string form)
    {
        var bridges = (await _served.JsonAsync("/v1/bridge?month=2026-03")).GetProperty("bridges").EnumerateArray().ToList();
        Assert.That(bridges, Has.Count.EqualTo(2));
        foreach (var steps in bridges.Select(b => b.GetProperty(form)))
        {
            Assert.Multiple(() =>
            {
                string[] making = ["listUsage", "discounts", "unpricedUsage", "corrections", "otherCharges"];
                string[] terms = ["credits", "freeTerms", "borneOutside", "accrued", "timing"];
                Assert.That(making.Sum(s => Value(steps, s)), Is.EqualTo(Value(steps, "consumption")));
                Assert.That(Value(steps, "consumption") + terms.Sum(t => Value(steps, t)), Is.EqualTo(Value(steps, "payable")));
            });
        }
    }

    [Test]
    public async Task Funding_IsTheConsumption()
    {
        var funding = await _served.JsonAsync("/v1/funding?month=2026-03");
        var costs = (await _served.JsonAsync("/v1/costs?month=2026-03")).GetProperty("totals");
        foreach (var total in funding.GetProperty("totals").EnumerateObject())
        {
            var funders = funding.GetProperty("funders").EnumerateArray()
                .Where(f => f.GetProperty("currency").GetString() == total.Name).ToList();
            Assert.Multiple(() =>
            {
                Assert.That(Value(total.Value, "total"), Is.EqualTo(Value(costs.GetProperty(total.Name), "total")));
                Assert.That(funders.Sum(f => Value(f, "amount")), Is.EqualTo(Value(total.Value, "total")));
                Assert.That(funders.Sum(f => Value(f, "display")), Is.EqualTo(Value(total.Value, "display")));
                Assert.That(Value(total.Value, "funded") + Value(total.Value, "unfunded"), Is.EqualTo(Value(total.Value, "total")));
                Assert.That(Sum(total.Value.GetProperty("basis")), Is.EqualTo(Value(total.Value, "total")));
            });
        }

        var gift = funding.GetProperty("funders").EnumerateArray().First(f => f.GetProperty("kind").GetString() == "credits");
        Assert.Multiple(() =>
        {
            Assert.That(gift.GetProperty("grants").GetProperty("gift").GetString(), Is.EqualTo("4.0011"));
            Assert.That(funding.GetProperty("draws")[0].GetProperty("amount").GetString(), Is.EqualTo("4.0011"));
        });
    }

    [TestCase("amount")]
    [TestCase("display")]
    public async Task Statements_Conserve(string form)
    {
        var statement = await _served.JsonAsync("/v1/statements?month=2026-03");
        var rows = statement.GetProperty("rows").EnumerateArray().ToList();
        var pool = statement.GetProperty("pool");
        decimal Of(JsonElement row, string column) =>
            row.GetProperty(column) is { ValueKind: not JsonValueKind.Null } money ? Value(money, form) : 0;
        Assert.Multiple(() =>
        {
            Assert.That(rows.Select(r => r.GetProperty("used").ValueKind), Has.All.EqualTo(JsonValueKind.Null), "no rule names a beneficiary");
            Assert.That(rows.Sum(r => Of(r, "net")), Is.Zero, "net positions");
            Assert.That(rows.Sum(r => Of(r, "given")), Is.EqualTo(Of(pool, "consumption")), "given");
            Assert.That(rows.Sum(r => Of(r, "shared")), Is.EqualTo(Of(pool, "shared")), "shared");
            Assert.That(Of(pool, "shared") + Of(pool, "directed") + Of(pool, "excluded"), Is.EqualTo(Of(pool, "consumption")), "pool");
            Assert.That(rows.Select(r => r.GetProperty("organisation").GetString()),
                Is.EqualTo(new[] { "acme", "birch", "Unallocated", "Unfunded" }));
        });
        foreach (var row in rows)
        {
            var kinds = row.GetProperty("givenByKind").EnumerateObject().Sum(k => Value(k.Value, form));
            Assert.Multiple(() =>
            {
                Assert.That(kinds, Is.EqualTo(Of(row, "given")), "kinds");
                Assert.That(Of(row, "given") - Of(row, "excluded") - Of(row, "directed") - Of(row, "shared") - Of(row, "priorPeriod"),
                    Is.EqualTo(Of(row, "net")), "row");
            });
        }
    }

    [Test]
    public async Task Statements_OfAnOrganisation_ShowTheFigureOfFunding()
    {
        var given = (await _served.JsonAsync("/v1/statements?month=2026-03")).GetProperty("rows").EnumerateArray()
            .First(r => r.GetProperty("organisation").GetString() == "acme").GetProperty("givenByKind");
        var funders = (await _served.JsonAsync("/v1/funding?month=2026-03")).GetProperty("funders").EnumerateArray()
            .Where(f => f.GetProperty("organisation").GetString() == "acme" && f.GetProperty("currency").GetString() == "USD");
        Assert.That(funders.Select(f => (f.GetProperty("kind").GetString(), f.GetProperty("display").GetString())),
            Is.EquivalentTo(given.EnumerateObject().Select(k => (k.Name, k.Value.GetProperty("display").GetString()))));
    }

    [Test]
    public async Task Deliveries_OfASource_AreListed()
    {
        var all = (await _served.JsonAsync("/v1/deliveries")).GetProperty("deliveries");
        var february = (await _served.JsonAsync("/v1/deliveries?source=bill&month=2026-02")).GetProperty("deliveries");
        var none = (await _served.JsonAsync("/v1/deliveries?source=other")).GetProperty("deliveries");
        Assert.Multiple(() =>
        {
            Assert.That(all.GetArrayLength(), Is.EqualTo(2));
            Assert.That(february.GetArrayLength(), Is.EqualTo(1));
            Assert.That(february[0].GetProperty("totals").GetProperty("USD").GetProperty("billed").GetString(), Is.EqualTo("7.777"));
            Assert.That(none.GetArrayLength(), Is.Zero);
        });
    }

    [Test]
    public async Task Explain_DownAndUp_MeetInTheSameRow()
    {
        var down = await _served.JsonAsync("/v1/explain?month=2026-03&where=component=compute&rows=1");
        var row = down.GetProperty("rows")[0];
        var up = await _served.JsonAsync(
            $"/v1/explain?delivery={row.GetProperty("deliveryId")}&row={row.GetProperty("rowNumber")}");
        var figure = up.GetProperty("figures").EnumerateArray().First(f =>
            f.GetProperty("metric").GetString() == "consumption" && f.GetProperty("axis").GetString() == "charge");
        Assert.Multiple(() =>
        {
            Assert.That(down.GetProperty("rows").GetArrayLength(), Is.EqualTo(1));
            Assert.That(down.GetProperty("totals").ToString(), Is.EqualTo(down.GetProperty("rowTotals").ToString()));
            Assert.That(figure.GetProperty("amount").GetString(), Is.EqualTo(row.GetProperty("amount").GetString()));
            Assert.That(figure.GetProperty("month").GetString(), Is.EqualTo("2026-03"));
            Assert.That(up.GetProperty("raw").GetProperty("EffectiveCost").GetString(), Is.EqualTo("10.003"));
            Assert.That(up.GetProperty("objectSha256").GetString(), Is.EqualTo(row.GetProperty("objectSha256").GetString()));
        });
    }

    [Test]
    public async Task Deliveries_One_SaysWhatItChanged()
    {
        var one = await _served.JsonAsync("/v1/deliveries?delivery=2");
        Assert.Multiple(() =>
        {
            Assert.That(one.GetProperty("delivery").GetProperty("deliveryId").GetInt32(), Is.EqualTo(2));
            Assert.That(one.GetProperty("objects").GetArrayLength(), Is.EqualTo(1));
            Assert.That(one.GetProperty("differences").GetArrayLength(), Is.Zero, "it is the first of its scope");
        });
    }

    [Test]
    public async Task Health_OfOpenBooks_IsReady()
    {
        var live = await _served.JsonAsync("/health/live");
        var ready = await _served.JsonAsync("/health/ready");
        var costs = await _served.JsonAsync("/v1/costs?month=2026-03");
        Assert.Multiple(() =>
        {
            Assert.That(live.GetProperty("status").GetString(), Is.EqualTo("live"));
            Assert.That(ready.GetProperty("status").GetString(), Is.EqualTo("ready"));
            Assert.That(ready.GetProperty("bookVersion").ToString(), Is.EqualTo(costs.GetProperty("bookVersion").ToString()));
            Assert.That(live.GetProperty("sqliteVersion").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(ready.GetProperty("sqliteVersion").GetString(), Is.EqualTo(SqliteLibrary.Version));
        });
    }

    private static decimal Value(JsonElement element, string name) => ServedBooks.Decimal(element.GetProperty(name));

    private static decimal Sum(JsonElement values) => values.EnumerateObject().Sum(v => ServedBooks.Decimal(v.Value));
}

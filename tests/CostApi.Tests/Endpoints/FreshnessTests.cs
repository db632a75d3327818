using System.Net;
using System.Text.Json;
using CiCost.CostApi.Tests.Serving;
using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;

namespace CiCost.CostApi.Tests.Endpoints;

/// <summary>A source that stops delivering shows wherever figures show, as soon as it is overdue and without a new booking.</summary>
public sealed class FreshnessTests
{
    private static readonly string[] Figures =
        ["/v1/costs?month=2026-03", "/v1/bridge?month=2026-03", "/v1/funding?month=2026-03", "/v1/statements?month=2026-03"];

    [TestCaseSource(nameof(Figures))]
    public async Task Answer_WhenASourceGrowsStaleAfterTheLastBooking_SaysSo_AndIsNotTheOneBefore(string path)
    {
        await using var served = await ServedBooks.StartAsync();
        await ConfigureAsync(served);
        using var before = await served.GetAsync(path);
        served.Books.Time.Advance(TimeSpan.FromHours(25));
        using var after = await served.GetAsync(path, before.Headers.ETag!.ToString());
        var (fresh, stale) = (await DocumentAsync(before), await DocumentAsync(after));
        Assert.Multiple(() =>
        {
            Assert.That(after.StatusCode, Is.EqualTo(HttpStatusCode.OK), "not 304: what stands beside the figures has changed");
            Assert.That(fresh.GetProperty("bookVersion").ToString(), Is.EqualTo(stale.GetProperty("bookVersion").ToString()));
            Assert.That(fresh.GetProperty("sources").ToString(), Does.Contain("\"state\": \"fresh\"").Or.Contain("\"state\":\"fresh\""));
            Assert.That(Failing(fresh), Does.Not.Contain("SourcesAreFresh"));
            var source = stale.GetProperty("sources").GetProperty("notFresh").EnumerateArray().Single();
            Assert.That(stale.GetProperty("sources").GetProperty("state").GetString(), Is.EqualTo("not-fresh"));
            Assert.That(source.GetProperty("source").GetString(), Is.EqualTo("bill"));
            Assert.That(source.GetProperty("state").GetString(), Is.EqualTo("stale"));
            Assert.That(source.GetProperty("message").GetString(), Does.StartWith("No run succeeded since 2026-05-01T"));
            Assert.That(Failing(stale), Does.Contain("SourcesAreFresh"));
        });
    }

    [Test]
    public async Task Answer_WhenTheSourceDeliversAgain_IsFreshAgain()
    {
        await using var served = await ServedBooks.StartAsync();
        await ConfigureAsync(served);
        served.Books.Time.Advance(TimeSpan.FromHours(25));
        var stale = await served.JsonAsync(Figures[0]);
        await SucceedAsync(served);
        var fresh = await served.JsonAsync(Figures[0]);
        Assert.Multiple(() =>
        {
            Assert.That(Failing(stale), Does.Contain("SourcesAreFresh"));
            Assert.That(Failing(fresh), Does.Not.Contain("SourcesAreFresh"));
            Assert.That(fresh.GetProperty("sources").GetProperty("notFresh").GetArrayLength(), Is.Zero);
        });
    }

    [Test]
    public async Task StartPage_NamesTheStaleSource()
    {
        await using var served = await ServedBooks.StartAsync();
        await ConfigureAsync(served);
        var before = await served.Client.GetStringAsync("/");
        served.Books.Time.Advance(TimeSpan.FromHours(25));
        var after = await served.Client.GetStringAsync("/");
        Assert.Multiple(() =>
        {
            Assert.That(before, Does.Contain("1 of 1 are fresh").And.Not.Contain("Sources that are not fresh"));
            Assert.That(after, Does.Contain("0 of 1 are fresh").And.Contain("bill: stale.").And.Contain("No run succeeded since"));
        });
    }

    private static async Task ConfigureAsync(ServedBooks served)
    {
        await new FeedDirectory(served.Books.Books).ReplaceAsync([new Feed("bill", "drop-folder", 24, null, default)], CancellationToken.None);
        await SucceedAsync(served);
    }

    private static async Task SucceedAsync(ServedBooks served)
    {
        var runs = new SourceRunDirectory(served.Books.Books);
        var months = new MonthRange(new BillingMonth(2026, 3), new BillingMonth(2026, 3));
        var run = await runs.BeginAsync("bill", PullCause.Schedule, months, CancellationToken.None);
        await runs.EndAsync(run, RunOutcome.Succeeded, default, null, null, CancellationToken.None);
    }

    private static async Task<JsonElement> DocumentAsync(HttpResponseMessage response) =>
        ServedBooks.Parse(await response.Content.ReadAsStringAsync());

    private static IEnumerable<string?> Failing(JsonElement document) =>
        document.GetProperty("checks").GetProperty("failing").EnumerateArray().Select(f => f.GetString());
}

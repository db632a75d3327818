using System.Net;
using System.Text.RegularExpressions;
using CiCost.CostApi.Tests.Serving;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Ledger.Evidence;
using CiCost.Ledger.Sources;

namespace CiCost.CostApi.Tests.Pages;

/// <summary>The reconciliation page says what ties, what does not, and what is missing: in the figures of the API, without a script.</summary>
public sealed partial class ReconciliationPageTests
{
    private const string Notice = "Demonstration data: <invented> & calibrated.";
    private ServedBooks _served = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _served = await ServedBooks.StartAsync(notice: Notice);
        var month = BillingMonth.Parse(ServedBooks.Month);
        await new EvidenceStore(_served.Books.Books).RecordAsync("invoices", month, "", "1", [],
            [Figure("acct-2", 5_100_000), Figure("gone <co>", 77_000_000_000)], CancellationToken.None);
        await new FeedDirectory(_served.Books.Books).ReplaceAsync([new Feed("bill", "drop-folder", 24, null, default)], CancellationToken.None);
        _served.Books.Time.Advance(TimeSpan.FromHours(30));
    }

    [OneTimeTearDown]
    public async Task Stop() => await _served.DisposeAsync();

    [Test]
    public async Task Page_ShowsEveryFigureOfTheApi_WithItsStateAndReason()
    {
        var html = WebUtility.HtmlDecode(await _served.Client.GetStringAsync("/reconciliation?month=2026-03"));
        var ties = (await _served.JsonAsync("/v1/reconciliation?month=2026-03")).GetProperty("tieOuts").EnumerateArray().ToList();
        Assert.Multiple(() =>
        {
            Assert.That(ties.Select(t => t.GetProperty("state").GetString()), Does.Contain("ties").And.Contain("differs").And.Contain("not-provable"));
            Assert.That(html, Does.Contain("Does it tie? March 2026").And.Contain("1 ties, 1 differs"));
            foreach (var tie in ties)
            {
                Assert.That(html, Does.Contain(tie.GetProperty("payerAccount").GetString()!));
                Assert.That(html, Does.Contain($">{tie.GetProperty("ledger").GetProperty("display").GetString()}<"));
                Assert.That(html, Does.Contain(tie.GetProperty("reason").GetString()!));
            }
        });
    }

    [Test]
    public async Task Page_NamesWhatIsMissing()
    {
        var html = WebUtility.HtmlDecode(await _served.Client.GetStringAsync("/reconciliation?month=2026-03"));
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.Contain("bill: stale.").And.Contain("No run succeeded ever; it is configured since 2026-05-01"));
            Assert.That(html, Does.Contain("The books have no bill of this account for the month."));
            Assert.That(html, Does.Contain(">never<"));
        });
    }

    [TestCase("/reconciliation")]
    [TestCase("/reconciliation?month=2026-02")]
    [TestCase("/reconciliation?month=2020-01")]
    public async Task Page_EverythingItNames_IsThere(string page)
    {
        var html = await _served.Client.GetStringAsync(page);
        var targets = Target().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).Distinct().ToList();
        Assert.That(targets, Has.Count.GreaterThan(8).And.Contains("/v1/sources").And.Contains("/reconciliation?month=2026-02")
            .Or.Contains("/reconciliation?month=2026-03"));
        foreach (var target in targets)
        {
            using var response = await _served.GetAsync(target);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), target);
        }
    }

    [Test]
    public async Task Page_HasNoScript_EscapesWhatProvidersWrite_AndCarriesTheNotice()
    {
        var html = await _served.Client.GetStringAsync("/reconciliation?month=2026-03");
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.Not.Contain("<script").IgnoreCase.And.Not.Contain("style=").IgnoreCase);
            Assert.That(html, Does.Contain("gone &lt;co&gt;").And.Contain(WebUtility.HtmlEncode(Notice)));
        });
    }

    [Test]
    public async Task Page_OfAMonthThatNobodyKnows_SaysSo() =>
        Assert.That(await _served.Client.GetStringAsync("/reconciliation?month=2020-01"), Does.Contain("nobody states anything about it"));

    [Test]
    public async Task Page_WithAWordThatIsNoMonth_IsAProblem()
    {
        using var response = await _served.GetAsync("/reconciliation?month=july");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    private static ControlFigure Figure(string account, long nanos) => new()
    {
        PayerAccount = account,
        BillingMonth = BillingMonth.Parse(ServedBooks.Month),
        Currency = "USD",
        Measure = ControlMeasure.Payable,
        Breakdown = ControlBreakdown.Invoice,
        Item = "INV-1",
        AmountNanos = nanos,
    };

    [GeneratedRegex("(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Target();
}

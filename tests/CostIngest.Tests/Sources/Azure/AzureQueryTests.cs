using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Azure;
using CiCost.Domain.Reconciliation;
using CiCost.Policy;
using CiCost.TestKit.Bookkeeping;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.Azure;

/// <summary>What Cost Management is asked, and what its answers are taken for.</summary>
[TestFixture]
public sealed class AzureQueryTests
{
    private const string Credential = "tenantId: " + TokenFake.Tenant + "\nbillingAccountId: 1234567\ncredential: client-secret\nclientId: app\n"
        + "clientSecret: file:FOLDER/secret\nauthorityHost: https://login.test/\n";

    private CostQueryFake _azure = null!;
    private OneSource _rig = null!;

    [SetUp]
    public async Task SetUp()
    {
        _azure = await CostQueryFake.StartAsync();
        _rig = Rig($"scopes: [{CostQueryFake.Scope}]");
    }

    [TearDown]
    public async Task TearDown()
    {
        _rig.Dispose();
        await _azure.DisposeAsync();
    }

    [Test]
    public async Task Fetch_AMonth_GivesFiguresByServiceAndSubscriptionWhoseSumIsTheTotal()
    {
        Charge("2026-06-01", "Virtual Machines", "Usage", "19.545363672276512");
        Charge("2026-06-02", "Virtual Machines", "Usage", "1.25E-05");
        Charge("2026-06-30", "Storage", "Usage", "2.5");
        Charge("2026-06-30", "Storage", "Refund", "-0.5");
        Charge("2026-06-15", "", "Tax", "1");
        Charge("2026-05-31", "Storage", "Usage", "999");

        var figures = await FiguresAsync("2026-06");

        Assert.That(Of(figures, ControlBreakdown.Service), Is.EqualTo([
            ("", "Tax", ControlMeasure.Tax, 1_000_000_000L),
            ("Storage", "Refund", ControlMeasure.ChargesWithoutTax, -500_000_000L),
            ("Storage", "Usage", ControlMeasure.ChargesWithoutTax, 2_500_000_000L),
            ("Virtual Machines", "Usage", ControlMeasure.ChargesWithoutTax, 19_545_376_172L),
        ]));
        Assert.That(Of(figures, ControlBreakdown.SubAccount), Is.EqualTo([
            ("sub", "Refund", ControlMeasure.ChargesWithoutTax, -500_000_000L),
            ("sub", "Tax", ControlMeasure.Tax, 1_000_000_000L),
            ("sub", "Usage", ControlMeasure.ChargesWithoutTax, 22_045_376_172L),
        ]));
        Assert.That(Of(figures, ControlBreakdown.Total), Is.EqualTo([
            ("", "Refund", ControlMeasure.ChargesWithoutTax, -500_000_000L),
            ("", "Tax", ControlMeasure.Tax, 1_000_000_000L),
            ("", "Usage", ControlMeasure.ChargesWithoutTax, 22_045_376_172L),
        ]));
        Assert.That(figures.Select(f => (f.PayerAccount, f.Currency, f.BillingMonth.ToString(), f.IsEstimated)).Distinct(),
            Is.EqualTo([("1234567", "USD", "2026-06", false)]));
    }

    [Test]
    public async Task Fetch_ADigitBehindTheNano_IsRoundedOnceAtTheEnd()
    {
        // Each rounds to 0; together they are 1.2 nanos. 22 digits behind the point are more than a FOCUS decimal may have.
        Charge("2026-06-01", "Storage", "Usage", "4.000000000001E-10");
        Charge("2026-06-02", "Storage", "Usage", "4E-10");
        Charge("2026-06-03", "Storage", "Usage", "4E-10");

        var figures = await FiguresAsync("2026-06");

        Assert.That(Of(figures, ControlBreakdown.SubAccount).Single().Nanos, Is.EqualTo(1));
    }

    [Test]
    public async Task Fetch_ColumnsInAnotherOrder_AreReadByTheirNames()
    {
        Charge("2026-06-01", "Storage", "Usage", "2.5");
        _azure.ColumnsTurned = true;

        Assert.That(Of(await FiguresAsync("2026-06"), ControlBreakdown.Service),
            Is.EqualTo([("Storage", "Usage", ControlMeasure.ChargesWithoutTax, 2_500_000_000L)]));
    }

    [Test]
    public async Task Fetch_ManyRows_FollowsEveryPageWithTheSameBody()
    {
        _azure.PageSize = 3;
        for (var day = 1; day <= 30; day++)
        {
            Charge($"2026-06-{day:00}", $"Service {day % 7}", "Usage", "0.1");
        }

        var figures = await FiguresAsync("2026-06");

        Assert.That(figures.Where(f => f.Breakdown == ControlBreakdown.Service).Aggregate((Int128)0, (sum, f) => sum + f.AmountNanos),
            Is.EqualTo((Int128)3_000_000_000));
        Assert.That(_azure.Queries, Has.Count.EqualTo(3 + 10));
        Assert.That(_azure.Queries.Select(q => q.GetRawText()).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task Fetch_NoData_IsNoFigureAndNoFile()
    {
        var fetched = (FetchedFigures)await _rig.FetchAsync((await _rig.FindAsync("2026-06")).Single());

        Assert.That(fetched.Figures, Is.Empty);
        Assert.That(fetched.Files, Is.Empty);
    }

    [Test]
    public async Task Fetch_TwoCurrencies_AreNeverAdded()
    {
        Charge("2026-06-01", "Storage", "Usage", "2.5");
        Charge("2026-06-01", "Storage", "Usage", "3", "EUR");

        var totals = (await FiguresAsync("2026-06")).Where(f => f.Breakdown == ControlBreakdown.Total).Select(f => (f.Currency, (long)f.AmountNanos));

        Assert.That(totals, Is.EqualTo([("EUR", 3_000_000_000L), ("USD", 2_500_000_000L)]));
    }

    [Test]
    public async Task Find_Months_AreAskedForOneByOneAndNeverBeyondToday()
    {
        Charge("2026-06-30", "Storage", "Usage", "1");
        Charge("2026-07-20", "Storage", "Usage", "1");

        var offers = await _rig.FindAsync("2026-06", "2026-07");
        foreach (var offer in offers)
        {
            await _rig.FetchAsync(offer);
        }

        Assert.That(offers.Select(o => (o.Month.ToString(), o.Part, o.Version)), Is.EqualTo([
            ("2026-06", CostQueryFake.Scope, "2026-07-20"), ("2026-07", CostQueryFake.Scope, "2026-07-20"),
        ]));
        Assert.That(_azure.Queries.Select(q => q.GetProperty("timePeriod")).Select(p => (p.GetProperty("from").GetString(), p.GetProperty("to").GetString())),
            Is.EqualTo([
                ("2026-06-01T00:00:00Z", "2026-06-30T23:59:59Z"), ("2026-06-01T00:00:00Z", "2026-06-30T23:59:59Z"),
                ("2026-07-01T00:00:00Z", "2026-07-20T23:59:59Z"), ("2026-07-01T00:00:00Z", "2026-07-20T23:59:59Z"),
            ]));
    }

    [TestCase("2026-07", true)]
    [TestCase("2026-06", false)]
    public async Task Fetch_MonthThatMayChange_IsEstimated(string month, bool isEstimated)
    {
        Charge(month + "-02", "Storage", "Usage", "1");

        Assert.That((await FiguresAsync(month)).Select(f => f.IsEstimated), Is.All.EqualTo(isEstimated));
    }

    [Test]
    public async Task Fetch_InTheFirstDaysOfTheNextMonth_IsStillEstimated()
    {
        Charge("2026-07-02", "Storage", "Usage", "1");
        _azure.Today = new DateOnly(2026, 8, 5);
        _rig.Time.Advance(TimeSpan.FromDays(16));

        Assert.That((await FiguresAsync("2026-07")).Select(f => f.IsEstimated), Is.All.True);

        _rig.Time.Advance(TimeSpan.FromDays(1));
        Assert.That((await FiguresAsync("2026-07")).Select(f => f.IsEstimated), Is.All.False);
    }

    [TestCase("2026-07", "2026-08", "in the future")]
    [TestCase("2023-06", "2026-07", "kept for 37 months")]
    public void Find_MonthsThatAzureWouldMove_AreRefusedBeforeAnythingIsAsked(string first, string last, string words)
    {
        Assert.That(() => _rig.FindAsync(first, last), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("query-window")
            .And.Message.Contains(words));
        Assert.That(_azure.Server.Requests, Is.Empty);
        Assert.That(_azure.Authority.Server.Requests, Is.Empty);
    }

    [TestCase("Daily", "2026-06-01", "2026-07-01", null)]
    [TestCase("Daily", "2026-06-01", "2026-07-02", "at most 31")]
    [TestCase("Monthly", "2025-07-01", "2026-06-30", null)]
    [TestCase("Monthly", "2025-06-30", "2026-06-30", "at most 12")]
    [TestCase("Daily", "2026-06-30", "2026-06-01", "its end is before its beginning")]
    [TestCase("Daily", "2026-07-20", "2026-07-21", "in the future")]
    [TestCase("Monthly", "2023-07-01", "2023-07-31", null)]
    [TestCase("Monthly", "2023-06-30", "2023-06-30", "37 months")]
    public void Window_ThatAzureWouldCutOrMove_IsRefused(string granularity, string from, string to, string? words)
    {
        var window = new QueryWindow(Enum.Parse<QueryGranularity>(granularity), DateOnly.Parse(from, null), DateOnly.Parse(to, null));
        var today = new DateOnly(2026, 7, 20);

        if (words is null)
        {
            Assert.That(window.Checked(today), Is.EqualTo(window));
        }
        else
        {
            Assert.That(() => window.Checked(today), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("query-window")
                .And.Message.Contains(words));
        }
    }

    [Test]
    public async Task Find_SubscriptionsOfTheTenant_AreFoundAndGuestsOfOtherTenantsAreNot()
    {
        using var rig = Rig("findScopes: subscriptions");

        Assert.That((await rig.FindAsync("2026-06")).Select(o => o.Part), Is.EqualTo([CostQueryFake.Scope, CostQueryFake.OtherScope]));
    }

    [Test]
    public async Task Find_ManagementGroup_IsTheRootOfTheTenant()
    {
        using var rig = Rig("findScopes: management-group");

        Assert.That((await rig.FindAsync("2026-06")).Single().Part, Is.EqualTo("/providers/Microsoft.Management/managementGroups/" + TokenFake.Tenant));
    }

    [Test]
    public void Find_RootGroupThatIsNotSeen_NamesThoseThatAre()
    {
        _azure.ManagementGroups.Remove(TokenFake.Tenant);
        using var rig = Rig("findScopes: management-group");

        Assert.That(() => rig.FindAsync("2026-06"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("scope-missing")
            .And.Message.Contains("it sees team"));
    }

    [Test]
    public void Find_AnotherTenant_IsNamed()
    {
        _azure.Tenants[0] = "99999999-2222-3333-4444-555555555555";
        using var rig = Rig("findScopes: subscriptions");

        Assert.That(() => rig.FindAsync("2026-06"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("scope-missing")
            .And.Message.Contains("it sees 99999999"));
    }

    [Test]
    public async Task Find_ScopesWhileThrottled_WaitsAsAsked()
    {
        using var rig = Rig("findScopes: subscriptions");
        _azure.Server.Misbehave(Fault.Answer(429, headers: [("Retry-After", "19")]), Fault.Answer(500));

        Assert.That(await rig.FindAsync("2026-06"), Has.Count.EqualTo(2));
        Assert.That(rig.Time.Skipped[0], Is.EqualTo(TimeSpan.FromSeconds(19)));
    }

    [TestCase(403, "access-denied")]
    [TestCase(401, "credentials-refused")]
    [TestCase(400, "request-refused")]
    [TestCase(500, "provider-unavailable")]
    public void Find_ScopesRefused_IsANamedError(int status, string code)
    {
        using var rig = Rig("findScopes: subscriptions");
        _azure.Server.Misbehave(Fault.Answer(status, "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"no\"}}") with { Times = 20 });

        Assert.That(() => rig.FindAsync("2026-06"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo(code));
    }

    [TestCase("scopes: [/subscriptions/a, /subscriptions/a/resourceGroups/b]", "is in '/subscriptions/a'")]
    [TestCase("scopes: [/subscriptions/a, /subscriptions/a/]", "is in '/subscriptions/a'")]
    [TestCase("scopes: [subscriptions/a]", "is no scope")]
    [TestCase("findScopes: subscriptions\nscopes: [/subscriptions/a]", "Either 'scopes'")]
    [TestCase("", "Either 'scopes'")]
    public void Settings_ScopesThatWouldCountTwiceOrNotAtAll_AreRefused(string settings, string words)
    {
        var error = Assert.Throws<PolicyException>(() => Rig(settings).Dispose());

        Assert.That(error!.Errors.Select(e => e.Message), Has.Some.Contains(words));
    }

    [Test]
    public async Task Pull_IntoBooks_KeepsTheAnswersAndTheFiguresAndAsksOnceADay()
    {
        Charge("2026-06-01", "Storage", "Usage", "2.5");
        using var books = await BookFixture.OpenAsync();

        var first = await _rig.PullAsync(books, "2026-06");
        var again = await _rig.PullAsync(books, "2026-06");
        _rig.Time.Advance(TimeSpan.FromDays(1));
        _azure.Charges.Clear();
        Charge("2026-06-01", "Storage", "Usage", "2.25");
        var restated = await _rig.PullAsync(books, "2026-06");

        Assert.That(first.Failures.Concat(again.Failures).Concat(restated.Failures), Is.Empty);
        Assert.That(again.Counts.Unchanged, Is.EqualTo(1));
        Assert.That(new Ledger.Evidence.EvidenceStore(books.Books).Figures(new(2026, 6), new Ledger.BookVersions.BookVersionDirectory(books.Books).AsOf(null))
            .Where(f => f.Figure.Breakdown == ControlBreakdown.Total).Select(f => (long)f.Figure.AmountNanos), Is.EqualTo([2_250_000_000L]));
        Assert.That(books.Scalar("SELECT COUNT(*) FROM evidence_object"), Is.EqualTo("4"));
        Assert.That(books.FailingChecks(), Does.Not.Contain("ObjectsAreIntact"));
    }

    private OneSource Rig(string settings) => new(
        "2026-07-20T09:00:00Z",
        new AzureQueryConnector { Transports = (() => new PlainTransport(_azure.Server.Address), () => new PlainTransport(_azure.Authority.Server.Address)) },
        Credential + settings,
        new Dictionary<string, string> { ["secret"] = TokenFake.Secret });

    private void Charge(string day, string service, string type, string cost, string currency = "USD") =>
        _azure.Charges.Add(new AzureCharge(CostQueryFake.Scope, DateOnly.Parse(day, null), service, "sub", type, cost, currency));

    private async Task<IReadOnlyList<ControlFigure>> FiguresAsync(string month) =>
        ((FetchedFigures)await _rig.FetchAsync((await _rig.FindAsync(month)).Single())).Figures;

    private static IEnumerable<(string Item, string? Type, ControlMeasure Measure, long Nanos)> Of(
        IEnumerable<ControlFigure> figures, ControlBreakdown breakdown) =>
        figures.Where(f => f.Breakdown == breakdown).Select(f => (f.Item, f.RecordType, f.Measure, (long)f.AmountNanos));
}

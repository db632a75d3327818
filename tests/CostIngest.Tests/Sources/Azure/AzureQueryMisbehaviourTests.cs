using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Azure;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.Azure;

/// <summary>Cost Management that misbehaves: the whole truth or a named error, and nothing recorded.</summary>
[TestFixture]
public sealed class AzureQueryMisbehaviourTests
{
    private CostQueryFake _azure = null!;
    private OneSource _rig = null!;

    [SetUp]
    public async Task SetUp()
    {
        _azure = await CostQueryFake.StartAsync();
        for (var day = 1; day <= 30; day++)
        {
            _azure.Charges.Add(new AzureCharge(CostQueryFake.Scope, new DateOnly(2026, 6, day), $"Service {day % 7}", "sub", "Usage", "0.1"));
        }

        _rig = Rig();
    }

    [TearDown]
    public async Task TearDown()
    {
        _rig.Dispose();
        await _azure.DisposeAsync();
    }

    [Test]
    public async Task Throttled_WaitsForTheLongestOfAllLimits()
    {
        const string Prefix = "x-ms-ratelimit-microsoft.costmanagement-";
        (string, string)[] limits = [("Retry-After", "2"), (Prefix + "qpu-retry-after", "31"), (Prefix + "entity-retry-after", "43"),
            (Prefix + "tenant-retry-after", "7")];
        _azure.Server.Misbehave(Fault.Answer(429, headers: limits) with { When = CostQueryFake.IsQuery });

        await FetchAsync();

        Assert.That(_rig.Time.Skipped, Is.EqualTo([TimeSpan.FromSeconds(43)]));
    }

    [Test]
    public async Task ThrottledForLongerThanARunMayTake_FailsAtOnceAndSaysHowLong()
    {
        var offer = (await _rig.FindAsync("2026-06")).Single();
        _azure.Server.Misbehave(Fault.Answer(429, headers: [("x-ms-ratelimit-microsoft.costmanagement-tenant-retry-after", "3600")]) with { Times = 10 });

        Assert.That(() => _rig.FetchAsync(offer), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("provider-throttles")
            .And.Message.Contains("wait 3600 seconds"));
        Assert.That(_azure.Queries, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task BrokenAndCutOff_AreRepeated()
    {
        _azure.Server.Misbehave(
            Fault.Answer(500) with { When = CostQueryFake.IsQuery },
            Fault.Answer(429) with { When = CostQueryFake.IsQuery },
            Fault.CutOffAfter(40) with { When = CostQueryFake.IsQuery });

        Assert.That((await FetchAsync()).Figures, Is.Not.Empty);
        Assert.That(_rig.Time.Skipped, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task TokenExpired_IsRenewedOnce()
    {
        await FetchAsync();
        const string Challenge = "Bearer error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ==\"";
        _azure.Server.Misbehave(Fault.Answer(401, headers: [("WWW-Authenticate", Challenge)]) with { When = CostQueryFake.IsQuery });

        await FetchAsync();

        Assert.That(_azure.Authority.Tokens, Has.Count.EqualTo(2));
    }

    [TestCase("https://evil.test/steal?$skiptoken=1", "on another host")]
    [TestCase("http://management.azure.com/x?$skiptoken=1", "on another host")]
    [TestCase("/relative", "on another host")]
    [TestCase("https://management.azure.com" + CostQueryFake.Scope + "/providers/Microsoft.CostManagement/query?api-version=2025-03-01", "read before")]
    public void NextPage_ThatIsNoNextPage_IsNotFollowed(string link, string words)
    {
        _azure.Alter = text => text.Replace("\"nextLink\":null", $"\"nextLink\":\"{link}\"", StringComparison.Ordinal);

        Assert.That(FetchAsync, Throws.TypeOf<SourceException>().With.Property("Code").AnyOf("answer-unreadable", "paging-broken")
            .And.Message.Contains(words));
        Assert.That(_azure.Queries, Has.Count.EqualTo(1), "no token went anywhere else");
    }

    [Test]
    public void Page_ThatComesTwice_IsRefused()
    {
        _azure.PageSize = 4;
        List<string> answers = [];
        _azure.Alter = text =>
        {
            // The second page is the first one again, and leads on.
            answers.Add(answers.Count == 1 ? answers[0].Replace("skiptoken=4", "skiptoken=5", StringComparison.Ordinal) : text);
            return answers[^1];
        };

        Assert.That(FetchAsync, Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("paging-broken").And.Message.Contains("is there twice"));
    }

    [Test]
    public void Page_ThatIsLeftOut_IsNoticedByTheOtherAnswer()
    {
        _azure.PageSize = 7;
        _azure.Alter = text => text.Replace("skiptoken=7", "skiptoken=14", StringComparison.Ordinal);

        Assert.That(FetchAsync, Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("totals-disagree")
            .And.Message.Contains("3 USD by service and 2.3 USD by day"));
    }

    [Test]
    public void Answer_CutAtItsBeginning_IsNoticedByTheOtherAnswer()
    {
        // What the service does to a Daily window that it finds too long, without a word.
        _azure.Alter = text => text.Replace("[0.1,20260601,\"sub\",\"Usage\",\"USD\"],", "", StringComparison.Ordinal);

        Assert.That(FetchAsync, Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("totals-disagree"));
    }

    [TestCase("20260630", "20260701")]
    [TestCase("2026-06-01T00:00:00", "2026-05-01T00:00:00")]
    public void Answer_ForOtherDays_IsRefused(string asked, string answered)
    {
        _azure.Alter = text => text.Replace(asked, answered, StringComparison.Ordinal);

        Assert.That(FetchAsync, Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("answer-elsewhere").And.Message.Contains("moved the question"));
    }

    [TestCase("\"Cost\"", "\"Costs\"", "has no column 'Cost'")]
    [TestCase("[0.4,", "[\"0.4\",", "is no amount")]
    [TestCase("[0.4,", "[4E100,", "is no amount")]
    [TestCase("[0.4,", "[99999999999999999999,", "beyond 9.2E18")]
    [TestCase("\"USD\"]", "\"dollars\"]", "is no currency")]
    [TestCase("\"USD\"]", "\"USD\",1]", "has not as many values")]
    [TestCase("\"rows\"", "\"lines\"", "'rows' is missing")]
    [TestCase("2026-06-01T00:00:00", "June", "is no day")]
    [TestCase("{\"id\"", "<html>{\"id\"", "no JSON")]
    [TestCase("\"properties\":", "\"properties\":{},\"properties\":", "no JSON")]
    public void Answer_ThatIsNoTable_IsRefused(string from, string to, string words)
    {
        var changed = false;
        _azure.Alter = text =>
        {
            changed |= text.Contains(from, StringComparison.Ordinal);
            return text.Replace(from, to, StringComparison.Ordinal);
        };

        Assert.That(FetchAsync, Throws.TypeOf<SourceException>().With.Message.Contains(words));
        Assert.That(changed, Is.True);
    }

    [Test]
    public async Task TwoSourcesOfATenant_AskOneAfterTheOther()
    {
        using var other = Rig();
        _azure.Hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var offer = (await _rig.FindAsync("2026-06")).Single();
        var otherOffer = (await other.FindAsync("2026-06")).Single();

        var first = _rig.FetchAsync(offer);
        await _azure.Arrived.Task;
        var second = other.FetchAsync(otherOffer);
        _azure.Hold.SetResult();
        await Task.WhenAll(first, second);

        Assert.That(_azure.Queries, Has.Count.EqualTo(4));
        Assert.That(_azure.MostInFlight, Is.EqualTo(1));
    }

    [Test]
    public async Task Refused_RecordsNothingInTheBooks()
    {
        _azure.Alter = text => text.Replace("20260630", "20260701", StringComparison.Ordinal);
        using var books = await TestKit.Bookkeeping.BookFixture.OpenAsync();

        var result = await _rig.PullAsync(books, "2026-06");

        Assert.That(result.ErrorCode, Is.EqualTo("answer-elsewhere"));
        Assert.That(books.Scalar("SELECT COUNT(*) FROM evidence"), Is.EqualTo("0"));
    }

    private OneSource Rig() => new(
        "2026-07-20T09:00:00Z",
        new AzureQueryConnector { Transports = (() => new PlainTransport(_azure.Server.Address), () => new PlainTransport(_azure.Authority.Server.Address)) },
        "tenantId: " + TokenFake.Tenant + "\nbillingAccountId: 1234567\ncredential: client-secret\nclientId: app\nclientSecret: file:FOLDER/secret\n"
        + $"authorityHost: https://login.test/\nscopes: [{CostQueryFake.Scope}]",
        new Dictionary<string, string> { ["secret"] = TokenFake.Secret });

    private async Task<FetchedFigures> FetchAsync() => (FetchedFigures)await _rig.FetchAsync((await _rig.FindAsync("2026-06")).Single());
}

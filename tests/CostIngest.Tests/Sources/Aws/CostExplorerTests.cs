using System.Text.Json.Nodes;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Aws.CostExplorer;
using CiCost.Domain.Reconciliation;
using CiCost.TestKit.Servers;
using CiCost.TestKit.Servers.Aws;

namespace CiCost.CostIngest.Tests.Sources.Aws;

/// <summary>Cost Explorer's totals: exact, whole, budgeted, or a named error.</summary>
public sealed class CostExplorerTests
{
    private const string Target = "AWSInsightsIndexService.GetCostAndUsage";

    private const string OneGroup = """{"ResultsByTime":[{"TimePeriod":{"Start":"2026-06-01"},"Groups":[""";

    private readonly List<(string Key, string Type, string Amount, string Unit)> _byService = [];
    private readonly List<(string Key, string Type, string Amount, string Unit)> _byAccount = [];
    private SourceRig _rig = null!;
    private FakeAwsJson _ce = null!;
    private int _pageSize;
    private bool _estimated;

    [SetUp]
    public async Task Start()
    {
        _pageSize = 2;
        _estimated = false;
        _byService.Clear();
        _byService.AddRange([
            ("Amazon Elastic Compute Cloud - Compute", "Usage", "1234.5678901234", "USD"),
            ("Amazon Simple Storage Service", "Usage", "0.0000001", "USD"),
            ("Amazon Elastic Compute Cloud - Compute", "Credit", "-1000", "USD"), ("Tax", "Tax", "1E-7", "USD"),
            ("Savings Plans for AWS Compute usage", "SavingsPlanNegation", "-5.25", "USD")]);
        _byAccount.Clear();
        _byAccount.AddRange([
            ("111111111111", "Usage", "1000.5678901234", "USD"), ("222222222222", "Usage", "234.0000001", "USD"),
            ("111111111111", "Credit", "-1000", "USD"), ("111111111111", "Tax", "0.0000001", "USD"),
            ("222222222222", "SavingsPlanNegation", "-5.25", "USD"), ("222222222222", "Refund", "0", "N/A")]);
        _rig = AwsRig.New();
        _ce = await FakeAwsJson.StartAsync("ce", Target, "NextPageToken", Pages);
    }

    [TearDown]
    public async Task Stop()
    {
        await _ce.DisposeAsync();
        _rig.Dispose();
    }

    [Test]
    public async Task Fetch_SeveralPages_HasEveryFigureExactly()
    {
        var fetched = await Fetch();

        var services = fetched.Figures.Where(f => f.Breakdown == ControlBreakdown.Service).ToArray();
        Assert.That(services.Select(f => (f.Item, f.RecordType, f.Measure, (long)f.AmountNanos)), Is.EquivalentTo(new[]
        {
            ("Amazon Elastic Compute Cloud - Compute", "Usage", ControlMeasure.ChargesWithoutTax, 1_234_567_890_123),
            ("Amazon Simple Storage Service", "Usage", ControlMeasure.ChargesWithoutTax, 100),
            ("Amazon Elastic Compute Cloud - Compute", "Credit", ControlMeasure.Credits, -1_000_000_000_000),
            ("Tax", "Tax", ControlMeasure.Tax, 100),
            ("Savings Plans for AWS Compute usage", "SavingsPlanNegation", ControlMeasure.ChargesWithoutTax, -5_250_000_000),
        }));
        Assert.That(fetched.Figures.Count(f => f.Breakdown == ControlBreakdown.SubAccount), Is.EqualTo(5), "N/A is no charge");
        Assert.That(
            fetched.Figures.Select(f => (f.PayerAccount, f.Currency, f.IsEstimated)).Distinct(),
            Is.EqualTo(new[] { ("099999999999", "USD", false) }));
        Assert.That(fetched.Files.Select(Path.GetFileName), Is.EqualTo(new[]
        {
            "2026-06-service-1.json", "2026-06-service-2.json", "2026-06-service-3.json",
            "2026-06-linked_account-1.json", "2026-06-linked_account-2.json", "2026-06-linked_account-3.json",
        }));
    }

    [Test]
    public async Task Fetch_SixRequests_CostSixCents()
    {
        var fetched = await Fetch();

        var spend = fetched.Figures.Single(f => f.Measure == ControlMeasure.RequestSpend);
        Assert.That(_ce.Server.Requests, Has.Count.EqualTo(6));
        Assert.That(((long)spend.AmountNanos, spend.Currency), Is.EqualTo((60_000_000L, "USD")));
    }

    [Test]
    public async Task Fetch_Asked_AsksForTheMonthByTwoDimensions()
    {
        _pageSize = 100;

        await Fetch();

        var question = JsonNode.Parse(_ce.Server.Requests[0].Body)!;
        Assert.That(JsonNode.DeepEquals(question, JsonNode.Parse("""
            {"TimePeriod":{"Start":"2026-06-01","End":"2026-07-01"},"Granularity":"MONTHLY","Metrics":["UnblendedCost"],
             "GroupBy":[{"Type":"DIMENSION","Key":"SERVICE"},{"Type":"DIMENSION","Key":"RECORD_TYPE"}]}
            """)), question.ToJsonString());
    }

    [Test]
    public async Task Fetch_OpenMonth_IsEstimated()
    {
        _estimated = true;

        var fetched = await Fetch("2026-07");

        Assert.That(fetched.Figures.Where(f => f.Measure != ControlMeasure.RequestSpend).Select(f => f.IsEstimated), Is.All.True);
    }

    [Test]
    public async Task Find_Versions_ChangeDailyWhileTheMonthDoesAndMonthlyAfter()
    {
        var source = Source();
        var before = await SourceRig.FindAsync(source, "2026-05..2026-12");
        _rig.Time.Advance(TimeSpan.FromDays(1));
        var nextDay = await SourceRig.FindAsync(source, "2026-05..2026-12");

        Assert.That(before.Select(o => o.Version), Is.EqualTo(new[] { "asked in 2026-07", "asked on 2026-07-16", "asked on 2026-07-16" }));
        Assert.That(nextDay.Select(o => o.Version), Is.EqualTo(new[] { "asked in 2026-07", "asked on 2026-07-17", "asked on 2026-07-17" }));
        Assert.That(_ce.Server.Requests, Is.Empty, "finding is free of charge");
    }

    [Test]
    public void Fetch_BudgetSpent_StopsBeforeTheNextRequest()
    {
        var error = FetchError(settings: "\n    maxRequests: 4");

        Assert.That(error.Code, Is.EqualTo("request-budget-spent"));
        Assert.That(error.Message, Does.Contain("'maxRequests'"));
        Assert.That(_ce.Server.Requests, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Fetch_SeveralMonthsOfOneRun_ShareTheBudget()
    {
        _pageSize = 100;
        var source = Source("\n    maxRequests: 3");
        var offers = await SourceRig.FindAsync(source, "2026-05..2026-06");
        await _rig.FetchAsync(source, offers[0]);

        Assert.That(_rig.FetchError(source, offers[1]).Code, Is.EqualTo("request-budget-spent"));
        var again = await SourceRig.FindAsync(source, "2026-06");
        Assert.That(await _rig.FetchAsync(source, again[0]), Is.InstanceOf<FetchedFigures>(), "the next run has a budget of its own");
    }

    [Test]
    public async Task Fetch_ThrottledAndBroken_IsRepeatedAndPaid()
    {
        _pageSize = 100;
        _ce.Server.Misbehave(
            Fault.Answer(400, """{"__type":"LimitExceededException","message":"Rate exceeded"}"""),
            Fault.Answer(429, "", "text/plain", ("Retry-After", "11")),
            Fault.Answer(500),
            Fault.CutOffAfter(30));

        var fetched = await Fetch();

        Assert.That((long)fetched.Figures.Single(f => f.Measure == ControlMeasure.RequestSpend).AmountNanos, Is.EqualTo(60_000_000));
        Assert.That(_rig.Time.Skipped, Has.Member(TimeSpan.FromSeconds(11)));
    }

    [TestCase(400, "LimitExceededException", "provider-throttles")]
    [TestCase(400, "ExpiredTokenException", "credentials-refused")]
    [TestCase(400, "AccessDeniedException", "access-denied")]
    [TestCase(400, "ValidationException", "request-refused")]
    [TestCase(400, "RequestChangedException", "paging-broken")]
    [TestCase(503, "ServiceUnavailable", "provider-unavailable")]
    public void Fetch_RefusalThatStays_IsNamed(int status, string type, string code)
    {
        _ce.Server.Misbehave(Fault.Answer(status, $$"""{"__type":"com.amazonaws#{{type}}","Message":"because"}""") with { Times = 99 });

        var error = FetchError();

        Assert.That(error.Code, Is.EqualTo(code));
        Assert.That(error.Message, Does.Contain(type).And.Contain("because"));
    }

    [Test]
    public async Task Fetch_RoleThatCannotBeTaken_IsDeniedAndCostsNothing()
    {
        const string Role = "arn:aws:iam::099999999999:role/cicost-reader";
        await using var sts = await FakeSts.StartAsync(Role, "ext-4711", _ce.Keys);
        var settings = $"\n    roleArn: {Role}\n    stsEndpoint: {sts.Server.Address}\n    externalId: ";

        Assert.That(FetchError(settings + "wrong").Code, Is.EqualTo("access-denied"));
        Assert.That(_ce.Server.Requests, Is.Empty);
        var source = Source(settings + "ext-4711");
        Assert.That(await _rig.FetchAsync(source, (await SourceRig.FindAsync(source, "2026-06")).Single()), Is.InstanceOf<FetchedFigures>());
        Assert.That(sts.Taken, Is.EqualTo(1), "once for all pages");
    }

    [Test]
    public void Fetch_WrongSecret_IsRefusedByTheSignature()
    {
        var error = FetchError(keys: _rig.Keys(secret: "wrong-secret"));

        Assert.That(error.Code, Is.EqualTo("credentials-refused"));
        Assert.That(error.Message, Does.Contain("InvalidSignatureException"));
    }

    [Test]
    public void Fetch_PageThatIsMissing_ShowsInTheSums()
    {
        _ce.Server.Misbehave(Fault.Answer(200, Page(_byService.Take(2)).ToJsonString()));

        var error = FetchError();

        Assert.That(error.Code, Is.EqualTo("totals-disagree"));
        Assert.That(error.Message, Does.Contain("'Credit' is 0 USD by service and -1000 by account"));
    }

    [Test]
    public void Fetch_PageThatCameTwice_IsNoticed()
    {
        _byService.AddRange(_byService.ToArray());

        Assert.That(FetchError().Code, Is.EqualTo("paging-broken"));
    }

    [Test]
    public void Fetch_PageThatNamesItself_IsNoticed()
    {
        var page = Page([]);
        page["NextPageToken"] = "again";
        _ce.Server.Misbehave(Fault.Answer(200, page.ToJsonString()) with { Times = 99 });

        Assert.That(FetchError().Code, Is.EqualTo("paging-broken"));
        Assert.That(_ce.Server.Requests, Has.Count.EqualTo(2));
    }

    [TestCase("""{"ResultsByTime":[{"TimePeriod":{"Start":"2026-05-01","End":"2026-06-01"},"Groups":[]}]}""")]
    [TestCase(OneGroup + """{"Keys":["a"],"Metrics":{"UnblendedCost":{"Amount":"1","Unit":"USD"}}}]}]}""")]
    [TestCase(OneGroup + """{"Keys":["a","b"],"Metrics":{"UnblendedCost":{"Amount":"1,5","Unit":"USD"}}}]}]}""")]
    [TestCase(OneGroup + """{"Keys":["a","b"],"Metrics":{"UnblendedCost":{"Amount":"1","Unit":"N/A"}}}]}]}""")]
    [TestCase(OneGroup + """{"Keys":["a","b"],"Metrics":{}}]}]}""")]
    [TestCase("""{"Results":[]}""")]
    [TestCase("""[]""")]
    [TestCase("""<html>proxy</html>""")]
    public void Fetch_AnswerInAnotherForm_IsNamed(string body)
    {
        _ce.Server.Misbehave(Fault.Answer(200, body) with { Times = 99 });

        Assert.That(FetchError().Code, Is.EqualTo("answer-unreadable"));
    }

    [Test]
    public async Task Fetch_NothingCharged_HasOnlyItsPrice()
    {
        _byService.Clear();
        _byAccount.Clear();

        Assert.That((await Fetch()).Figures.Select(f => f.Measure), Is.EqualTo(new[] { ControlMeasure.RequestSpend }));
    }

    private ISource Source(string settings = "", string? keys = null) => _rig.Setup(
        new AwsCostExplorerConnector(),
        $"\n    payerAccount: \"099999999999\"\n    endpoint: {_ce.Server.Address}{keys ?? _rig.Keys()}{settings}").Source;

    private async Task<FetchedFigures> Fetch(string month = "2026-06")
    {
        var source = Source();
        return (FetchedFigures)await _rig.FetchAsync(source, (await SourceRig.FindAsync(source, month)).Single());
    }

    private SourceException FetchError(string settings = "", string? keys = null)
    {
        var source = Source(settings, keys);
        return _rig.FetchError(source, SourceRig.FindAsync(source, "2026-06").GetAwaiter().GetResult().Single());
    }

    private JsonObject[] Pages(JsonObject question)
    {
        var isService = question["GroupBy"]![0]!["Key"]!.GetValue<string>() == "SERVICE";
        var groups = isService ? _byService : _byAccount;
        var start = question["TimePeriod"]!["Start"]!.GetValue<string>();
        return groups.Count == 0 ? [Page([], start)] : [.. groups.Chunk(_pageSize).Select(chunk => Page(chunk, start))];
    }

    private JsonObject Page(IEnumerable<(string Key, string Type, string Amount, string Unit)> groups, string start = "2026-06-01") => new()
    {
        ["ResultsByTime"] = new JsonArray(new JsonObject
        {
            ["TimePeriod"] = new JsonObject { ["Start"] = start, ["End"] = "later" },
            ["Total"] = new JsonObject(),
            ["Groups"] = new JsonArray([.. groups.Select(g => new JsonObject
            {
                ["Keys"] = new JsonArray(g.Key, g.Type),
                ["Metrics"] = new JsonObject { ["UnblendedCost"] = new JsonObject { ["Amount"] = g.Amount, ["Unit"] = g.Unit } },
            })]),
            ["Estimated"] = _estimated,
        }),
    };
}

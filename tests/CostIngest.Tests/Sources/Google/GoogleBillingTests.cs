using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Google;
using CiCost.Policy;
using CiCost.TestKit;
using CiCost.TestKit.Servers;
using Microsoft.AspNetCore.Http;
using static CiCost.CostIngest.Tests.Sources.Google.GoogleRig;
using static CiCost.CostIngest.Tests.Sources.Rig.SourceRig;

namespace CiCost.CostIngest.Tests.Sources.Google;

/// <summary>
/// The Cloud Billing API v1 (https://cloud.google.com/billing/docs/reference/rest): lists in pages, prices as units and nanos.
/// </summary>
public sealed class GoogleBillingTests
{
    private readonly Dictionary<string, (string Name, JsonNode[] Items)> _lists = [];
    private FakeGoogle _google = null!;
    private TempFolder _folder = null!;
    private int _pageSize;
    private bool _repeats;

    [SetUp]
    public async Task SetUp()
    {
        (_pageSize, _repeats) = (100, false);
        _lists["/v1/billingAccounts"] = ("billingAccounts",
            [Item("billingAccounts/01A", """{"displayName":"PyTorch","open":true}"""), Item("billingAccounts/02B", """{"open":false}""")]);
        _lists["/v1/billingAccounts/01A/projects"] = ("projectBillingInfo",
            [Item("projects/pytorch-ci/billingInfo", """{"projectId":"pytorch-ci","billingEnabled":true}""")]);
        _lists["/v1/billingAccounts/02B/projects"] = ("projectBillingInfo", []);
        _lists["/v1/services"] = ("services",
            [Item("services/6F81-5844-456A", """{"serviceId":"6F81-5844-456A","displayName":"Compute Engine"}"""),
                Item("services/95FF", """{"serviceId":"95FF","displayName":"Cloud Storage"}""")]);
        _lists["/v1/services/6F81-5844-456A/skus"] = ("skus",
            [Sku("2E27", "N1 Core, \"Americas\"", ("0", "0", 31_611_000)), Sku("ABCD", "Tiered", ("0", "0", 0), ("1024.5", "12", 345_678_901)),
                Sku("NEG", "Rebate", ("0", "-3", -500_000_000)), Item("skus/FREE", """{"skuId":"FREE","description":"no price","pricingInfo":[]}""")]);
        _google = await FakeGoogle.StartAsync(GoogleBillingConnector.Scope, AnswerAsync);
        _folder = new TempFolder();
        _folder.Write("key.json", _google.KeyJson());
    }

    [TearDown]
    public async Task TearDown()
    {
        _folder.Dispose();
        await _google.DisposeAsync();
    }

    [TestCase(100)]
    [TestCase(1)]
    public async Task Fetch_ListsEverythingOnce(int pageSize)
    {
        _pageSize = pageSize;
        var (fetched, files) = await FetchAsync(Source(), new Offer { Month = new(2026, 8), Version = "1", Description = "x" });
        Assert.Multiple(() =>
        {
            Assert.That(fetched, Is.TypeOf<FetchedEvidence>());
            Assert.That(fetched.Files.Select(f => Path.GetFileName(f)!),
                Is.EqualTo(new[] { "billing-accounts.json", "projects.json", "services.json", "skus.json", "prices.csv" }));
            Assert.That(files.Take(4).Select(f => JsonNode.Parse(f)!.AsArray().Count), Is.EqualTo(new[] { 2, 1, 2, 4 }));
            Assert.That(Encoding.UTF8.GetString(files[4]), Is.EqualTo(""""
                sku_id,sku,service,family,group,usage_type,regions,effective_time,unit,start_amount,currency,unit_price
                2E27,"N1 Core, ""Americas""",Compute Engine,Compute,CPU,OnDemand,us-central1 us-east1,2026-08-01T00:00:00Z,h,0,USD,0.031611
                ABCD,Tiered,Compute Engine,Compute,CPU,OnDemand,us-central1 us-east1,2026-08-01T00:00:00Z,h,0,USD,0
                ABCD,Tiered,Compute Engine,Compute,CPU,OnDemand,us-central1 us-east1,2026-08-01T00:00:00Z,h,1024.5,USD,12.345678901
                NEG,Rebate,Compute Engine,Compute,CPU,OnDemand,us-central1 us-east1,2026-08-01T00:00:00Z,h,0,USD,-3.5

                """".ReplaceLineEndings("\n")));
        });
    }

    [TestCase("{\"units\":\"1\",\"nanos\":-5}")]
    [TestCase("{\"units\":\"1\",\"nanos\":1000000000}")]
    [TestCase("{\"units\":\"one\"}")]
    public void Price_WithTwoSignsOrTooMuch_IsNone(string json)
    {
        using var price = JsonDocument.Parse(json);
        Assert.That(() => SkuPrice.PriceOf(price.RootElement), Throws.InstanceOf<InvalidDataException>());
    }

    [TestCase("{}", "0")]
    [TestCase("{\"nanos\":1}", "0.000000001")]
    [TestCase("{\"units\":\"9223372036854775807\",\"nanos\":999999999}", "9223372036854775807.999999999")]
    public void Price_IsExact(string json, string text)
    {
        using var price = JsonDocument.Parse(json);
        Assert.That(SkuPrice.PriceOf(price.RootElement), Is.EqualTo(text));
    }

    [TestCase("2026-07", "2026-08", "2026-08-10")]
    [TestCase("2026-06", "2026-07", "")]
    public async Task Find_OffersTodayOnce(string first, string last, string version) =>
        Assert.That(string.Concat((await FindAsync(Source(), $"{first}..{last}")).Select(o => o.Version)), Is.EqualTo(version));

    [Test]
    public void Page_ThatComesAgain_IsRefused()
    {
        (_pageSize, _repeats) = (1, true);
        Refused(() => FetchAsync(Source(), Offer()), "page-repeated");
    }

    [Test]
    public void Pages_BeyondTheLimit_AreRefused()
    {
        _pageSize = 1;
        Assert.That(Refused(() => FetchAsync(Source("maxPages: 2"), Offer()), "too-many-pages").Message, Does.Contain("skus"));
    }

    [Test]
    public void Service_ThatGoogleDoesNotHave_IsNamed() =>
        Assert.That(Refused(() => FetchAsync(Source("services: [GONE]"), Offer()), "not-found-at-provider").Message, Does.Contain("GONE"));

    [Test]
    public void Sku_OfAnotherForm_IsRefused()
    {
        _lists["/v1/services/6F81-5844-456A/skus"] = ("skus", [Item("skus/X", """{"skuId":"X","pricingInfo":[{"summary":""}]}""")]);
        Refused(() => FetchAsync(Source(), Offer()), "answer-unreadable");
    }

    [Test]
    public async Task Trouble_ThatPasses_IsAskedThrough()
    {
        _google.Server.Misbehave(
            Fault.Answer(429, "", "text/plain", ("Retry-After", "0")) with { When = r => r.Path.StartsWithSegments("/v1") },
            Fault.Answer(403, FakeGoogle.Error(403, "rateLimitExceeded", "slow down")) with { When = r => r.Path.StartsWithSegments("/v1/services") },
            Fault.CutOffAfter(50) with { When = r => r.Path.Value!.EndsWith("/skus", StringComparison.Ordinal) });
        Assert.That((await FetchAsync(Source(), Offer())).Files, Has.Length.EqualTo(5));
    }

    [Test]
    public void Settings_WithMistakes_AreListed() => Assert.That(Assert.Throws<PolicyException>(() => Setup(new GoogleBillingConnector(), """
        currency: dollars
        services: 6F81
        """))!.Errors.Select(e => e.Line), Is.EqualTo(new[] { 4, 5 }));

    private static Offer Offer() => new() { Month = new(2026, 8), Version = "1", Description = "x" };

    private ISource Source(string services = "services: [6F81-5844-456A]")
    {
        var more = services.StartsWith("services", StringComparison.Ordinal) ? services : "services: [6F81-5844-456A]\n" + services;
        return Setup(new GoogleBillingConnector(o => Fast(o) with { Time = TimeProvider.System }), $"""
            endpoint: {_google.Server.Address}
            credentials: file:{_folder.File("key.json")}
            {more}
            """, new ManualTime(new DateTimeOffset(2026, 8, 10, 0, 0, 0, TimeSpan.Zero))).Source;
    }

    private Task AnswerAsync(HttpContext context, SeenRequest request)
    {
        var (name, items) = _lists[request.Path];
        var at = request.Query.Split('&', '?').FirstOrDefault(p => p.StartsWith("pageToken=", StringComparison.Ordinal)) is { } token
            ? int.Parse(token["pageToken=".Length..], CultureInfo.InvariantCulture)
            : 0;
        var answer = new JsonObject { [name] = new JsonArray([.. items.Skip(_repeats && at > 0 ? at - 1 : at).Take(_pageSize).Select(i => i.DeepClone())]) };

        // The last page has an empty token (services, skus) or none.
        answer["nextPageToken"] = at + _pageSize < items.Length ? (at + _pageSize).ToString(CultureInfo.InvariantCulture) : "";
        return FakeGoogle.JsonAsync(context, answer.ToJsonString());
    }

    private static JsonObject Item(string name, string json)
    {
        var item = JsonNode.Parse(json)!.AsObject();
        item["name"] = name;
        return item;
    }

    private static JsonObject Sku(string id, string description, params (string Start, string Units, int Nanos)[] tiers) =>
        Item("skus/" + id, JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["skuId"] = id,
            ["description"] = description,
            ["category"] = new Dictionary<string, string>
            {
                ["serviceDisplayName"] = "Compute Engine",
                ["resourceFamily"] = "Compute",
                ["resourceGroup"] = "CPU",
                ["usageType"] = "OnDemand",
            },
            ["serviceRegions"] = new[] { "us-central1", "us-east1" },
            ["pricingInfo"] = new[]
            {
                new Dictionary<string, object>
                {
                    ["effectiveTime"] = "2026-08-01T00:00:00Z",
                    ["pricingExpression"] = new Dictionary<string, object>
                    {
                        ["usageUnit"] = "h",
                        ["tieredRates"] = tiers.Select(Tier),
                    },
                },
            },
        }));

    private static Dictionary<string, object> Tier((string Start, string Units, int Nanos) tier) => new()
    {
        ["startUsageAmount"] = JsonNode.Parse(tier.Start)!,
        ["unitPrice"] = new Dictionary<string, object> { ["currencyCode"] = "USD", ["units"] = tier.Units, ["nanos"] = tier.Nanos },
    };
}

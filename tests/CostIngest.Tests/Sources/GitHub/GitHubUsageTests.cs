using System.Text;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.CostIngest.Formats;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Tests.Formats;
using CiCost.Domain.Lines;
using CiCost.TestKit.Bookkeeping;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.GitHub;

public sealed class GitHubUsageTests
{
    private const string July = """
        {"usageItems":[
          {"date":"2026-07-01T00:00:00Z","product":"actions","sku":"Actions Linux","quantity":120,"unitType":"Minutes","pricePerUnit":0.006,
           "grossAmount":0.72,"discountAmount":0.72,"netAmount":0,"organizationName":"acme","repositoryName":"acme/app"},
          {"date":"2026-07-02","product":"Git LFS","sku":"Git LFS, \"storage\"","quantity":1E-9,"unitType":"GigabyteHours","pricePerUnit":2.5e-4,
           "grossAmount":0.300000000000000004,"discountAmount":0.1,"netAmount":0.200000000000000004,"organizationName":"acme","repositoryName":null,
           "futureField":{"x":[1,2]}}]}
        """;

    [Test]
    public async Task Take_Month_IsTheAnswerByteByByte()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.SetUsage("2026-07", July);
        var setup = github.Usage();

        var offer = (await SourceRig.FindAsync(setup, "2026-05..2026-07")).Single();
        var delivery = await github.Rig.FetchAsync(setup, offer);

        Assert.That(offer.Month.ToString(), Is.EqualTo("2026-07"));
        Assert.That(await File.ReadAllTextAsync(delivery.Files.Single()), Is.EqualTo(July));
    }

    [Test]
    public async Task Find_Restated_HasAnotherVersionAndUnchangedIsAskedConditionally()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.SetUsage("2026-07", July);
        var setup = github.Usage();
        var first = (await SourceRig.FindAsync(setup)).Single().Version;
        var same = (await SourceRig.FindAsync(setup)).Single().Version;
        github.Fake.SetUsage("2026-07", July.Replace("120", "121", StringComparison.Ordinal));
        var other = (await SourceRig.FindAsync(setup)).Single().Version;

        Assert.That((same == first, other == first), Is.EqualTo((true, false)));
        Assert.That(github.Fake.Server.Requests.Count(r => r.Header("If-None-Match") is not null), Is.EqualTo(2));
    }

    [Test]
    public async Task Fetch_RestatedSinceItWasFound_SaysThatTheOfferChanged()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.SetUsage("2026-07", July);
        var setup = github.Usage();
        var offer = (await SourceRig.FindAsync(setup)).Single();
        github.Fake.SetUsage("2026-07", July + " ");

        Assert.That(Assert.ThrowsAsync<SourceException>(() => github.Rig.FetchAsync(setup, offer))!.Code, Is.EqualTo("offer-changed"));
    }

    [Test]
    public async Task Find_UsageOfAnotherMonth_IsRefused()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.SetUsage("2026-06", July);

        Assert.That(Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(github.Usage(), "2026-06"))!.Code, Is.EqualTo("answer-not-asked"));
    }

    [TestCase("[]")]
    [TestCase("{\"usageItems\":{}}")]
    [TestCase("{\"usageItems\":[{\"sku\":\"x\"}]}")]
    [TestCase("{\"usageItems\":[")]
    public async Task Find_AnswerOfAnotherShape_IsUnreadable(string body)
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.SetUsage("2026-07", body);

        Assert.That(Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(github.Usage()))!.Code, Is.EqualTo("answer-unreadable"));
    }

    [Test]
    public async Task Take_ServerMisbehaves_IsWholeOrAnErrorByName()
    {
        (Fault Fault, string? Code)[] cases =
        [
            (Fault.Answer(429, "{}", headers: ("Retry-After", "5")), null), (Fault.Answer(500) with { Times = 3 }, null), (Fault.CutOffAfter(100), null),
            (Fault.Answer(403, """{"message":"Must have admin rights"}"""), "access-denied"), (Fault.Answer(404), "not-found-at-provider"),
            (Fault.Answer(400, """{"message":"Bad Request"}"""), "request-refused"), (Fault.Answer(503) with { Times = 99 }, "provider-unavailable"),
        ];
        foreach (var (fault, code) in cases)
        {
            await using var github = await GitHubFixture.StartAsync();
            github.Fake.SetUsage("2026-07", July);
            github.Fake.Server.Misbehave(fault);

            var (actual, deliveries) = await github.Rig.TakeAsync(github.Usage());

            Assert.That((actual, deliveries.Count), Is.EqualTo((code, code is null ? 1 : 0)));
        }
    }

    [Test]
    public void Format_Answer_GivesTheLinesOfTheSameReportInCsv()
    {
        const string Csv = "date,product,sku,quantity,unit_type,applied_cost_per_quantity,gross_amount,discount_amount,net_amount,organization,repository\n"
            + "2026-07-01,actions,Actions Linux,120,Minutes,0.006,0.72,0.72,0,acme,acme/app\n"
            + "2026-07-02,Git LFS,\"Git LFS, \"\"storage\"\"\",1E-9,GigabyteHours,2.5e-4,0.300000000000000004,0.1,0.200000000000000004,acme,\n";

        var (json, csv) = (Read(July), Read(Csv));

        Assert.That(json.Delivery.RowCount, Is.EqualTo(4));
        Assert.That(json.Delivery.Days.Select(d => (d.ChargeDay, d.LineCount, d.Digest)),
            Is.EqualTo(csv.Delivery.Days.Select(d => (d.ChargeDay, d.LineCount, d.Digest))));
    }

    [Test]
    public void Format_RawRows_AreTheItemsOfTheAnswer()
    {
        var rows = Format.ReadRows(TestFiles.Content("a.json", Encoding.UTF8.GetBytes(July)), [2, 3], CancellationToken.None);

        Assert.That(rows.Select(r => r.RowNumber), Is.EqualTo([1, 2]));
        Assert.That(rows[1].Fields, Has.Member(new KeyValuePair<string, string>("netAmount", "0.200000000000000004")));
        Assert.That(July[(int)rows[1].ByteOffset..], Does.StartWith("{\"date\":\"2026-07-02\""));
    }

    [TestCase("{\"usageItems\":[{\"date\":\"2026-07-01\"")]
    [TestCase("{\"usageItems\":[1]}")]
    [TestCase("{\"other\":[]}")]
    [TestCase("{\"usageItems\":[],\"usageItems\":[]}")]
    [TestCase("{\"usageItems\":[{\"date\":\"x\",\"date\":\"y\"}]}")]
    [TestCase("{\"usageItems\":[]} {}")]
    public void Format_NoAnswer_IsRefusedByName(string text)
    {
        var refusal = Assert.Throws<DeliveryRejectedException>(() => Read(text))!;

        Assert.That(refusal.Errors.Single().Rule, Is.EqualTo("not-json"));
    }

    [Test]
    public async Task Pull_UsageRestated_BooksHoldTheLastAnswerExactly()
    {
        await using var github = await GitHubFixture.StartAsync();
        using var books = await BookFixture.OpenAsync();
        github.Fake.SetUsage("2026-07", July);
        var pulling = github.Rig.Pulling(books, "github-usage", github.Settings("organization: acme"));

        var first = await SourceRig.RunAsync(pulling);
        var total = books.Total(CostMetric.List, "2026-07");
        github.Fake.SetUsage("2026-07", July.Replace("\"grossAmount\":0.72,\"discountAmount\":0.72", "\"grossAmount\":1.72,\"discountAmount\":1.72",
            StringComparison.Ordinal));
        var second = await SourceRig.RunAsync(pulling);
        var third = await SourceRig.RunAsync(pulling);

        Assert.Multiple(() =>
        {
            Assert.That((first.IsSuccess, second.IsSuccess, third.IsSuccess), Is.EqualTo((true, true, true)), first.ErrorMessage);
            Assert.That((total, books.Total(CostMetric.List, "2026-07")), Is.EqualTo((1.02m, 2.02m)));
            Assert.That((second.Counts.Taken, third.Counts.Taken, third.Counts.Unchanged), Is.EqualTo((1, 0, 1)));
        });
    }

    private static ILineFormat Format => LineFormats.All().Single(f => f.Kind == "github-usage");

    private static Reading Read(string text) => Reading.Of([TestFiles.Content("a", Encoding.UTF8.GetBytes(text))], format: Format);
}

using System.Text.Json.Nodes;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Reconciliation;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Ledger.Deliveries;
using CiCost.TestKit.Bookkeeping;
using CiCost.TestKit.Servers;
using CiCost.TestKit.Servers.Aws;
using static CiCost.CostIngest.Tests.Sources.Aws.ExportFixture;

namespace CiCost.CostIngest.Tests.Sources.Aws;

/// <summary>An AWS account from its servers into books, and tied to what AWS states of it.</summary>
public sealed class AwsPullTests
{
    private ExportFixture _it = null!;
    private FakeAwsJson _explorer = null!;
    private FakeAwsJson _invoicing = null!;
    private BookFixture _books = null!;
    private SourceCatalogue _sources = null!;
    private string _stated = "";

    [SetUp]
    public async Task Start()
    {
        // The description of the data says what June adds up to, before and after.
        _stated = "32.7663";
        _it = await StartAsync();
        _explorer = await FakeAwsJson.StartAsync("ce", "AWSInsightsIndexService.GetCostAndUsage", "NextPageToken", question =>
            [Explorer(question["GroupBy"]![0]!["Key"]!.GetValue<string>() == "SERVICE" ? "Amazon Elastic Compute Cloud" : "111111111111")]);
        _invoicing = await FakeAwsJson.StartAsync("invoicing", "Invoicing.ListInvoiceSummaries", "NextToken", _ => [Invoice()]);
        _books = await BookFixture.OpenAsync();
        _sources = _it.Rig.Read($"""
            sources:
              - key: aws
                connector: aws-data-exports
                bucket: demo
                prefix: exports
                exportName: costroid-demo
                endpoint: {_it.S3.Server.Address}{_it.Rig.Keys()}
              - key: aws-explorer
                connector: aws-cost-explorer
                payerAccount: "999999999999"
                endpoint: {_explorer.Server.Address}{_it.Rig.Keys()}
              - key: aws-invoices
                connector: aws-invoices
                payerAccount: "999999999999"
                endpoint: {_invoicing.Server.Address}{_it.Rig.Keys()}
            """);
    }

    [TearDown]
    public async Task Stop()
    {
        _books.Dispose();
        await _invoicing.DisposeAsync();
        await _explorer.DisposeAsync();
        await _it.DisposeAsync();
    }

    [Test]
    public async Task Pull_Restated_TakesThePlaceOfTheMonthAndSaysWhatChanged()
    {
        var first = await Pull("aws", "2026-05");
        var before = Payable;
        _it.Restate();
        var second = await Pull("aws", "2026-05");

        Assert.That(first.Offers.Select(o => (o.Month.ToString(), o.Rows)), Is.EqualTo(new[] { ("2026-05", 42L), ("2026-06", 42L) }));
        Assert.That(second.Offers.Select(o => (o.Month.ToString(), o.Rows)), Is.EqualTo(new[] { ("2026-06", 42L) }));
        Assert.That((before, Payable), Is.EqualTo((32.7663m, 58.1679m)));
        var changes = new DeliveryDifferences(_books.Books).Of(second.Offers[0].DeliveryId!.Value);
        Assert.That(changes.Aggregate((Int128)0, (sum, c) => sum + c.BilledNanos), Is.EqualTo((Int128)25_401_600_000));
        Assert.That(changes.Select(c => c.Description).Distinct().Single(), Does.StartWith("Amazon Elastic Compute Cloud | $0.1008 per On Demand"));
    }

    [Test]
    public async Task Pull_Again_ChangesNothingAndReadsNoFile()
    {
        await Pull("aws", "2026-05");
        _it.S3.Server.Forget();

        var again = await Pull("aws", "2026-05");

        Assert.That((again.IsSuccess, again.Offers.Count, again.Counts.Unchanged), Is.EqualTo((true, 0, 2)));
        Assert.That(_it.S3.Server.Requests.Select(r => r.Path), Has.None.EndsWith(".csv.gz"));
    }

    [Test]
    public async Task Pull_OneMonthCannotBeHad_TakesTheOthersAndNothingOfIt()
    {
        _it.S3.Server.Misbehave(Fault.CutOffAfter(500) with { When = Of("00002.csv.gz"), Times = 99 });

        var result = await Pull("aws", "2026-05");

        Assert.That(result.Failures.Select(f => f.Code), Is.EqualTo(new[] { "download-cut-off" }));
        Assert.That(result.Offers.Select(o => o.Month.ToString()), Is.EqualTo(new[] { "2026-06" }));
        Assert.That(_books.Total(CostMetric.Payable, "2026-05", TimeAxis.Billing), Is.Zero);
        Assert.That(Payable, Is.EqualTo(32.7663m));
    }

    [Test]
    public async Task Pull_BillTotalsAndInvoice_TieUntilAwsRestates()
    {
        await PullAll();
        var tied = States();
        _stated = "58.1679";
        _it.Rig.Time.Advance(TimeSpan.FromDays(1));
        await Pull("aws-explorer", "2026-06");
        await Pull("aws-invoices", "2026-06");
        var late = States();
        _it.Restate();
        await PullAll();

        var all = new[]
        {
            ("aws-explorer", ControlMeasure.ChargesWithoutTax), ("aws-explorer", ControlMeasure.Tax), ("aws-explorer", ControlMeasure.Credits),
            ("aws-explorer", ControlMeasure.Payable), ("aws-invoices", ControlMeasure.Tax), ("aws-invoices", ControlMeasure.Payable),
        };
        Assert.That(tied, Is.EquivalentTo(all.Select(t => (t.Item1, t.Item2, TieState.Ties))));
        Assert.That(late.Where(t => t.State == TieState.Differs).Select(t => (t.Source, t.Measure)), Is.EquivalentTo(new[]
        {
            ("aws-explorer", ControlMeasure.ChargesWithoutTax), ("aws-explorer", ControlMeasure.Payable), ("aws-invoices", ControlMeasure.Payable),
        }));
        Assert.That(States().Select(t => t.State), Is.All.EqualTo(TieState.Ties));
    }

    [Test]
    public async Task Pull_Invoice_StatesNoCauses()
    {
        await PullAll();

        Assert.That(
            Reconciliation().Causes.Select(c => (c.ControlSource, c.Cause)), Is.EqualTo(new[] { ("aws-explorer", DifferenceCause.Usage) }));
    }

    [Test]
    public async Task Pull_CostExplorer_RecordsWhatItCost()
    {
        await Pull("aws-explorer", "2026-06");

        Assert.That(Reconciliation().RequestSpend, Is.EqualTo(new[] { ("aws-explorer", "USD", (Int128)20_000_000) }));
    }

    private decimal Payable => _books.Total(CostMetric.Payable, "2026-06", TimeAxis.Billing);

    private async Task<PullResult> Pull(string key, string first)
    {
        var result = await SourceRig.PullAsync(_books, _sources, $"{first}..2026-06", key);
        Assert.That(result.Failures.Where(f => f.Code != "download-cut-off"), Is.Empty);
        return result;
    }

    private async Task PullAll()
    {
        foreach (var key in _sources.Entries.Select(e => e.Key))
        {
            await Pull(key, "2026-06");
        }
    }

    private MonthReconciliation Reconciliation() => new ReconcileMonth(_books.Books, _books.Costs).Run(BillingMonth.Parse("2026-06"), null);

    private (string Source, ControlMeasure Measure, TieState State)[] States() =>
        [.. Reconciliation().TieOuts.Select(t => (t.ControlSource ?? "", t.Measure, t.State))];

    private JsonObject Explorer(string key) => JsonNode.Parse($$$"""
        {"ResultsByTime":[{"TimePeriod":{"Start":"2026-06-01","End":"2026-07-01"},"Total":{},"Estimated":false,"Groups":[
          {"Keys":["{{{key}}}","Usage"],"Metrics":{"UnblendedCost":{"Amount":"{{{_stated}}}","Unit":"USD"} } } ] } ] }
        """)!.AsObject();

    private JsonObject Invoice() => JsonNode.Parse($$$"""
        {"InvoiceSummaries":[{"AccountId":"999999999999","InvoiceId":"1786423460","InvoiceType":"INVOICE",
          "Entity":{"InvoicingEntity":"Amazon Web Services, Inc."},"BillingPeriod":{"Month":6,"Year":2026},
          "BaseCurrencyAmount":{"TotalAmount":"{{{_stated}}}","TotalAmountBeforeTax":"{{{_stated}}}","CurrencyCode":"USD"}}]}
        """)!.AsObject();
}

using System.Text.Json.Nodes;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Aws.Invoices;
using CiCost.Domain.Reconciliation;
using CiCost.TestKit.Servers;
using CiCost.TestKit.Servers.Aws;

namespace CiCost.CostIngest.Tests.Sources.Aws;

/// <summary>Invoices as figures: payable and tax by invoice, or a named error.</summary>
public sealed class AwsInvoiceTests
{
    private readonly List<JsonObject> _invoices = [];
    private SourceRig _rig = null!;
    private FakeAwsJson _service = null!;

    [SetUp]
    public async Task Start()
    {
        _invoices.Clear();
        _rig = AwsRig.New();
        _service = await FakeAwsJson.StartAsync("invoicing", "Invoicing.ListInvoiceSummaries", "NextToken", _ =>
            _invoices.Count == 0 ? [Page([])] : [.. _invoices.Chunk(1).Select(Page)]);
    }

    [TearDown]
    public async Task Stop()
    {
        await _service.DisposeAsync();
        _rig.Dispose();
    }

    [Test]
    public async Task Fetch_InvoiceMemoAndReceipt_HasWhatIsToBePaid()
    {
        _invoices.AddRange([
            Invoice("EUINEE26-1", "INVOICE", "119.00", "100.00"), Invoice("EUINEE26-2", "CREDIT_MEMO", "11.90", "10.00"),
            Invoice("EUINEE26-3", "PAYMENT_RECEIPT", "119.00", null), Invoice("1786423460", "INVOICE", "0.01", null)]);

        var fetched = await Fetch();

        Assert.That(fetched.Figures.Select(f => (f.Item, f.RecordType, f.Measure, (long)f.AmountNanos)), Is.EqualTo(new[]
        {
            ("EUINEE26-1", "INVOICE", ControlMeasure.Payable, 119_000_000_000), ("EUINEE26-1", "INVOICE", ControlMeasure.Tax, 19_000_000_000),
            ("EUINEE26-2", "CREDIT_MEMO", ControlMeasure.Payable, -11_900_000_000),
            ("EUINEE26-2", "CREDIT_MEMO", ControlMeasure.Tax, -1_900_000_000),
            ("1786423460", "INVOICE", ControlMeasure.Payable, 10_000_000),
        }));
        Assert.That(fetched.Figures.Select(f => (f.PayerAccount, f.InvoiceIssuer, f.Breakdown)).Distinct(), Is.EqualTo(new[]
        {
            ("099999999999", "Amazon Web Services, Inc.", ControlBreakdown.Invoice),
        }));
        Assert.That(fetched.Files, Has.Count.EqualTo(4), "one per page");
    }

    [Test]
    public async Task Fetch_CreditMemoWithASign_IsLoweredOnce()
    {
        _invoices.Add(Invoice("1", "CREDIT_MEMO", "-5", null));

        Assert.That((long)(await Fetch()).Figures.Single().AmountNanos, Is.EqualTo(-5_000_000_000));
    }

    [Test]
    public async Task Fetch_Asked_AsksForTheAccountAndMonth()
    {
        await Fetch();

        Assert.That(_service.Server.Requests[0].Header("Content-Type"), Is.EqualTo("application/x-amz-json-1.0"));
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(_service.Server.Requests[0].Body), JsonNode.Parse("""
            {"Selector":{"ResourceType":"ACCOUNT_ID","Value":"099999999999"},"Filter":{"BillingPeriod":{"Month":6,"Year":2026}},"MaxResults":100}
            """)));
    }

    [Test]
    public async Task Fetch_NoInvoiceYet_HasNoFigure() => Assert.That((await Fetch()).Figures, Is.Empty);

    [Test]
    public async Task Fetch_TroubleThatPasses_IsRepeated()
    {
        _invoices.Add(Invoice("1", "INVOICE", "5", null));
        _service.Server.Misbehave(Fault.Answer(400, """{"__type":"ThrottlingException"}"""), Fault.Answer(500), Fault.CutOffAfter(10));

        Assert.That((await Fetch()).Figures, Has.Count.EqualTo(1));
    }

    [TestCase("twice", "paging-broken")]
    [TestCase("other month", "answer-unreadable")]
    [TestCase("no amount", "answer-unreadable")]
    [TestCase("no currency", "answer-unreadable")]
    public async Task Fetch_AnswerThatMakesNoSense_IsNamed(string wrong, string code)
    {
        var invoice = Invoice("1", "INVOICE", wrong == "no amount" ? "five" : "5", null);
        invoice["BillingPeriod"]!["Month"] = wrong == "other month" ? 5 : 6;
        invoice["BaseCurrencyAmount"]!["CurrencyCode"] = wrong == "no currency" ? "dollars" : "USD";
        _invoices.AddRange(wrong == "twice" ? [invoice, invoice] : [invoice]);
        var source = Source();
        var offer = (await SourceRig.FindAsync(source, "2026-06")).Single();

        Assert.That(_rig.FetchError(source, offer).Code, Is.EqualTo(code));
    }

    [Test]
    public async Task Fetch_Denied_NamesThePermission()
    {
        const string Denied = """{"__type":"AccessDeniedException","Message":"not authorized to perform: invoicing:ListInvoiceSummaries"}""";
        _service.Server.Misbehave(Fault.Answer(400, Denied));
        var source = Source();
        var offer = (await SourceRig.FindAsync(source, "2026-06")).Single();

        var error = _rig.FetchError(source, offer);

        Assert.That(error.Code, Is.EqualTo("access-denied"));
        Assert.That(error.Message, Does.Contain("invoicing:ListInvoiceSummaries"));
    }

    private ISource Source() => _rig.Setup(
        new AwsInvoicesConnector(), $"\n    payerAccount: \"099999999999\"\n    endpoint: {_service.Server.Address}{_rig.Keys()}").Source;

    private async Task<FetchedFigures> Fetch()
    {
        var source = Source();
        return (FetchedFigures)await _rig.FetchAsync(source, (await SourceRig.FindAsync(source, "2026-06")).Single());
    }

    private static JsonObject Page(IEnumerable<JsonObject> invoices) =>
        new() { ["InvoiceSummaries"] = new JsonArray([.. invoices.Select(i => i.DeepClone())]) };

    private static JsonObject Invoice(string id, string type, string total, string? beforeTax) => new()
    {
        ["AccountId"] = "099999999999",
        ["InvoiceId"] = id,
        ["IssuedDate"] = 1782950400,
        ["Entity"] = new JsonObject { ["InvoicingEntity"] = "Amazon Web Services, Inc." },
        ["BillingPeriod"] = new JsonObject { ["Month"] = 6, ["Year"] = 2026 },
        ["InvoiceType"] = type,
        ["BaseCurrencyAmount"] = beforeTax is null
            ? new JsonObject { ["TotalAmount"] = total, ["CurrencyCode"] = "USD" }
            : new JsonObject { ["TotalAmount"] = total, ["TotalAmountBeforeTax"] = beforeTax, ["CurrencyCode"] = "USD" },
    };
}

using System.IO.Compression;
using System.Text;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using static CiCost.CostIngest.Tests.Sources.DropFolder.InvoiceFolder;

namespace CiCost.CostIngest.Tests.Sources.DropFolder;

/// <summary>What the lines of FOCUS InvoiceDetail state.</summary>
public sealed class InvoiceDetailTests
{
    private InvoiceFolder _it = null!;

    [SetUp]
    public void Begin() => _it = new InvoiceFolder();

    [TearDown]
    public void End() => _it.Dispose();

    [Test]
    public async Task Lines_OfEachCategory_GoToTheirMeasure()
    {
        _it.Put("a.csv", Header, Row("100"), Row("20", "Purchase"), Row("3", "Adjustment"), Row("19.5", "Tax"), Row("-7", "Credit"));

        Assert.That(await _it.FiguresAsync(), Is.EqualTo(new[]
        {
            "acct-1 Neocloud R-1 ChargesWithoutTax 123 USD", "acct-1 Neocloud R-1 Tax 19.5 USD", "acct-1 Neocloud R-1 Credits -7 USD",
        }));
    }

    [Test]
    public async Task Lines_WithCreditsWithin_MakeThePayableWithTaxApart()
    {
        _it.Put("a.csv", Header, Row("100"), Row("19.5", "Tax"), Row("-7", "Credit"), Row("5", invoice: "R-2"));

        Assert.That(await _it.FiguresAsync("credits: within"), Is.EqualTo(new[]
        {
            "acct-1 Neocloud R-1 Tax 19.5 USD", "acct-1 Neocloud R-1 Payable 112.5 USD",
            "acct-1 Neocloud R-2 Tax 0 USD", "acct-1 Neocloud R-2 Payable 5 USD",
        }));
    }

    [Test]
    public async Task Credits_SetOtherwise_AreAnotherVersionOfTheSameFiles()
    {
        _it.Put("a.csv", Header, Row("1"));

        var apart = await _it.OfferAsync(_it.Setup());
        var within = await _it.OfferAsync(_it.Setup("credits: within"));

        Assert.That(within.Version, Is.Not.EqualTo(apart.Version));
    }

    [Test]
    public async Task Sums_AreApartByAccountIssuerCurrencyAndInvoice()
    {
        _it.Put("a.csv", Header, Row("1"), Row("2", account: "acct-2"), Row("4", issuer: "Reseller"), Row("8", currency: "EUR"),
            Row("16", invoice: "R-2"), Row("32"));

        Assert.That(await _it.FiguresAsync(), Is.EqualTo(new[]
        {
            "acct-1 Neocloud R-1 ChargesWithoutTax 8 EUR", "acct-1 Neocloud R-1 ChargesWithoutTax 33 USD",
            "acct-1 Neocloud R-2 ChargesWithoutTax 16 USD", "acct-1 Reseller R-1 ChargesWithoutTax 4 USD",
            "acct-2 Neocloud R-1 ChargesWithoutTax 2 USD",
        }));
    }

    [Test]
    public async Task Sums_AreRoundedOnceHalfEven()
    {
        // Each line alone would round to zero or to an even nano.
        _it.Put("a.csv", Header, Row("0.0000000005"), Row("0.0000000005"), Row("0.0000000005"), Row("0.0000000015", "Tax"), Row("-1.0000000025", "Credit"));

        Assert.That(await _it.FiguresAsync(), Is.EqualTo(new[]
        {
            "acct-1 Neocloud R-1 ChargesWithoutTax 0.000000002 USD", "acct-1 Neocloud R-1 Tax 0.000000002 USD",
            "acct-1 Neocloud R-1 Credits -1.000000002 USD",
        }));
    }

    [Test]
    public async Task InvoiceWithoutCharges_StatesThatThereAreNone()
    {
        _it.Put("a.csv", Header, Row("3", "Tax"));

        Assert.That(await _it.FiguresAsync(),
            Is.EqualTo(new[] { "acct-1 Neocloud R-1 ChargesWithoutTax 0 USD", "acct-1 Neocloud R-1 Tax 3 USD" }));
    }

    [Test]
    public async Task Status_OpenIsEstimated_IssuedIsNot_VoidedStatesNothing()
    {
        _it.Put("a.csv", Header + ",InvoiceIssueStatus", Row("1") + ",Issued", Row("2", invoice: "R-2") + ",Open", Row("4", invoice: "R-3") + ",Voided");

        Assert.That(await _it.FiguresAsync(), Is.EqualTo(new[]
        {
            "acct-1 Neocloud R-1 ChargesWithoutTax 1 USD", "acct-1 Neocloud R-2 ChargesWithoutTax 2 USD open",
        }));
    }

    [Test]
    public async Task CreditMemo_CountsWithItsSign()
    {
        _it.Put("a.csv", Header + ",ReferenceInvoiceId", Row("10") + ",R-1", Row("-4", invoice: "R-2") + ",R-1", Row("-1", "Tax", "R-2") + ",R-1");

        Assert.That(await _it.FiguresAsync(), Is.EqualTo(new[]
        {
            "acct-1 Neocloud R-1 ChargesWithoutTax 10 USD", "acct-1 Neocloud R-2 ChargesWithoutTax -4 USD", "acct-1 Neocloud R-2 Tax -1 USD",
        }));
    }

    [Test]
    public async Task Figures_AreOfTheInvoiceAndTheMonth_AndTheFilesAreKeptAsTheyCame()
    {
        _it.Put("a.csv", Header, Row("1"));
        _it.Put("b.csv", "InvoiceDetailId," + Header, "line-1," + Row("2", invoice: "R-2"));

        var fetched = await _it.FetchAsync();

        Assert.That(fetched.Files.Select(File.ReadAllBytes),
            Is.EqualTo(new[] { "a.csv", "b.csv" }.Select(n => File.ReadAllBytes(Path.Combine(_it.Month, n)))));
        Assert.That(fetched.Figures.Select(f => (f.BillingMonth, f.Breakdown, f.RecordType)).Distinct(),
            Is.EqualTo(new[] { (new BillingMonth(2026, 7), ControlBreakdown.Invoice, (string?)null) }));
    }

    [Test]
    public async Task Invoice_WithIdsInTwoFiles_IsOneSum()
    {
        _it.Put("a.csv", Header + ",InvoiceDetailId", Row("1") + ",l-1");
        _it.Put("b.csv", Header + ",InvoiceDetailId", Row("2") + ",l-2", Row("4", issuer: "Reseller") + ",l-1");

        Assert.That(await _it.FiguresAsync(), Is.EqualTo(new[]
        {
            "acct-1 Neocloud R-1 ChargesWithoutTax 3 USD", "acct-1 Reseller R-1 ChargesWithoutTax 4 USD",
        }));
    }

    [Test]
    public async Task File_AsSpreadsheetsWriteIt_IsRead()
    {
        // A mark at the beginning, line ends of two bytes, quotes, an instant for the day, columns in another order, an empty line at the end.
        var text = "\uFEFFBilledCost,InvoiceIssuerName,BillingAccountId,InvoiceId,BillingPeriodStart,BillingCurrency,ChargeCategory,x_note\r\n"
            + "1.25,\"Neocloud, Inc.\",acct-1,R-1,2026-07-01T00:00:00Z,USD,Usage,\"one\r\ntwo\"\r\n\r\n";
        using (var gzip = new GZipStream(File.Create(Path.Combine(_it.Month, "a.csv.GZ")), CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        Assert.That(await _it.FiguresAsync(), Is.EqualTo(new[] { "acct-1 Neocloud, Inc. R-1 ChargesWithoutTax 1.25 USD" }));
    }

    [Test]
    public async Task File_WithoutRows_StatesNothing()
    {
        _it.Put("a.csv", Header);

        Assert.That(await _it.FiguresAsync(), Is.Empty);
    }

    [Test]
    public void Settings_ThatInvoicesCannotHave_AreRefusedWithTheReason()
    {
        var mistakes = _it.Rig.Mistakes("drop-folder", $"folder: {_it.Folder}", "format: focus-invoice-detail", "profile: lenient", "mode: append",
            "mapping: /conf/map.yaml", "credits: inside");

        Assert.That(mistakes, Does.Contain("has no profiles").And.Contain("A mapping is for").And.Contain("Remove 'mode'").And.Contain("'inside'"));
    }

    [Test]
    public void Credits_OfABill_AreNoSetting()
    {
        var mistakes = _it.Rig.Mistakes("drop-folder", $"folder: {_it.Folder}", "format: focus-csv", "credits: within");

        Assert.That(mistakes, Does.Contain("remove 'credits'"));
    }
}

using System.IO.Compression;
using System.Text;
using static CiCost.CostIngest.Tests.Sources.DropFolder.InvoiceFolder;

namespace CiCost.CostIngest.Tests.Sources.DropFolder;

/// <summary>Invoice files that are not taken, and what is said of them.</summary>
public sealed class InvoiceMistakeTests
{
    private const string Wrong = "invoice-line-wrong";
    private const string Form = "A value is UTF-8 text on one line without blanks around it. Write it so.";
    private const string Missing = "A line of an invoice needs this value. Write it; account and issuer as the bill has them.";

    private InvoiceFolder _it = null!;

    [SetUp]
    public void Begin() => _it = new InvoiceFolder();

    [TearDown]
    public void End() => _it.Dispose();

    private static readonly (string Row, string Code, string Words)[] BadRows =
    [
        (Row("1", account: ""), Wrong, "column BillingAccountId: " + Missing),
        (Row("1", account: "NULL"), Wrong, "column BillingAccountId, value 'NULL': " + Missing),
        (Row("1", account: " acct-1"), Wrong, "column BillingAccountId, value ' acct-1': " + Form),
        (Row("1", issuer: ""), Wrong, "column InvoiceIssuerName: " + Missing),
        (Row("1", issuer: "\"Neo\ncloud\""), Wrong, "column InvoiceIssuerName, value 'Neo\ncloud': " + Form),
        (Row("1", invoice: ""), Wrong, "column InvoiceId: " + Missing),
        (Row("1", currency: "usd"), Wrong, "column BillingCurrency, value 'usd': This is no currency. Write its three capital letters, such as USD."),
        (Row("1", currency: ""), Wrong, "column BillingCurrency: " + Missing),
        (Row("1", category: "usage"), Wrong,
            "column ChargeCategory, value 'usage': FOCUS does not know this value. Write one of: Usage, Purchase, Tax, Credit, Adjustment."),
        (Row("1", category: ""), Wrong, "column ChargeCategory: " + Missing),
        (Row(""), Wrong, "column BilledCost: " + Missing),
        (Row("$1"), Wrong, "column BilledCost, value '$1': A decimal such as -12.5"),
        (Row("\"1,234.50\""), Wrong, "column BilledCost, value '1,234.50': A decimal such as -12.5"),
        (Row("1,234.50"), Wrong, "value 'acct-1,Neocloud,R-1,2026-07-01,USD,Usage,1,234.50': The row has 8 fields and the header 7."),
        (Row("9223372036854775808"), Wrong, "column BilledCost, value '9223372036854775808': The amount is beyond"),
        (Row("1", start: ""), Wrong, "column BillingPeriodStart: " + Missing),
        (Row("1", start: "01.07.2026"), Wrong,
            "column BillingPeriodStart, value '01.07.2026': This is no day. Write the first day of the billing period: 2026-07-01."),
        (Row("1", start: "2026-07-01 00:00"), Wrong, "column BillingPeriodStart, value '2026-07-01 00:00': This is no day."),
        (Row("1", start: "2026-06-01"), "invoice-month-differs",
            "column BillingPeriodStart, value '2026-06-01': The file lies in the folder of 2026-07. Move the line into a file in the folder of 2026-06"),
        (Row("1", start: "2026-07-02"), "invoice-month-differs", "column BillingPeriodStart, value '2026-07-02': A billing period begins with"),
    ];

    [Test]
    public void Row_ThatCannotBeRead_IsNamedWithFileRowColumnAndValue([Range(0, 19)] int index)
    {
        var (row, code, words) = BadRows[index];
        _it.Put("a.csv", Header, Row("1"), row);

        var refusal = _it.Refusal();

        Assert.That(refusal.Code, Is.EqualTo(code));
        Assert.That(refusal.Message, Does.StartWith(Path.Combine(_it.Month, "a.csv") + ": row 2, ").And.Contain(words));
        Assert.That(BadRows, Has.Length.EqualTo(20));
    }

    [TestCase("Paid", "value 'Paid': FOCUS does not know this value. Write one of: Open, Issued, Voided.")]
    [TestCase("", "A line of an invoice needs this value.")]
    public void Status_Unknown_IsRefused(string status, string words)
    {
        _it.Put("a.csv", Header + ",InvoiceIssueStatus", $"{Row("1")},{status}");

        Assert.That(_it.Refusal().Code, Is.EqualTo(Wrong));
        Assert.That(Text(), Does.StartWith("a.csv: row 1, column InvoiceIssueStatus").And.Contain(words));
    }

    [Test]
    public void LineId_Empty_IsRefused()
    {
        _it.Put("a.csv", Header + ",InvoiceDetailId", Row("1") + ",");

        Assert.That((_it.Refusal().Code, Text()), Is.EqualTo((Wrong, "a.csv: row 1, column InvoiceDetailId: Give each line an id, or remove the column: "
            + "then the row's number is its id.")));
    }

    [Test]
    public void Mistakes_AreToldTogether_UpToTen()
    {
        _it.Put("a.csv", Header, Row("x"), Row("y"));
        _it.Put("b.csv", Header, [.. Enumerable.Range(0, 10).Select(_ => Row("z", invoice: "R-2"))]);

        var message = _it.Refusal().Message;

        Assert.That(message.Split(" Also: "), Has.Length.EqualTo(10));
        Assert.That(message, Does.Contain("a.csv: row 2, ").And.Contain("b.csv: row 8, ").And.EndWith(" And 2 more."));
    }

    [Test]
    public void LineId_InTwoFiles_IsRefused()
    {
        _it.Put("a.csv", Header + ",InvoiceDetailId", Row("1") + ",l-1", Row("1") + ",l-2");
        _it.Put("b.csv", Header + ",InvoiceDetailId", Row("1") + ",l-3", Row("1") + ",l-2");

        Assert.That(_it.Refusal().Code, Is.EqualTo("invoice-line-repeated"));
        Assert.That(Text(), Is.EqualTo($"b.csv: row 2, column InvoiceDetailId, value 'l-2': This line of invoice 'R-1' stands in row 2 of "
            + $"{Path.Combine(_it.Month, "a.csv")} already. Remove one of them, or give it an id of its own when it is another line."));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Invoice_WithoutLineIdsInTwoFiles_IsRefusedOnce(bool firstHasIds)
    {
        _it.Put("a.csv", firstHasIds ? Header + ",InvoiceDetailId" : Header, firstHasIds ? Row("1") + ",l-1" : Row("1"));
        _it.Put("b.csv", Header, Row("2"), Row("3"));

        Assert.That(_it.Refusal().Code, Is.EqualTo("invoice-line-repeated"));
        Assert.That(Text(), Does.StartWith("b.csv: row 1, column InvoiceId, value 'R-1': Invoice 'R-1' stands in").And.Not.Contain(" Also: "));
    }

    [TestCase("BillingAccountId,InvoiceIssuerName,InvoiceId,BillingPeriodStart,BillingCurrency,ChargeCategory", "value 'BilledCost': A line of an invoice")]
    [TestCase(Header + ",InvoiceStatus", "value 'InvoiceStatus': FOCUS 1.4 InvoiceDetail has no such columns.")]
    [TestCase(Header + ",EffectiveCost,ListCost", "value 'EffectiveCost, ListCost': FOCUS 1.4 InvoiceDetail has no such columns.")]
    [TestCase(Header + ",BilledCost", "value 'BilledCost': Two columns have this name")]
    [TestCase("%PDF-1.7", "This looks like a PDF document")]
    [TestCase("", "The file is empty")]
    public void Header_ThatCannotBeRead_IsRefused(string header, string words)
    {
        _it.Put("a.csv", header);

        Assert.That(_it.Refusal().Code, Is.EqualTo("invoice-file-unreadable"));
        Assert.That(Text(), Does.StartWith("a.csv: header").And.Contain(words));
    }

    [Test]
    public void Quote_ThatIsNeverClosed_IsRefusedAtItsRow()
    {
        _it.Put("a.csv", Header, Row("1"), Row("1", issuer: "\"Neocloud"));

        Assert.That((_it.Refusal().Code, Text()[..12]), Is.EqualTo(("invoice-file-unreadable", "a.csv: row 2")));
    }

    [Test]
    public void File_OfAnotherHashThanWasSent_IsRefusedAsOfAnyFolder()
    {
        _it.Put("a.csv", Header, Row("1"));
        File.WriteAllText(Path.Combine(_it.Month, "SHA256SUMS"), new string('0', 64) + "  a.csv\n");

        Assert.That(_it.Refusal().Code, Is.EqualTo("checksum-differs"));
    }

    [Test]
    public void Gzip_WithoutItsName_IsRefused()
    {
        using (var gzip = new GZipStream(File.Create(Path.Combine(_it.Month, "a.csv")), CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Header + "\n"));
        }

        Assert.That((_it.Refusal().Code, Text()), Is.EqualTo(("invoice-file-unreadable", "a.csv: header: The file is compressed. Let its name end in .gz.")));
    }

    [Test]
    public void Cost_BeyondWhatBooksHold_IsRefused()
    {
        _it.Put("a.csv", Header, Row("9223372036854775808"));

        var refusal = _it.Refusal();

        Assert.That((refusal.Code, refusal.Message.Contains("BilledCost, value '9223372036854775808'", StringComparison.Ordinal)),
            Is.EqualTo(("invoice-line-wrong", true)), refusal.Message);
    }

    [Test]
    public void Rows_BeyondTheLimit_AreRefused()
    {
        using (var writer = new StreamWriter(Path.Combine(_it.Month, "a.csv")))
        {
            writer.WriteLine(Header);
            for (var i = 0; i <= 500_000; i++)
            {
                writer.WriteLine();
            }
        }

        Assert.That((_it.Refusal().Code, Text()[..17]), Is.EqualTo(("invoice-too-large", "a.csv: row 500001")));
    }

    /// <summary>The message without the folder before the first file.</summary>
    private string Text() => _it.Refusal().Message[(_it.Month.Length + 1)..];
}

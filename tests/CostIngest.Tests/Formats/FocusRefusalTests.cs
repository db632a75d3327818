using System.Text;
using CiCost.Accounting.Booking;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>What is refused, in the words that a person reads, and what quarantine and limits do.</summary>
public sealed class FocusRefusalTests
{
    [TestCase("layouts/../synthetic/focus-1.4/aws/aws_synthetic_focus_1_4_contract_commitment.csv", "ContractCommitment")]
    [TestCase("synthetic/focus-1.3/aws_1_3_contract_commitment_rows100_seed42.csv", "ContractCommitment")]
    [TestCase("synthetic/focus-1.4/gcp/gcp_synthetic_focus_1_4_invoice_detail.csv", "InvoiceDetail")]
    [TestCase("synthetic/focus-1.4/gcp/gcp_synthetic_focus_1_4_billing_period.csv", "BillingPeriod")]
    public void Header_OfAnotherDataset_IsRefusedByItsName(string file, string dataset) =>
        Assert.That(RefusalOf(TestFiles.Content("f.csv", TestFiles.Bytes(file))), Is.EqualTo(
            $"f.csv: header: This is the FOCUS {dataset} dataset, not CostAndUsage: its rows are no charges. "
            + "Deliver the CostAndUsage file of the same export. [header-other-dataset]"));

    [Test]
    public void Header_WithoutMandatoryColumns_IsRefusedOnceWithAllOfThem() =>
        Assert.That(RefusalOf(TestFiles.Content("s.csv", TestFiles.Bytes("synthetic/focus-1.3/scenarios_correction_set.csv"))),
            Does.EndWith(
            ": Without these 8 columns no row can be booked: EffectiveCost, ListCost, ContractedCost, BillingPeriodStart, "
                + "ChargePeriodStart, ChargePeriodEnd, "
            + "BillingAccountId, ServiceProviderName (or ProviderName). Export the file with them. [header-missing-columns]"));

    [TestCase("real/native/aws-cur-1/aws_cur_part70.csv")]
    [TestCase("real/native/oci-cost/oci_cost_report_part70.csv")]
    public void Header_OfAProvidersOwnReport_IsRefusedAsSuch(string file) =>
        Assert.That(RefusalOf(TestFiles.Content("n.csv", TestFiles.Bytes(file))), Does.Contain("not the provider's own report. "
            + "[header-not-focus]"));

    [Test]
    public void Header_InAnotherCase_SaysHowItIsWritten() =>
        Assert.That(Refusal(FocusText.WithRow().ToString().Replace("ListCost", "listcost", StringComparison.Ordinal)),
            Does.Contain("'listcost' must be written ListCost."));

    [TestCase("BilledCost,,ListCost\n", "header-empty-name", "Column 2 of 3 has no name.")]
    [TestCase("BilledCost,ListCost,BilledCost\n", "header-duplicate-name", "Two columns have this name")]
    [TestCase("", "csv-not-csv", "The file is empty; not even a header is there.")]
    [TestCase("\n\n", "csv-not-csv", "The file is empty")]
    [TestCase("{\"rows\":[]}", "csv-not-csv", "This looks like JSON, not like FOCUS CSV.")]
    [TestCase("<!DOCTYPE html>", "csv-not-csv", "This looks like HTML or XML, perhaps an error page of a download")]
    [TestCase("PAR1abc", "csv-not-csv", "This looks like Apache Parquet")]
    [TestCase("PK\u0003\u0004abc", "csv-not-csv", "This looks like a ZIP archive or an Excel workbook")]
    [TestCase("BilledCost;ListCost;EffectiveCost\n1;2;3\n", "header-not-focus", "comma-separated")]
    [TestCase("\"BilledCost\",\"List", "csv-unterminated-quote", "never closed")]
    public void File_ThatIsNoFocusCsv_SaysWhatItLooksLike(string text, string rule, string words)
    {
        var error = Reading.Refusal(text).Errors.Single();
        Assert.That((error.File, error.RowNumber, error.Rule), Is.EqualTo(("test.csv", 0L, rule)));
        Assert.That(error.Message, Does.Contain(words));
    }

    [Test]
    public void Row_WithTooFewFields_NamesRowAndCounts()
    {
        var text = FocusText.WithRow().Row().ToString() + "1,2,3\n";
        Assert.That(Refusal(text), Is.EqualTo(
            "test.csv: row 3, value '1,2,3': The row has 3 fields, the header has 12. An unquoted comma or line break inside a field is "
                + "the usual cause. [csv-field-count]"));
    }

    [Test]
    public void Row_WithTooManyFields_NamesRowAndCounts() =>
        Assert.That(Refusal(FocusText.WithRow().ToString().TrimEnd('\n') + ",,extra\n"), Does.Contain("The row has 14 fields, the "
            + "header has 12."));

    [Test]
    public void Line_ThatIsEmpty_IsFineAtTheEndAndAnErrorBefore()
    {
        var text = FocusText.WithRow().ToString();
        var row = text[(text.IndexOf('\n') + 1)..];
        Assert.Multiple(() =>
        {
            Assert.That(Reading.Of(text + "\n").Delivery.RowCount, Is.EqualTo(1));
            Assert.That(Reading.Of(text + "\r\n").Delivery.RowCount, Is.EqualTo(1));
            Assert.That(Reading.Refusal(text + "\n" + row).Errors.Select(e => (e.RowNumber, e.Rule)), Is.EqualTo(new[] { (2L,
                "csv-blank-line") }));
            Assert.That(Reading.Of(text + "\n" + row, quarantine: true).Lines.Select(l => l.Number), Is.EqualTo(new uint[] { 1, 3 }));
        });
    }

    [TestCase("BilledCost", "+1", "decimal-not-a-number")]
    [TestCase("BilledCost", "1,5", "decimal-not-a-number")]
    [TestCase("ListCost", "NaN", "decimal-not-a-number")]
    [TestCase("ContractedCost", " 1", "decimal-not-a-number")]
    [TestCase("EffectiveCost", "9223372036854775808", "decimal-out-of-range")]
    [TestCase("EffectiveCost", "1E9999", "decimal-out-of-range")]
    [TestCase("PricingQuantity", "1e+", "decimal-not-a-number")]
    [TestCase("ListUnitPrice", "1.", "decimal-not-a-number")]
    [TestCase("ContractedUnitPrice", "x", "decimal-not-a-number")]
    [TestCase("BillingCurrency", "usd", "currency-form")]
    [TestCase("BillingCurrency", "", "value-missing")]
    [TestCase("BillingAccountId", "", "value-missing")]
    [TestCase("ChargeCategory", "", "value-missing")]
    [TestCase("ChargePeriodStart", "", "value-missing")]
    [TestCase("ChargePeriodStart", "2026-05-02", "time-form")]
    [TestCase("ChargePeriodStart", "2026-05-02t03:00:00Z", "time-form")]
    [TestCase("ChargePeriodStart", "2026-05-02T03:00:00.Z", "time-form")]
    [TestCase("ChargePeriodStart", "2026-02-29T00:00:00Z", "time-range")]
    [TestCase("ChargePeriodStart", "2026-05-02T24:00:00Z", "time-range")]
    [TestCase("ChargePeriodStart", "2026-05-02T03:00:60Z", "time-range")]
    [TestCase("ChargePeriodStart", "1969-12-31T00:00:00Z", "time-range")]
    [TestCase("ChargePeriodStart", "2026-05-02T03:00:00.5Z", "time-fraction")]
    [TestCase("ChargePeriodEnd", "2026-05-02T02:59:59Z", "charge-period-end-before-start")]
    [TestCase("ChargePeriodEnd", "2199-05-02T02:59:59Z", "charge-period-too-long")]
    [TestCase("BillingPeriodStart", "2026-05-02T00:00:00Z", "billing-period-start-not-month-start")]
    public void Value_ThatBreaksARule_IsRefusedByFileRowColumnAndValue(string column, string value, string rule)
    {
        var error = Reading.Refusal(FocusText.WithRow().Row((column, value)).ToString()).Errors.Single();
        Assert.That((error.File, error.RowNumber, error.Column, error.Value, error.Rule), Is.EqualTo(("test.csv", 2L, column, value,
            rule)));
    }

    [TestCase("2026-05-02T03:00:00.000Z")]
    [TestCase("2026-05-02T03:00:00.0000000Z")]
    public void Time_WithAZeroFraction_IsOfTheStandard(string time) =>
        Assert.That(Reading.Of(FocusText.WithRow(("ChargePeriodStart", time)).ToString()).Report.Tolerances, Is.Empty);

    [TestCase("SkuId")]
    [TestCase("ResourceId")]
    [TestCase("Tags")]
    public void Text_ThatIsNoUtf8_IsRefused(string column)
    {
        var value = column == "Tags" ? "{\"a\":\"@@\"}" : "a@@b";
        var bytes = Encoding.Latin1.GetBytes(FocusText.WithRow((column, value)).ToString().Replace("@@", "\u00E9",
            StringComparison.Ordinal));
        var refusal = Assert.Throws<DeliveryRejectedException>(() => Reading.Of([TestFiles.Content("latin.csv", bytes)]))!;
        Assert.That(refusal.Errors.Select(e => (e.Column, e.Rule)), Is.EqualTo(new[] { (column, column == "Tags" ? "tags-json"
            : "csv-invalid-utf8") }));
    }

    [Test]
    public void Text_WithABareCarriageReturn_IsRefused() =>
        Assert.That(Reading.Refusal(FocusText.WithRow(("SkuId", "@")).Row().ToString().Replace("@", "a\rb", StringComparison.Ordinal))
            .Errors[0].Rule, Is.EqualTo("csv-stray-carriage-return"));

    [Test]
    public void Parts_WithOtherColumns_AreRefusedWithTheDifference()
    {
        var first = Part("p1.csv", FocusText.WithRow(("SkuId", "s"), ("RegionId", "r")).ToString());
        var second = Part("p2.csv", FocusText.WithRow(("SkuMeter", "m"), ("SkuId", "s")).ToString());
        Assert.That(RefusalOf(first, second), Is.EqualTo(
            "p2.csv: header, value 'RegionId, SkuMeter': The parts of one delivery must have the same columns, in any order. Against "
                + "p1.csv this one lacks RegionId and adds SkuMeter. "
            + "Deliver files of different exports under different sources. [header-parts-differ]"));
    }

    [Test]
    public void Errors_OfOneRow_AreAllReportedAndNothingIsBookedAfterThem()
    {
        var text = FocusText.WithRow(("BilledCost", "x"), ("ChargeCategory", "Refund"), ("ChargePeriodEnd", "soon")).Row(("SkuId", "new"))
            .ToString();
        Assert.That(Reading.Refusal(text).Errors.Select(e => e.Rule), Is.EqualTo(new[] { "decimal-not-a-number", "time-form",
            "enum-value" }));
    }

    [Test]
    public void Errors_OfManyRows_AreCountedAndReadingStops()
    {
        var text = FocusText.WithRow(("BilledCost", "x"));
        for (var i = 0; i < 2_000; i++)
        {
            text.Row(("BilledCost", "y"));
        }

        var errors = Reading.Refusal(text.ToString(), limits: new FormatLimits { MaxReportedErrors = 10 }).Errors;
        Assert.That(errors.Select(e => e.RowNumber), Is.EqualTo(new[] { 1L, 2L }));
        Assert.That(errors[1].Message, Does.EndWith(" 198 more of this kind follow in what was read."));
    }

    [Test]
    public void Quarantine_SetsBadRowsAsideAndKeepsTheirNumbers()
    {
        var text = FocusText.WithRow().Row(("BilledCost", "x"), ("BillingCurrency", "EUR")).Row(("ChargeCategory", "Credit")).ToString()
            + "1,2\n";
        var reading = Reading.Of(text, quarantine: true);
        Assert.Multiple(() =>
        {
            Assert.That(reading.Lines.Select(l => l.Number), Is.EqualTo(new uint[] { 1, 3 }));
            Assert.That(reading.Delivery.RowCount, Is.EqualTo(4));
            Assert.That(reading.Report.Objects.Single().RowCount, Is.EqualTo(4));
            Assert.That(reading.Report.Quarantined.Select(q => (q.RowNumber, q.Rule)), Is.EqualTo(new[] { (2L, "decimal-not-a-number"),
                (4L, "csv-field-count") }));
            Assert.That(reading.Delivery.Totals.Select(t => (t.Currency.Code, t.RowCount)), Is.EqualTo(new[] { ("USD", 1L), ("USD", 1L) }),
                "no currency of a row that was set aside");
        });
    }

    [Test]
    public void Quarantine_AboveItsLimit_RefusesTheDelivery()
    {
        var text = FocusText.WithRow(("BilledCost", "x")).Row(("BilledCost", "x")).Row(("BilledCost", "x")).ToString();
        var refusal = Reading.Refusal(text, quarantine: true, limits: new FormatLimits { MaxQuarantinedRows = 2 });
        Assert.That(refusal.Errors[^1].Rule, Is.EqualTo("too-many-quarantined-rows"));
        Assert.That(Reading.Of(text, quarantine: true, limits: new FormatLimits { MaxQuarantinedRows = 3 }).Report.Quarantined,
            Has.Count.EqualTo(3));
    }

    [Test]
    public void Quarantine_DoesNotCoverABrokenFile() =>
        Assert.That(Reading.Refusal(FocusText.WithRow().ToString() + "a\"b\n", quarantine: true).Errors.Single().ToString(),
            Does.StartWith("test.csv: row 2, value "));

    [Test]
    public void Limits_OnColumnsAndRecords_AreNamed() => Assert.Multiple(() =>
    {
        var text = FocusText.WithRow(("SkuId", new string('s', 2_000))).ToString();
        Assert.That(Refusal(text, new FormatLimits { MaxColumns = 5 }), Does.Contain("The header has 13 columns, more than 5 "
            + "(MaxColumns)."));
        Assert.That(Refusal(text, new FormatLimits { MaxRecordBytes = 1_000 }), Does.StartWith("test.csv: row 1, value '")
            .And.Contain("longer than 1000 bytes (MaxRecordBytes)"));
    });

    [Test]
    public void Limits_OfTheEncoder_NameTheRow()
    {
        var objects = new[] { Part("a.csv", FocusText.WithRow(("SkuId", "1")).Row(("SkuId", "2")).Row(("SkuId", "3")).ToString()) };
        Assert.That(() => Reading.Of(objects, encoderLimits: new LineEncoderLimits { MaxRows = 2 }), Throws.TypeOf<LineLimitException>()
            .With.Message.Contains("a.csv: row 3 reaches"));
        Assert.That(() => Reading.Of(objects, encoderLimits: new LineEncoderLimits { MaxDimensionSets = 2 }),
            Throws.TypeOf<LineLimitException>().With.Message.Contains("a.csv: row 3 reaches"));
    }

    private static ContentObject Part(string name, string text) => TestFiles.Content(name, Encoding.UTF8.GetBytes(text));

    private static string Refusal(string text, FormatLimits? limits = null) => Reading.Refusal(text, limits: limits).Errors.Single()
        .ToString();

    private static string RefusalOf(params ContentObject[] objects) =>
        Assert.Throws<DeliveryRejectedException>(() => Reading.Of(objects))!.Errors.Single().ToString();
}

using CiCost.CostIngest.Formats.Focus;
using CiCost.CostIngest.Formats.GcpBilling;

namespace CiCost.CostIngest.Tests.Formats.GcpBilling;

/// <summary>What is wrong with an export is said by file, row, column and value.</summary>
public sealed class GcpBillingRefusalTests
{
    [TestCase("invoice.month", "\"2026-07\"", "invoice-month-form")]
    [TestCase("invoice.month", "\"202613\"", "invoice-month-form")]
    [TestCase("invoice.month", null, "value-missing")]
    [TestCase("cost_type", "\"gift\"", "enum-value")]
    [TestCase("cost_type", "\"credit\"", "enum-value")]
    [TestCase("cost_type", null, "value-missing")]
    [TestCase("cost", null, "value-missing")]
    [TestCase("cost", "\"1,5\"", "decimal-not-a-number")]
    [TestCase("cost", "\"NaN\"", "decimal-not-a-number")]
    [TestCase("cost", "\"10000000000000000000\"", "decimal-out-of-range")]
    [TestCase("cost", "[1]", "json-shape")]
    [TestCase("cost_at_list", "\"many\"", "decimal-not-a-number")]
    [TestCase("usage_start_time", "\"1783540800000001\"", "time-fraction")]
    [TestCase("usage_start_time", "\"99999999999000000\"", "time-range")]
    [TestCase("usage_start_time", "\"1.7835408E9\"", "time-form")]
    [TestCase("usage_start_time", "\"2026-07-08 20:00:00 UTC\"", "time-utc-form")]
    [TestCase("usage_end_time", "\"1783540799000000\"", "charge-period-end-before-start")]
    [TestCase("currency", "\"dollar\"", "currency-form")]
    [TestCase("billing_account_id", "\"\"", "value-missing")]
    [TestCase("credits", "{}", "json-shape")]
    [TestCase("credits", "[5]", "json-shape")]
    [TestCase("credits", "[{\"type\":\"PROMOTION\"}]", "value-missing")]
    [TestCase("credits", "[{\"type\":\"PROMOTION\",\"amount\":\"x\"}]", "decimal-not-a-number")]
    [TestCase("credits", "[{\"type\":\"PROMOTION\",\"amount\":{}}]", "json-shape")]
    [TestCase("labels", "[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"a\",\"value\":\"2\"}]", "tags-duplicate-key")]
    [TestCase("labels", "\"a=1\"", "json-shape")]
    [TestCase("usage.amount_in_pricing_units", "\"some\"", "decimal-not-a-number")]
    public void Row_BrokenValue_IsRefusedByName(string path, string? json, string rule)
    {
        var error = GcpFile.Refusal(GcpFile.Row((path, json))).Errors[0];
        Assert.That((error.File, error.RowNumber, error.Rule), Is.EqualTo(("2026-07.jsonl", 1L, rule)), error.ToString());
    }

    [Test]
    public void Fault_NamesTheColumn() => Assert.Multiple(() =>
    {
        Assert.That(GcpFile.Refusal(GcpFile.Row(("cost_type", "\"gift\""))).Errors.Single().ToString(), Is.EqualTo(
            "2026-07.jsonl: row 1, column cost_type, value 'gift': This value is not known here. Known are regular, tax, adjustment, "
                + "rounding_error. How a new type of cost is to be booked has to be decided first: its rows would be wrong silently. [enum-value]"));
        Assert.That(GcpFile.Refusal(GcpFile.Row(("usage_start_time", "\"2026-07-08 20:00:00 UTC\""))).Errors[0].Message,
            Does.Contain("--profile bq-extract"));
    });

    [TestCase("{\"a\":1", Description = "cut off")]
    [TestCase("[]")]
    [TestCase("{\"cost\":\"1\",\"cost\":\"2\"}", Description = "a name twice")]
    [TestCase("{\"cost\":\"\\ud800\"}", Description = "half of a surrogate pair")]
    [TestCase("\n{}", Description = "an empty line")]
    [TestCase("<html>")]
    public void Line_ThatIsNoRow_IsRefused(string line) =>
        Assert.That(GcpFile.Refusal(line + "\n").Errors[0].Rule, Is.EqualTo("not-json"));

    [Test]
    public void Line_LongerThanTheLimit_IsRefusedByName()
    {
        var row = GcpFile.Row(("sku.description", "\"" + new string('x', 2_000_000) + "\""));
        var error = GcpFile.Refusal(GcpFile.Row() + row).Errors.Single();
        Assert.That((error.RowNumber, error.Rule), Is.EqualTo((2L, "csv-record-too-long")));
    }

    [TestCase("\"1783540800500000\"", "lenient")]
    [TestCase("\"1783540800500000\"", "bq-extract")]
    [TestCase("\"2026-07-08 20:00:00.500001 UTC\"", "bq-extract")]
    [TestCase("\"2026-07-08 20:00:00.5+00\"", "bq-extract")]
    public void Time_WithAPartOfASecond_CountsAsItsSecondUnderAProfile(string json, string profile)
    {
        var row = GcpFile.Row(("usage_start_time", json));
        var error = GcpFile.Refusal(row).Errors.Single();
        Assert.That((error.Rule, error.Column), Is.EqualTo(("time-fraction", "usage_start_time")));
        Assert.That(error.Message, Does.Contain("--profile bq-extract or lenient"));
        var (read, whole) = (GcpFile.Read(row, profile), GcpFile.Read(GcpFile.Row()));
        Assert.That(read.Lines[0].Row.ChargeStartSeconds, Is.EqualTo(whole.Lines[0].Row.ChargeStartSeconds));
        Assert.That(read.Uses("fractional-times"), Is.EqualTo(1));
    }

    [Test]
    public void Extract_CountsWhatItsProfileLetsPass() => Assert.Multiple(() =>
    {
        var reading = GcpFile.Extract.Read();
        Assert.That(reading.Uses("long-fractions"), Is.EqualTo(2));
        Assert.That(reading.Uses("utc-suffix"), Is.GreaterThan(0));
        Assert.That(GcpFile.Standard.Read().Report.Tolerances, Is.Empty);
        Assert.That(new GcpBillingFormat().Profiles.Keys, Is.EqualTo(new[] { "bq-extract", "malformed-tags", "lenient" }));
        Assert.That(Enum.IsDefined(Tolerance.LongFractions));
    });
}

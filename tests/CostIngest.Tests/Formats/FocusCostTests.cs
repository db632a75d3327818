using System.Text;
using CiCost.CostIngest.Tests.Formats.Native;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>Costs that are empty or 0 beside others, and periods that are none: refused, or named and counted.</summary>
public sealed class FocusCostTests
{
    [TestCase("100")]
    [TestCase("-100")]
    [TestCase("0")]
    [TestCase("1E-10")]
    public void EffectiveCost_EmptyBesideABilledCost_IsRefusedOrTakenByAProfile(string billed)
    {
        var text = FocusText.WithRow().Row(("BilledCost", billed), ("EffectiveCost", "")).ToString();
        var error = Reading.Refusal(text).Errors.Single();
        Assert.That((error.RowNumber, error.Column, error.Rule), Is.EqualTo((2L, "EffectiveCost", "effective-cost-missing")));
        Assert.That(error.Message, Does.Contain("--profile focus-sample or effective-from-billed or lenient"));
        var reading = Reading.Of(text, "effective-from-billed");
        var row = reading.Lines[1].Row;
        Assert.That((row.EffectiveNanos, row.EffectiveResidueAttos), Is.EqualTo((row.BilledNanos, row.BilledResidueAttos)));
        Assert.That((reading.Uses("effective-is-billed"), reading.Report.EmptyCosts), Is.EqualTo((1L, 0L)), "taken, not counted as 0");
    }

    [Test]
    public void EffectiveCost_NullLiteral_IsEmptyToo()
    {
        var reading = Reading.Of(FocusText.WithRow(("EffectiveCost", "NULL")).ToString(), "focus-sample");
        Assert.That(reading.Lines.Single().Row.EffectiveNanos, Is.EqualTo(1_500_000_000L));
        Assert.That((reading.Uses("effective-is-billed"), reading.Uses("null-literal")), Is.EqualTo((1L, 1L)));
    }

    [Test]
    public void Row_WithoutAnyCost_IsZeroAndCounted()
    {
        var text = FocusText.WithRow(("BilledCost", ""), ("EffectiveCost", ""), ("ListCost", ""), ("ContractedCost", "")).ToString();
        Assert.That((Reading.Of(text).Report.EmptyCosts, Reading.Of(text).Report.Tolerances), Is.EqualTo((4L, Array.Empty<object>())));
    }

    [TestCase("BilledCost", "", "Usage", "billed-cost-empty")]
    [TestCase("EffectiveCost", "0", "Usage", "usage-without-effective")]
    [TestCase("EffectiveCost", "0", "Purchase", null)]
    [TestCase("ContractedCost", "", "Usage", "contracted-cost-unknown")]
    [TestCase("ContractedCost", "0.0", "Usage", "contracted-cost-unknown")]
    [TestCase("ContractedCost", "0.0", "Tax", null)]
    [TestCase("ListCost", "", "Usage", "list-cost-unknown")]
    [TestCase("ListCost", "0", "Usage", "list-cost-unknown")]
    [TestCase("ListCost", "0", "Credit", null)]
    public void Cost_EmptyOrZeroBesideAnother_IsNamedAndCounted(string column, string value, string category, string? name)
    {
        var text = FocusText.WithRow(("ChargeCategory", category)).Row(("ChargeCategory", category), (column, value))
            .Row(("ChargeCategory", category), (column, value)).ToString();
        var uses = Reading.Of(text).Report.Tolerances.Select(t => (t.Name, t.Count, t.FirstRowNumber));
        Assert.That(uses, Is.EqualTo(name is null ? Array.Empty<(string, long, long)>() : [(name, 2L, 2L)]));
    }

    [TestCase("oci-focus", "oci-focus-report", "oci-focus-billed")]
    public void OciFocus_EmptyEffectiveCost_IsRefusedOrTakenByAProfile(string kind, string strict, string profile)
    {
        var text = OciRow("100", "");
        var error = NativeFile.Refusal(kind, text, strict).Errors.Single();
        Assert.That((error.RowNumber, error.Column, error.Rule), Is.EqualTo((1L, "EffectiveCost", "effective-cost-missing")));
        Assert.That(error.Message, Does.Contain($"--profile {profile}"));
        var reading = NativeFile.Read(kind, text, profile);
        Assert.That((reading.Lines.Single().Row.EffectiveNanos, reading.Uses("effective-is-billed")), Is.EqualTo((100_000_000_000L, 1L)));
        Assert.That(NativeFile.Read(kind, OciRow("", ""), strict).Report.EmptyCosts, Is.EqualTo(2), "no cost at all");
    }

    [Test]
    public void MappedCsv_EmptyEffectiveCost_IsRefusedOrTakenByAProfile()
    {
        const string mapping = """
            format: mapped-csv/1
            name: Costs
            dates: YYYY-MM-DD
            columns:
              BillingAccountId: {constant: lab-1}
              BillingCurrency: {constant: USD}
              ChargePeriodStart: {column: day}
              ChargeCategory: {constant: Usage}
              ServiceName: {constant: Machines}
              ServiceProviderName: {constant: Lab}
              BilledCost: {column: billed}
              EffectiveCost: {column: effective}
            """;
        Reading Read(string? profile) => Reading.Of(
            [
                TestFiles.Content("neo.yaml", Encoding.UTF8.GetBytes(mapping)),
                TestFiles.Content("neo.csv", "day,billed,effective\n2026-05-01,3,2\n2026-05-01,100,\n"u8.ToArray()),
            ],
            profile, format: NativeFile.FormatOf("mapped-csv"));
        var error = Assert.Throws<DeliveryRejectedException>(() => Read(null))!.Errors.Single();
        Assert.That((error.RowNumber, error.Column, error.Rule), Is.EqualTo((2L, "effective", "effective-cost-missing")));
        var reading = Read("effective-from-billed");
        Assert.That(reading.Lines.Select(l => l.Row.EffectiveNanos), Is.EqualTo(new[] { 2_000_000_000L, 100_000_000_000L }));
        Assert.That(reading.Uses("effective-is-billed"), Is.EqualTo(1));
    }

    [Test]
    public void ChargePeriod_ThatEndsWhenItBegins_IsNamedAndCounted()
    {
        var reading = Reading.Of(FocusText.WithRow(("ChargePeriodEnd", "2026-05-02T03:00:00Z")).Row().ToString());
        Assert.That((reading.Uses("zero-length-period"), reading.Lines[0].Row.ChargeSeconds), Is.EqualTo((1L, 0)));
    }

    [TestCase("2026-06-01T00:00:00Z", 0)]
    [TestCase("2026-05-31T23:59:59Z", 2)]
    [TestCase("2026-08-01T00:00:00Z", 2)]
    [TestCase("", 2)]
    public void BillingPeriodEnd_OfAnotherPeriod_IsNamedAndCounted(string end, long uses)
    {
        var reading = Reading.Of(FocusText.WithRow(("BillingPeriodEnd", end)).Row(("BillingPeriodEnd", end)).Row().ToString());
        Assert.That(reading.Uses("billing-period-end"), Is.EqualTo(uses));
        Assert.That(reading.Lines.Select(l => l.Row.BillingMonthIndex).Distinct().Count(), Is.EqualTo(1));
    }

    private static string OciRow(string billed, string effective) =>
        "BillingAccountId,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BilledCost,EffectiveCost,ListCost,"
            + "ProviderName,ServiceCategory,ServiceName\n"
            + $"acct,USD,2026-05-01T00:00Z,2026-05-04T00:00Z,2026-05-05T00:00Z,Usage,{billed},{effective},120,Oracle,Compute,COMPUTE\n";
}

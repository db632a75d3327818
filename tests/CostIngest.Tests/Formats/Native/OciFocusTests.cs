using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Tests.Formats.Native;

/// <summary>Oracle's FOCUS report: FOCUS 1.0 with the column names of its preview.</summary>
[TestFixture]
public sealed class OciFocusTests
{
    internal const string Profile = "oci-focus-report";

    private const string Header = "AvailabilityZone,BilledCost,BillingAccountId,BillingCurrency,BillingPeriodEnd,BillingPeriodStart,ChargeCategory,"
        + "ChargeFrequency,ChargePeriodEnd,ChargePeriodStart,ChargeSubcategory,EffectiveCost,InvoiceIssuer,ListCost,ListUnitPrice,PricingCategory,"
        + "PricingQuantity,PricingUnit,Provider,Publisher,Region,ServiceCategory,ServiceName,Tags,UsageQuantity,UsageUnit,oci_CompartmentName";

    [Test]
    public void Read_ARow_HasTheMeaningOfFocusOneFour()
    {
        var line = NativeFile.Read("oci-focus", Row(), Profile).Lines.Single();

        Assert.That(NativeFile.Show(line).ReplaceLineEndings("\n"), Is.EqualTo(
            "1 2026-06-30T23:00+3600s in 2026-07 billed 1.000000000000000001 effective 0.5 list 2 contracted 1.000000000000000001\n"
            + "   BillingAccountId=acct; BillingCurrency=USD; InvoiceIssuerName=Oracle; ServiceProviderName=Oracle; HostProviderName=Oracle; "
            + "x_PublisherName=Oracle; ServiceCategory=Compute; ServiceName=COMPUTE; ChargeCategory=Usage; ChargeFrequency=Usage-Based; "
            + "PricingCategory=Standard; PricingCurrency=USD; PricingUnit=OCPU Hours; ConsumedUnit=OCPU Hours; RegionId=us-ashburn-1; AvailabilityZone=AD-1; "
            + "CommitmentDiscountStatus=Used\n"
            + "   oci_CompartmentName=ci | "
            + $" {line.Resource.Name} | {{\"team\":\"ci\"}} | 0.2  | 10+0n\n"));
    }

    [Test]
    public void Read_ContractedCostThatIsThere_IsTaken()
    {
        var line = NativeFile.Read("oci-focus", Row().Replace("\n", ",ContractedCost\n", StringComparison.Ordinal).TrimEnd()
            .Replace(",ci,ContractedCost", ",ci,0.75", StringComparison.Ordinal) + "\n", Profile).Lines.Single();

        Assert.That(line.Row.ContractedNanos, Is.EqualTo(750_000_000));
    }

    [TestCase("On-Demand,10", "Commitment-Based,10", DimensionColumn.PricingCategory, "Committed")]
    [TestCase("On-Demand,10", "on-demand,10", DimensionColumn.PricingCategory, "Standard")]
    [TestCase("Used Commitment", "Unused Commitment", DimensionColumn.CommitmentDiscountStatus, "Unused")]
    [TestCase("Used Commitment", "On-Demand", DimensionColumn.CommitmentDiscountStatus, null)]
    [TestCase("Usage,Usage-Based", "Adjustment,One-Time", DimensionColumn.ChargeCategory, "Adjustment")]
    public void Read_WordsOfThePreview_BecomeThoseOfFocus(string from, string to, DimensionColumn column, string? value)
    {
        var line = NativeFile.Read("oci-focus", Row().Replace(from, to, StringComparison.Ordinal), Profile).Lines.Single();

        Assert.That(line.Set[column], Is.EqualTo(value));
    }

    [TestCase("Usage,Usage-Based", "Gift,Usage-Based", "enum-value", "Gift")]
    [TestCase("Usage,Usage-Based", "Usage,Often", "enum-value", "Often")]
    [TestCase("2026-07-01T00:00Z,Usage", "2026-07-02T00:00Z,Usage", "billing-period-start-not-month-start", "2026-07-02")]
    public void Read_WhatIsNotKnown_IsRefused(string from, string to, string rule, string value)
    {
        var error = NativeFile.Refusal("oci-focus", Row().Replace(from, to, StringComparison.Ordinal), Profile).Errors[0];

        Assert.That((error.Rule, error.Value), Is.EqualTo((rule, error.Value)));
        Assert.That(error.Value, Does.Contain(value));
    }

    [Test]
    public void Read_TimesWithoutSeconds_NeedTheProfile() =>
        Assert.That(NativeFile.Refusal("oci-focus", Row()).Errors[0].Rule, Is.EqualTo("time-without-seconds"));

    [Test]
    public void Read_AnotherFile_NamesTheColumnsThatAreMissing() =>
        Assert.That(NativeFile.Refusal("oci-focus", "a,b\n1,2\n", Profile).Errors[0].Message, Does.Contain("ProviderName"));

    internal static string RowWith(string cost, string quantity, string price) => Row()
        .Replace("1.000000000000000001", cost, StringComparison.Ordinal).Replace(",10,OCPU", $",{quantity},OCPU", StringComparison.Ordinal)
        .Replace(",2,0.2,", $",2,{price},", StringComparison.Ordinal);

    private static string Row() => Header + "\nAD-1,1.000000000000000001,acct,USD,2026-08-01T00:00Z,2026-07-01T00:00Z,Usage,Usage-Based,2026-07-01T00:00Z,"
        + "2026-06-30T23:00Z,Used Commitment,0.5,Oracle,2,0.2,On-Demand,10,OCPU Hours,Oracle,Oracle,us-ashburn-1,Compute,COMPUTE,"
        + "\"{\"\"team\"\": \"\"ci\"\"}\",10,OCPU Hours,ci\n";
}

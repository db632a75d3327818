using CiCost.Domain.Lines;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Tests.Formats.Native;

/// <summary>
/// The names that Azure's files of one kind have: enterprise agreement (finops-toolkit's EA_ActualCost_Small.csv; focus_converters 304), CSP
/// (focus_converters 253), pay-as-you-go, and a portal in German (kubecost 1526).
/// </summary>
public sealed class AzureSpellingTests
{
    private const string EaHeader = "BillingAccountId,BillingAccountName,BillingPeriodStartDate,BillingPeriodEndDate,SubscriptionId,Date,Product,MeterId,"
        + "MeterCategory,MeterName,Quantity,EffectivePrice,Cost,UnitPrice,BillingCurrency,ResourceLocation,ConsumedService,ResourceId,Tags,"
        + "UnitOfMeasure,ChargeType,Frequency,PublisherType,PayGPrice,PricingModel";

    private const string CspHeader = "billingAccountName,billingPeriodEndDate,billingPeriodStartDate,date,consumedService,meterId,meterName,"
        + "meterCategory,ProductName,SubscriptionId,publisherType,resourceGroupName,ResourceId,location,quantity,unitOfMeasure,chargeType,"
        + "billingCurrency,costInBillingCurrency,costInUsd,tags,PayGPrice,frequency,pricingModel,unitPrice";

    [Test]
    public void EaFile_WithCostAndProduct_IsBookedAndDescribed()
    {
        var reading = Read(Ea("Usage", "07/01/2026", "07/31/2026"));
        var line = reading.Lines.Single();
        Assert.That((line.Row.BilledNanos, line.Row.EffectiveNanos, line.Row.ListNanos), Is.EqualTo((2_000_000_000L, 2_000_000_000L, 2_200_000_000L)));
        Assert.That(line.Set[DimensionColumn.ChargeDescription], Is.EqualTo("Virtual Machines D4s v3"));
        Assert.That(reading.Report.Tolerances, Is.Empty, "all columns of money and text are read or known");
    }

    [Test]
    public void CspFile_InCamelCase_IsBooked()
    {
        var line = Read($"{CspHeader}\nContoso,07/31/2026,07/01/2026,07/04/2026,Microsoft.Compute,m1,D4s v3,Virtual Machines,VM D4s v3,sub-1,Azure,"
            + "ci,/subscriptions/sub-1/vm/1,US East,10,1 Hour,Usage,USD,2.0,2.0,,0.22,UsageBased,OnDemand,0.2\n").Lines.Single();
        Assert.That((line.Row.BilledNanos, line.Set[DimensionColumn.BillingAccountId], line.Set[DimensionColumn.ChargeDescription],
            line.Set[DimensionColumn.RegionId]), Is.EqualTo((2_000_000_000L, "Contoso", "VM D4s v3", "useast")));
    }

    [TestCase("usage", "Usage")]
    [TestCase("purchase", "Purchase")]
    public void ChargeType_InLowerCase_IsThatType(string type, string category) =>
        Assert.That(Read(Ea(type, "07/01/2026", "07/31/2026")).Lines.Single().Set[DimensionColumn.ChargeCategory], Is.EqualTo(category));

    [Test]
    public void ChargeType_OfAnAmortisedFileInLowerCase_IsRefusedAsSuch() =>
        Assert.That(NativeFile.Refusal("azure-ea", Ea("unusedreservation", "07/01/2026", "07/31/2026")).Errors.Single().Rule,
            Is.EqualTo("azure-amortised-file"));

    [TestCase("07/15/2026", "08/14/2026", "2026-07")]
    [TestCase("06/20/2026", "07/19/2026", "2026-07")]
    [TestCase("06/20/2026", "", "2026-06")]
    public void PayAsYouGo_PeriodWithinMonths_IsOfTheMonthOfItsMiddle(string start, string end, string month)
    {
        var text = Ea("Usage", start, end);
        var error = NativeFile.Refusal("azure-ea", text).Errors.Single();
        Assert.That((error.Rule, error.Column), Is.EqualTo(("billing-period-start-not-month-start", "BillingPeriodStartDate")));
        Assert.That(error.Message, Does.Contain("--profile azure-payg"));
        var reading = NativeFile.Read("azure-ea", text, "azure-payg");
        Assert.That(BillingMonth.FromIndex(reading.Lines.Single().Row.BillingMonthIndex).ToString(), Is.EqualTo(month));
        Assert.That(reading.Uses("month-start-offset"), Is.EqualTo(1));
    }

    [TestCase("Name der Abteilung (DepartmentName),Abonnement-GUID (SubscriptionGuid),Kategorie der Verbrauchseinheit (MeterCategory)",
        "Abonnement-GUID (SubscriptionGuid)")]
    [TestCase("Abrechnungskonto,Datum,Maßeinheit,Kosten", "Maßeinheit")]
    public void Header_InGerman_IsSaidToBe(string header, string named)
    {
        var error = NativeFile.Refusal("azure-ea", $"{header}\na,b,c\n").Errors.Single();
        Assert.That(error.Rule, Is.EqualTo("header-missing-columns"));
        Assert.That(error.Message, Does.Contain($"The header is in another language ('{named}')").And.Contains("Set it to English"));
    }

    private static string Ea(string type, string start, string end) =>
        $"{EaHeader}\n9999,Acct,{start},{end},sub-1,07/04/2026,Virtual Machines D4s v3,m1,Virtual Machines,D4s v3,10,0.2,2.0,0.2,USD,EastUS,"
            + $"Microsoft.Compute,/subscriptions/sub-1/vm/1,,1 Hour,{type},UsageBased,Azure,0.22,OnDemand\n";

    private static Reading Read(string text) => NativeFile.Read("azure-ea", text);
}

using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Tests.Formats.Native;

/// <summary>The Cost and Usage Report: its real file, its traps, its refusals.</summary>
public sealed class AwsCurTests
{
    private static readonly NativeFile Types = NativeFile.All.Single(f => f.Path.EndsWith("line-item-types.csv", StringComparison.Ordinal));

    [Test]
    public void RealFile_NeedsNoTolerance() => Assert.Multiple(() =>
    {
        var reading = NativeFile.AwsSample.Read();
        Assert.That(reading.Report.Tolerances.Select(t => (t.Name, t.Example)),
            Is.EqualTo(new[] { ("unread-columns", "product/feeDescription, product/groupDescription") }));
        Assert.That(reading.Report.FormatVersion, Is.EqualTo("cur-1"));
        Assert.That(reading.Lines.GroupBy(l => l.Set[DimensionColumn.ChargeCategory]).ToDictionary(g => g.Key!, g => g.Count()),
            Is.EqualTo(new Dictionary<string, int> { ["Usage"] = 921, ["Tax"] = 8 }));
    });

    [Test]
    public void RealFile_RepeatedLineItemIds_AreRowsOfTheirOwn() => Assert.Multiple(() =>
    {
        var ids = NativeFile.AwsSample.Text.TrimEnd().Split('\n').Skip(1).Select(r => r.Split(',')[0]).ToList();
        Assert.That(ids.Distinct().Count(), Is.EqualTo(345));
        Assert.That(NativeFile.AwsSample.Read().Lines, Has.Count.EqualTo(ids.Count));
    });

    [Test]
    public void RealFile_SubscriptionIdOfAnOnDemandRow_IsNoCommitment() =>
        Assert.That(NativeFile.AwsSample.Read().Lines.Select(l => l.Set[DimensionColumn.CommitmentDiscountId]), Is.All.Null);

    [Test]
    public void RealFile_TaxWithOnDemandCostZero_ListsItsOwnCost() => Assert.Multiple(() =>
    {
        var tax = NativeFile.AwsSample.Read().Lines.Where(l => l.Set[DimensionColumn.ChargeCategory] == "Tax").ToList();
        Assert.That(tax.Select(l => l.Row.ListNanos), Is.EqualTo(tax.Select(l => l.Row.BilledNanos)));
        Assert.That(tax.Sum(l => l.Row.BilledNanos), Is.EqualTo(70_000_000));
    });

    [TestCase("Flat", "enum-value", "Known are Usage, DiscountedUsage")]
    [TestCase("usage", "enum-value", "has to be decided first")]
    [TestCase("", "value-missing", "cannot be booked without this value")]
    public void Row_UnknownLineItemType_IsRefused(string type, string rule, string words)
    {
        var error = NativeFile.Refusal("aws-cur", Types.WithRow(("lineItem/LineItemType", type))).Errors.Single();
        Assert.That((error.File, error.RowNumber, error.Column, error.Value, error.Rule),
            Is.EqualTo(("bill.csv", 1L, "lineItem/LineItemType", type, rule)));
        Assert.That(error.Message, Does.Contain(words));
    }

    [TestCase("bill/BillingPeriodStartDate", "2026-05-02T00:00:00Z", "billing-period-start-not-month-start")]
    [TestCase("lineItem/UsageStartDate", "05/03/2026", "time-form")]
    [TestCase("lineItem/UsageStartDate", "2026-05-03T10:00:00", "time-without-zone")]
    [TestCase("lineItem/UsageEndDate", "2026-05-03T09:00:00Z", "charge-period-end-before-start")]
    [TestCase("lineItem/UnblendedCost", "1,5", "decimal-not-a-number")]
    [TestCase("lineItem/UnblendedCost", "10000000000000000000", "decimal-out-of-range")]
    [TestCase("lineItem/CurrencyCode", "usd", "currency-form")]
    [TestCase("bill/PayerAccountId", "", "value-missing")]
    [TestCase("pricing/publicOnDemandRate", "n/a", "decimal-not-a-number")]
    public void Row_BrokenField_IsRefusedByName(string column, string value, string rule)
    {
        var error = NativeFile.Refusal("aws-cur", Types.WithRow((column, value))).Errors[0];
        Assert.That(error.Rule, Is.EqualTo(rule), error.ToString());
        Assert.That(error.RowNumber, Is.EqualTo(1));
    }

    [Test]
    public void Row_TimeWithoutZone_PassesUnderTheAthenaProfile()
    {
        var text = Types.WithRow(("lineItem/UsageStartDate", "2026-05-03 10:00:00.000"));
        Assert.That(NativeFile.Refusal("aws-cur", text).Errors.Single().Message, Does.Contain("--profile athena"));
        Assert.That(NativeFile.Read("aws-cur", text, "athena").Uses("zoneless-utc"), Is.EqualTo(1));
    }

    [Test]
    public void Row_CoveredUsageWithoutEffectiveCost_IsRefused() =>
        Assert.That(NativeFile.Refusal("aws-cur", Types.WithRow(("lineItem/LineItemType", "DiscountedUsage"))).Errors.Single().ToString(),
            Is.EqualTo("bill.csv: row 1, column reservation/EffectiveCost: A row cannot be booked without this value. [value-missing]"));

    [Test]
    public void Row_CoveredUsageInAReportWithoutItsColumn_NamesTheColumn()
    {
        var text = Types.WithRow(("lineItem/LineItemType", "DiscountedUsage"))
            .Replace("reservation/EffectiveCost", "reservation/Other", StringComparison.Ordinal);
        var error = NativeFile.Refusal("aws-cur", text).Errors.Single();
        Assert.That(error.Rule, Is.EqualTo("column-missing"));
        Assert.That(error.Message, Does.Contain("the column reservation/EffectiveCost"));
    }

    [Test]
    public void Delivery_NegationWithoutItsUsage_IsRefusedOrBilledAsStated()
    {
        var text = Types.WithRow(("lineItem/LineItemType", "SavingsPlanNegation"), ("lineItem/UnblendedCost", "-0.4"));
        var error = NativeFile.Refusal("aws-cur", text).Errors.Single();
        Assert.That((error.Rule, error.Value), Is.EqualTo(("savings-plan-unbalanced", "-0.4 USD")));
        Assert.That(error.Message, Does.Contain("--profile savings-plan-as-stated"));
        var line = NativeFile.Read("aws-cur", text, "savings-plan-as-stated").Lines.Single();
        Assert.That((line.Row.BilledNanos, line.Row.EffectiveNanos), Is.EqualTo((-400_000_000L, 0L)));
    }

    [Test]
    public void SavingsPlan_CoveredAndUnused_SumToTheCommitment()
    {
        var lines = Types.Read().Lines.Where(l => l.Set[DimensionColumn.CommitmentDiscountCategory] == "Spend").ToList();
        Assert.That(lines.Sum(l => l.Row.EffectiveNanos), Is.EqualTo(314_155_251), "TotalCommitmentToDate, rounded to nanos");
        Assert.That(lines.Sum(l => l.Row.BilledNanos), Is.EqualTo(1_000_200_000_000), "the two fees");
    }

    [Test]
    public void Row_DiscountWithoutNetCostInANetReport_IsRefused()
    {
        var net = NativeFile.All.Single(f => f.Path.EndsWith("cur2-net.csv", StringComparison.Ordinal));
        var text = net.WithRow(("line_item_line_item_type", "EdpDiscount"), ("line_item_net_unblended_cost", ""));
        Assert.That(NativeFile.Refusal("aws-cur", text).Errors.Single().Rule, Is.EqualTo("net-cost-missing"));
        Assert.That(net.Read().Report.FormatVersion, Is.EqualTo("cur-2"));
    }

    [Test]
    public void Parts_WithOneProductColumnMore_AreOneDelivery_AndWhatNobodyReadsIsNamed()
    {
        var text = Types.WithRow();
        var more = $"{text.Split('\n')[0]},product/gpuDescription\n{text.Split('\n')[1]},A100\n";
        var reading = Reading.Of(
            [
                TestFiles.Content("1.csv", System.Text.Encoding.UTF8.GetBytes(text)),
                TestFiles.Content("2.csv", System.Text.Encoding.UTF8.GetBytes(more)),
            ],
            format: NativeFile.FormatOf("aws-cur"));
        Assert.That(reading.Lines, Has.Count.EqualTo(2));
        Assert.That(reading.Report.Tolerances.Select(t => (t.Name, t.Example)),
            Is.EqualTo(new[] { ("unread-columns", "product/gpuDescription") }));
        var without = text.Replace("lineItem/LineItemDescription", "lineItem/Other", StringComparison.Ordinal);
        Assert.That(Assert.Throws<DeliveryRejectedException>(() => Reading.Of(
            [
                TestFiles.Content("1.csv", System.Text.Encoding.UTF8.GetBytes(text)),
                TestFiles.Content("2.csv", System.Text.Encoding.UTF8.GetBytes(without)),
            ],
            format: NativeFile.FormatOf("aws-cur")))!.Errors.Single().Value, Is.EqualTo("lineItem/LineItemDescription"));
    }

    [Test]
    public void Row_OfNoLength_IsNamedAndCounted() =>
        Assert.That(NativeFile.Read("aws-cur", Types.WithRow(("lineItem/UsageEndDate", "2026-05-03T10:00:00Z"))).Uses("zero-length-period"),
            Is.EqualTo(1));

    [Test]
    public void Header_BothSpellingsOfOneColumn_IsRefused()
    {
        var text = Types.Text.Replace("identity/LineItemId", "line_item_unblended_cost", StringComparison.Ordinal);
        Assert.That(NativeFile.Refusal("aws-cur", text).Errors.Single().Rule, Is.EqualTo("header-duplicate-name"));
    }

    [Test]
    public void Credit_OfEachKind_IsToldApartByCategoryClassAndText()
    {
        var lines = Types.Read().Lines.Where(l => l.Row.BilledNanos < 0
            || l.Set[DimensionColumn.ChargeCategory] == "Credit").Select(l => (l.Set[DimensionColumn.ChargeCategory],
                l.Set[DimensionColumn.ChargeClass], l.Set[DimensionColumn.ChargeDescription])).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(lines.Where(l => l.Item1 == "Credit").Select(l => l.Item3), Is.EqualTo(new[]
            {
                "AWS Open Source Promotional Credits", "SLA credit for EC2", "AWS Open Source Promotional Credits",
            }));
            Assert.That(lines.Where(l => l.Item2 == "Correction").Select(l => l.Item1), Is.EqualTo(new[] { "Usage", "Purchase" }));
            Assert.That(lines.Count(l => l.Item1 == "Adjustment"), Is.EqualTo(7));
        });
    }
}

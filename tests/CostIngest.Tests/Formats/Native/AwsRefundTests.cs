using System.Text;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Tests.Formats.Native;

/// <summary>
/// Commitments given back (accounting.md, 10): a refund undoes what its fee booked, in both forms of the report. Texts and empty ARNs as
/// AWS writes them: cloud-intelligence-dashboards-framework, issues 1087 and 1497, pull request 1515.
/// </summary>
[TestFixture("aws-cur")]
[TestFixture("aws-cur2")]
public sealed class AwsRefundTests(string kind)
{
    private const string Plan = "arn:aws:savingsplans::111122223333:savingsplan/a1b2c3d4-0001";
    private const string Reserved = "arn:aws:ec2:us-east-1:111122223333:reserved-instances/ri-9";
    private const string PlanFee = "USD $43800.0 one-time fee for 1 year All Upfront Compute Savings Plan ID: a1b2c3d4-0001";
    private const string PlanRefund = "Refund for one-time fee for Savings Plan ID: a1b2c3d4-0001";

    private static readonly string[][] Names =
    [
        ["type", "lineItem/LineItemType", "line_item_line_item_type"],
        ["product", "lineItem/ProductCode", "line_item_product_code"],
        ["cost", "lineItem/UnblendedCost", "line_item_unblended_cost"],
        ["text", "lineItem/LineItemDescription", "line_item_line_item_description"],
        ["account", "lineItem/UsageAccountId", "line_item_usage_account_id"],
        ["list", "pricing/publicOnDemandCost", "pricing_public_on_demand_cost"],
        ["ri", "reservation/ReservationARN", "reservation_reservation_a_r_n"],
        ["unusedUpfront", "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
            "reservation_unused_amortized_upfront_fee_for_billing_period"],
        ["unusedRecurring", "reservation/UnusedRecurringFee", "reservation_unused_recurring_fee"],
        ["plan", "savingsPlan/SavingsPlanARN", "savings_plan_savings_plan_a_r_n"],
        ["planEffective", "savingsPlan/SavingsPlanEffectiveCost", "savings_plan_savings_plan_effective_cost"],
        ["total", "savingsPlan/TotalCommitmentToDate", "savings_plan_total_commitment_to_date"],
        ["used", "savingsPlan/UsedCommitment", "savings_plan_used_commitment"],
    ];

    private static (string, string)[] Usage => [("type", "Usage"), ("product", "AmazonEC2"), ("cost", "100"), ("list", "100")];

    private static (string, string)[] UpfrontFee =>
        [("type", "SavingsPlanUpfrontFee"), ("product", "ComputeSavingsPlans"), ("cost", "43800"), ("text", PlanFee), ("plan", Plan)];

    private static (string, string)[] RecurringFee => [("type", "SavingsPlanRecurringFee"), ("product", "ComputeSavingsPlans"),
        ("cost", "10"), ("text", "1 year No Upfront Compute Savings Plan"), ("plan", Plan), ("total", "10"), ("used", "4")];

    private static (string, string)[] Covered => [("type", "SavingsPlanCoveredUsage"), ("cost", "0.5"), ("plan", Plan), ("planEffective", "0.2")];

    private static (string, string)[] Negation => [("type", "SavingsPlanNegation"), ("cost", "-0.5"), ("plan", Plan)];

    private static (string, string)[] Refund(string cost, string text, params (string, string)[] more) =>
        [("type", "Refund"), ("product", "ComputeSavingsPlans"), ("cost", cost), ("text", text), .. more];

    [TestCase("", "")]
    [TestCase("plan", Plan)]
    public void UpfrontFee_GivenBack_LeavesTheUsage(string column, string arn)
    {
        (string, string)[] refund = [.. Refund("-43800", PlanRefund), .. column.Length > 0 ? [(column, arn)] : Array.Empty<(string, string)>()];
        foreach (var rows in new[] { new[] { UpfrontFee, refund, Usage }, [refund, Usage, UpfrontFee] })
        {
            var reading = Read(rows);
            Assert.That((Billed(reading), Effective(reading)), Is.EqualTo((100_000_000_000L, 100_000_000_000L)));
            Assert.That(Refunds(reading).Select(Show), Is.EqualTo(new[] { $"Purchase Correction {Plan} Spend -43800 0" }));
            Assert.That(Notices(reading), Is.Empty, "the delivery shows the fee");
        }
    }

    [Test]
    public void UpfrontFee_GivenBackInPart_LeavesConsumption() =>
        Assert.That(Show(Refunds(Read(UpfrontFee, Refund("-21900.5", PlanRefund))).Single()),
            Is.EqualTo($"Purchase Correction {Plan} Spend -21900.5 0"));

    [Test]
    public void UpfrontFee_InAnotherPartOfTheDelivery_IsFound()
    {
        var reading = Reading.Of(
            [
                TestFiles.Content("1.csv", Encoding.UTF8.GetBytes(Text(Refund("-43800", PlanRefund)))),
                TestFiles.Content("2.csv", Encoding.UTF8.GetBytes(Text(UpfrontFee))),
            ],
            format: NativeFile.FormatOf(kind));
        Assert.That(reading.Lines.Select(l => l.Set[DimensionColumn.CommitmentDiscountId]), Is.All.EqualTo(Plan));
        Assert.That(Notices(reading), Is.Empty);
    }

    [Test]
    public void UpfrontFee_OfAnEarlierMonth_IsNamedByTheRowsThatItCovers()
    {
        var reading = Read(Covered, Negation, Refund("-43800", PlanRefund));
        Assert.That(Show(Refunds(reading).Single()), Is.EqualTo($"Purchase Correction {Plan} Spend -43800 0"));
        Assert.That(Notices(reading), Is.Empty);
    }

    [Test]
    public void UpfrontFee_OfAnEarlierMonth_IsNamedByAccountAndId()
    {
        var reading = Read(Usage, Refund("-43800", PlanRefund, ("account", "111122223333")));
        Assert.That(Show(Refunds(reading).Single()), Is.EqualTo($"Purchase Correction {Plan} Spend -43800 0"));
        Assert.That(reading.Uses("commitment-of-description"), Is.EqualTo(1), "nothing in the delivery confirms it");
    }

    [TestCase("-10", "-6")]
    [TestCase("-5", "-3")]
    [TestCase("10", "6")]
    public void RecurringFee_GivenBack_TakesItsUnusedPartBack(string cost, string effective)
    {
        var reading = Read(RecurringFee, Refund(cost, "Refund for recurring fee for 1 year No Upfront Savings Plan ID: a1b2c3d4-0001"));
        Assert.That(Show(Refunds(reading).Single()), Is.EqualTo($"Purchase Correction {Plan} Spend {cost} {effective}"));
        Assert.That(Notices(reading), Is.Empty);
    }

    [TestCase("Refund for Reserved Instance", "-6")]
    [TestCase("Refund for hourly fee", "-6")]
    public void Refund_OfTheOnlyFee_IsOfThatFee(string text, string effective) =>
        Assert.That(Show(Refunds(Read(RecurringFee, Refund("-10", text, ("plan", Plan)))).Single()),
            Is.EqualTo($"Purchase Correction {Plan} Spend -10 {effective}"));

    [TestCase("Refund", true)]
    [TestCase("Refund for Sign up charge for subscription: 123, planId: 456", false)]
    public void ReservationFee_GivenBack_LeavesTheUsage(string text, bool hasArn)
    {
        (string, string)[] fee = [("type", "Fee"), ("product", "AmazonEC2"), ("cost", "1000"), ("ri", Reserved),
            ("text", "Sign up charge for subscription: 123, planId: 456")];
        var refund = Refund("-1000", text, ("product", "AmazonEC2"), ("ri", hasArn ? Reserved : ""));
        var reading = Read(fee, refund, Usage);
        Assert.That(Effective(reading), Is.EqualTo(100_000_000_000L));
        Assert.That(Show(Refunds(reading).Single()), Is.EqualTo($"Purchase Correction {Reserved} Usage -1000 0"));
        Assert.That(Notices(reading), Is.Empty);
    }

    [Test]
    public void ReservationsMonthlyFee_GivenBackByHalf_TakesHalfOfWhatItBookedBack()
    {
        (string, string)[] fee = [("type", "RIFee"), ("product", "AmazonEC2"), ("cost", "74.4"), ("ri", Reserved), ("unusedUpfront", "1.25"),
            ("unusedRecurring", "3.1")];
        var refund = Refund("-37.2", "Refund of hourly fee", ("product", "AmazonEC2"), ("ri", Reserved));
        Assert.That(Show(Refunds(Read(fee, refund)).Single()), Is.EqualTo($"Purchase Correction {Reserved} Usage -37.2 -2.175"));
    }

    [Test]
    public void Refund_OfAFeeThatTheDeliveryDoesNotShow_IsTakenOutOfWhatWasPaidAhead_AndCounted()
    {
        var reading = Read(Usage, Refund("-10", "Refund for recurring fee", ("plan", Plan)), Refund("-1", "Refund", ("plan", Plan)));
        Assert.That(Refunds(reading).Select(Show), Is.EqualTo(new[]
        {
            $"Purchase Correction {Plan} Spend -10 0", $"Purchase Correction {Plan} Spend -1 0",
        }));
        Assert.That(reading.Uses("refund-of-unknown-fee"), Is.EqualTo(2));
    }

    [Test]
    public void Refund_OfAFeeOfNoNamedCommitment_IsCounted()
    {
        var reading = Read(Usage, Refund("-10", "Refund for one-time fee for Savings Plan"));
        Assert.That(Show(Refunds(reading).Single()), Is.EqualTo("Purchase Correction   -10 0"));
        Assert.That(reading.Uses("refund-without-commitment"), Is.EqualTo(1));
    }

    [TestCase("EDP discount refund for 2026-04", "", "Usage Correction   -8869.54 -8869.54")]
    [TestCase("Refund: Enterprise Discount Program", Plan, $"Purchase Correction {Plan} Spend -8869.54 -8869.54")]
    [TestCase("Private Pricing Addendum true-up", "", "Usage Correction   -8869.54 -8869.54")]
    public void DiscountOnThePlansProduct_LowersConsumption(string text, string arn, string shown)
    {
        var reading = Read(UpfrontFee, Refund("-8869.54", text, ("plan", arn)));
        Assert.That(Show(Refunds(reading).Single()), Is.EqualTo(shown));
        Assert.That(Effective(reading), Is.EqualTo(-8_869_540_000_000L));
    }

    [TestCase("Refund for EC2 usage in April", "AmazonEC2")]
    [TestCase("Refund for Marketplace subscription: abc-1", "AmazonEC2")]
    [TestCase("", "AmazonS3")]
    public void RefundOfACharge_LowersConsumption(string text, string product) =>
        Assert.That(Show(Refunds(Read(Usage, Refund("-7.77", text, ("product", product)))).Single()),
            Is.EqualTo("Usage Correction   -7.77 -7.77"));

    [Test]
    public void RefundOnThePlansProduct_ThatSaysNothing_IsRefusedOrAsTheProfileSays()
    {
        var text = Text(Usage, Refund("-7.77", "Billing adjustment"));
        var error = NativeFile.Refusal(kind, text).Errors.Single();
        Assert.That((error.RowNumber, error.Rule, error.Value), Is.EqualTo((2L, "refund-unclear", "Billing adjustment")));
        Assert.That(error.Message, Does.Contain("--profile refunds-of-fees").And.Contain("--profile refunds-of-discounts"));
        var fees = NativeFile.Read(kind, text, "refunds-of-fees");
        Assert.That((Show(fees.Lines[1]), fees.Uses("refund-of-fee")), Is.EqualTo(("Purchase Correction   -7.77 0", 1L)));
        var discounts = NativeFile.Read(kind, text, "refunds-of-discounts");
        Assert.That((Show(discounts.Lines[1]), discounts.Uses("refund-of-discount")), Is.EqualTo(("Usage Correction   -7.77 -7.77", 1L)));
    }

    private static IEnumerable<ReadLine> Refunds(Reading reading) =>
        reading.Lines.Where(l => l.Set[DimensionColumn.ChargeClass] == "Correction");

    /// <summary>All but the map cost_category of CUR 2.0, which nobody reads.</summary>
    private static IEnumerable<string> Notices(Reading reading) => reading.Report.Tolerances.Select(t => t.Name).Except(["unread-columns"]);

    private static long Billed(Reading reading) => reading.Lines.Sum(l => l.Row.BilledNanos);

    private static long Effective(Reading reading) => reading.Lines.Sum(l => l.Row.EffectiveNanos);

    private static string Show(ReadLine line) => string.Join(' ',
        line.Set[DimensionColumn.ChargeCategory], line.Set[DimensionColumn.ChargeClass], line.Set[DimensionColumn.CommitmentDiscountId],
        line.Set[DimensionColumn.CommitmentDiscountCategory], Units(line.Row.BilledNanos), Units(line.Row.EffectiveNanos));

    private static string Units(long nanos) => Domain.Money.DecimalText.OfAttos((Int128)nanos * Domain.Money.FocusDecimal.AttosPerNano);

    private Reading Read(params (string, string)[][] rows) => NativeFile.Read(kind, Text(rows));

    private string Text(params (string, string)[][] rows)
    {
        var form = NativeFile.All.First(f => f.Kind == kind && f.Path.StartsWith("native/", StringComparison.Ordinal));
        var texts = rows.Select(row => form.WithRow([.. Names.Select(n => (n[0], "")).Where(n => n.Item1 != "account").Concat(row)
            .Select(v => (Column(v.Item1), v.Item2))])).ToList();
        return string.Concat(texts.Take(1).Concat(texts.Skip(1).Select(t => t[(t.IndexOf('\n', StringComparison.Ordinal) + 1)..])));
    }

    private string Column(string name) => Names.Single(n => n[0] == name)[kind == "aws-cur" ? 1 : 2];
}

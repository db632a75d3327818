using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>Each defect that real files have: refused without a profile, with the profile that would help, and accepted by it.</summary>
public sealed class FocusDefectTests
{
    private const string Sample = "real/focus-1.0/focus_sample_part70.csv";

    [Test]
    public void NullLiteral_InATextColumn_IsRefusedUnlessTheProfileKnowsIt()
    {
        var text = FocusText.WithRow(("RegionId", "NULL")).Row(("RegionId", "NULL")).ToString();
        Assert.That(Reading.Refusal(text).Errors[0].ToString(), Is.EqualTo(
            "test.csv: row 1, column RegionId, value 'NULL': The text NULL is not null in FOCUS. Leave the field empty, "
            + "or ingest with --profile focus-sample or lenient if this source writes NULL for null. [null-literal]"));
        var reading = Reading.Of(text, "focus-sample");
        Assert.That(reading.Lines[1].Set[DimensionColumn.RegionId], Is.Null);
        Assert.That(reading.Uses("null-literal"), Is.EqualTo(2));
    }

    [TestCase("BilledCost")]
    [TestCase("PricingQuantity")]
    [TestCase("ListUnitPrice")]
    [TestCase("ResourceId")]
    [TestCase("Tags")]
    [TestCase("PublisherName")]
    public void NullLiteral_InAnyBookedColumn_IsNullAndCounted(string column)
    {
        var text = FocusText.WithRow((column, "NULL")).Row((column, "NULL")).Row((column, "NULL")).ToString();
        Assert.Multiple(() =>
        {
            Assert.That(Reading.Refusal(text).Errors.Select(e => (e.Rule, e.Column)), Is.All.EqualTo(("null-literal", column)));
            Assert.That(Reading.Of(text, "focus-sample").Uses("null-literal"), Is.EqualTo(3));
            Assert.That(Reading.Of(text, "focus-sample").Report.EmptyCosts, Is.EqualTo(column == "BilledCost" ? 3 : 0));
        });
    }

    [Test]
    public void NullLiteral_InAMandatoryColumn_IsRefusedByEveryProfile(
        [Values("BillingAccountId", "ChargeCategory", "BillingCurrency", "ChargePeriodEnd")] string column)
    {
        var refusal = Reading.Refusal(FocusText.WithRow((column, "NULL")).ToString(), "lenient");
        Assert.That(refusal.Errors.Select(e => (e.Column, e.Rule)), Is.EqualTo(new[] { (column, "value-missing") }));
    }

    [TestCase("2026-05-02 03:00:00", "time-without-zone", "focus-sample", "zoneless-utc")]
    [TestCase("2026-05-02T03:00:00", "time-without-zone", "azure-export", "zoneless-utc")]
    [TestCase("2026-05-02T03:00", "time-without-zone", "azure-export", "short-times,zoneless-utc")]
    [TestCase("2026-05-02T03:00Z", "time-without-seconds", "azure-export", "short-times")]
    [TestCase("2026-05-02 03:00:00 UTC", "time-utc-form", "google-view", "utc-suffix")]
    [TestCase("2026-05-02T03:00:00+0000", "time-utc-form", "google-view", "utc-suffix")]
    [TestCase("2026-05-02T03:00:00+00:00", "time-utc-form", "google-view", "utc-suffix")]
    [TestCase("2026-05-02 03:00:00Z", "time-utc-form", "google-view", "utc-suffix")]
    [TestCase("2026-05-02 03:00:00+00", "time-utc-form", "lenient", "utc-suffix")]
    [TestCase("2026-05-02T03:00:00-00", "time-utc-form", "google-view", "utc-suffix")]
    [TestCase("2026-05-02 05:00:00+02", "time-with-offset", "lenient", "offset-times")]
    [TestCase("2026-05-02T03:00:00.5Z", "time-fraction", "lenient", "fractional-times")]
    [TestCase("2026-05-02 03:00:00.999999+00", "time-fraction", "lenient", "fractional-times,utc-suffix")]
    [TestCase("2026-05-01T20:00:00-07:00", "time-with-offset", "lenient", "offset-times")]
    [TestCase("2026-05-01T20:00-0700", "time-with-offset", "lenient", "offset-times,short-times")]
    [TestCase("2026-05-02T08:30:00.000+05:30", "time-with-offset", "lenient", "offset-times")]
    public void Time_InAnotherForm_NeedsItsTolerance(string time, string rule, string profile, string tolerances)
    {
        var text = FocusText.WithRow(("ChargePeriodStart", time)).Row(("ChargePeriodStart", time)).ToString();
        var refusal = Reading.Refusal(text);
        var reading = Reading.Of(text, profile);
        Assert.Multiple(() =>
        {
            Assert.That(refusal.Errors.Select(e => (e.Rule, e.Column, e.Value)), Is.All.EqualTo((rule, "ChargePeriodStart", time)));
            Assert.That(refusal.Errors[0].Message, Does.Match($"--profile .*{profile}"));
            Assert.That(reading.Lines[1].Row.ChargeStartSeconds, Is.EqualTo(DateTimeOffset.Parse("2026-05-02T03:00:00Z")
                .ToUnixTimeSeconds()));
            Assert.That(reading.Report.Tolerances.Select(t => t.Name).Order(), Is.EqualTo(tolerances.Split(',')));
            Assert.That(reading.Report.Tolerances.Select(t => (t.Count, t.FirstRowNumber, t.Example)), Is.All.EqualTo((2L, 1L, time)));
        });
    }

    [Test]
    public void Day_WithoutAnHour_IsItsMidnightUnderLenient()
    {
        var text = FocusText.WithRow(("BillingPeriodStart", "2026-05-01"), ("BillingPeriodEnd", "2026-06-01"), ("ChargePeriodStart", "2026-05-31"),
            ("ChargePeriodEnd", "2026-06-01")).ToString();
        var refusal = Reading.Refusal(text).Errors[0];
        var reading = Reading.Of(text, "lenient");
        Assert.Multiple(() =>
        {
            Assert.That((refusal.Rule, refusal.Message), Is.EqualTo(("time-form", "The time has a day and no hour. Write it as "
                + "YYYY-MM-DDTHH:mm:ssZ, or ingest with --profile lenient if this source writes days without an hour, ends as the first day after.")));
            Assert.That(reading.Lines[0].Row.ChargeStartSeconds, Is.EqualTo(DateTimeOffset.Parse("2026-05-31T00:00:00Z").ToUnixTimeSeconds()));
            Assert.That(reading.Lines[0].Row.ChargeSeconds, Is.EqualTo(86_400));
            Assert.That(reading.Uses("date-only"), Is.EqualTo(3));
        });
    }

    [TestCase("2026-02-30", "time-range")]
    [TestCase("2026/05/01", "time-form")]
    [TestCase("2026-05-02 03:00:00+0", "time-form")]
    [TestCase("2026-05-02 03:00:00+19", "time-form")]
    public void Time_ThatIsNone_IsRefusedByEveryProfile(string time, string rule) =>
        Assert.That(Reading.Refusal(FocusText.WithRow(("ChargePeriodStart", time)).ToString(), "lenient").Errors[0].Rule, Is.EqualTo(rule));

    [Test]
    public void Time_WithoutZone_MessageNamesProfilesAndReason() =>
        Assert.That(Reading.Refusal(FocusText.WithRow(("ChargePeriodStart", "2024-09-01 00:00:00")).ToString()).Errors[0].ToString(),
            Is.EqualTo(
            "test.csv: row 1, column ChargePeriodStart, value '2024-09-01 00:00:00': The time has no zone. Write it as "
                + "YYYY-MM-DDTHH:mm:ssZ, "
            + "or ingest with --profile focus-sample or azure-export or lenient if this source writes times without a zone in UTC. "
                + "[time-without-zone]"));

    [Test]
    public void ForeignColumn_IsRefusedUnlessTheProfileLeavesItOut()
    {
        var text = FocusText.WithRow(("Id", "11472"), ("Other", "x")).ToString();
        Assert.That(Reading.Refusal(text).Errors.Select(e => e.ToString()), Is.EqualTo(new[]
        {
            "test.csv: header, value 'Id, Other': FOCUS 1.0 to 1.4 has no such column. Name custom columns x_..., or ingest with --profile "
            + "focus-sample or lenient if this source adds columns of its own that need not be booked. [header-unknown-column]",
        }));
        var use = Reading.Of(text, "focus-sample").Report.Tolerances.Single();
        Assert.That((use.Name, use.Count, use.FirstRowNumber, use.Example), Is.EqualTo(("foreign-columns", 2L, 0L, "Id")));
    }

    [Test]
    public void EnumInAnotherCase_IsRefusedUnlessTheProfileMapsIt()
    {
        var text = FocusText.WithRow(("ChargeFrequency", "Usage-based")).Row(("ChargeFrequency", "Usage-based")).ToString();
        Assert.That(Reading.Refusal(text).Errors[0].ToString(), Does.StartWith(
            "test.csv: row 1, column ChargeFrequency, value 'Usage-based': FOCUS writes this value 'Usage-Based', or ingest with "
                + "--profile focus-sample or "));
        var reading = Reading.Of(text, "focus-sample");
        Assert.That(reading.Lines[1].Set[DimensionColumn.ChargeFrequency], Is.EqualTo("Usage-Based"));
        Assert.That(reading.Uses("enum-case"), Is.EqualTo(2));
    }

    [TestCase("ChargeCategory", "Refund")]
    [TestCase("ChargeClass", "correction ")]
    [TestCase("PricingCategory", "On-Demand")]
    [TestCase("CommitmentDiscountCategory", "Money")]
    [TestCase("CommitmentDiscountStatus", "Active")]
    [TestCase("CapacityReservationStatus", "Free")]
    public void EnumOutsideItsValues_IsRefusedByEveryProfile(string column, string value)
    {
        var error = Reading.Refusal(FocusText.WithRow((column, value)).ToString(), "lenient").Errors[0];
        Assert.That((error.Rule, error.Column, error.Value), Is.EqualTo(("enum-value", column, value)));
        Assert.That(error.Message, Does.StartWith("FOCUS allows only "));
    }

    [Test]
    public void ServiceCategoryOutsideTheList_IsKeptByEveryReadAndListed()
    {
        var reading = Reading.Of(FocusText.WithRow(("ServiceCategory", "Observability")).ToString());
        Assert.That(reading.Lines[0].Set[DimensionColumn.ServiceCategory], Is.EqualTo("Observability"));
        Assert.That(reading.Uses("unknown-service-category"), Is.EqualTo(1));
    }

    [TestCase("0.05", true)]
    [TestCase("0", true)]
    [TestCase("12", true)]
    [TestCase("1E-5", true)]
    [TestCase("2", false)]
    [TestCase("us-east-1a", false)]
    public void AvailabilityZone_ThatIsANumber_IsAShiftedValue(string zone, bool isShifted)
    {
        var text = FocusText.WithRow(("AvailabilityZone", zone)).ToString();
        var reading = Reading.Of(text, "focus-sample");
        Assert.That(reading.Lines[0].Set[DimensionColumn.AvailabilityZone], Is.EqualTo(isShifted ? null : zone));
        Assert.That(reading.Uses("shifted-values"), Is.EqualTo(isShifted ? 1 : 0));
        if (isShifted)
        {
            Assert.That(Reading.Refusal(text).Errors[0].Rule, Is.EqualTo("shifted-value"));
        }
    }

    [TestCase("2026-05-01T07:00:00Z", "2026-06-01T07:00:00Z", "2026-05")]
    [TestCase("2026-05-31T16:00:00Z", "2026-06-30T16:00:00Z", "2026-06")]
    [TestCase("2026-05-31T16:00:00Z", "", "2026-05")]
    [TestCase("2026-05-31T16:00:00Z", "2029-06-30T16:00:00Z", "2026-05")]
    public void BillingPeriod_OfAnotherTimeZone_GoesToTheMonthOfItsMiddle(string start, string end, string month)
    {
        var text = FocusText.WithRow(("BillingPeriodStart", start), ("BillingPeriodEnd", end)).ToString();
        var reading = Reading.Of(text, "google-view");
        Assert.Multiple(() =>
        {
            Assert.That(Reading.Refusal(text).Errors[0].ToString(), Does.Contain("BillingPeriodStart is not the first instant of a "
                + "month in UTC, or ingest with --profile google-view or lenient"));
            Assert.That(Domain.Periods.BillingMonth.FromIndex(reading.Lines[0].Row.BillingMonthIndex).ToString(), Is.EqualTo(month));
            Assert.That(reading.Uses("month-start-offset"), Is.EqualTo(1));
        });
    }

    [Test]
    public void Provider_ThatIsEmpty_NeedsItsTolerance()
    {
        var text = FocusText.WithRow(("ServiceProviderName", "")).ToString();
        Assert.That(Reading.Refusal(text).Errors[0].Rule, Is.EqualTo("provider-missing"));
        Assert.That(Reading.Of(text, "google-view").Lines[0].Set[DimensionColumn.ServiceProviderName], Is.Null);
    }

    [Test]
    public void TagKey_ThatStandsTwice_NeedsItsToleranceAndTheLastValueCounts()
    {
        var text = FocusText.WithRow(("Tags", """{"b":"1","a":"x","b":"2"}""")).Row(("Tags", """{"b":"1","a":"x","b":"2"}""")).ToString();
        var reading = Reading.Of(text, "focus-sample");
        Assert.That(Reading.Refusal(text).Errors[0].Rule, Is.EqualTo("tags-duplicate-key"));
        Assert.That(reading.Lines[0].Tags, Is.EqualTo("""{"a":"x","b":"2"}"""));
        Assert.That(reading.Uses("duplicate-tag-keys"), Is.EqualTo(2));
    }

    [Test]
    public void Sample_UnderItsProfile_ListsEveryToleranceWithCountFirstRowAndExample() =>
        Assert.That(Reading.Of([TestFiles.Content(Sample)], "focus-sample").Report.Tolerances.Select(t => (t.Name, t.Count,
            t.FirstRowNumber, t.Example)), Is.EqualTo(new[]
        {
            ("null-literal", 6112L, 1L, "NULL"),
            ("zoneless-utc", 2043L, 1L, "2024-09-01 00:00:00"),
            ("foreign-columns", 1L, 0L, "Id"),
            ("enum-case", 4L, 630L, "Usage-based"),
            ("shifted-values", 36L, 644L, "0.05"),
            ("usage-without-effective", 410L, 1L, "0.00000080000"),
        }));

    [Test]
    public void Sample_RefusedWithoutProfile_ShowsEachKindAndNotFiftyTimesTheSame()
    {
        var errors = Assert.Throws<DeliveryRejectedException>(() => Reading.Of([TestFiles.Content(Sample)]))!.Errors;
        Assert.That(errors, Has.Count.LessThanOrEqualTo(50));
        Assert.That(errors.GroupBy(e => (e.Rule, e.Column)).Select(g => g.Count()), Is.All.LessThanOrEqualTo(2));
        Assert.That(errors.Select(e => e.Message), Has.Some.Match(@"\d+ more of this kind follow in what was read\.$"));
    }

    [Test]
    public void Sample_OracleRow_HasEmptyCostsOfZero()
    {
        var oracle = Reading.Of([TestFiles.Content(Sample)], "focus-sample").Lines.First(l =>
            l.Set[DimensionColumn.ServiceProviderName] == "Oracle");
        Assert.That((oracle.Row.BilledNanos, oracle.Row.ContractedNanos, oracle.Row.EffectiveNanos), Is.EqualTo((12_000_000L, 0L, 0L)));
    }

    [Test]
    public void Sample_MarketplaceRow_IsServedByItsPublisherAndHostedByItToo()
    {
        var row = Reading.Of([TestFiles.Content(Sample)], "focus-sample").Lines.Single(l =>
            l.Set[DimensionColumn.x_PublisherName] == "Red Hat Inc.");
        Assert.That(
            new[] { DimensionColumn.ServiceProviderName, DimensionColumn.HostProviderName, DimensionColumn.x_ProviderName }.Select(c =>
                row.Set[c]),
            Is.EqualTo(new[] { "Red Hat Inc.", "Red Hat Inc.", "AWS" }));
    }
}

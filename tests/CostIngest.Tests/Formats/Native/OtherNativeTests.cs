using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Tests.Formats.Native;

/// <summary>OCI, Azure and GitHub: their real files, their traps, their refusals.</summary>
public sealed class OtherNativeTests
{
    private static readonly NativeFile Azure = NativeFile.All.Single(f => f.Path.EndsWith("charge-types.csv", StringComparison.Ordinal));
    private static readonly NativeFile GitHub = NativeFile.All.Single(f => f.Path.EndsWith("detailed.csv", StringComparison.Ordinal));
    private static readonly NativeFile Oci = NativeFile.All.Single(f => f.Path.EndsWith("corrections.csv", StringComparison.Ordinal));

    [Test]
    public void OciSample_TimesWithoutSeconds_NeedTheProfile()
    {
        var error = NativeFile.Refusal("oci", NativeFile.OciSample.Text).Errors[0];
        Assert.That((error.RowNumber, error.Column, error.Value, error.Rule),
            Is.EqualTo((1L, "lineItem/intervalUsageStart", "2023-11-13T10:00Z", "time-without-seconds")));
        Assert.That(error.Message, Does.Contain("--profile oci-report"));
        Assert.That(NativeFile.OciSample.Read().Uses("short-times"), Is.EqualTo(362));
    }

    [Test]
    public void OciSample_BackReferenceOnOrdinaryRows_MakesNoCorrection() =>
        Assert.That(NativeFile.OciSample.Read().Lines.Select(l => l.Set[DimensionColumn.ChargeClass]), Is.All.Null);

    [Test]
    public void OciSample_TagColumnWithABackslash_KeepsItsKey() =>
        Assert.That(NativeFile.OciSample.Read().Lines.Count(l => l.Tags.Contains("\"DevRel\\\\redbull-analytics-hol-4cb4.release\":\"1.0\"",
            StringComparison.Ordinal)), Is.EqualTo(4));

    [Test]
    public void Oci_HourBeforeTheMonth_IsOfTheMonthItStartsIn() =>
        Assert.That(Oci.Read().Lines.Select(l => Domain.Periods.BillingMonth.FromIndex(l.Row.BillingMonthIndex).ToString()),
            Is.EqualTo(new[] { "2026-05", "2026-05", "2026-06", "2026-05", "2026-05" }));

    [Test]
    public void Oci_CostWithOverage_CountsTheOverageOnce() => Assert.That(Oci.Read().Lines[2].Row.BilledNanos, Is.EqualTo(300_000_000));

    [Test]
    public void Oci_EmptyCost_CountsAsZeroAndIsCounted() => Assert.That(Oci.Read().Report.EmptyCosts, Is.EqualTo(1));

    [Test]
    public void Oci_UnknownIsCorrection_IsRefused() =>
        Assert.That(NativeFile.Refusal("oci", Oci.WithRow(("lineItem/isCorrection", "yes"))).Errors.Single().ToString(),
            Is.EqualTo("bill.csv: row 1, column lineItem/isCorrection, value 'yes': This value is not known here. Known are true, false. "
                + "Correct the report, or ask Oracle for it anew. [enum-value]"));

    [Test]
    public void AzureSample_DaysWithoutLeadingZeros_NeedTheProfile()
    {
        var error = NativeFile.Refusal("azure-ea", NativeFile.AzureSample.Text).Errors[0];
        Assert.That((error.RowNumber, error.Rule), Is.EqualTo((1L, "date-unpadded")));
        Assert.That(error.Message, Does.Contain("--profile azure-spreadsheet"));
        Assert.That(NativeFile.AzureSample.Read().Uses("unpadded-dates"), Is.EqualTo(54));
    }

    [Test]
    public void AzureSample_EndsOfDaysAndMonths_AreExclusive() => Assert.Multiple(() =>
    {
        var row = NativeFile.AzureSample.Read().Lines[0].Row;
        Assert.That(DateTimeOffset.FromUnixTimeSeconds(row.ChargeStartSeconds), Is.EqualTo(new DateTimeOffset(2023, 9, 2, 0, 0, 0,
            TimeSpan.Zero)));
        Assert.That(row.ChargeSeconds, Is.EqualTo(86_400));
    });

    [Test]
    public void AzureSample_QuantitiesInBlocks_ArePricedPerBlock() => Assert.Multiple(() =>
    {
        // 0.0129 blocks of 10K: the unit price of the file is per block, so nothing is divided again.
        var row = NativeFile.AzureSample.Read().Lines[1].Row;
        Assert.That((row.PricingUnits, row.PricingSubunitNanos), Is.EqualTo((0L, 12_900_000)));
        Assert.That(row.ContractedNanos, Is.EqualTo(1_290_000));
    });

    [Test]
    public void AzureSample_TagsWithoutBraces_AreRead() =>
        Assert.That(NativeFile.AzureSample.Read().Lines.Select(l => l.Tags).Distinct(),
            Is.EqualTo(new[] { """{"tagA":"valueA","tagB":"valueB","tagC":"valueC"}""" }));

    [TestCase("ChargeType", "UnusedReservation", "azure-amortised-file")]
    [TestCase("ChargeType", "Gift", "enum-value")]
    [TestCase("PricingModel", "Reservation", "azure-amortised-file", Description = "covered usage that costs something is amortised")]
    [TestCase("PricingModel", "Barter", "enum-value")]
    [TestCase("Frequency", "Sometimes", "enum-value")]
    [TestCase("Date", "31/05/2026", "date-form")]
    [TestCase("Date", "", "value-missing")]
    [TestCase("BillingPeriodStartDate", "05/02/2026", "billing-period-start-not-month-start")]
    [TestCase("Tags", "\"a\": \"1\", \"a\": \"2\"", "tags-duplicate-key")]
    [TestCase("Tags", "a=1", "tags-json")]
    [TestCase("Quantity", "1e4x", "decimal-not-a-number")]
    public void Azure_BrokenField_IsRefusedByName(string column, string value, string rule)
    {
        var error = NativeFile.Refusal("azure-ea", Azure.WithRow((column, value))).Errors[0];
        Assert.That(error.Rule, Is.EqualTo(rule), error.ToString());
    }

    [Test]
    public void GitHub_EachRow_MakesUsageAndDiscount() => Assert.Multiple(() =>
    {
        var lines = GitHub.Read().Lines;
        foreach (var line in lines)
        {
            Assert.That(line.Set[DimensionColumn.ChargeCategory], Is.EqualTo(line.Number % 2 == 1 ? "Usage" : "Credit"));
        }

        Assert.That(lines.Sum(l => l.Row.BilledNanos), Is.EqualTo(20_061_000_000), "the sum of net_amount");
        Assert.That(lines.Sum(l => l.Row.EffectiveNanos), Is.EqualTo(20_061_000_000));
        Assert.That(lines[3].Row.BilledNanos, Is.Zero, "a row without discount has its second line all the same");
    });

    [Test]
    public void GitHub_SummarizedReport_HasNoWorkflow() => Assert.Multiple(() =>
    {
        var summarized = NativeFile.All.Single(f => f.Path.EndsWith("summarized.csv", StringComparison.Ordinal)).Read();
        Assert.That(summarized.Report.FormatVersion, Is.EqualTo("summarized"));
        Assert.That(summarized.Lines.Select(l => l.Set.ValueOf("x_WorkflowPath")), Is.All.Null);
        Assert.That(GitHub.Read().Report.FormatVersion, Is.EqualTo("detailed"));
    });

    [Test]
    public void GitHub_NetThatDoesNotFollow_IsRefusedOrCounts()
    {
        var text = GitHub.WithRow(("net_amount", "0.01"));
        var error = NativeFile.Refusal("github-usage", text).Errors.Single();
        Assert.That((error.Column, error.Value, error.Rule), Is.EqualTo(("net_amount", "0.01", "net-mismatch")));
        Assert.That(error.Message, Does.Contain("--profile rounded-net"));
        var lines = NativeFile.Read("github-usage", text, "rounded-net").Lines;
        Assert.That(lines.Select(l => l.Row.BilledNanos), Is.EqualTo(new[] { 720_000_000L, -710_000_000L }));
    }

    [Test]
    public void GitHub_RowSetAside_KeepsTheNumbersOfBothItsLines()
    {
        var lines = GitHub.Text.TrimEnd().Split('\n');
        lines[2] = lines[2].Replace("2026-05-01", "yesterday", StringComparison.Ordinal);
        var reading = NativeFile.Read("github-usage", string.Join('\n', lines), quarantine: true);
        Assert.That(reading.Lines.Select(l => l.Number), Is.EqualTo(new[] { 1, 2, 5, 6, 7, 8, 9, 10 }));
        Assert.That(reading.Report.Quarantined.Single().RowNumber, Is.EqualTo(2));
        Assert.That(reading.Report.Objects.Single().RowCount, Is.EqualTo(10));
    }

    [Test]
    public void GitHub_Checkpoints_AreEveryTenThousandLines()
    {
        var text = GitHub.WithRow();
        var header = text[..(text.IndexOf('\n') + 1)];
        var row = text[header.Length..];
        var report = NativeFile.Read("github-usage", header + string.Concat(Enumerable.Repeat(row, 10_001))).Report;
        Assert.That(report.Objects.Single().Checkpoints,
            Is.EqualTo(new[] { 0, 5_000, 10_000 }.Select(n => header.Length + ((long)n * row.Length))));
    }
}

using CiCost.Accounting.Costs;
using CiCost.Accounting.Jobs;
using CiCost.TestKit;

namespace CiCost.Accounting.Tests.Jobs;

/// <summary>Hours of job runs x rate become lines (accounting.md, 4 and 13).</summary>
public sealed class ValueJobsTests
{
    [Test]
    public async Task Run_OfAGpuLabel_CostsItsGpusTimesTheRate_APartitionHalf_AndNobodyBillsIt()
    {
        using var books = await JobBooks.OpenAsync();
        await books.DeliverAsync(
            books.Job("gpu.mi300.4", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"),
            books.Job("gpu.mi300.dpx", "2026-07-02T00:00:00Z", "2026-07-02T01:00:00Z"),
            books.Job("cloud.small", "2026-07-03T00:00:00Z", "2026-07-03T02:00:00Z"));
        var valued = await books.ValueAsync();

        Assert.Multiple(() =>
        {
            Assert.That(books.Lines(), Is.EqualTo(new[]
            {
                "2026-07-01 gpu.mi300.4: GPU-Hours at 2.25 (mi300) = 9.000000000 billed 0.000000000",
                "2026-07-02 gpu.mi300.dpx: GPU-Hours at 2.25 (mi300-dpx) = 1.125000000 billed 0.000000000",
                "2026-07-03 cloud.small: Hours at 0.1 (cloud-before) = 0.200000000 billed 0.000000000",
            }));
            Assert.That(valued.Booked.Select(b => b.SourceKey), Is.EqualTo(new[] { "cloud-estimate", "gpus-in-kind" }));
            Assert.That(valued.Unvalued, Is.Empty);
            Assert.That(books.Books.Total(CostMetric.Consumption, "2026-07"), Is.EqualTo(10.325m));
            Assert.That(books.Books.Total(CostMetric.Payable, "2026-07"), Is.Zero);
        });
    }

    [Test]
    public async Task Run_OverMidnight_CountsOnBothDays_AndOverTheEndOfTheMonthInBothMonths()
    {
        using var books = await JobBooks.OpenAsync();
        await books.DeliverAsync(
            books.Job("cloud.small", "2026-07-01T23:00:00Z", "2026-07-03T01:00:00Z"),
            books.Job("cloud.small", "2026-07-31T22:00:00Z", "2026-08-01T03:00:00Z"));
        await books.ValueAsync();
        await books.ValueAsync("2026-08");

        Assert.Multiple(() =>
        {
            Assert.That(books.Lines().Select(l => l[..10] + l[l.IndexOf('=', StringComparison.Ordinal)..^9]), Is.EqualTo(new[]
            {
                "2026-07-01= 0.100000000 billed 0.", "2026-07-02= 2.400000000 billed 0.", "2026-07-03= 0.100000000 billed 0.",
                "2026-07-31= 0.400000000 billed 0.", "2026-08-01= 0.600000000 billed 0.",
            }));
            Assert.That(books.Books.Total(CostMetric.Consumption, "2026-07"), Is.EqualTo(3.0m));
            Assert.That(books.Books.Total(CostMetric.Consumption, "2026-08"), Is.EqualTo(0.6m));
        });
    }

    [Test]
    public async Task Rate_ThatChangesInMidMonth_HoldsFromItsDay()
    {
        using var books = await JobBooks.OpenAsync();
        await books.DeliverAsync(books.Job("cloud.small", "2026-07-15T23:00:00Z", "2026-07-16T01:00:00Z"));
        await books.ValueAsync();
        Assert.That(books.Lines(), Is.EqualTo(new[]
        {
            "2026-07-15 cloud.small: Hours at 0.1 (cloud-before) = 0.100000000 billed 0.000000000",
            "2026-07-16 cloud.small: Hours at 0.2 (cloud-after) = 0.200000000 billed 0.000000000",
        }));
    }

    [Test]
    public async Task Label_WithoutRateOrFleet_IsReportedAndNeverZero_AndAFleetWithABillIsEvidence()
    {
        using var books = await JobBooks.OpenAsync();
        await books.DeliverAsync(
            books.Job("gpu.unknown", "2026-07-01T00:00:00Z", "2026-07-01T00:10:00Z"),
            books.Job("gpu.unknown", "2026-07-02T00:00:00Z", "2026-07-02T00:10:00Z"),
            books.Job("strange", "2026-07-01T00:00:00Z", "2026-07-01T00:05:00Z"),
            books.Job("bill.large", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"));
        var valued = await books.ValueAsync();

        Assert.Multiple(() =>
        {
            Assert.That(valued.Unvalued, Is.EqualTo(new[]
            {
                new UnvaluedHours("gpu.unknown", "no-rate", 1200, 2), new UnvaluedHours("self-hosted,strange", "no-fleet", 300, 1),
            }));
            Assert.That(valued.EvidenceSeconds, Is.EqualTo(3600));
            Assert.That(valued.Booked, Is.Empty);
            Assert.That(books.Lines(), Is.Empty);
        });
    }

    /// <summary>GitHub's labels are the same in capital and small letters; the line keeps what was written.</summary>
    [Test]
    public async Task Label_InOtherLetters_HasTheSameFleetAndRate()
    {
        using var books = await JobBooks.OpenAsync();
        await books.DeliverAsync(
            books.Job("GPU.Mi300.4", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"),
            books.Job("gpu.MI300.dpx", "2026-07-02T00:00:00Z", "2026-07-02T01:00:00Z"),
            books.Job("Bill.Large", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"));
        var valued = await books.ValueAsync();
        Assert.Multiple(() =>
        {
            Assert.That(books.Lines(), Is.EqualTo(new[]
            {
                "2026-07-01 GPU.Mi300.4: GPU-Hours at 2.25 (mi300) = 9.000000000 billed 0.000000000",
                "2026-07-02 gpu.MI300.dpx: GPU-Hours at 2.25 (mi300-dpx) = 1.125000000 billed 0.000000000",
            }));
            Assert.That((valued.Unvalued.Count, valued.EvidenceSeconds), Is.EqualTo((0, 3600L)));
            Assert.That(books.Books.Ask(CostMetric.Consumption, "2026-07", groupBy: "operator").Rows.Select(r => r.Keys[0]),
                Is.EqualTo(new[] { "amd" }));
            Assert.That(books.Books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task Valuing_Twice_ChangesNothing_AndMoreEventsGiveARestatedDelivery()
    {
        using var books = await JobBooks.OpenAsync();
        await books.DeliverAsync(books.Job("cloud.small", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"));
        var first = (await books.ValueAsync()).Booked.Single();
        var again = (await books.ValueAsync()).Booked.Single();
        await books.DeliverAsync(books.Job("cloud.small", "2026-07-01T05:00:00Z", "2026-07-01T06:00:00Z"));
        var more = (await books.ValueAsync()).Booked.Single();

        Assert.Multiple(() =>
        {
            Assert.That((again.IsUnchanged, again.DeliveryId), Is.EqualTo((true, first.DeliveryId)));
            Assert.That((more.IsUnchanged, more.Supersedes), Is.EqualTo((false, (int?)first.DeliveryId)));
            Assert.That(books.Lines(), Is.EqualTo(new[]
            {
                "2026-07-01 cloud.small: Hours at 0.1 (cloud-before) = 0.200000000 billed 0.000000000",
            }));
            Assert.That(books.Books.Total(CostMetric.Consumption, "2026-07"), Is.EqualTo(0.2m));
        });
    }

    [Test]
    public async Task Rates_ThatNoLongerCoverABookedMonth_EmptyItsDelivery()
    {
        using var books = await JobBooks.OpenAsync();
        await books.DeliverAsync(books.Job("cloud.small", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"));
        await books.ValueAsync();
        await books.Books.AttributeAsync((new FleetPolicy() with { Rates = "rates: []" }).Read());
        var valued = await books.ValueAsync();
        Assert.Multiple(() =>
        {
            Assert.That(valued.Booked.Single().Rows, Is.Zero);
            Assert.That(valued.Unvalued.Single().Reason, Is.EqualTo("no-rate"));
            Assert.That(books.Books.Total(CostMetric.Consumption, "2026-07"), Is.Zero);
        });
    }

    /// <summary>Odd seconds over a month: the booked total is Python's exact product, rounded once.</summary>
    [Test]
    public async Task Total_OfAMonth_IsPythonsDecimal()
    {
        using var books = await JobBooks.OpenAsync();
        var jobs = Enumerable.Range(0, 300).Select(i => (Day: (i % 15) + 1, Seconds: 1 + (i * 7919 % 3600))).ToArray();
        await books.DeliverAsync([.. jobs.Select(j => books.Job("gpu.mi300.8", $"2026-07-{j.Day:00}T00:00:00Z",
            $"2026-07-{j.Day:00}T{j.Seconds / 3600:00}:{j.Seconds / 60 % 60:00}:{j.Seconds % 60:00}Z"))]);
        await books.ValueAsync();
        var expected = await PythonTool.RunAsync("""
            import sys
            from decimal import Decimal, getcontext, ROUND_HALF_EVEN
            getcontext().prec = 60
            total = sum(Decimal(s) * 8 * Decimal('2.25') / 3600 for s in sys.stdin.read().split())
            print(total.quantize(Decimal('1e-9'), rounding=ROUND_HALF_EVEN))
            """, string.Join(' ', jobs.Select(j => j.Seconds)));
        Assert.That(books.Books.Total(CostMetric.Consumption, "2026-07"),
            Is.EqualTo(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture)));
    }
}

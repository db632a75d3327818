using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Rules;

/// <summary>Three axes of time (accounting.md, 7), and rounding (8).</summary>
public sealed class TimeAndRoundingRulesTests
{
    [Test]
    public async Task Row_ChargedInAnEarlierMonth_StandsInItsChargeMonthAndOnItsInvoice()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-04", ALine().On("2026-03-31").BilledIn("2026-04").Costing("8"),
            ALine().On("2026-04-01").Costing("1"));

        Assert.Multiple(() =>
        {
            Assert.That(books.Total(CostMetric.Consumption, "2026-03", TimeAxis.Charge), Is.EqualTo(8m));
            Assert.That(books.Total(CostMetric.Consumption, "2026-04", TimeAxis.Charge), Is.EqualTo(1m));
            Assert.That(books.Total(CostMetric.Consumption, "2026-03", TimeAxis.Billing), Is.Zero);
            Assert.That(books.Total(CostMetric.Consumption, "2026-04", TimeAxis.Billing), Is.EqualTo(9m));
            Assert.That(books.Total(CostMetric.Consumption, "2026-04", TimeAxis.Posting), Is.EqualTo(9m));
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task RowOfAnotherBillingPeriod_StaysInTheScopeOfTheRequest_AndIsListed()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-04", ALine().On("2026-04-01").Costing("1"), ALine().On("2026-03-31").Costing("8"));

        Assert.Multiple(() =>
        {
            Assert.That(books.Total(CostMetric.Payable, "2026-04", TimeAxis.Billing), Is.EqualTo(9m));
            Assert.That(books.FailingChecks(), Is.EqualTo(new[] { "PeriodMatchesScope" }));
        });
    }

    [Test]
    public async Task Residue_OfChargesAndOfCredits_IsBookedApartOnTheLastDay()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03",
            ALine().Costing("0.0000000014"), ALine().Costing("0.0000000014"), ALine().Costing("0.0000000014"),
            ACredit("gift").Costing("-0.0000000016"), ACredit("gift").Costing("-0.0000000016"), ACredit("gift").Costing("-0.0000000016"));

        // Charges 4.2 and credits -4.8 nanos: rounded lines 3 and -6; credits round to -5, all to -1, so the charges' part is 1.
        var consumption = books.Ask(CostMetric.Consumption, "2026-03", TimeAxis.Charge, "day", "role", "component");
        var credits = books.Ask(CostMetric.Credits, "2026-03", TimeAxis.Charge, "day", "role", "component");
        Assert.Multiple(() =>
        {
            Assert.That(consumption.Rows.Select(Text),
                Is.EqualTo(new[] { "2026-03-01 charge compute 3", "2026-03-31 rounding rounding 1" }));
            Assert.That(credits.Rows.Select(Text), Is.EqualTo(new[] { "2026-03-01 funding compute -6", "2026-03-31 rounding rounding 1" }));
            Assert.That(consumption.Proofs.Single().UnattributedNanos, Is.EqualTo((Int128)0), "a residue is not Unattributed");
            Assert.That(books.Total(CostMetric.Payable, "2026-03"), Is.EqualTo(-0.000000001m));
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task Residue_OfASupersededDelivery_IsGoneWithIt()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("0.0000000014"), ALine().Costing("0.0000000014"),
            ALine().Costing("0.0000000014"));
        await books.DeliverAsync(
            new BookDeliveryRequest { SourceKey = "bill", BillingMonth = BillingMonth.Parse("2026-03"), AcceptsShorter = true },
            BillLine.File([ALine().Costing("2")]));

        Assert.Multiple(() =>
        {
            Assert.That(books.Ask(CostMetric.Consumption, "2026-03", TimeAxis.Charge, "role").Rows.Select(Text),
                Is.EqualTo(new[] { "charge 2000000000" }));
            Assert.That(books.Scalar("SELECT COUNT(*) FROM cost_line"), Is.EqualTo("1"));
        });
    }

    [Test]
    public async Task Currencies_InOneFile_StayApart()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("10"), ALine().From("acct-2").In("EUR").Costing("7"));

        Assert.Multiple(() =>
        {
            Assert.That(books.Ask(CostMetric.Payable, "2026-03").Proofs.Select(p => (p.Currency, p.TotalNanos)),
                Is.EqualTo(new[] { ("EUR", (Int128)7_000_000_000), ("USD", (Int128)10_000_000_000) }));
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task Rule_ThatChangesInMidMonth_SplitsTheAmountByChargeDay()
    {
        using var books = await BookFixture.OpenAsync(PolicyText.Boring with
        {
            Rules = """
                  - {id: disks-before, to: 2026-03-16, when: {ServiceName: Disks}, then: {component: storage}}
                  - {id: disks-after, from: 2026-03-16, when: {ServiceName: Disks}, then: {component: support}}
                """,
        });
        await books.DeliverAsync("bill", "2026-03",
            ALine().For("Disks").On("2026-03-15").Costing("4"), ALine().For("Disks").On("2026-03-16").Costing("6"),
                ALine().On("2026-03-16").Costing("1"));

        var answer = books.Ask(CostMetric.Consumption, "2026-03", TimeAxis.Charge, "component");
        Assert.Multiple(() =>
        {
            Assert.That(answer.Rows.Select(Text),
                Is.EqualTo(new[] { "support 6000000000", "storage 4000000000", AttributionResult.Unattributed + " 1000000000" }));
            Assert.That(answer.Proofs.Single().AttributedNanos, Is.EqualTo((Int128)10_000_000_000));
            Assert.That(answer.Proofs.Single().UnattributedNanos, Is.EqualTo((Int128)1_000_000_000));
        });
    }

    private static string Text(CostRow row)
        => string.Join(' ', row.Keys.Append(row.Nanos.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}

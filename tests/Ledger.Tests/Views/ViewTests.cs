using CiCost.Ledger.Costs;
using CiCost.Ledger.Deliveries;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Ledger.Tests.Views;

/// <summary>What people see with the sqlite3 shell, and what readers make of NULL.</summary>
public sealed class ViewTests
{
    [TestCase("-0.5", "-0.500000000")]
    [TestCase("0.5", "0.500000000")]
    [TestCase("-1.25", "-1.250000000")]
    [TestCase("-0.000000001", "-0.000000001")]
    [TestCase("0", "0.000000000")]
    [TestCase("9000000000.123456789", "9000000000.123456789")]
    public async Task LineView_ShowsAmountsWithTheirSign(string amount, string expected)
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing(amount));

        Assert.Multiple(() =>
        {
            Assert.That(books.Scalar("SELECT BilledCost || EffectiveCost || ListCost || ContractedCost FROM v_cost_line"),
                Is.EqualTo(string.Concat(Enumerable.Repeat(expected, 4))));
            Assert.That(books.Scalar("SELECT BilledCost || EffectiveCost FROM v_rollup"), Is.EqualTo(expected + expected));
        });
    }

    [Test]
    public async Task Views_ShowIsoDates()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().On("2026-03-31"));

        Assert.Multiple(() =>
        {
            Assert.That(books.Scalar("SELECT ChargePeriodStart || ' ' || ChargePeriodEnd || ' ' || BillingPeriodStart FROM v_cost_line"),
                Is.EqualTo("2026-03-31T00:00:00Z 2026-04-01T00:00:00Z 2026-03-01"));
            Assert.That(books.Scalar("SELECT charge_day FROM v_rollup"), Is.EqualTo("2026-03-31"));
            Assert.That(books.Scalar("SELECT billing_period_start || ' ' || booked_at FROM v_delivery"),
                Is.EqualTo("2026-03-01 2026-05-01T00:00:01Z"));
            Assert.That(books.Scalar("SELECT source_key || ' ' || delivery_id FROM v_current_delivery"), Is.EqualTo("bill 1"));
        });
    }

    [TestCase("", "r", "r")]
    [TestCase("r", "", "r")]
    [TestCase("r", "r", "")]
    [TestCase("", "", "")]
    public async Task LineReader_TakesNullInAnyRow(string first, string middle, string last)
    {
        using var books = await BookFixture.OpenAsync();
        var delivery = await books.DeliverAsync("bill", "2026-03",
            new[] { first, middle, last }.Select(resource => ALine() with { Resource = resource }));
        var sets = new DimensionReader(books.Books).All().Select(s => s.Id).ToHashSet();

        var lines = new LineReader(books.Books).Lines(delivery.DeliveryId, sets, 0, 99_999).ToList();
        Assert.That(lines.Select(l => l.ResourceId), Is.EqualTo(new[] { first, middle, last }.Select(r => r.Length == 0 ? null : r)));
    }

    [Test]
    public async Task DeliveryDirectory_TakesNullInFirstAndLastRow()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine());
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("2"));
        await books.DeliverAsync("bill", "2026-04", ALine().On("2026-04-01"));

        Assert.That(new DeliveryDirectory(books.Books).List().Select(d => (d.Supersedes, d.SupersededBy, d.Profile)),
            Is.EqualTo(new (int?, int?, string?)[] { (null, 2, null), (1, null, null), (null, null, null) }));
    }

    [Test]
    public async Task AttributionReader_TakesNullInAnyColumn()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().For("Odd").From("acct-9"), ALine(), ALine().For("Odd"));

        var attributions = new AttributionReader(books.Books).All(1);
        Assert.That(attributions.OrderBy(a => a.Key).Select(a => a.Value[0].Result[Domain.Attribution.AttributeName.Component]),
            Is.EqualTo(new[] { null, "compute", null }));
    }
}

using CiCost.Accounting.Costs;
using CiCost.Domain.Attribution;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Rules;

/// <summary>One ledger source per spend domain and day (accounting.md, 4), and how sure each amount is (5).</summary>
public sealed class CoverageRulesTests
{
    private static readonly PolicyText BillFromTheSecondHalf = PolicyText.Boring with
    {
        MainCoverage = """
                  - {ledger: estimate, basis: estimated, to: 2026-03-16, evidence: [{source: bill, basis: billed}]}
                  - {ledger: bill, basis: billed, from: 2026-03-16, evidence: [{source: estimate, basis: estimated}]}
            """,
    };

    [Test]
    public async Task Evidence_OfTheSameDay_IsBookedApartAndNeverSummed()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100"));
        await books.DeliverAsync("estimate", "2026-03", ALine().Costing("120"));

        var proof = books.Ask(CostMetric.Consumption, "2026-03").Proofs.Single();
        Assert.Multiple(() =>
        {
            Assert.That(proof.TotalNanos, Is.EqualTo((Int128)100_000_000_000));
            Assert.That(proof.EvidenceNanos, Is.EqualTo((Int128)120_000_000_000));
            Assert.That(proof.BasisNanos, Is.EqualTo(new Dictionary<CostBasis, Int128> { [CostBasis.Billed] = 100_000_000_000 }));
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task RoundingResidue_OfEvidence_IsEvidenceToo()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("100"));
        await books.DeliverAsync("estimate", "2026-03",
            ALine().Costing("0.0000000014"), ALine().Costing("0.0000000014"), ALine().Costing("0.0000000014"));

        var proof = books.Ask(CostMetric.Consumption, "2026-03").Proofs.Single();
        Assert.Multiple(() =>
        {
            Assert.That(proof.TotalNanos, Is.EqualTo((Int128)100_000_000_000));
            Assert.That(proof.EvidenceNanos, Is.EqualTo((Int128)4), "three lines of 1 nano and a residue of 1");
        });
    }

    [Test]
    public async Task LedgerSource_ThatChangesInMidMonth_CountsEachOnItsDays()
    {
        using var books = await BookFixture.OpenAsync(BillFromTheSecondHalf);
        await books.DeliverAsync("bill", "2026-03", ALine().On("2026-03-15").Costing("1"), ALine().On("2026-03-16").Costing("10"));
        await books.DeliverAsync("estimate", "2026-03", ALine().On("2026-03-15").Costing("200"), ALine().On("2026-03-16").Costing("3000"));

        var answer = books.Ask(CostMetric.Consumption, "2026-03", TimeAxis.Charge, "source", "basis");
        Assert.Multiple(() =>
        {
            Assert.That(answer.Rows.Select(r => $"{string.Join(' ', r.Keys)} {r.Nanos / 1_000_000_000}"),
                Is.EqualTo(new[] { "estimate estimated 200", "bill billed 10" }));
            Assert.That(answer.Proofs.Single().EvidenceNanos, Is.EqualTo((Int128)3001 * 1_000_000_000));
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    /// <summary>The worked example of rule 4: nothing is named for the 11th to the 14th, and both sources have every day.</summary>
    [Test]
    public async Task Days_BetweenTwoSources_CountTheEarlierOne_WithItsBasis_AndFailTheCheck()
    {
        using var books = await BookFixture.OpenAsync(PolicyText.Boring with
        {
            MainCoverage = """
                      - {ledger: estimate, basis: estimated, to: 2026-07-11, evidence: [{source: bill, basis: billed}]}
                      - {ledger: bill, basis: billed, from: 2026-07-15, evidence: [{source: estimate, basis: estimated}]}
                """,
        });
        await books.DeliverAsync("estimate", "2026-07", EveryDay("10"));
        await books.DeliverAsync("bill", "2026-07", EveryDay("12"));

        var answer = books.Ask(CostMetric.Consumption, "2026-07", TimeAxis.Charge, "source", "basis");
        var failure = books.Check().Single(c => c.Failures.Count > 0);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Rows.Select(r => $"{string.Join(' ', r.Keys)} {r.Nanos / 1_000_000_000}"),
                Is.EqualTo(new[] { "bill billed 204", "estimate estimated 140" }), "17 x 12, and 14 x 10");
            Assert.That(failure.Check, Is.EqualTo("OneLedgerSource"));
            Assert.That(failure.Failures.Select(f => f.Actual), Is.EquivalentTo(new[] { "none; 40 USD", "none; 48 USD" }));
        });
    }

    [Test]
    public async Task Days_BetweenTwoSources_CountNothing_WhereTheEarlierOneHasNoRows()
    {
        using var books = await BookFixture.OpenAsync(PolicyText.Boring with
        {
            MainCoverage = """
                      - {ledger: estimate, basis: estimated, to: 2026-07-11}
                      - {ledger: bill, basis: billed, from: 2026-07-15}
                """,
        });
        await books.DeliverAsync("estimate", "2026-07", ALine().On("2026-07-01"));
        await books.DeliverAsync("bill", "2026-07", EveryDay("12"));

        Assert.Multiple(() =>
        {
            Assert.That(books.Total(CostMetric.Consumption, "2026-07"), Is.EqualTo((17 * 12m) + 1m));
            Assert.That(books.FailingChecks(), Is.EqualTo(new[] { "OneLedgerSource" }), "what does not count is said");
        });
    }

    private static IEnumerable<BillLine> EveryDay(string cost) =>
        Enumerable.Range(1, 31).Select(day => ALine().On($"2026-07-{day:00}").Costing(cost));

    [Test]
    public async Task Day_WithoutLedgerSource_StillCounts_AndFailsItsCheck()
    {
        using var books = await BookFixture.OpenAsync(PolicyText.Boring with
        {
            MainCoverage = "      - {ledger: bill, basis: billed, from: 2026-03-10}",
        });
        await books.DeliverAsync("bill", "2026-03", ALine().On("2026-03-09").Costing("5"), ALine().On("2026-03-10").Costing("7"));

        Assert.Multiple(() =>
        {
            Assert.That(books.Total(CostMetric.Consumption, "2026-03"), Is.EqualTo(12m), "nothing vanishes because a policy is incomplete");
            Assert.That(books.FailingChecks(), Is.EqualTo(new[] { "OneLedgerSource" }));
        });
    }
}

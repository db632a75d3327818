using CiCost.Domain.Attribution;

namespace CiCost.Domain.Tests.Attribution;

public sealed class CoverageTests
{
    private static readonly Coverage Table = new(
    [
        new("aws", 100, 200, "hud", CostBasis.Estimated, []),
        new("aws", 200, int.MaxValue, "bill", CostBasis.Billed, [new("hud", CostBasis.Estimated)]),
        new("lab", int.MinValue, 300, "amd", CostBasis.DonorStated, []),
        new("lab", 400, int.MaxValue, "bill", CostBasis.Estimated, []),
    ]);

    [TestCase("aws", "hud", 99, SourceStanding.Uncovered, CostBasis.Estimated)]
    [TestCase("aws", "bill", 99, SourceStanding.UncoveredEvidence, CostBasis.Billed)]
    [TestCase("aws", "hud", 100, SourceStanding.Ledger, CostBasis.Estimated)]
    [TestCase("aws", "bill", 199, SourceStanding.Evidence, CostBasis.Billed)]
    [TestCase("aws", "bill", 200, SourceStanding.Ledger, CostBasis.Billed)]
    [TestCase("aws", "hud", 200, SourceStanding.Evidence, CostBasis.Estimated)]
    [TestCase("aws", "stranger", 200, SourceStanding.Evidence, CostBasis.Billed)]
    [TestCase("lab", "amd", -5, SourceStanding.Ledger, CostBasis.DonorStated)]
    [TestCase("lab", "amd", 300, SourceStanding.Uncovered, CostBasis.DonorStated)]
    [TestCase("lab", "amd", 399, SourceStanding.Uncovered, CostBasis.DonorStated)]
    [TestCase("lab", "amd", 400, SourceStanding.Evidence, CostBasis.Billed)]
    [TestCase("lab", "bill", 350, SourceStanding.UncoveredEvidence, CostBasis.Estimated)]
    [TestCase("lab", "stranger", 350, SourceStanding.UncoveredEvidence, CostBasis.Billed)]
    [TestCase("unknown", "bill", 200, SourceStanding.Uncovered, CostBasis.Billed)]
    [TestCase(null, "bill", 200, SourceStanding.Ledger, CostBasis.Billed)]
    [TestCase(AttributionResult.Rounding, "hud", 150, SourceStanding.Ledger, CostBasis.Estimated)]
    [TestCase(AttributionResult.Rounding, "hud", 250, SourceStanding.Evidence, CostBasis.Estimated)]
    [TestCase(AttributionResult.Rounding, "stranger", 250, SourceStanding.Ledger, CostBasis.Billed)]
    public void Resolve_DomainSourceAndDay_HaveOneAnswer(
        string? domain, string source, int day, SourceStanding standing, CostBasis basis) =>
        Assert.That(Table.Resolve(domain, source, day), Is.EqualTo((standing, basis)));

    [TestCase("aws", "hud", new[] { 100, 200 })]
    [TestCase("aws", "bill", new[] { 100, 200 })]
    [TestCase("lab", "amd", new[] { 300, 400 })]
    [TestCase("lab", "bill", new[] { 300, 400 })]
    [TestCase("unknown", "bill", new int[0])]
    [TestCase(null, "bill", new int[0])]
    [TestCase(AttributionResult.Rounding, "hud", new[] { 200 })]
    [TestCase(AttributionResult.Rounding, "stranger", new int[0])]
    public void ChangeDays_BetweenThem_TheAnswerIsTheSame(string? domain, string source, int[] days)
    {
        Assert.That(Table.ChangeDays(domain, source), Is.EqualTo(days));
        for (var day = -10; day < 400; day++)
        {
            var changes = Table.Resolve(domain, source, day - 1) != Table.Resolve(domain, source, day);
            Assert.That(changes, Is.EqualTo(days.Contains(day)), $"day {day}");
        }
    }

    [Test]
    public void Entries_TwoLedgerSourcesOnOneDay_Throws() => Assert.That(
        () => new Coverage([new("aws", 0, 11, "a", CostBasis.Billed, []), new("aws", 10, 20, "b", CostBasis.Billed, [])]),
        Throws.ArgumentException.With.Message.Contains("Domain 'aws' has two ledger sources on one day: 'a' and 'b'."));
}

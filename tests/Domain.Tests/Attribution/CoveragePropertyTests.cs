using CiCost.Domain.Attribution;
using CiCost.TestKit;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Attribution;

/// <summary>On every day of any coverage table one source counts, with a basis of its own (accounting.md, 4).</summary>
public sealed class CoveragePropertyTests
{
    private const int Cases = 5_000, Days = 60;
    private static readonly string[] Sources = ["a", "b", "c", "d"];

    [Test]
    public void AnyTable_CountsOneSourceADay_WithItsOwnBasis()
    {
        var histogram = new Histogram();
        var tables = Gen.Choose(0, int.MaxValue - 1).Select(TableOf);
        Properties.Hold(tables, Cases, entries =>
        {
            var covered = Enumerable.Range(0, Days).Count(d => entries.Any(e => e.Covers(d)));
            histogram.Count(("a gap", covered < Days), ("no gap", covered == Days), ("one entry", entries.Count == 1), ("more", entries.Count > 1));
            var table = new Coverage(entries);
            return Enumerable.Range(-5, Days + 10).Select(day => Violation(table, entries, day)).FirstOrDefault(v => v is not null);
        });
        histogram.AssertEachAtLeast(5, Cases);
    }

    /// <summary>Distances are measured here, and not looked up in an order of entries.</summary>
    private static string? Violation(Coverage table, List<CoverageEntry> entries, int day)
    {
        var chosen = entries.Find(e => e.Covers(day))
            ?? entries.Where(e => e.ToDay <= day).MinBy(e => day - e.ToDay)
            ?? entries.MinBy(e => e.FromDay - day)!;
        foreach (var source in Sources)
        {
            var (standing, basis) = table.Resolve("x", source, day);
            var isNamed = standing is SourceStanding.Ledger or SourceStanding.Evidence;
            if (standing.Counts() != (source == chosen.LedgerSource))
            {
                return $"day {day}: {source} is {standing}, and {chosen.LedgerSource} is the source of the day";
            }

            if (isNamed != entries.Exists(e => e.Covers(day)))
            {
                return $"day {day}: {source} is {standing}";
            }

            if (standing.Counts() && basis != chosen.LedgerBasis)
            {
                return $"day {day}: {source} is {basis} instead of {chosen.LedgerBasis}";
            }
        }

        return null;
    }

    private static List<CoverageEntry> TableOf(int seed)
    {
        var dice = new Random(seed);
        List<CoverageEntry> entries = [];
        var day = dice.Next(3) == 0 ? int.MinValue : dice.Next(Days / 2);
        do
        {
            var from = day;
            day = (from == int.MinValue ? 0 : from) + 1 + dice.Next(Days / 2);
            var isLast = day >= Days || dice.Next(3) == 0;
            var source = Sources[dice.Next(Sources.Length)];
            var basis = (CostBasis)(1 + (Array.IndexOf(Sources, source) % 3));
            entries.Add(new CoverageEntry("x", from, isLast && dice.Next(2) == 0 ? int.MaxValue : day, source, basis,
                [.. Sources.Where(s => s != source && dice.Next(2) == 0).Select(s => new EvidenceSource(s, CostBasis.CarriedForward))]));
            day += dice.Next(2) * dice.Next(10);
            if (isLast)
            {
                return entries;
            }
        }
        while (true);
    }
}

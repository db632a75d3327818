using System.Collections.Immutable;
using CiCost.Accounting.Funding;
using CiCost.Accounting.Presentation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace CiCost.Accounting.Tests.Presentation;

/// <summary>Cents on the page (accounting.md, 9): every page foots, and each source total is the exact one rounded once.</summary>
public sealed class PresentationCubeTests
{
    private static readonly int Cases = Counts.Of(10_000);
    private const long Cent = PresentationCube.NanosPerCent;

    private static Gen<Int128> Nanos => Gen.Frequency(
        (4, Gen.Choose(-30_000_000, 90_000_000).Select(n => (Int128)n)),
        (2, Gen.Elements<Int128>(Cent / 2, -Cent / 2, Cent, 3 * Cent / 2, 1, -1, 0)),
        (2, Gen.Choose(-2_000, 2_000).Select(n => (Int128)n * (Cent / 2))),
        (1, Gen.Choose(1, int.MaxValue).Select(n => (Int128)n * 4_000_000_007)));

    private static Gen<FundedCell[]> Cells =>
        from count in Gen.Choose(0, 12)
        from cells in (
            from source in Gen.Elements("bill", "estimate")
            from month in Gen.Elements(678, 679)
            from currency in Gen.Frequency((4, Gen.Constant("USD")), (1, Gen.Constant("EUR")))
            from architecture in Gen.Elements("x86", "cuda", null)
            from organisation in Gen.Elements("aws", "meta")
            from kind in Gen.Elements(FundingKind.Credits, FundingKind.MemberPaid)
            from basis in Gen.Elements(CostBasis.Billed, CostBasis.Estimated)
            from nanos in Nanos
            select new FundedCell(source, month, currency, basis, Attributes(architecture), new Funder(organisation, kind), nanos))
            .ArrayOf(count)
        select cells;

    [Test]
    public void Cents_OfAnyCells_FootAndEachSourceIsRoundedOnce()
    {
        var histogram = new Histogram();
        Properties.Hold(Cells, Cases, cells =>
        {
            var sums = cells.GroupBy(c => (c.Source, c.ChargeMonthIndex, c.Currency)).ToArray();
            histogram.Count(
                ("no cell", cells.Length == 0),
                ("a negative cell", cells.Any(c => c.Nanos < 0)),
                ("a zero cell", cells.Any(c => c.Nanos == 0)),
                ("half a cent in total", sums.Any(g => Int128.Abs(Total(g.Select(c => c.Nanos)) % Cent) == Cent / 2)),
                ("a negative total", sums.Any(g => Total(g.Select(c => c.Nanos)) < 0)),
                ("two currencies", cells.Select(c => c.Currency).Distinct().Count() > 1),
                ("cells joined", sums.Any(g => g.Select(MeaningOf).Distinct().Count() < g.Count())));
            var cube = PresentationCube.Of(cells);
            return Violation(cells, cube)
                ?? (cube.SequenceEqual(PresentationCube.Of(cells.Reverse())) ? null : "the order of cells changes the page");
        });
        histogram.AssertEachAtLeast(5, Cases);
    }

    [TestCase(new long[0], new long[0])]
    [TestCase(new[] { 3_333_333L, 3_333_333L, 3_333_334L }, new[] { 0L, 0L, 1L }, Description = "the largest fraction takes the cent")]
    [TestCase(new[] { 5_000_000L, 5_000_000L }, new[] { 1L, 0L }, Description = "a tie goes to the first")]
    [TestCase(new[] { 5_000_000L }, new[] { 0L }, Description = "half a cent goes to the even one")]
    [TestCase(new[] { 15_000_000L }, new[] { 2L })]
    [TestCase(new[] { -5_000_000L }, new[] { 0L })]
    [TestCase(new[] { -15_000_000L }, new[] { -2L })]
    [TestCase(new[] { 14_000_000L, -14_000_000L }, new[] { 1L, -1L })]
    public void Cents_OfFewParts_AreThese(long[] nanos, long[] expected) =>
        Assert.That(PresentationCube.CentsOf([.. nanos.Select(n => (Int128)n)]), Is.EqualTo(expected));

    private static string? Violation(FundedCell[] cells, IReadOnlyList<PresentationCell> cube)
    {
        // Estimates are in whole dollars (accounting.md, 14), all else in cents.
        foreach (var source in cells.GroupBy(c => (c.Source, c.ChargeMonthIndex, c.Currency, IsEstimated: c.Basis == CostBasis.Estimated)))
        {
            var page = cube.Where(c => (c.Source, c.ChargeMonthIndex, c.Currency, c.Basis == CostBasis.Estimated) == source.Key).ToArray();
            var step = source.Key.IsEstimated ? 100 : 1;
            var exact = step * decimal.Round((decimal)Total(source.Select(c => c.Nanos)) / (Cent * step), MidpointRounding.ToEven);
            if (page.Sum(c => c.Cents) != exact || Total(page.Select(c => c.Nanos)) != Total(source.Select(c => c.Nanos)))
            {
                return $"{source.Key}: {page.Sum(c => c.Cents)} cents on the page, {exact} exactly";
            }
        }

        if (cube.FirstOrDefault(c => Int128.Abs(c.Nanos - ((Int128)c.Cents * Cent)) >= Cent * (c.Basis == CostBasis.Estimated ? 100 : 1)) is { } far)
        {
            return $"{far} is a cent, or an estimate's dollar, or more from its amount";
        }

        var meanings = cells.Select(MeaningOf).Distinct().Count();
        return cube.Count == meanings ? null : $"{cube.Count} cells of {meanings} meanings";
    }

    private static object MeaningOf(FundedCell c) =>
        (c.Source, c.ChargeMonthIndex, c.Currency, c[AttributeName.Architecture], c.Funder.Organisation, c.Funder.Kind, c.Basis);

    private static ImmutableArray<string?> Attributes(string? architecture)
    {
        var values = new string?[Enum.GetValues<AttributeName>().Length];
        values[(int)AttributeName.Architecture] = architecture;
        return [.. values];
    }

    private static Int128 Total(IEnumerable<Int128> nanos) => nanos.Aggregate((Int128)0, (sum, n) => sum + n);
}

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
        foreach (var source in cells.GroupBy(c => (c.Source, c.ChargeMonthIndex, c.Currency)))
        {
            var page = cube.Where(c => (c.Source, c.ChargeMonthIndex, c.Currency) == source.Key).ToArray();
            var exact = decimal.Round((decimal)Total(source.Select(c => c.Nanos)) / Cent, MidpointRounding.ToEven);
            if (page.Sum(c => c.Cents) != exact || Total(page.Select(c => c.Nanos)) != Total(source.Select(c => c.Nanos)))
            {
                return $"{source.Key}: {page.Sum(c => c.Cents)} cents on the page, {exact} exactly";
            }
        }

        if (Sums(cells, c => (c.Source, c.ChargeMonthIndex, c.Currency, c.Basis, c.Funder.Organisation, c.Funder.Kind, c.Funder.GrantId))
            .FirstOrDefault(s => IsFar(s, cube.Where(c =>
                (c.Source, c.ChargeMonthIndex, c.Currency, c.Basis, c.Organisation, c.Kind, c.Grant) == s.Key))) is { Key.Source: not null } funder)
        {
            return $"{funder} is two cents or more from its amount";
        }

        if (Sums(cells, c => (c.Source, c.ChargeMonthIndex, c.Currency, c.Basis, ArchitectureOf(c)))
            .FirstOrDefault(s => IsFar(s, cube.Where(c =>
                (c.Source, c.ChargeMonthIndex, c.Currency, c.Basis, c.Architecture) == s.Key))) is { Key.Source: not null } architecture)
        {
            return $"{architecture} is two cents or more from its amount";
        }

        // Who paid changes no architecture's figure, and the architecture no funder's.
        var ofOne = PresentationCube.Of(cells.Select(c => c with { Funder = new Funder("aws", FundingKind.Credits) }));
        var ofNone = PresentationCube.Of(cells.Select(c => c with { Attributes = Attributes(null) }));
        if (!Figures(cube, c => (c.Source, c.ChargeMonthIndex, c.Basis, c.Currency, c.Architecture))
                .SequenceEqual(Figures(ofOne, c => (c.Source, c.ChargeMonthIndex, c.Basis, c.Currency, c.Architecture)))
            || !Figures(cube, c => (c.Source, c.ChargeMonthIndex, c.Basis, c.Currency, c.Organisation, c.Kind))
                .SequenceEqual(Figures(ofNone, c => (c.Source, c.ChargeMonthIndex, c.Basis, c.Currency, c.Organisation, c.Kind))))
        {
            return "one side of the page changes the other";
        }

        var missing = cells.Select(MeaningOf).Distinct().Count(m => !cube.Any(c => m.Equals(
            (c.Source, c.ChargeMonthIndex, c.Architecture == AttributionResult.Unattributed ? null : c.Architecture, c.Organisation, c.Kind, c.Basis))));
        return missing == 0 ? null : $"{missing} meanings have no cell";
    }

    private static object MeaningOf(FundedCell c) =>
        (c.Source, c.ChargeMonthIndex, c[AttributeName.Architecture], c.Funder.Organisation, c.Funder.Kind, c.Basis);

    private static string ArchitectureOf(FundedCell c) => c[AttributeName.Architecture] ?? AttributionResult.Unattributed;

    private static IEnumerable<(TKey Key, Int128 Nanos)> Sums<TKey>(FundedCell[] cells, Func<FundedCell, TKey> key) =>
        cells.GroupBy(key).Select(g => (g.Key, Total(g.Select(c => c.Nanos))));

    private static bool IsFar<TKey>((TKey Key, Int128 Nanos) sum, IEnumerable<PresentationCell> shown) =>
        Int128.Abs(sum.Nanos - ((Int128)shown.Sum(c => c.Cents) * Cent)) >= 2 * Cent;

    private static IEnumerable<(TKey Key, long Cents)> Figures<TKey>(IEnumerable<PresentationCell> cube, Func<PresentationCell, TKey> key) =>
        cube.GroupBy(key).Select(g => (g.Key, g.Sum(c => c.Cents))).Where(f => f.Item2 != 0).OrderBy(f => f.Key);

    private static ImmutableArray<string?> Attributes(string? architecture)
    {
        var values = new string?[Enum.GetValues<AttributeName>().Length];
        values[(int)AttributeName.Architecture] = architecture;
        return [.. values];
    }

    private static Int128 Total(IEnumerable<Int128> nanos) => nanos.Aggregate((Int128)0, (sum, n) => sum + n);
}

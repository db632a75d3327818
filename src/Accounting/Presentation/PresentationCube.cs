using CiCost.Accounting.Funding;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;

namespace CiCost.Accounting.Presentation;

/// <summary>A cell of the finest grain that is published: its cents are what every table and chart adds up.</summary>
/// <param name="Source">The source.</param>
/// <param name="ChargeMonthIndex">The charge month.</param>
/// <param name="Architecture">An architecture's id, or Unattributed, or rounding.</param>
/// <param name="Organisation">The funder.</param>
/// <param name="Kind">With what it pays.</param>
/// <param name="Grant">The grant that it is drawn on; null for none.</param>
/// <param name="Basis">How sure it is.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Nanos">The exact amount.</param>
/// <param name="Cents">The amount on the page.</param>
public sealed record PresentationCell(
    string Source,
    int ChargeMonthIndex,
    string Architecture,
    string Organisation,
    FundingKind Kind,
    string? Grant,
    CostBasis Basis,
    string Currency,
    Int128 Nanos,
    long Cents);

/// <summary>
/// Cents on the page (accounting.md, 9), of estimates too: the total of a source, charge month and currency is the exact one rounded once;
/// from it are cut, by largest remainder, what each basis has, and from that what each funder gave and what each architecture cost, so
/// that every row, column and page foots and <see cref="SourceCents"/> shows the same of them without knowing who paid.
/// </summary>
public static class PresentationCube
{
    /// <summary>Nanos in a cent.</summary>
    public const long NanosPerCent = 10_000_000;

    /// <summary>The cells, in a stable order.</summary>
    public static IReadOnlyList<PresentationCell> Of(IEnumerable<FundedCell> funded)
    {
        ArgumentNullException.ThrowIfNull(funded);
        return
        [
            .. funded.GroupBy(c => (c.Source, c.ChargeMonthIndex, c.Currency))
                .OrderBy(g => g.Key.ChargeMonthIndex).ThenBy(g => g.Key.Source, StringComparer.Ordinal)
                .ThenBy(g => g.Key.Currency, StringComparer.Ordinal)
                .SelectMany(g => Cells(g.Key.Source, g.Key.ChargeMonthIndex, g.Key.Currency, [.. g])),
        ];
    }

    /// <summary>Cents of parts of a whole, by largest remainder: they add up to the whole rounded half-even.</summary>
    /// <param name="nanos">The parts in a stable order; ties go to the first.</param>
    public static long[] CentsOf(IReadOnlyList<Int128> nanos) => Apportion(nanos, NanosPerCent);

    /// <summary>Whole steps of parts by largest remainder, such as hours of seconds or thousands of cents: they add up to the whole
    /// rounded half-even.</summary>
    /// <param name="parts">The parts in a stable order; ties go to the first.</param>
    /// <param name="step">The size of a step in the parts' unit.</param>
    public static long[] StepsOf(IReadOnlyList<Int128> parts, long step) => Apportion(parts, step);

    /// <summary>The same against a total that is printed already.</summary>
    /// <param name="parts">The parts in a stable order; ties go to the first.</param>
    /// <param name="step">The size of a step in the parts' unit.</param>
    /// <param name="total">The printed total, in steps.</param>
    public static long[] StepsOf(IReadOnlyList<Int128> parts, long step, long total) => Apportion(parts, step, total);

    /// <summary>Cents of parts by largest remainder, so that they add up to a total that is printed already.</summary>
    /// <param name="nanos">The parts in a stable order; ties go to the first.</param>
    /// <param name="totalCents">The printed total.</param>
    public static long[] CentsOf(IReadOnlyList<Int128> nanos, long totalCents) => Apportion(nanos, NanosPerCent, totalCents);

    /// <summary>Cents of named parts by largest remainder against a total that is printed already; the order of the parts does not
    /// matter, ties go to the smallest key. Parts that share a key are added first.</summary>
    /// <param name="parts">The parts, in nanos.</param>
    /// <param name="totalCents">The printed total.</param>
    public static IReadOnlyDictionary<TKey, long> CentsOf<TKey>(IEnumerable<(TKey Key, Int128 Nanos)> parts, long totalCents)
        where TKey : notnull
    {
        var sums = parts.GroupBy(p => p.Key).OrderBy(g => g.Key, KeyOrder<TKey>())
            .Select(g => (g.Key, Nanos: g.Aggregate((Int128)0, (sum, p) => sum + p.Nanos))).ToList();
        var cents = Apportion([.. sums.Select(s => s.Nanos)], NanosPerCent, totalCents);
        return sums.Select((s, i) => (s.Key, Cents: cents[i])).ToDictionary(s => s.Key, s => s.Cents);
    }

    /// <summary>An amount in cents, rounded half-even.</summary>
    public static long RoundHalfEven(Int128 nanos) => RoundHalfEven(nanos, NanosPerCent);

    /// <summary>The order of keys that no culture changes.</summary>
    internal static IComparer<TKey> KeyOrder<TKey>() =>
        typeof(TKey) == typeof(string) ? (IComparer<TKey>)StringComparer.Ordinal : Comparer<TKey>.Default;

    private static long[] Apportion(IReadOnlyList<Int128> nanos, long nanosPerStep) =>
        Apportion(nanos, nanosPerStep, RoundHalfEven(nanos.Aggregate((Int128)0, (sum, n) => sum + n), nanosPerStep));

    private static long[] Apportion(IReadOnlyList<Int128> nanos, long nanosPerStep, long total)
    {
        var steps = nanos.Select(n => (long)FloorDivide(n, nanosPerStep)).ToArray();
        var left = total - steps.Sum();

        // Nothing stays nothing: only where all parts are nothing, one of them takes what is printed.
        var takers = Enumerable.Range(0, steps.Length).Where(i => nanos[i] != 0).ToArray();
        var order = (takers.Length > 0 ? takers : Enumerable.Range(0, steps.Length))
            .OrderByDescending(i => nanos[i] - ((Int128)steps[i] * nanosPerStep)).ToArray();

        // A printed total may be further off than one step a part: then everybody takes another, in the same order.
        for (var i = 0; left != 0 && order.Length > 0; i = (i + 1) % order.Length)
        {
            var sign = Math.Sign(left);
            steps[sign > 0 ? order[i] : order[^(i + 1)]] += sign;
            left -= sign;
        }

        return left == 0 ? steps : throw new ArgumentException($"There are no parts to take {total}.", nameof(nanos));
    }

    private static long RoundHalfEven(Int128 nanos, long nanosPerStep)
    {
        var floor = FloorDivide(nanos, nanosPerStep);
        var twice = (nanos - (floor * nanosPerStep)) * 2;
        var steps = twice > nanosPerStep || (twice == nanosPerStep && Int128.IsOddInteger(floor)) ? floor + 1 : floor;
        return steps >= long.MinValue && steps <= long.MaxValue
            ? (long)steps
            : throw new OverflowException($"A sum of {nanos / CiCost.Domain.Money.Money.NanosPerUnit} units is beyond what is shown in cents, 9.2e16 units.");
    }

    private static IEnumerable<PresentationCell> Cells(string source, int month, string currency, List<FundedCell> cells)
    {
        var bases = CentsOf(cells.Select(c => (c.Basis, c.Nanos)), RoundHalfEven(Sum(cells)));
        foreach (var basis in cells.GroupBy(c => c.Basis).OrderBy(g => g.Key))
        {
            var exact = basis.GroupBy(c => (Row: FunderRow.Of(c.Funder), Column: ArchitectureOf(c))).ToDictionary(g => g.Key, Sum);
            foreach (var (key, cents) in CentGrid.Of(exact, bases[basis.Key]).OrderBy(c => c.Key.Column, StringComparer.Ordinal)
                .ThenBy(c => c.Key.Row))
            {
                yield return new PresentationCell(source, month, key.Column, key.Row.Organisation, key.Row.Kind,
                    key.Row.Grant.Length == 0 ? null : key.Row.Grant, basis.Key, currency, exact.GetValueOrDefault(key), cents);
            }
        }
    }

    private static string ArchitectureOf(FundedCell cell) => cell[AttributeName.Architecture] ?? AttributionResult.Unattributed;

    private static Int128 Sum(IEnumerable<FundedCell> cells) => cells.Aggregate((Int128)0, (sum, c) => sum + c.Nanos);

    private static Int128 FloorDivide(Int128 nanos, long nanosPerStep)
    {
        var (quotient, remainder) = Int128.DivRem(nanos, nanosPerStep);
        return remainder < 0 ? quotient - 1 : quotient;
    }

    private readonly record struct FunderRow(string Organisation, FundingKind Kind, string Grant) : IComparable<FunderRow>
    {
        public static FunderRow Of(Funder funder) => new(funder.Organisation, funder.Kind, funder.GrantId ?? "");

        public int CompareTo(FunderRow other) => string.CompareOrdinal(Organisation, other.Organisation) is var o and not 0 ? o
            : Kind.CompareTo(other.Kind) is var k and not 0 ? k : string.CompareOrdinal(Grant, other.Grant);
    }
}

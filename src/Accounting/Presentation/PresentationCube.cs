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
    CostBasis Basis,
    string Currency,
    Int128 Nanos,
    long Cents);

/// <summary>
/// Cents on the page (accounting.md, 9): sums of cells, each in cents, by largest remainder within a source, month and currency, so that
/// the total of a source equals the exact one rounded once, and every row, column and page foots. Estimates are in whole dollars
/// (accounting.md, 14).
/// </summary>
public static class PresentationCube
{
    /// <summary>Nanos in a cent.</summary>
    public const long NanosPerCent = 10_000_000;

    private const int CentsPerDollar = 100;

    /// <summary>The cells, in a stable order.</summary>
    public static IReadOnlyList<PresentationCell> Of(IEnumerable<FundedCell> funded)
    {
        ArgumentNullException.ThrowIfNull(funded);
        return
        [
            .. funded.GroupBy(c => (c.Source, c.ChargeMonthIndex, c.Currency, IsEstimated: c.Basis == CostBasis.Estimated))
                .OrderBy(g => g.Key.ChargeMonthIndex).ThenBy(g => g.Key.Source, StringComparer.Ordinal)
                .ThenBy(g => g.Key.Currency, StringComparer.Ordinal).ThenBy(g => g.Key.IsEstimated)
                .SelectMany(Cells),
        ];
    }

    /// <summary>Cents of parts of a whole, by largest remainder: they add up to the whole rounded half-even.</summary>
    /// <param name="nanos">The parts in a stable order; ties go to the first.</param>
    public static long[] CentsOf(IReadOnlyList<Int128> nanos) => Apportion(nanos, NanosPerCent);

    /// <summary>Cents of parts by largest remainder, so that they add up to a total that is printed already.</summary>
    /// <param name="nanos">The parts in a stable order; ties go to the first.</param>
    /// <param name="totalCents">The printed total.</param>
    public static long[] CentsOf(IReadOnlyList<Int128> nanos, long totalCents) => Apportion(nanos, NanosPerCent, totalCents);

    /// <summary>An amount in cents, rounded half-even.</summary>
    public static long RoundHalfEven(Int128 nanos) => RoundHalfEven(nanos, NanosPerCent);

    private static long[] Apportion(IReadOnlyList<Int128> nanos, long nanosPerStep) =>
        Apportion(nanos, nanosPerStep, RoundHalfEven(nanos.Aggregate((Int128)0, (sum, n) => sum + n), nanosPerStep));

    private static long[] Apportion(IReadOnlyList<Int128> nanos, long nanosPerStep, long total)
    {
        var steps = nanos.Select(n => (long)FloorDivide(n, nanosPerStep)).ToArray();
        var left = total - steps.Sum();
        var order = Enumerable.Range(0, steps.Length).OrderByDescending(i => nanos[i] - ((Int128)steps[i] * nanosPerStep)).ToArray();

        // A printed total may be further off than one step a part: then everybody takes another, in the same order.
        for (var i = 0; left != 0 && steps.Length > 0; i = (i + 1) % steps.Length)
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
        return (long)(twice > nanosPerStep || (twice == nanosPerStep && Int128.IsOddInteger(floor)) ? floor + 1 : floor);
    }

    private static IEnumerable<PresentationCell> Cells(
        IGrouping<(string Source, int Month, string Currency, bool IsEstimated), FundedCell> group)
    {
        var cells = group
            .GroupBy(c => (Architecture: c[AttributeName.Architecture] ?? AttributionResult.Unattributed, c.Funder.Organisation,
                c.Funder.Kind, c.Basis))
            .OrderBy(g => g.Key.Architecture, StringComparer.Ordinal).ThenBy(g => g.Key.Organisation, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Kind).ThenBy(g => g.Key.Basis)
            .Select(g => (g.Key, Nanos: g.Aggregate((Int128)0, (sum, c) => sum + c.Nanos)))
            .ToList();
        var step = group.Key.IsEstimated ? CentsPerDollar : 1;
        var steps = Apportion([.. cells.Select(c => c.Nanos)], step * NanosPerCent);
        return cells.Select((c, i) => new PresentationCell(group.Key.Source, group.Key.Month, c.Key.Architecture, c.Key.Organisation,
            c.Key.Kind, c.Key.Basis, group.Key.Currency, c.Nanos, steps[i] * step));
    }

    private static Int128 FloorDivide(Int128 nanos, long nanosPerStep)
    {
        var (quotient, remainder) = Int128.DivRem(nanos, nanosPerStep);
        return remainder < 0 ? quotient - 1 : quotient;
    }
}

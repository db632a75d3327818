using System.Numerics;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Funding;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Ledger;
using CiCost.Policy;

namespace CiCost.Accounting.Statements;

/// <summary>
/// The days behind the funded cells of a month. Funding is placed by month; where policies hold by day, a funded amount is cut in proportion
/// to what its cell consumed on them, to the nano. For donated hardware it says what of the value may be shared (accounting.md, 13), which
/// the rate of the label on the day decides.
/// </summary>
internal sealed class MonthDays
{
    private readonly Dictionary<string, List<Use>> _uses;
    private readonly PolicySet _policy;

    /// <summary>Takes the days of a month.</summary>
    /// <param name="cube">The charge month by day.</param>
    public MonthDays(CostCube cube)
    {
        _policy = cube.Policy.Set;
        var builder = new PayerMonthBuilder(cube, _policy);
        _uses = cube.Cells.Where(c => c.Counts && c.BelongsTo(CostMetric.Consumption))
            .Select(c => (builder.Meaning(c).MeaningKey, Use: new Use(c.ChargeDay!.Value, LabelOf(cube, c), c.Nanos(CostMetric.Consumption))
            {
                IsRounding = c.Attribution.Role is not (LineRole.Charge or LineRole.Funding),
            }))
            .GroupBy(c => c.MeaningKey, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(c => c.Use).ToList(), StringComparer.Ordinal);
    }

    /// <summary>The funded cells of a meaning are what its days consumed: else something of them would be cut by days that are not its own.
    /// </summary>
    /// <exception cref="InvariantException">They are not: a bug.</exception>
    public void Verify(IReadOnlyCollection<FundedCell> cells)
    {
        foreach (var meaning in cells.GroupBy(c => c.MeaningKey, StringComparer.Ordinal))
        {
            var (funded, used) = (Sum(meaning.Select(c => c.Nanos)), Sum(_uses.GetValueOrDefault(meaning.Key, []).Select(u => u.Nanos)));
            if (funded != used)
            {
                var cell = meaning.First();
                throw new InvariantException($"What is funded of {cell.Source} ({string.Join(", ", cell.Attributes.OfType<string>())}) is {funded} "
                    + $"nanos, and its days consumed {used}.");
            }
        }
    }

    /// <summary>Cuts a funded amount over periods of days that are the whole month.</summary>
    /// <param name="cell">The funded cell.</param>
    /// <param name="periods">First and last charge day of each, in order.</param>
    public IReadOnlyList<DaysShare> Cut(FundedCell cell, IReadOnlyList<(int First, int Last)> periods)
    {
        var uses = _uses.GetValueOrDefault(cell.MeaningKey, []);
        var whole = Sum(uses.Select(u => u.Nanos));

        // A change about the use of an earlier month has no day of its own.
        Int128[] weights = [.. periods.Select(p => whole == 0 ? p.Last - p.First + 1 : Sum(uses.Where(u => Is(u, p)).Select(u => u.Nanos)))];
        var parts = Cut(cell.Nanos, weights);
        return [.. periods.Select((p, i) => Share(cell, parts[i], [.. uses.Where(u => Is(u, p))]))];

        static bool Is(Use use, (int First, int Last) period) => use.Day >= period.First && use.Day <= period.Last;
    }

    /// <summary>An amount in proportion to weights of any sign that do not add up to zero: their running sum is rounded, so that the parts
    /// are the whole.</summary>
    internal static Int128[] Cut(Int128 amount, IReadOnlyList<Int128> weights)
    {
        var (total, seen, taken) = (BigInteger.Zero, BigInteger.Zero, Int128.Zero);
        foreach (var weight in weights)
        {
            total += weight;
        }

        var parts = new Int128[weights.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            seen += weights[i];
            parts[i] = Portion(amount, seen, total) - taken;
            taken += parts[i];
        }

        return parts;
    }

    private DaysShare Share(FundedCell cell, Int128 nanos, IReadOnlyList<Use> uses)
    {
        if (cell.Funder.Kind != FundingKind.InKind)
        {
            return new DaysShare(nanos, 0, 0);
        }

        // What rounding left of a delivery has no rate of its own and is accepted with it.
        if (uses.Count > 0 && uses.All(u => u.IsRounding))
        {
            return new DaysShare(nanos, 0, 0);
        }

        var (value, refused, above) = ((Int128)0, (Int128)0, (Int128)0);
        foreach (var use in uses.Where(u => !u.IsRounding))
        {
            var verdict = _policy.PoolValueOf(use.Label, use.Day, cell.Funder.Organisation);
            value += use.Nanos;
            refused += verdict.IsAcceptable ? 0 : use.Nanos;
            above += verdict.IsAcceptable ? use.Nanos - verdict.Counting(use.Nanos) : 0;
        }

        return value == 0 ? new DaysShare(nanos, nanos, 0) : new DaysShare(nanos, Portion(nanos, refused, value), Portion(nanos, above, value));
    }

    /// <summary>An amount times a part of a whole, rounded half to even.</summary>
    private static Int128 Portion(Int128 amount, BigInteger part, BigInteger whole)
    {
        var (numerator, denominator) = whole < 0 ? (-amount * part, -whole) : (amount * part, whole);
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var twice = BigInteger.Abs(remainder) * 2;
        return (Int128)(twice > denominator || (twice == denominator && !quotient.IsEven) ? quotient + numerator.Sign : quotient);
    }

    private static string LabelOf(CostCube cube, AttributedCell cell) => cube.ValueOf(cell, ColumnTest.RunnerLabelColumn);

    private static Int128 Sum(IEnumerable<Int128> nanos) => nanos.Aggregate((Int128)0, (sum, n) => sum + n);

    private sealed record Use(int Day, string Label, Int128 Nanos)
    {
        public bool IsRounding { get; init; }
    }
}

/// <summary>A funded amount on some days.</summary>
/// <param name="Nanos">The amount.</param>
/// <param name="NotApprovedNanos">Of donated hardware: what has no approved rate.</param>
/// <param name="AboveReferenceNanos">Of donated hardware: what is above the reference rate.</param>
internal sealed record DaysShare(Int128 Nanos, Int128 NotApprovedNanos, Int128 AboveReferenceNanos);

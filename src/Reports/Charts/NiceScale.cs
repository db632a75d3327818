namespace CiCost.Reports.Charts;

/// <summary>An axis from a round number to a round number with about six lines.</summary>
/// <param name="LowCents">The lowest line, zero or below.</param>
/// <param name="HighCents">The highest line, zero or above.</param>
/// <param name="StepCents">From line to line: 1, 2, 2.5 or 5 times a power of ten, at least a thousand dollars.</param>
public sealed record NiceScale(Int128 LowCents, Int128 HighCents, Int128 StepCents)
{
    // The labels are whole thousands of dollars.
    private const long LeastStepCents = 100_000;
    private const int MostSteps = 7;

    private static readonly int[] Steps = [10, 20, 25, 50];

    /// <summary>The lines from the lowest to the highest.</summary>
    public IEnumerable<Int128> Lines
    {
        get
        {
            for (var cents = LowCents; cents <= HighCents; cents += StepCents)
            {
                yield return cents;
            }
        }
    }

    /// <summary>The finest axis with at most seven steps that holds zero and both ends.</summary>
    public static NiceScale Of(Int128 lowestCents, Int128 highestCents)
    {
        var (low, high) = (Int128.Min(0, lowestCents), Int128.Max(0, highestCents));
        for (Int128 power = LeastStepCents / 10; ; power *= 10)
        {
            foreach (var step in Steps.Select(s => s * power / 10).Where(s => s >= LeastStepCents && s % LeastStepCents == 0))
            {
                var (down, up) = (RoundUp(-low, step), RoundUp(high, step));
                if ((down + up) / step <= MostSteps)
                {
                    return new NiceScale(-down, up == 0 && down == 0 ? step : up, step);
                }
            }
        }
    }

    private static Int128 RoundUp(Int128 value, Int128 step) => (value + step - 1) / step * step;
}

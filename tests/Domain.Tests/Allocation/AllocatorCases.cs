using CiCost.Domain.Allocation;
using FsCheck;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Allocation;

/// <summary>An amount and parties to divide it by; the parties are in no order.</summary>
internal sealed record AllocatorCase(Int128 AmountNanos, AllocationWeight[] Weights)
{
    public override string ToString() => $"{AmountNanos} by {string.Join(", ", Weights.Select(w => $"{w.Key}:{w.Weight}"))}";
}

/// <summary>Generates allocations with the hard classes often enough, and smaller variants of a failing one.</summary>
internal static class AllocatorCases
{
    private static readonly string[] Names =
        ["AMD", "Arm", "AWS", "Google", "Hugging Face", "IBM", "Intel", "Meta", "NVIDIA", "Zürich", "\uFFFD", "\U0001F525"];

    public static Gen<AllocatorCase> All { get; } =
        from amount in Amount
        from count in Gen.Frequency((1, Gen.Constant(0)), (9, Gen.Choose(1, Names.Length)))
        from names in Gen.Shuffle(Names)
        from weights in Weights(count)
        select new AllocatorCase(amount, [.. names.Take(count).Zip(weights, (name, weight) => new AllocationWeight(name, weight))]);

    public static IEnumerable<AllocatorCase> Shrink(AllocatorCase value)
    {
        for (var i = 0; i < value.Weights.Length; i++)
        {
            yield return value with { Weights = [.. value.Weights.Where((_, at) => at != i)] };
            if (value.Weights[i].Weight > 1)
            {
                var smaller = value.Weights[i] with { Weight = value.Weights[i].Weight / 2 };
                yield return value with { Weights = [.. value.Weights.Select((w, at) => at == i ? smaller : w)] };
            }
        }

        if (value.AmountNanos / 2 != value.AmountNanos)
        {
            yield return value with { AmountNanos = value.AmountNanos / 2 };
        }
    }

    private static Gen<Int128> Amount => Gen.Frequency(
        (4, Gen.Choose(-1_000, 1_000).Select(n => (Int128)n)),
        (4, Words.Select(w => (Int128)unchecked((long)w))),
        (2, Gen.Elements<Int128>(long.MinValue, long.MinValue + 1, long.MaxValue - 1, long.MaxValue)),
        (1, Gen.Elements<Int128>(0, 1, -1)),
        (1, Words.Two().Select(w => unchecked((Int128)new UInt128(w.Item1, w.Item2)))));

    private static Gen<ulong> Words => Gen.Two(Gen.Choose(int.MinValue, int.MaxValue))
        .Select(w => unchecked(((ulong)(uint)w.Item1 << 32) | (uint)w.Item2));

    private static Gen<Int128[]> Weights(int count) => Gen.Frequency(
        (3, Gen.Choose(0, 5).Select(n => (Int128)n).ArrayOf(count)),
        (2, Gen.Choose(1, 1_000_000).Select(n => (Int128)n).ArrayOf(count)),
        (1, Gen.Choose(1, int.MaxValue).Select(n => Enumerable.Repeat((Int128)n, count).ToArray())),
        (1, Gen.Constant(new Int128[count])),
        (2, Words.Select(w => (Int128)(w >> 1)).ArrayOf(count)),
        (1, Gen.Elements<Int128>(0, 1, long.MaxValue, (Int128)1 << 63).ArrayOf(count)),
        (1, Words.Two().Select(w => (Int128)new UInt128(w.Item1 >> 6, w.Item2)).ArrayOf(count)));
}

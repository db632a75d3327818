using CiCost.Accounting.Costs;

namespace CiCost.Accounting.Presentation;

/// <summary>
/// A bridge in cents that foots as the exact one does (accounting.md, 9): consumption, its terms and payable are those of
/// <see cref="SourceCents"/>, which everything shows; what makes consumption is cut against it by largest remainder, and a step of exactly
/// nothing stays nothing.
/// </summary>
public sealed class BridgeCents
{
    private readonly Dictionary<string, long> _cents;

    private BridgeCents(Dictionary<string, long> cents) => _cents = cents;

    /// <summary>The names of the steps in their order: what makes consumption, consumption, its terms, payable.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        "listUsage", "discounts", "unpricedUsage", "corrections", "otherCharges", "consumption",
        "credits", "freeTerms", "borneOutside", "accrued", "timing", "payable",
    ];

    /// <summary>The cents of a step.</summary>
    public long this[string step] => _cents[step];

    /// <summary>The exact amounts of a bridge by step, in nanos.</summary>
    public static IReadOnlyDictionary<string, Int128> NanosOf(CostBridge bridge)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        return Steps.Zip(
        [
            bridge.ListUsageNanos, bridge.DiscountNanos, bridge.UnpricedUsageNanos, bridge.CorrectionNanos, bridge.OtherChargeNanos,
            bridge.ConsumptionNanos, bridge.CreditNanos, bridge.FreeTermsNanos, bridge.BorneOutsideNanos, bridge.AccruedNanos,
            bridge.TimingNanos, bridge.PayableNanos,
        ]).ToDictionary(s => s.First, s => s.Second);
    }

    /// <summary>The cents of every bridge of an answer.</summary>
    public static IReadOnlyDictionary<CostBridge, BridgeCents> Of(BridgeAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Bridges.GroupBy(b => (b.Source, b.Currency)).SelectMany(g => OfSource(answer.Cents, [.. g])).ToDictionary();
    }

    /// <summary>The parts of a source's bridge add up to its consumption and payable; within each part the terms lead from one to the
    /// other.</summary>
    private static IEnumerable<KeyValuePair<CostBridge, BridgeCents>> OfSource(SourceCents cents, IReadOnlyList<CostBridge> parts)
    {
        long Total(CostMetric metric) => cents.Of(parts[0].Source, parts[0].Currency, metric);
        var consumption = PresentationCube.CentsOf([.. parts.Select(p => p.ConsumptionNanos)], Total(CostMetric.Consumption));
        var payable = PresentationCube.CentsOf([.. parts.Select(p => p.PayableNanos)], Total(CostMetric.Payable));
        for (var i = 0; i < parts.Count; i++)
        {
            var nanos = NanosOf(parts[i]);
            Dictionary<string, long> of = new() { ["consumption"] = consumption[i], ["payable"] = payable[i] };
            Cut(of, nanos, [.. Steps.Take(5)], consumption[i]);
            if (parts.Count == 1)
            {
                foreach (var (step, metric) in Steps.Skip(6).Take(5).Zip(CostBridge.Terms))
                {
                    of[step] = Total(metric);
                }
            }
            else
            {
                Cut(of, nanos, [.. Steps.Skip(6).Take(5)], payable[i] - consumption[i]);
            }

            yield return KeyValuePair.Create(parts[i], new BridgeCents(of));
        }
    }

    /// <summary>What each payer is asked for, in cents that add up to the payable of the source.</summary>
    public static IReadOnlyList<(PayerPayable Payer, long Cents)> OfPayers(BridgeAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var payables = Of(answer).ToDictionary(b => (b.Key.Source, b.Key.Part, b.Key.Currency), b => b.Value["payable"]);
        var cents = answer.Payables.GroupBy(p => (p.Source, p.Part, p.Currency))
            .SelectMany(g => g.Zip(PresentationCube.CentsOf([.. g.Select(p => p.Nanos)], payables[g.Key]))).ToDictionary(p => p.First, p => p.Second);
        return [.. answer.Payables.Select(p => (p, cents[p]))];
    }

    private static void Cut(Dictionary<string, long> cents, IReadOnlyDictionary<string, Int128> nanos, string[] steps, long total)
    {
        var parts = PresentationCube.CentsOf([.. steps.Select(s => nanos[s])], total);
        foreach (var (step, part) in steps.Zip(parts))
        {
            cents[step] = part;
        }
    }
}

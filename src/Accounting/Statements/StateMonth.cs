using CiCost.Accounting.Funding;
using CiCost.Accounting.Presentation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Domain.Sharing;
using CiCost.Ledger;

namespace CiCost.Accounting.Statements;

/// <summary>The statements of a month under one split policy.</summary>
public sealed record StatementAnswer
{
    /// <summary>The charge month.</summary>
    public required BillingMonth Month { get; init; }

    /// <summary>The funding that it divides.</summary>
    public required FundingAnswer Funding { get; init; }

    /// <summary>The statement.</summary>
    public required SplitStatement Point { get; init; }

    /// <summary>The same with every domain at the low end of its range (accounting.md, 14).</summary>
    public required SplitStatement Low { get; init; }

    /// <summary>The same with every domain at the high end.</summary>
    public required SplitStatement High { get; init; }

    /// <summary>Currencies that are in the books and not in the policy: not shared.</summary>
    public IReadOnlyList<string> OtherCurrencies => [.. OtherMoney.Select(m => m.Currency)];

    /// <summary>What was given in them, by organisation.</summary>
    public required IReadOnlyList<OtherMoney> OtherMoney { get; init; }

    /// <summary>The part of consumption that is from bills, in nanos.</summary>
    public required Int128 BilledNanos { get; init; }

    /// <summary>Is too little of the consumption invoiced (accounting.md, 14)?</summary>
    public bool IsIndicative => Indicative.Is(PresentationCube.Of(Funding.Cells.Where(c => c.Currency == Point.Policy.Currency)));
}

/// <summary>States, per organisation and month, what was given, used, directed and shared (accounting.md, 12 and 15).</summary>
public sealed class StateMonth(FundConsumption funding)
{
    /// <summary>Every statement says it (accounting.md, 15).</summary>
    public const string Disclaimer = "Management information. No obligation, invoice, or valuation of a gift.";

    private const int MonthsBack = 24;

    /// <summary>States a month.</summary>
    /// <param name="month">The charge month.</param>
    /// <param name="splitId">The split policy; null takes, day by day, the agreed one, else the first proposal.</param>
    /// <param name="asOf">As the books stood at this instant; null for now.</param>
    /// <exception cref="BooksException">There is no such policy, none holds on any day of the month, or they are of two currencies.</exception>
    public StatementAnswer Run(BillingMonth month, string? splitId, DateTimeOffset? asOf)
    {
        var funded = funding.Run(month, month, asOf);
        var periods = PeriodsOf(funded.Policy.Splits, month, splitId);
        var currency = CurrencyOf(periods, month);
        var cells = SharedCells.Of(funding, funded, month, currency, [.. periods.Select(p => (p.First, p.Last))]);
        var paidAhead = funded.PaidAhead.Where(p => p.Currency == currency).GroupBy(p => p.Funder.Organisation, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Aggregate((Int128)0, (sum, p) => sum + p.Nanos), StringComparer.Ordinal);
        SplitStatement Divide(Func<SpendDomain, long> factor) => SplitEngine.Divide(
            month,
            [.. periods.Select((p, i) => new SplitPeriod(p.Policy, p.First, p.Last, cells.At(i, factor)))],
            paidAhead,
            split => PreviousWeights(split, month, asOf));
        return new StatementAnswer
        {
            Month = month,
            Funding = funded,
            Point = Divide(static _ => Money.NanosPerUnit),
            Low = Divide(static d => d.LowNanos),
            High = Divide(static d => d.HighNanos),
            OtherMoney = Presentation.OtherMoney.Of(funded.Cells, currency),
            BilledNanos = funded.Cells.Where(c => c.Currency == currency && c.Basis is CostBasis.Billed or CostBasis.Invoiced)
                .Aggregate((Int128)0, (sum, c) => sum + c.Nanos),
        };
    }

    /// <summary>The days of a month by the policy that holds on them.</summary>
    private static List<(SplitPolicy? Policy, int First, int Last)> PeriodsOf(
        IReadOnlyList<SplitPolicy> splits, BillingMonth month, string? splitId)
    {
        if (splitId is not null && splits.All(s => s.Id != splitId))
        {
            throw new BooksException("split-unknown",
                $"There is no split policy '{splitId}'. Known: {string.Join(", ", splits.Select(s => s.Id))}.");
        }

        var asked = splits.Where(s => splitId is null || s.Id == splitId).OrderByDescending(s => s.IsAgreed).ToList();
        List<(SplitPolicy? Policy, int First, int Last)> periods = [];
        for (var day = ChargeDay.Of(month.FirstDay); day <= ChargeDay.Of(month.LastDay); day++)
        {
            var policy = asked.Find(s => s.FromDay <= day && day < s.ToDay);
            if (periods.Count > 0 && periods[^1].Policy == policy)
            {
                periods[^1] = (policy, periods[^1].First, day);
            }
            else
            {
                periods.Add((policy, day, day));
            }
        }

        return periods.Exists(p => p.Policy is not null) ? periods : throw new BooksException("split-unknown",
            $"No split policy covers {month}{(splitId is null ? "" : $": '{splitId}' holds on other days")}. "
            + "Add one to policy/splits.yaml, then run 'cicost attribute'.");
    }

    private static string CurrencyOf(List<(SplitPolicy? Policy, int First, int Last)> periods, BillingMonth month)
    {
        var policies = periods.Select(p => p.Policy).OfType<SplitPolicy>().ToList();
        return policies.Find(p => p.Currency != policies[0].Currency) is not { } other ? policies[0].Currency
            : throw new BooksException("split-currencies", $"Split policies of two currencies hold in {month}: '{policies[0].Id}' divides "
                + $"{policies[0].Currency}, '{other.Id}' {other.Currency}. End one with the month, or ask for one with --split.");
    }

    private System.Collections.Immutable.ImmutableSortedDictionary<string, Int128>? PreviousWeights(
        SplitPolicy split, BillingMonth month, DateTimeOffset? asOf)
    {
        var alone = split with { Fallback = SplitFallback.Unallocated };
        var earlier = month.Previous;
        for (var i = 0; i < MonthsBack; i++, earlier = earlier.Previous)
        {
            if (split.FromDay > ChargeDay.Of(earlier.LastDay) || split.ToDay <= ChargeDay.Of(earlier.FirstDay))
            {
                continue;
            }

            var periods = PeriodsOf([alone], earlier, null);
            var funded = funding.Run(earlier, earlier, asOf);
            var cells = SharedCells.Of(funding, funded, earlier, split.Currency, [.. periods.Select(p => (p.First, p.Last))]);
            var statement = SplitEngine.Divide(
                earlier,
                [.. periods.Select((p, n) => new SplitPeriod(p.Policy, p.First, p.Last, cells.At(n, static _ => Money.NanosPerUnit)))],
                new Dictionary<string, Int128>(),
                static _ => null);
            if (statement.Periods.LastOrDefault(p => p.Weights.Values.Any(w => w > 0)) is { } weighed)
            {
                return weighed.Weights;
            }
        }

        return null;
    }
}

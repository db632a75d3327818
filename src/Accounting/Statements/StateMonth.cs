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
    /// <param name="splitId">The split policy; null takes the agreed one of the month, else its first proposal.</param>
    /// <param name="asOf">As the books stood at this instant; null for now.</param>
    /// <exception cref="BooksException">There is no such policy, or none for the month.</exception>
    public StatementAnswer Run(BillingMonth month, string? splitId, DateTimeOffset? asOf)
    {
        var funded = funding.Run(month, month, asOf);
        var split = SplitOf(funded, month, splitId);
        var previous = split.Fallback == SplitFallback.Previous ? PreviousWeights(split, month, asOf) : null;
        var cells = funded.Cells.Where(c => c.Currency == split.Currency).ToList();
        var domains = funded.Policy.Domains.ToDictionary(d => d.Id, StringComparer.Ordinal);
        SplitStatement Divide(Func<SpendDomain, long> factor) => SplitEngine.Divide(
            split,
            month,
            [.. cells.Select(c => new SharedCell(c.Key, c.Funder, Meanings(c), Scaled(c, domains, factor)))],
            funded.PaidAhead.Where(p => p.Currency == split.Currency).GroupBy(p => p.Funder.Organisation, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Aggregate((Int128)0, (sum, p) => sum + p.Nanos), StringComparer.Ordinal),
            previous);
        return new StatementAnswer
        {
            Month = month,
            Funding = funded,
            Point = Divide(static _ => Money.NanosPerUnit),
            Low = Divide(static d => d.LowNanos),
            High = Divide(static d => d.HighNanos),
            OtherMoney = Presentation.OtherMoney.Of(funded.Cells, split.Currency),
            BilledNanos = cells.Where(c => c.Basis is CostBasis.Billed or CostBasis.Invoiced)
                .Aggregate((Int128)0, (sum, c) => sum + c.Nanos),
        };
    }

    /// <summary>Rounding lines stand outside all rules: they are nobody's work.</summary>
    private static System.Collections.Immutable.ImmutableArray<string?> Meanings(FundedCell cell) =>
        [.. cell.Attributes.Select(a => a == AttributionResult.Rounding ? null : a)];

    private static Int128 Scaled(FundedCell cell, Dictionary<string, SpendDomain> domains, Func<SpendDomain, long> factor) =>
        cell[AttributeName.Domain] is { } id && domains.TryGetValue(id, out var domain)
            ? cell.Nanos * factor(domain) / Money.NanosPerUnit
            : cell.Nanos;

    private static SplitPolicy SplitOf(FundingAnswer funded, BillingMonth month, string? splitId)
    {
        var (first, last) = (ChargeDay.Of(month.FirstDay), ChargeDay.Of(month.LastDay));
        var splits = funded.Policy.Splits;
        if (splitId is not null)
        {
            return splits.FirstOrDefault(s => s.Id == splitId) ?? throw new BooksException("split-unknown",
                $"There is no split policy '{splitId}'. Known: {string.Join(", ", splits.Select(s => s.Id))}.");
        }

        var covering = splits.Where(s => s.FromDay <= first && last < s.ToDay).ToList();
        return covering.Find(s => s.IsAgreed) ?? covering.FirstOrDefault() ?? throw new BooksException("split-unknown",
            $"No split policy covers {month}. Add one to policy/splits.yaml, then run 'cicost attribute'.");
    }

    private System.Collections.Immutable.ImmutableSortedDictionary<string, Int128>? PreviousWeights(SplitPolicy split, BillingMonth month, DateTimeOffset? asOf)
    {
        var earlier = month.Previous;
        for (var i = 0; i < MonthsBack; i++, earlier = earlier.Previous)
        {
            var cells = funding.Run(earlier, earlier, asOf).Cells.Where(c => c.Currency == split.Currency)
                .Select(c => new SharedCell(c.Key, c.Funder, Meanings(c), c.Nanos)).ToList();
            var statement = SplitEngine.Divide(split with { Fallback = SplitFallback.Unallocated }, earlier, cells,
                new Dictionary<string, Int128>(), null);
            if (statement.Weights.Values.Any(w => w > 0))
            {
                return statement.Weights;
            }
        }

        return null;
    }
}

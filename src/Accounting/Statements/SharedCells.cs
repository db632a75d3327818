using System.Collections.Immutable;
using CiCost.Accounting.Funding;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Domain.Sharing;

namespace CiCost.Accounting.Statements;

/// <summary>The funded cells of a month in one currency, cut over periods of its days.</summary>
internal sealed class SharedCells
{
    private readonly IReadOnlyList<(FundedCell Cell, SpendDomain? Domain, IReadOnlyList<DaysShare> Shares)> _cells;

    private SharedCells(IReadOnlyList<(FundedCell Cell, SpendDomain? Domain, IReadOnlyList<DaysShare> Shares)> cells) => _cells = cells;

    /// <summary>Cuts the cells of an answer.</summary>
    /// <param name="funding">Reads the days where they matter: for several periods, and for donated hardware.</param>
    /// <param name="funded">The answer of the month.</param>
    /// <param name="month">The charge month.</param>
    /// <param name="currency">ISO 4217.</param>
    /// <param name="periods">First and last charge day of each period, in order.</param>
    public static SharedCells Of(
        FundConsumption funding, FundingAnswer funded, BillingMonth month, string currency, IReadOnlyList<(int First, int Last)> periods)
    {
        var cells = funded.Cells.Where(c => c.Currency == currency).ToList();
        var domains = funded.Policy.Domains.ToDictionary(d => d.Id, StringComparer.Ordinal);
        var needsDays = periods.Count > 1 || cells.Exists(c => c.Funder.Kind == FundingKind.InKind);
        var days = needsDays ? new MonthDays(funding.DaysOf(month, funded)) : null;
        days?.Verify(cells);
        return new SharedCells(
        [
            .. cells.Select(c => (c, c[AttributeName.Domain] is { } id ? domains.GetValueOrDefault(id) : null,
                days?.Cut(c, periods) ?? [new DaysShare(c.Nanos, 0, 0)])),
        ]);
    }

    /// <summary>The cells of a period.</summary>
    /// <param name="period">Its number, from 0.</param>
    /// <param name="factor">What the amounts of a domain are multiplied by, in 1e-9 (accounting.md, 14).</param>
    public IReadOnlyList<SharedCell> At(int period, Func<SpendDomain, long> factor) =>
    [
        .. _cells.Select(c =>
        {
            var share = c.Shares[period];
            Int128 Scaled(Int128 nanos) => c.Domain is { } domain ? nanos * factor(domain) / Money.NanosPerUnit : nanos;
            return new SharedCell(c.Cell.Key, c.Cell.Funder, Meanings(c.Cell), Scaled(share.Nanos))
            {
                ReservedBy = c.Cell.ReservedBy,
                NotApprovedNanos = Scaled(share.NotApprovedNanos),
                AboveReferenceNanos = Scaled(share.AboveReferenceNanos),
            };
        }),
    ];

    /// <summary>Rounding lines stand outside all rules: they are nobody's work.</summary>
    private static ImmutableArray<string?> Meanings(FundedCell cell) =>
        [.. cell.Attributes.Select(a => a == AttributionResult.Rounding ? null : a)];
}

using CiCost.Accounting.Costs;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger;

namespace CiCost.Accounting.Funding;

/// <summary>
/// The funding step over the books (accounting.md, 3 to 6 and 10): every consumed amount gets its funder, once; every table of who paid
/// reads only this. Runs from the first month in the books, because purchases fund later use.
/// </summary>
public sealed class FundConsumption(QueryCosts costs)
{
    private static readonly BillingMonth FirstMonth = BillingMonth.FromIndex(0);

    /// <summary>Funds a range of charge months.</summary>
    /// <exception cref="InvariantException">The parts are not the whole: a bug.</exception>
    public FundingAnswer Run(BillingMonth from, BillingMonth to, DateTimeOffset? asOf)
    {
        var cube = costs.CubeFor(costs.Canonical(new CostQuery { From = FirstMonth, To = to, AsOf = asOf }));
        return Run(cube, from, to);
    }

    /// <summary>The consumption of a charge month by day, from the books that an answer is of.</summary>
    internal CostCube DaysOf(BillingMonth month, FundingAnswer answer) =>
        costs.CubeOf(answer.BookVersion, TimeAxis.Charge, month, month, byDay: true);

    /// <summary>Funds a range of charge months of a cube that begins with the first month in the books.</summary>
    internal static FundingAnswer Run(CostCube cube, BillingMonth from, BillingMonth to)
    {
        var policy = cube.Policy.Set;
        var grants = policy.Grants.ToDictionary(
            g => g.Id,
            g => new FundingGrant(g.Id, g.Donor, g.Kind, g.ExcludedComponents.ToHashSet(StringComparer.Ordinal)),
            StringComparer.Ordinal);
        var builder = new PayerMonthBuilder(cube, policy);
        var step = new FundingStep(grants, policy.Prepaid);
        var log = new FundingLog(builder, grants, from.Index);
        var months = cube.Cells.Where(c => c.Counts && c.ChargeMonthIndex <= to.Index).GroupBy(c => c.ChargeMonthIndex)
            .ToDictionary(g => g.Key, g => g.ToList());
        var declared = policy.Prepaid.Openings.Select(o => o.MonthIndex).Concat(policy.Prepaid.LastMonths.Values).Where(m => m <= to.Index);
        foreach (var index in months.Keys.Union(declared).Union(Enumerable.Range(from.Index, to.Index - from.Index + 1)).Order())
        {
            var groups = months.GetValueOrDefault(index, []).GroupBy(c => (Account: builder.PayerOf(c), c.Currency))
                .OrderBy(g => g.Key.Account, StringComparer.Ordinal).ThenBy(g => g.Key.Currency, StringComparer.Ordinal).ToList();
            PayerMonth[] accounts = [.. groups.Select(g => builder.Build(g.Key.Account, g.Key.Currency, g))];
            if (accounts.SelectMany(a => a.Draws).FirstOrDefault(d => !grants.ContainsKey(d.GrantId)) is { } unknown)
            {
                throw new InvariantException($"Lines of {BillingMonth.FromIndex(index)} draw on a grant '{unknown.GrantId}' that no policy has.");
            }

            var funded = step.Fund(index, accounts);
            for (var i = 0; i < accounts.Length; i++)
            {
                Verify(accounts[i], funded.Accounts[i], index);
            }

            log.Add(index, accounts, funded);
        }

        return new FundingAnswer
        {
            BookVersion = cube.Version,
            Policy = policy,
            Cells = log.Cells,
            PaidAhead = log.PaidAhead,
            Purchases = log.Purchases,
            Expired = log.Expired,
            Prepaid = log.RollForward(),
            UnappliedCredits = log.Unapplied,
            Draws = log.Draws,
            Settlements = log.Settlements,
            UnclassifiedCredits = Unclassified(cube, builder, from.Index, to.Index),
            Grants = log.Grants,
            NegativePrepaid = [.. step.NegativeBalances.Select(b => (b.Key.Currency, b.Key.Commitment, b.Value))],
        };
    }

    private static List<UnclassifiedCredit> Unclassified(CostCube cube, PayerMonthBuilder builder, int from, int to) =>
    [
        .. cube.Cells.Where(c => c.Counts && c.Attribution.IsUnclassifiedCredit && c.ChargeMonthIndex >= from && c.ChargeMonthIndex <= to)
            .GroupBy(c => (c.ChargeMonthIndex, c.Scope.SourceKey, Account: builder.PayerOf(c) ?? AttributionResult.Unattributed, c.Currency,
                Description: cube.ValueOf(c, nameof(DimensionColumn.ChargeDescription))))
            .Select(g => new UnclassifiedCredit(g.Key.ChargeMonthIndex, g.Key.SourceKey, g.Key.Account, g.Key.Currency, g.Key.Description,
                g.Aggregate((Int128)0, (sum, c) => sum + c.Cell.EffectiveNanos)))
            .OrderBy(u => u.ChargeMonthIndex).ThenBy(u => u.Nanos).ThenBy(u => u.Description, StringComparer.Ordinal),
    ];

    private static void Verify(PayerMonth month, FundedMonth funded, int chargeMonth)
    {
        var consumed = month.Cells.Aggregate((Int128)0, (sum, c) => sum + c.ConsumptionNanos);
        var parts = funded.Parts.Aggregate((Int128)0, (sum, p) => sum + p.Nanos);
        if (consumed != parts)
        {
            throw new InvariantException(
                $"The funding of {month.PayerAccount} in {BillingMonth.FromIndex(chargeMonth)} gives {parts} of {consumed} nanos.");
        }
    }
}

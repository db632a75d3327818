using System.Collections.Immutable;
using CiCost.Accounting.Costs;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;
using CiCost.Policy;

namespace CiCost.Accounting.Funding;

/// <summary>The funding of some charge months in one book version.</summary>
public sealed record FundingAnswer
{
    /// <summary>The book version.</summary>
    public required BookVersion BookVersion { get; init; }

    /// <summary>Its policy.</summary>
    public required PolicySet Policy { get; init; }

    /// <summary>All consumption of the asked months, by funder.</summary>
    public required IReadOnlyList<FundedCell> Cells { get; init; }

    /// <summary>What was paid ahead in the asked months.</summary>
    public required IReadOnlyList<FundingEntry> PaidAhead { get; init; }

    /// <summary>Draws above what their month consumed and bought.</summary>
    public required IReadOnlyList<FundingEntry> UnappliedCredits { get; init; }

    /// <summary>Draws by grant as the bills state them; a reversal is negative.</summary>
    public required IReadOnlyList<FundingEntry> Draws { get; init; }

    /// <summary>Commitments that were used for more than was paid for them: an opening balance is missing.</summary>
    public required IReadOnlyList<(string Currency, string Commitment, Int128 Nanos)> NegativePrepaid { get; init; }
}

/// <summary>
/// The funding step over the books (accounting.md, 3 to 6 and 10): every consumed amount gets its funder, once; every table of who paid
/// reads only this. Runs from the first month in the books, because purchases fund later use.
/// </summary>
public sealed class FundConsumption(Books books, QueryCosts costs)
{
    /// <summary>Funds a range of charge months.</summary>
    /// <exception cref="InvariantException">The parts are not the whole: a bug.</exception>
    public FundingAnswer Run(BillingMonth from, BillingMonth to, DateTimeOffset? asOf)
    {
        var version = new BookVersionDirectory(books).AsOf(asOf);
        var scopes = new Ledger.Costs.CostCellReader(books).Scopes(version);
        var first = scopes.Count == 0 ? from : BillingMonth.FromIndex(Math.Min(from.Index, scopes.Min(s => s.BillingMonth.Index) - 1));
        var query = costs.Canonical(new CostQuery { From = first, To = to, AsOf = asOf });
        var cube = costs.CubeFor(query);
        var policy = cube.Policy.Set;
        var grants = policy.Grants.ToDictionary(
            g => g.Id,
            g => new FundingGrant(g.Id, g.Donor, g.Kind, g.ExcludedComponents.ToHashSet(StringComparer.Ordinal)),
            StringComparer.Ordinal);
        var step = new FundingStep(grants);
        List<FundedCell> cells = [];
        List<FundingEntry> paidAhead = [], unapplied = [], draws = [];
        var months = cube.Cells.Where(c => c.Counts)
            .GroupBy(c => (c.ChargeMonthIndex, Account: PayerOf(c, policy), c.Currency))
            .OrderBy(g => g.Key.ChargeMonthIndex).ThenBy(g => g.Key.Account, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Currency, StringComparer.Ordinal);
        foreach (var group in months)
        {
            var month = new PayerMonthBuilder(cube, policy, group.Key.Account, group.Key.Currency, group);
            var funded = step.Fund(month.Month);
            if (group.Key.ChargeMonthIndex < from.Index)
            {
                continue;
            }

            cells.AddRange(funded.Parts.Select(p => month.Cell(p, group.Key.ChargeMonthIndex)).GroupBy(c => c.Key, StringComparer.Ordinal)
                .Select(same => same.First() with { Nanos = same.Aggregate((Int128)0, (sum, c) => sum + c.Nanos) }));
            Verify(month, funded, group.Key.ChargeMonthIndex);
            var account = group.Key.Account ?? AttributionResult.Unattributed;
            FundingEntry Entry(string subject, Funder funder, Int128 nanos) =>
                new(group.Key.ChargeMonthIndex, account, group.Key.Currency, subject, funder, nanos);
            Funder Donor(GrantDraw draw) => new(grants[draw.GrantId].Donor,
                grants[draw.GrantId].Kind == GrantKind.Credits ? FundingKind.Credits : FundingKind.FreeTier, draw.GrantId);
            paidAhead.AddRange(funded.PaidAhead.Select(p => Entry(p.CommitmentId, p.Funder, p.Nanos)));
            unapplied.AddRange(funded.UnappliedCredits.Select(u => Entry(u.GrantId, Donor(u), u.Nanos)));
            draws.AddRange(month.Month.Draws.Select(d => Entry(d.GrantId, Donor(d), d.Nanos)));
        }

        return new FundingAnswer
        {
            BookVersion = cube.Version,
            Policy = policy,
            Cells = cells,
            PaidAhead = paidAhead,
            UnappliedCredits = unapplied,
            Draws = draws,
            NegativePrepaid = [.. step.PrepaidBalances.Where(b => b.Value < 0).Select(b => (b.Key.Currency, b.Key.Commitment, b.Value))],
        };
    }

    /// <summary>The payer account; a delivery's rounding belongs to the account of its source.</summary>
    private static string? PayerOf(AttributedCell cell, PolicySet policy)
    {
        var account = cell.Attribution[AttributeName.PayerAccount];
        if (account != AttributionResult.Rounding)
        {
            return account;
        }

        var entry = policy.CoverageEntries.FirstOrDefault(e => e.LedgerSource == cell.Scope.SourceKey);
        return policy.Domains.FirstOrDefault(d => d.Id == entry?.Domain)?.Account;
    }

    private static void Verify(PayerMonthBuilder month, FundedMonth funded, int chargeMonth)
    {
        var consumed = month.Month.Cells.Aggregate((Int128)0, (sum, c) => sum + c.ConsumptionNanos);
        var parts = funded.Parts.Aggregate((Int128)0, (sum, p) => sum + p.Nanos);
        if (consumed != parts)
        {
            throw new InvariantException(
                $"The funding of {month.Month.PayerAccount} in {BillingMonth.FromIndex(chargeMonth)} gives {parts} of {consumed} nanos.");
        }
    }

    /// <summary>Cells of one account, month and currency, joined by what they mean.</summary>
    private sealed class PayerMonthBuilder
    {
        private readonly Dictionary<string, (string Source, CostBasis Basis, ImmutableArray<string?> Attributes)> _meanings =
            new(StringComparer.Ordinal);

        private readonly string _currency;

        public PayerMonthBuilder(CostCube cube, PolicySet policy, string? payer, string currency, IEnumerable<AttributedCell> cells)
        {
            _currency = currency;
            SortedDictionary<string, FundingCell> sums = new(StringComparer.Ordinal);
            SortedDictionary<string, Int128> purchases = new(StringComparer.Ordinal), draws = new(StringComparer.Ordinal);
            foreach (var cell in cells)
            {
                if (cell.Attribution.Role == LineRole.Funding)
                {
                    var grant = cell.Attribution.GrantId!;
                    draws[grant] = draws.GetValueOrDefault(grant) - cell.Cell.EffectiveNanos;
                }

                var commitment = cube.ValueOf(cell, nameof(DimensionColumn.CommitmentDiscountId));
                var category = cube.ValueOf(cell, nameof(DimensionColumn.ChargeCategory));
                if (cell.BelongsTo(CostMetric.Consumption))
                {
                    Add(sums, cell, category == "Usage" && commitment.Length > 0 && cell.Cell.BilledNanos == 0 ? commitment : null);
                }

                var ahead = (Int128)cell.Cell.BilledNanos - cell.Cell.EffectiveNanos;
                if (category == "Purchase" && ahead != 0)
                {
                    var subject = commitment.Length > 0 ? commitment : payer ?? AttributionResult.Unattributed;
                    purchases[subject] = purchases.GetValueOrDefault(subject) + ahead;
                }
            }

            var account = policy.Accounts.FirstOrDefault(a => a.Id == payer);
            Month = new PayerMonth
            {
                PayerAccount = account?.Id,
                Owner = account?.Owner,
                OwnerKind = account?.PaysWith ?? FundingKind.Unfunded,
                Currency = currency,
                Cells = [.. sums.Values],
                Purchases = [.. purchases.Select(p => new Purchase(p.Key, p.Value))],
                Draws = [.. draws.Select(d => new GrantDraw(d.Key, d.Value))],
            };
        }

        public PayerMonth Month { get; }

        public FundedCell Cell(FundedPart part, int chargeMonth)
        {
            var (source, basis, attributes) = _meanings[part.CellKey];
            return new FundedCell(source, chargeMonth, _currency, basis, attributes, part.Funder, part.Nanos);
        }

        private void Add(SortedDictionary<string, FundingCell> sums, AttributedCell cell, string? prepaidBy)
        {
            var key = string.Join('\u001f', cell.Scope.SourceKey, cell.Basis, string.Join('\u001e', cell.Attribution.Values), prepaidBy);
            _meanings.TryAdd(key, (cell.Scope.SourceKey, cell.Basis, cell.Attribution.Values));
            var sum = sums.GetValueOrDefault(key) ?? new FundingCell
            {
                Key = key,
                ConsumptionNanos = 0,
                PrepaidBy = prepaidBy,
                Component = cell.Attribution[AttributeName.Component],
            };
            sums[key] = sum with { ConsumptionNanos = sum.ConsumptionNanos + cell.Nanos(CostMetric.Consumption) };
        }
    }
}

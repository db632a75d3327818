using CiCost.Accounting.Costs;
using CiCost.Domain.Allocation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Lines;
using CiCost.Policy;

namespace CiCost.Accounting.Funding;

/// <summary>Makes payer months of cells: those of one meaning are one, and a name stands for each meaning.</summary>
internal sealed class PayerMonthBuilder(CostCube cube, PolicySet policy)
{
    /// <summary>FOCUS: a commitment or a reservation of capacity that nothing used in the charge period.</summary>
    private const string Unused = "Unused";

    private readonly Dictionary<string, (AttributedCell Cell, string? ReservedBy)> _meanings = new(StringComparer.Ordinal);

    /// <summary>A funded cell of a month: of its own use, or a change about earlier use.</summary>
    public FundedCell Cell(string cellKey, int chargeMonth, string currency, Funder funder, Int128 nanos)
    {
        var (meaning, reservedBy) = _meanings[cellKey];
        return new FundedCell(meaning.Scope.SourceKey, chargeMonth, currency, meaning.Basis, meaning.Attribution.Values, funder, nanos)
        {
            ReservedBy = reservedBy,
        };
    }

    /// <summary>The meaning of a cell that is a part of consumption, without a funder or an amount.</summary>
    public FundedCell Meaning(AttributedCell cell) =>
        new(cell.Scope.SourceKey, cell.ChargeMonthIndex, cell.Currency, cell.Basis, cell.Attribution.Values, Funder.Nobody, 0)
        {
            ReservedBy = ReservedBy(cell),
        };

    /// <summary>The account that pays a cell; a delivery's rounding belongs to the account of its source.</summary>
    public string? PayerOf(AttributedCell cell)
    {
        var account = cell.Attribution[AttributeName.PayerAccount];
        if (account != AttributionResult.Rounding)
        {
            return account;
        }

        var entry = policy.CoverageEntries.FirstOrDefault(e => e.LedgerSource == cell.Scope.SourceKey);
        return policy.Domains.FirstOrDefault(d => d.Id == entry?.Domain)?.Account;
    }

    /// <summary>The cells of one account, month and currency.</summary>
    public PayerMonth Build(string? payer, string currency, IEnumerable<AttributedCell> cells)
    {
        SortedDictionary<string, FundingCell> sums = new(StringComparer.Ordinal);
        SortedDictionary<string, Purchase> purchases = new(StringComparer.Ordinal);
        SortedDictionary<string, (Int128 Drawn, Int128 Reversed)> draws = new(StringComparer.Ordinal);
        foreach (var cell in cells)
        {
            if (cell.Attribution.Role == LineRole.Funding)
            {
                var grant = cell.Attribution.GrantId!;
                var (drawn, reversed) = draws.GetValueOrDefault(grant);
                draws[grant] = cell.Cell.EffectiveNanos > 0
                    ? (drawn, reversed - cell.Cell.EffectiveNanos)
                    : (drawn - cell.Cell.EffectiveNanos, reversed);
            }

            var commitment = cube.ValueOf(cell, nameof(DimensionColumn.CommitmentDiscountId));
            if (cell.BelongsTo(CostMetric.Consumption))
            {
                Add(sums, cell, CoveredBy(cell));
            }

            if (IsPaidAhead(cell))
            {
                var subject = commitment.Length > 0 ? commitment : payer ?? AttributionResult.Unattributed;
                var known = purchases.GetValueOrDefault(subject)?.Nanos ?? 0;
                purchases[subject] = new Purchase(subject, known + cell.Cell.BilledNanos - cell.Cell.EffectiveNanos)
                {
                    NamesCommitment = commitment.Length > 0,
                };
            }
        }

        var account = policy.Accounts.FirstOrDefault(a => a.Id == payer);
        return new PayerMonth
        {
            PayerAccount = account?.Id,
            Owner = account?.Owner,
            OwnerKind = account?.PaysWith ?? FundingKind.Unfunded,
            Currency = currency,
            Cells = [.. sums.Values],
            Purchases = [.. purchases.Values.Where(p => p.Nanos != 0)],
            Draws = [.. draws.SelectMany(d => new[] { new GrantDraw(d.Key, d.Value.Drawn), new GrantDraw(d.Key, d.Value.Reversed) })
                .Where(d => d.Nanos != 0)],
        };
    }

    /// <summary>
    /// Who reserved the capacity that a cell left unused: the owner of the account (accounting.md, 12). FOCUS has rows of their own for it;
    /// native bills leave what nobody used as the EffectiveCost of the fee.
    /// </summary>
    private string? ReservedBy(AttributedCell cell)
    {
        var isUnused = cube.ValueOf(cell, nameof(DimensionColumn.CommitmentDiscountStatus)) == Unused
            || cube.ValueOf(cell, nameof(DimensionColumn.CapacityReservationStatus)) == Unused
            || (cube.ValueOf(cell, nameof(DimensionColumn.ChargeCategory)) == "Purchase"
                && cube.ValueOf(cell, nameof(DimensionColumn.CommitmentDiscountId)).Length > 0);
        return isUnused ? policy.Accounts.FirstOrDefault(a => a.Id == PayerOf(cell))?.Owner ?? Allocator.Unallocated : null;
    }

    /// <summary>The commitment that covers a cell's use: it has a cost and nobody is billed for it now.</summary>
    private string? CoveredBy(AttributedCell cell) =>
        cube.ValueOf(cell, nameof(DimensionColumn.ChargeCategory)) == "Usage" && cell.Cell.BilledNanos == 0
        && cube.ValueOf(cell, nameof(DimensionColumn.CommitmentDiscountId)) is { Length: > 0 } commitment ? commitment : null;

    /// <summary>Purchases whose cost comes later, and their refunds, which are purchases below zero (accounting.md, 10).</summary>
    private bool IsPaidAhead(AttributedCell cell) =>
        cell.Attribution.Role == LineRole.Charge && cell.Cell.BilledNanos != cell.Cell.EffectiveNanos
        && cube.ValueOf(cell, nameof(DimensionColumn.ChargeCategory)) == "Purchase";

    private void Add(SortedDictionary<string, FundingCell> sums, AttributedCell cell, string? prepaidBy)
    {
        var reservedBy = ReservedBy(cell);
        var key = string.Join('\u001f', cell.Scope.SourceKey, cell.Basis, string.Join('\u001e', cell.Attribution.Values), prepaidBy, reservedBy);
        _meanings.TryAdd(key, (cell, reservedBy));
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

using System.Collections.Frozen;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Policy;

namespace CiCost.Accounting.Costs;

/// <summary>
/// Decides the sort, the part of the books and the payer of every cell (accounting.md, 1). A rounding line has none of its own: it counts
/// with the lines that it rounds, which are those of most lines in its delivery and charge month, credits and other charges apart.
/// </summary>
internal sealed class LineSorts(PolicySet policy)
{
    private readonly FrozenDictionary<string, Account> _accounts = policy.Accounts.ToFrozenDictionary(a => a.Id, StringComparer.Ordinal);
    private readonly FrozenDictionary<string, SpendDomain> _domains = policy.Domains.ToFrozenDictionary(d => d.Id, StringComparer.Ordinal);

    private readonly FrozenSet<string> _freeTier = policy.Grants.Where(g => g.Kind == GrantKind.FreeTier).Select(g => g.Id)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What a line is that is no rounding line.</summary>
    public LineMeaning Of(AttributionResult attribution, CostBasis basis)
    {
        var account = AccountOf(attribution);
        var part = account?.Part ?? BooksPart.Contributions;
        return new LineMeaning(SortOf(attribution, basis, account, part), part, account?.Id);
    }

    /// <summary>The same cells, rounding lines with the meaning of what they round.</summary>
    public static IEnumerable<AttributedCell> WithRounding(IReadOnlyList<AttributedCell> cells)
    {
        var rounding = cells.Where(IsRounding).ToList();
        if (rounding.Count == 0)
        {
            return cells;
        }

        var wanted = rounding.Select(KeyOf).SelectMany(k => new[] { k, k with { IsFunding = !k.IsFunding } }).ToHashSet();
        var largest = cells.Where(c => !IsRounding(c) && wanted.Contains(KeyOf(c))).GroupBy(KeyOf).ToDictionary(
            g => g.Key,
            g => g.GroupBy(c => c.Meaning).OrderByDescending(m => m.Sum(c => c.Cell.LineCount)).ThenBy(m => m.Key.Sort)
                .ThenBy(m => m.Key.PayerAccount, StringComparer.Ordinal).First().Key);
        return cells.Select(c => !IsRounding(c) ? c : c with
        {
            Meaning = largest.TryGetValue(KeyOf(c), out var meaning) ? meaning : OfDelivery(c, largest),
        });
    }

    /// <summary>Where nothing of its own kind is left to round, such as credits that are all charges, its account is that of the delivery.</summary>
    private static LineMeaning OfDelivery(AttributedCell cell,
        Dictionary<(long ScopeId, string Currency, int Month, bool IsFunding), LineMeaning> largest)
    {
        var key = KeyOf(cell);
        return largest.TryGetValue(key with { IsFunding = !key.IsFunding }, out var other)
            ? cell.Meaning with { Part = other.Part, PayerAccount = other.PayerAccount }
            : cell.Meaning;
    }

    /// <summary>A delivery's lines of a currency and charge month; draws on grants apart from all others.</summary>
    private static (long ScopeId, string Currency, int Month, bool IsFunding) KeyOf(AttributedCell cell) => (cell.Scope.ScopeId, cell.Currency,
        cell.ChargeMonthIndex, cell.Attribution.Role is LineRole.Funding or LineRole.RoundingOfCredits);

    private static bool IsRounding(AttributedCell cell) =>
        cell.Attribution.Role is LineRole.RoundingOfCharges or LineRole.RoundingOfCredits;

    private Account? AccountOf(AttributionResult attribution)
    {
        if (attribution[AttributeName.PayerAccount] is { } id)
        {
            return _accounts.GetValueOrDefault(id);
        }

        return attribution[AttributeName.Domain] is { } domain && _domains.GetValueOrDefault(domain)?.Account is { } owner
            ? _accounts.GetValueOrDefault(owner)
            : null;
    }

    private LineSort SortOf(AttributionResult attribution, CostBasis basis, Account? account, BooksPart part) => attribution.Role switch
    {
        LineRole.RoundingOfCredits => LineSort.Credits,
        LineRole.Funding => _freeTier.Contains(attribution.GrantId!) ? LineSort.FreeTerms : LineSort.Credits,
        _ when account?.PaysWith == FundingKind.InKind => LineSort.BorneOutside,
        _ when basis is CostBasis.Billed or CostBasis.Invoiced => LineSort.Charge,
        _ => part == BooksPart.FoundationAccounts ? LineSort.Accrued : LineSort.BorneOutside,
    };
}

/// <summary>What policy says of a line beside its attributes.</summary>
/// <param name="Sort">By which term of the bridge its amount leaves payable.</param>
/// <param name="Part">To which part of the books it belongs.</param>
/// <param name="PayerAccount">The account that its invoice is addressed to; null where no rule knows.</param>
public readonly record struct LineMeaning(LineSort Sort, BooksPart Part, string? PayerAccount);

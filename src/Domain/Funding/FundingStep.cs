using CiCost.Domain.Attribution;

namespace CiCost.Domain.Funding;

/// <summary>
/// Decides who pays for what was consumed (accounting.md, 3, 6, 10 and 17), once, in this order: the observed draws of each grant over
/// its eligible lines pro rata to consumption; what commitments paid ahead, in the funding mix of their purchases; the account's owner.
/// Months of an account must be given in their order, because purchases fund later use.
/// </summary>
public sealed class FundingStep(IReadOnlyDictionary<string, FundingGrant> grants)
{
    private readonly Dictionary<(string Currency, string Commitment), SortedDictionary<string, (Funder Funder, Int128 Nanos)>> _mix = [];
    private readonly Dictionary<(string Currency, string Commitment), Int128> _balance = [];

    /// <summary>What commitments were paid for and not used yet, by currency and commitment. Below zero: an opening balance is
    /// missing.</summary>
    public IReadOnlyDictionary<(string Currency, string Commitment), Int128> PrepaidBalances => _balance;

    /// <summary>Funds one payer month.</summary>
    /// <exception cref="ArgumentException">A draw names a grant that is not known.</exception>
    public FundedMonth Fund(PayerMonth month)
    {
        ArgumentNullException.ThrowIfNull(month);
        var owner = month.PayerAccount is null || month.Owner is null ? Funder.Nobody : new Funder(month.Owner, month.OwnerKind);
        var open = month.Cells.Where(c => c.PrepaidBy is null).OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => new Need(c.Key, null, c.Component, c.ConsumptionNanos))
            .Concat(month.Purchases.OrderBy(p => p.CommitmentId, StringComparer.Ordinal)
                .Select(p => new Need(p.CommitmentId, p.CommitmentId, null, p.Nanos)))
            .ToList();
        List<FundedPart> parts = [];
        List<PaidAhead> paidAhead = [];
        List<GrantDraw> unapplied = [];
        foreach (var draw in month.Draws.OrderBy(d => d.GrantId, StringComparer.Ordinal))
        {
            var grant = grants.TryGetValue(draw.GrantId, out var known)
                ? known
                : throw new ArgumentException($"There is no grant '{draw.GrantId}'.", nameof(month));
            var funder = new Funder(grant.Donor, grant.Kind == GrantKind.Credits ? FundingKind.Credits : FundingKind.FreeTier, grant.Id);
            var rest = Apply(draw.Nanos, [.. open.Where(n => n.Component is null || !grant.ExcludedComponents.Contains(n.Component))],
                (need, nanos) => Take(need, funder, nanos, parts, paidAhead));
            if (rest != 0)
            {
                unapplied.Add(new GrantDraw(grant.Id, rest));
            }
        }

        foreach (var need in open.Where(n => n.LeftNanos != 0))
        {
            Take(need, owner, need.LeftNanos, parts, paidAhead);
        }

        foreach (var entry in paidAhead)
        {
            AddToMix(month.Currency, entry);
        }

        foreach (var cell in month.Cells.Where(c => c.PrepaidBy is not null).OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            UsePrepaid(month.Currency, cell, owner, parts);
        }

        return new FundedMonth(parts, paidAhead, unapplied);
    }

    /// <summary>Spreads a draw over what is left to pay, pro rata, and returns what finds no need. A reversal is a draw below zero: the
    /// donor gives less, the next in line more.</summary>
    private static Int128 Apply(Int128 draw, List<Need> needs, Action<Need, Int128> take)
    {
        var need = needs.Aggregate((Int128)0, (sum, n) => sum + n.LeftNanos);
        var applied = need <= 0 ? 0 : Int128.Min(draw, need);
        if (applied != 0)
        {
            var shares = ProRata.Of(applied, [.. needs.Select(n => n.LeftNanos)]);
            for (var i = 0; i < needs.Count; i++)
            {
                if (shares[i] != 0)
                {
                    take(needs[i], shares[i]);
                }
            }
        }

        return draw - applied;
    }

    private static void Take(Need need, Funder funder, Int128 nanos, List<FundedPart> parts, List<PaidAhead> paidAhead)
    {
        need.LeftNanos -= nanos;
        if (need.CommitmentId is { } commitment)
        {
            paidAhead.Add(new PaidAhead(commitment, funder, nanos));
        }
        else
        {
            parts.Add(new FundedPart(need.Key, funder, nanos));
        }
    }

    private void AddToMix(string currency, PaidAhead entry)
    {
        var key = (currency, entry.CommitmentId);
        if (!_mix.TryGetValue(key, out var mix))
        {
            _mix.Add(key, mix = new SortedDictionary<string, (Funder, Int128)>(StringComparer.Ordinal));
        }

        mix[entry.Funder.Key] = (entry.Funder, mix.GetValueOrDefault(entry.Funder.Key).Nanos + entry.Nanos);
        _balance[key] = _balance.GetValueOrDefault(key) + entry.Nanos;
    }

    /// <summary>Covered use is paid for by whoever paid the commitment, in that mix; by the owner where no purchase is known.</summary>
    private void UsePrepaid(string currency, FundingCell cell, Funder owner, List<FundedPart> parts)
    {
        var key = (currency, cell.PrepaidBy!);
        _balance[key] = _balance.GetValueOrDefault(key) - cell.ConsumptionNanos;
        var mix = _mix.GetValueOrDefault(key)?.Values.Where(m => m.Nanos > 0).ToArray() ?? [];
        if (mix.Length == 0)
        {
            parts.Add(new FundedPart(cell.Key, owner, cell.ConsumptionNanos));
            return;
        }

        var shares = ProRata.Of(cell.ConsumptionNanos, [.. mix.Select(m => m.Nanos)]);
        for (var i = 0; i < mix.Length; i++)
        {
            if (shares[i] != 0)
            {
                parts.Add(new FundedPart(cell.Key, mix[i].Funder, shares[i]));
            }
        }
    }

    private sealed class Need(string key, string? commitmentId, string? component, Int128 nanos)
    {
        public string Key { get; } = key;

        public string? CommitmentId { get; } = commitmentId;

        public string? Component { get; } = component;

        public Int128 LeftNanos { get; set; } = nanos;
    }
}

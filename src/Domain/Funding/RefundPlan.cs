namespace CiCost.Domain.Funding;

/// <summary>
/// The purchases and refunds of a month, net by account and commitment. A refund that names no commitment is first of what the account
/// bought in the same month, then of the balances of its commitments pro rata, then of what they covered; what is left of it has no known
/// purchase.
/// </summary>
internal sealed class RefundPlan
{
    private readonly Dictionary<string, Int128>[] _purchases;
    private readonly List<(int Account, string Commitment, Int128 Nanos)> _refunds = [];
    private readonly List<(int Account, string Commitment, Int128 Nanos)> _undone = [];
    private readonly IReadOnlyList<PayerMonth> _accounts;

    public RefundPlan(
        IReadOnlyList<PayerMonth> accounts, SortedDictionary<(string Currency, string Commitment), PrepaidPot> pots)
    {
        _accounts = accounts;
        _purchases = [.. accounts.Select(_ => new Dictionary<string, Int128>(StringComparer.Ordinal))];
        for (var i = 0; i < accounts.Count; i++)
        {
            var unnamed = new HashSet<string>(StringComparer.Ordinal);
            foreach (var purchase in accounts[i].Purchases)
            {
                _purchases[i][purchase.CommitmentId] = _purchases[i].GetValueOrDefault(purchase.CommitmentId) + purchase.Nanos;
                unnamed.UnionWith(purchase.NamesCommitment ? [] : [purchase.CommitmentId]);
            }

            foreach (var name in unnamed)
            {
                var own = pots.GetValueOrDefault((accounts[i].Currency, name));
                Assign(i, name, [.. pots.Values.Where(p => p != own && p.Account == accounts[i].PayerAccount)], own?.UnusedNanos ?? 0);
            }

            foreach (var (commitment, nanos) in _purchases[i].Where(p => p.Value < 0).ToArray())
            {
                _purchases[i].Remove(commitment);
                _refunds.Add((i, commitment, -nanos));
            }
        }

        Commitments = [.. _refunds.Select(r => (accounts[r.Account].Currency, r.Commitment))];
    }

    /// <summary>The commitments that are refunded: their use comes before.</summary>
    public HashSet<(string Currency, string Commitment)> Commitments { get; }

    /// <summary>What an account buys for later.</summary>
    public IReadOnlyList<Purchase> PurchasesOf(int account) =>
        [.. _purchases[account].Where(p => p.Value > 0).Select(p => new Purchase(p.Key, p.Value))];

    /// <summary>Takes all refunds out, and returns by account what they take of each funder.</summary>
    public FunderAmounts[] Run(IReadOnlyList<PayerMonth> accounts, Func<PayerMonth, Funder> owner, Func<string, Funder> funderOf,
        Func<string, string, string, PrepaidPot> potOf, MonthBook book)
    {
        var taken = accounts.Select(_ => new FunderAmounts()).ToArray();
        foreach (var (i, commitment, nanos) in _undone)
        {
            var (currency, account) = (accounts[i].Currency, accounts[i].PayerAccount ?? Funder.Nobody.Organisation);
            book.Movements.Add(new PrepaidMovement(currency, commitment, account, PrepaidChange.Purchase, owner(accounts[i]), nanos));
            book.Movements.Add(new PrepaidMovement(currency, commitment, account, PrepaidChange.Refunded, owner(accounts[i]), nanos));
        }

        foreach (var group in _refunds.GroupBy(r => r.Account))
        {
            var (month, payer) = (accounts[group.Key], owner(accounts[group.Key]));
            var refunds = group.Select(r => (r.Nanos, Pot: potOf(month.Currency, r.Commitment, month.PayerAccount ?? Funder.Nobody.Organisation)))
                .OrderByDescending(r => r.Nanos).ThenBy(r => r.Pot.Commitment, StringComparer.Ordinal).ToArray();
            var observed = Observed(month, refunds, funderOf);
            for (var r = 0; r < refunds.Length; r++)
            {
                foreach (var (funder, nanos) in refunds[r].Pot.Refund(refunds[r].Nanos, observed[r], payer, book).Parts)
                {
                    taken[group.Key].Add(funder, nanos);
                }
            }
        }

        return taken;
    }

    /// <summary>The month's reversals, whatever its grants pay beside them, by pot: pro rata to what each holds of the grant, and beyond that
    /// to the refunds.</summary>
    private static FunderAmounts[] Observed(PayerMonth month, (Int128 Nanos, PrepaidPot Pot)[] refunds, Func<string, Funder> funderOf)
    {
        var observed = refunds.Select(_ => new FunderAmounts()).ToArray();
        var reversals = month.Draws.Where(d => d.Nanos < 0).GroupBy(d => d.GrantId)
            .Select(g => (Grant: g.Key, Nanos: -Shares.Sum(g.Select(d => d.Nanos))));
        foreach (var (grant, nanos) in reversals)
        {
            var funder = funderOf(grant);
            var held = refunds.Select(r => r.Pot.Held(funder)).ToArray();
            var known = Int128.Min(nanos, Shares.Sum(held));
            var (ofHeld, ofRest) = (Shares.Of(known, held), Shares.Of(nanos - known, [.. refunds.Select(r => r.Nanos)]));
            for (var i = 0; i < refunds.Length; i++)
            {
                observed[i].Add(funder, ofHeld[i] + ofRest[i]);
            }
        }

        return observed;
    }

    private void Assign(int account, string unnamed, PrepaidPot[] pots, Int128 ownBalance)
    {
        var bought = _purchases[account].Where(p => p.Key != unnamed && p.Value > 0)
            .OrderByDescending(p => p.Value).ThenBy(p => p.Key, StringComparer.Ordinal).ToArray();
        var left = -_purchases[account][unnamed] - ownBalance;
        left -= Cut(account, unnamed, left, [.. bought.Select(b => (b.Key, b.Value))], _undone);
        left -= Cut(account, unnamed, left, [.. pots.Select(p => (p.Commitment, p.UnusedNanos))], null);
        Cut(account, unnamed, left, [.. pots.Select(p => (p.Commitment, p.UsedNanos))], null);
    }

    private Int128 Cut(int account, string unnamed, Int128 left, (string Commitment, Int128 Nanos)[] over,
        List<(int Account, string Commitment, Int128 Nanos)>? undone)
    {
        var amount = Int128.Min(Int128.Max(left, 0), Shares.Sum(over.Select(o => o.Nanos)));
        var ordered = over.OrderByDescending(o => o.Nanos).ThenBy(o => o.Commitment, StringComparer.Ordinal).ToArray();
        var parts = Shares.Of(amount, [.. ordered.Select(o => o.Nanos)]);
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] != 0)
            {
                var commitment = ordered[i].Commitment;
                _purchases[account][commitment] = _purchases[account].GetValueOrDefault(commitment) - parts[i];
                _purchases[account][unnamed] += parts[i];
                undone?.Add((account, commitment, parts[i]));
            }
        }

        return amount;
    }
}

using CiCost.Domain.Funding;

namespace CiCost.Domain.Tests.Funding;

/// <summary>
/// The funding of months, written from the law (accounting.md, 3, 6, 10, 17) in exact fractions and without the program's classes: what each
/// funder gives, pays ahead and leaves unapplied. It knows sums by funder, not cells.
/// </summary>
internal sealed class FundingModel(IReadOnlyDictionary<string, FundingGrant> grants, PrepaidTerms terms)
{
    private readonly Dictionary<string, Pot> _pots = [];
    private readonly HashSet<OpeningBalance> _opened = [];

    /// <summary>Given so far, by funder; what a refund took back of it is Unfunded.</summary>
    public Dictionary<Funder, Fraction> Given { get; } = [];

    public Dictionary<(string? Account, string Grant), Fraction> Unapplied { get; } = [];

    public IEnumerable<(string Commitment, Funder Funder, Fraction Amount)> Balances =>
        _pots.SelectMany(p => p.Value.Unused.Select(u => (p.Key, u.Key, u.Value)));

    public Fraction Expired(Funder funder) => Fraction.Sum(_pots.Values.Select(p => p.Expired.GetValueOrDefault(funder)));

    public Fraction Missing(string commitment) => _pots.TryGetValue(commitment, out var pot)
        ? Fraction.Sum(pot.MissingUse.Values) + Fraction.Sum(pot.MissingRefund.Values) : 0;

    public void Month(int index, IReadOnlyList<PayerMonth> accounts)
    {
        foreach (var opening in terms.Openings.Where(o => o.MonthIndex <= index && _opened.Add(o)))
        {
            Buy(Of(opening.CommitmentId), opening.Parts.ToDictionary(p => p.Funder, p => (Fraction)p.Nanos));
        }

        var net = accounts.Select(a => a.Purchases.GroupBy(p => p.CommitmentId)
            .ToDictionary(g => g.Key, g => Fraction.Sum(g.Select(p => (Fraction)p.Nanos)))).ToArray();
        var refunded = net.SelectMany(n => n.Where(p => p.Value < 0).Select(p => p.Key)).ToHashSet();
        var draws = accounts.Select(a => a.Draws.GroupBy(d => d.GrantId)
            .ToDictionary(g => g.Key, g => Fraction.Sum(g.Select(d => (Fraction)d.Nanos)))).ToArray();
        Use(accounts, refunded.Contains);
        for (var i = 0; i < accounts.Count; i++)
        {
            Refund(accounts[i], net[i].Where(p => p.Value < 0).ToDictionary(p => p.Key, p => -p.Value), draws[i]);
        }

        for (var i = 0; i < accounts.Count; i++)
        {
            Pay(accounts[i], net[i].Where(p => p.Value > 0).ToDictionary(p => p.Key, p => p.Value), draws[i]);
        }

        Use(accounts, c => !refunded.Contains(c));
        foreach (var (commitment, pot) in _pots.Where(p => terms.LastMonths.TryGetValue(p.Key, out var last) && last <= index))
        {
            foreach (var (funder, amount) in pot.Unused)
            {
                Add(pot.Expired, funder, amount);
            }

            pot.Unused.Clear();
        }
    }

    private static void Add<T>(Dictionary<T, Fraction> sums, T key, Fraction amount)
        where T : notnull => sums[key] = sums.GetValueOrDefault(key) + amount;

    private static Funder Owner(PayerMonth month) => month.Owner is null ? Funder.Nobody : new Funder(month.Owner, month.OwnerKind);

    private Pot Of(string commitment)
    {
        if (!_pots.TryGetValue(commitment, out var pot))
        {
            _pots.Add(commitment, pot = new Pot());
        }

        return pot;
    }

    /// <summary>A purchase settles what was used before it, in its mix; the rest is there for later.</summary>
    private void Buy(Pot pot, Dictionary<Funder, Fraction> mix)
    {
        var (paid, owed) = (Fraction.Sum(mix.Values), Fraction.Sum(pot.MissingUse.Values));
        var settled = Fraction.Min(paid, owed);
        foreach (var (funder, amount) in mix)
        {
            var part = paid == 0 ? 0 : settled * amount / paid;
            Add(Given, funder, part);
            Add(pot.Used, funder, part);
            Add(pot.Unused, funder, amount - part);
        }

        foreach (var (owner, amount) in pot.MissingUse.ToArray())
        {
            var part = owed == 0 ? 0 : settled * amount / owed;
            Add(Given, owner, -part);
            pot.MissingUse[owner] = amount - part;
        }
    }

    /// <summary>Use takes out in proportion; the owners pay what is not there.</summary>
    private void Use(IReadOnlyList<PayerMonth> accounts, Func<string, bool> isNow)
    {
        foreach (var uses in accounts.SelectMany(a => a.Cells.Where(c => c.PrepaidBy is not null && isNow(c.PrepaidBy)).Select(c => (a, c)))
            .GroupBy(u => u.c.PrepaidBy!))
        {
            var pot = Of(uses.Key);
            var (net, left) = (Fraction.Sum(uses.Select(u => (Fraction)u.c.ConsumptionNanos)), Fraction.Sum(pot.Unused.Values));
            var covered = Fraction.Min(net, left);
            foreach (var (funder, amount) in pot.Unused.ToArray())
            {
                var part = left == 0 ? 0 : covered * amount / left;
                Add(Given, funder, part);
                Add(pot.Used, funder, part);
                pot.Unused[funder] = amount - part;
            }

            foreach (var (account, cell) in uses)
            {
                var part = net == 0 ? 0 : (Fraction)cell.ConsumptionNanos * (net - covered) / net;
                Add(Given, Owner(account), part);
                Add(pot.MissingUse, Owner(account), part);
            }
        }
    }

    /// <summary>Unused, expired, then what was given; of each first observed reversals, then money, then what grants are left.</summary>
    private void Refund(PayerMonth account, Dictionary<string, Fraction> refunds, Dictionary<string, Fraction> draws)
    {
        var reversals = account.Draws.Where(d => d.Nanos < 0).GroupBy(d => grants[d.GrantId].Funder)
            .ToDictionary(g => g.Key, g => Fraction.Sum(g.Select(d => (Fraction)(-d.Nanos))));
        var held = refunds.Keys.ToDictionary(c => c, c => reversals.Keys.ToDictionary(f => f, f => Of(c).Held(f)));
        foreach (var (commitment, amount) in refunds)
        {
            var pot = Of(commitment);
            var observed = reversals.ToDictionary(r => r.Key, r =>
            {
                var all = Fraction.Sum(held.Values.Select(h => h[r.Key]));
                var known = all == 0 ? 0 : Fraction.Min(r.Value, all) * held[commitment][r.Key] / all;
                return known + (Fraction.Max(0, r.Value - all) * amount / Fraction.Sum(refunds.Values));
            });
            var rest = amount;
            void Take(Dictionary<Funder, Fraction> from, Action<Funder, Fraction> note)
            {
                foreach (var (funder, part) in Divide(from, Fraction.Min(rest, Fraction.Sum(from.Values)), observed))
                {
                    from[funder] -= part;
                    note(funder, part);
                    rest -= part;
                    if (funder.GrantId is { } grant)
                    {
                        Add(draws, grant, part);
                    }
                }
            }

            Take(pot.Unused, static (_, _) => { });
            Take(pot.Expired, static (_, _) => { });
            Take(pot.Used, (funder, part) =>
            {
                Add(Given, funder, -part);
                Add(Given, Funder.Nobody, part);
            });
            var seen = Fraction.Sum(observed.Values);
            foreach (var (funder, of) in observed.Where(_ => seen > 0 && rest > 0).ToArray())
            {
                var part = Fraction.Min(seen, rest) * of / seen;
                Add(pot.MissingRefund, funder, part);
                Add(draws, funder.GrantId!, part);
            }

            Add(pot.MissingRefund, Owner(account), rest - Fraction.Min(seen, rest));
        }
    }

    private static Dictionary<Funder, Fraction> Divide(Dictionary<Funder, Fraction> from, Fraction amount, Dictionary<Funder, Fraction> observed)
    {
        Dictionary<Funder, Fraction> taken = [];
        void Take(IEnumerable<(Funder Funder, Fraction Most)> limits)
        {
            var all = limits.ToArray();
            var (most, open) = (Fraction.Sum(all.Select(l => l.Most)), amount - Fraction.Sum(taken.Values));
            foreach (var (funder, limit) in most == 0 ? [] : all)
            {
                Add(taken, funder, limit * Fraction.Min(most, open) / most);
            }
        }

        Take(from.Where(f => observed.ContainsKey(f.Key)).Select(f => (f.Key, Fraction.Min(f.Value, observed[f.Key]))));
        foreach (var (funder, part) in taken.ToArray())
        {
            observed[funder] -= part;
        }

        Take(from.Where(f => f.Key.GrantId is null).Select(f => (f.Key, f.Value)));
        Take(from.Where(f => f.Key.GrantId is not null).Select(f => (f.Key, f.Value - taken.GetValueOrDefault(f.Key))));
        return taken;
    }

    private void Pay(PayerMonth month, Dictionary<string, Fraction> bought, Dictionary<string, Fraction> draws)
    {
        foreach (var (grant, amount) in draws.Where(d => d.Value < 0).ToArray())
        {
            var before = Fraction.Min(-amount, Fraction.Max(0, Unapplied.GetValueOrDefault((month.PayerAccount, grant))));
            Add(Unapplied, (month.PayerAccount, grant), -before);
            draws[grant] = amount + before;
        }

        FundingGrant[] order = [.. draws.Where(d => d.Value != 0).Select(d => grants[d.Key])];
        bool MayPay(int g, string? component) => component == "*" || component is null || !order[g].ExcludedComponents.Contains(component);
        var classes = month.Cells.Where(c => c.PrepaidBy is null).Select(c => (c.Component, Amount: (Fraction)c.ConsumptionNanos))
            .Concat(bought.Select(b => ((string?)"*", b.Value)))
            .GroupBy(n => string.Concat(order.Select((_, g) => MayPay(g, n.Item1) ? '1' : '0')))
            .Select(c => (Bits: c.Key, Net: Fraction.Sum(c.Select(n => n.Item2)))).ToArray();
        var open = classes.Select(c => Fraction.Max(0, c.Net)).ToArray();
        int[] below = [.. Enumerable.Range(0, classes.Length).Where(c => classes[c].Net < 0)];
        var lowered = PlacementModel.Place([.. below.Select(c => -classes[c].Net)], open,
            (r, c) => classes[below[r]].Bits.Zip(classes[c].Bits).Any(p => p is { First: '1', Second: '1' }));
        for (var c = 0; c < open.Length; c++)
        {
            open[c] -= Fraction.Sum(below.Select((_, r) => lowered[r, c]));
        }

        var consumed = classes.Select(c => Fraction.Max(0, c.Net - (c.Bits.Contains('0') ? 0 : Fraction.Sum(bought.Values)))).ToArray();
        var paid = new Fraction[order.Length, open.Length];
        for (var g = 0; g < order.Length; g++)
        {
            var amount = draws[order[g].Id];
            var all = Fraction.Sum(consumed.Where((_, c) => classes[c].Bits[g] == '1'));
            for (var c = 0; c < open.Length && amount < 0 && all > 0; c++)
            {
                paid[g, c] = classes[c].Bits[g] == '1' ? amount * consumed[c] / all : 0;
                open[c] -= paid[g, c];
            }
        }

        var placed = PlacementModel.Place([.. order.Select(g => Fraction.Max(0, draws[g.Id]))], open, (g, c) => classes[c].Bits[g] == '1');
        Dictionary<Funder, Fraction> purchases = [];
        var share = classes.Select((c, i) => c.Net <= 0 || bought.Count == 0 || c.Bits.Contains('0') ? 0
            : Fraction.Sum(bought.Values) / (c.Net - Fraction.Sum(order.Select((_, g) => paid[g, i])))).ToArray();
        var (cash, aheadCash) = (Fraction.Sum(classes.Select(c => c.Net)) - Fraction.Sum(bought.Values), Fraction.Sum(bought.Values));
        for (var g = 0; g < order.Length; g++)
        {
            var rest = draws[order[g].Id];
            for (var c = 0; c < open.Length; c++)
            {
                var ahead = placed[g, c] * share[c];
                var given = paid[g, c] + placed[g, c] - ahead;
                rest -= given + ahead;
                Add(purchases, order[g].Funder, ahead);
                Add(Given, order[g].Funder, given);
                aheadCash -= ahead;
                cash -= given;
            }

            Add(Unapplied, (month.PayerAccount, order[g].Id), rest);
        }

        Add(purchases, Owner(month), aheadCash);
        Add(Given, Owner(month), cash);
        foreach (var (commitment, amount) in bought)
        {
            Buy(Of(commitment), purchases.ToDictionary(p => p.Key, p => p.Value * amount / Fraction.Sum(bought.Values)));
        }
    }

    private sealed class Pot
    {
        public Dictionary<Funder, Fraction> Unused { get; } = [];

        public Dictionary<Funder, Fraction> Expired { get; } = [];

        public Dictionary<Funder, Fraction> Used { get; } = [];

        public Dictionary<Funder, Fraction> MissingUse { get; } = [];

        public Dictionary<Funder, Fraction> MissingRefund { get; } = [];

        public Fraction Held(Funder funder) =>
            Unused.GetValueOrDefault(funder) + Expired.GetValueOrDefault(funder) + Used.GetValueOrDefault(funder);
    }
}

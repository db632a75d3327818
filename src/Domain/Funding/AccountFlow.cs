namespace CiCost.Domain.Funding;

/// <summary>
/// Places the draws of one payer month (accounting.md, 3, 6 and 17). Needs that the same grants may pay are one class: a class takes part
/// with its net, so that refunds lower what its usage can take, and what a grant pays of it is spread over its cells pro rata, each with its
/// sign. A class below zero lowers the other classes that its grants may pay, placed like a draw; its own cells are the owner's.
/// </summary>
internal sealed class AccountFlow
{
    private readonly (FundingGrant Grant, Int128 Nanos)[] _grants;
    private readonly List<NeedClass> _classes;
    private readonly Funder _owner;

    /// <summary>Prepares a payer month.</summary>
    /// <param name="grants">Grants with the net of their draws; below zero is a reversal.</param>
    /// <param name="needs">What is consumed and bought now.</param>
    /// <param name="owner">Who pays what no grant pays.</param>
    public AccountFlow(IReadOnlyList<(FundingGrant Grant, Int128 Nanos)> grants, IReadOnlyList<Need> needs, Funder owner)
    {
        _owner = owner;
        _grants = [.. grants.OrderByDescending(g => g.Nanos).ThenBy(g => g.Grant.Id, StringComparer.Ordinal)];
        _classes =
        [
            .. needs.GroupBy(n => string.Concat(_grants.Select(g => n.IsPaidAhead || g.Grant.MayPay(n.Component) ? '1' : '0')))
                .Select(g => new NeedClass(g.Key, [.. g.OrderByDescending(n => n.Nanos).ThenBy(n => n.Key, StringComparer.Ordinal)]))
                .OrderByDescending(c => c.NetNanos).ThenByDescending(c => c.Eligible, StringComparer.Ordinal),
        ];
    }

    /// <summary>What finds no need, by grant; below zero for a reversal that finds nothing to reverse.</summary>
    public List<GrantDraw> Unapplied { get; } = [];

    /// <summary>Places all draws and calls back for every part of a need.</summary>
    public void Run(Action<Need, Funder, Int128> pay)
    {
        LowerByRefunds();
        Reverse();
        Place();
        foreach (var of in _classes)
        {
            of.Spread(_owner, pay);
        }
    }

    private static bool MayPay(int grant, NeedClass of) => of.Eligible[grant] == '1';

    private void LowerByRefunds()
    {
        var refunds = _classes.Where(c => c.NetNanos < 0 && c.Eligible.Contains('1')).ToArray();
        var others = _classes.Where(c => c.NetNanos > 0).ToArray();
        var lowered = GrantPlacement.Of([.. refunds.Select(r => -r.NetNanos)], [.. others.Select(c => c.OpenNanos)],
            (r, c) => Enumerable.Range(0, _grants.Length).Any(g => MayPay(g, refunds[r]) && MayPay(g, others[c])));
        for (var r = 0; r < refunds.Length; r++)
        {
            for (var c = 0; c < others.Length; c++)
            {
                others[c].OpenNanos -= lowered[r, c];
            }
        }
    }

    /// <summary>The donor gives less of what is consumed, so there is more for the others to pay. A purchase is no use: what is taken back
    /// there is a refund. All reversals look at the needs as they were before.</summary>
    private void Reverse()
    {
        var before = _classes.Select(c => Int128.Max(0, c.ConsumedNanos)).ToArray();
        for (var g = 0; g < _grants.Length; g++)
        {
            if (_grants[g].Nanos >= 0)
            {
                continue;
            }

            var weights = before.Select((n, c) => MayPay(g, _classes[c]) ? n : 0).ToArray();
            if (Shares.Sum(weights) == 0)
            {
                Unapplied.Add(new GrantDraw(_grants[g].Grant.Id, _grants[g].Nanos));
                continue;
            }

            var parts = Shares.Of(_grants[g].Nanos, weights);
            for (var c = 0; c < parts.Length; c++)
            {
                _classes[c].Reverse(_grants[g].Grant.Funder, parts[c]);
            }
        }
    }

    private void Place()
    {
        var placed = GrantPlacement.Of([.. _grants.Select(g => Int128.Max(0, g.Nanos))], [.. _classes.Select(c => c.OpenNanos)],
            (g, c) => MayPay(g, _classes[c]));
        for (var g = 0; g < _grants.Length; g++)
        {
            var rest = Int128.Max(0, _grants[g].Nanos);
            for (var c = 0; c < _classes.Count; c++)
            {
                _classes[c].Add(_grants[g].Grant.Funder, placed[g, c]);
                rest -= placed[g, c];
            }

            if (rest != 0)
            {
                Unapplied.Add(new GrantDraw(_grants[g].Grant.Id, rest));
            }
        }
    }

    /// <summary>Something to be paid now: a cell, or a purchase.</summary>
    /// <param name="Key">The cell or the commitment.</param>
    /// <param name="IsPaidAhead">True for a purchase, which every grant may pay.</param>
    /// <param name="Component">The component of a cell.</param>
    /// <param name="Nanos">How much.</param>
    internal sealed record Need(string Key, bool IsPaidAhead, string? Component, Int128 Nanos);

    private sealed class NeedClass(string eligible, Need[] needs)
    {
        private readonly List<(Funder Funder, Int128 Nanos)> _paid = [];
        private readonly List<(Funder Funder, Int128 Nanos)> _reversed = [];

        /// <summary>By grant: may it pay?</summary>
        public string Eligible => eligible;

        public Int128 NetNanos { get; } = Shares.Sum(needs.Select(n => n.Nanos));

        /// <summary>Of the net: what is consumed now.</summary>
        public Int128 ConsumedNanos { get; } = Shares.Sum(needs.Where(n => !n.IsPaidAhead).Select(n => n.Nanos));

        /// <summary>What grants may still take.</summary>
        public Int128 OpenNanos { get; set; } = Int128.Max(0, Shares.Sum(needs.Select(n => n.Nanos)));

        public void Add(Funder funder, Int128 nanos)
        {
            if (nanos != 0)
            {
                _paid.Add((funder, nanos));
                OpenNanos -= nanos;
            }
        }

        public void Reverse(Funder funder, Int128 nanos)
        {
            if (nanos != 0)
            {
                _reversed.Add((funder, nanos));
                OpenNanos -= nanos;
            }
        }

        public void Spread(Funder owner, Action<Need, Funder, Int128> pay)
        {
            var left = needs.Select(n => n.Nanos).ToArray();
            var whole = NetNanos;
            foreach (var (funder, nanos) in _reversed.OrderBy(p => p.Nanos).ThenBy(p => p.Funder.Key, StringComparer.Ordinal)
                .Concat(_paid.OrderByDescending(p => p.Nanos).ThenBy(p => p.Funder.Key, StringComparer.Ordinal)))
            {
                var parts = nanos > 0 ? Shares.Of(nanos, left, nanos, whole)
                    : Shares.Of(nanos, [.. left.Select((n, i) => needs[i].IsPaidAhead ? 0 : n)]);
                for (var i = 0; i < left.Length; i++)
                {
                    left[i] -= parts[i];
                    pay(needs[i], funder, parts[i]);
                }

                whole -= nanos;
            }

            for (var i = 0; i < left.Length; i++)
            {
                pay(needs[i], owner, left[i]);
            }
        }
    }
}

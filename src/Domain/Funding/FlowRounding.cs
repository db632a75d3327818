using System.Numerics;

namespace CiCost.Domain.Funding;

/// <summary>
/// Cuts exact proportions to nanos: every amount goes down or up, those with the largest remainders up, and always so that the group places
/// as much as before and the later grants can still place all that they could. Flows with whole bounds are whole, so there is an answer.
/// </summary>
internal sealed class FlowRounding(
    int[] members, int[] later, IReadOnlyList<Int128> draws, IReadOnlyList<Int128> needs, bool[,] allowed, ProportionalFilling filling)
{
    private readonly BigInteger[,] _low = new BigInteger[members.Length, needs.Count + 1];
    private readonly BigInteger[,] _high = new BigInteger[members.Length, needs.Count + 1];
    private readonly BigInteger[] _needs = [.. needs.Select(n => (BigInteger)n)];

    /// <summary>The amounts in nanos, by member and need.</summary>
    public Int128[,] Run()
    {
        List<(int Member, int Column, BigInteger Remainder)> open = [];
        for (var m = 0; m < members.Length; m++)
        {
            var sum = BigInteger.Zero;
            for (var c = 0; c <= needs.Count; c++)
            {
                var exact = c < needs.Count ? filling.Placed[m, c] : sum;
                sum += c < needs.Count ? exact : 0;
                _low[m, c] = BigInteger.DivRem(exact, filling.Scale, out var remainder);
                _high[m, c] = remainder.IsZero ? _low[m, c] : _low[m, c] + 1;
                if (!remainder.IsZero)
                {
                    open.Add((m, c, remainder));
                }
            }
        }

        Decide(open);
        var whole = new Int128[members.Length, needs.Count];
        for (var m = 0; m < members.Length; m++)
        {
            for (var c = 0; c < needs.Count; c++)
            {
                whole[m, c] = (Int128)_low[m, c];
            }
        }

        return whole;
    }

    /// <summary>Whole draws first, then their parts; within each the largest remainder first, ties to the larger amount.</summary>
    private void Decide(List<(int Member, int Column, BigInteger Remainder)> open)
    {
        if (open.Count == 0)
        {
            return;
        }

        var own = GrantPlacement.Most(members, g => draws[g], _needs, allowed);
        var total = GrantPlacement.Most([.. members, .. later], g => draws[g], _needs, allowed);
        foreach (var (m, c, _) in open.OrderByDescending(o => o.Column == needs.Count).ThenByDescending(o => o.Remainder)
            .ThenByDescending(o => _low[o.Member, o.Column]))
        {
            var low = _low[m, c];
            _low[m, c] = _high[m, c];
            if (!IsFeasible(own, total))
            {
                (_low[m, c], _high[m, c]) = (low, low);
            }
        }
    }

    private bool IsFeasible(BigInteger own, BigInteger total)
    {
        const int Source = 0, Sink = 1, Group = 2, FirstGrant = 3;
        var firstNeed = FirstGrant + members.Length + later.Length;
        var network = new FlowNetwork(firstNeed + needs.Count);
        network.Add(Sink, Source, total, total);
        network.Add(Source, Group, own, own);
        for (var g = 0; g < members.Length + later.Length; g++)
        {
            var isMember = g < members.Length;
            var grant = isMember ? members[g] : later[g - members.Length];
            network.Add(isMember ? Group : Source, FirstGrant + g, isMember ? _low[g, needs.Count] : 0,
                isMember ? _high[g, needs.Count] : draws[grant]);
            for (var c = 0; c < needs.Count; c++)
            {
                if (allowed[grant, c])
                {
                    network.Add(FirstGrant + g, firstNeed + c, isMember ? _low[g, c] : 0, isMember ? _high[g, c] : _needs[c]);
                }
            }
        }

        for (var c = 0; c < needs.Count; c++)
        {
            network.Add(firstNeed + c, Sink, 0, _needs[c]);
        }

        return network.IsFeasible();
    }
}

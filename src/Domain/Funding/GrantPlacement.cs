using System.Numerics;

namespace CiCost.Domain.Funding;

/// <summary>
/// Places draws over what they may pay, together (accounting.md, 6): as a maximum flow, so that the least is unapplied. Among those answers
/// the grant with the smaller eligible amount is placed first, pro rata over what it may still take without raising the unapplied rest;
/// grants alike in that are placed at the same time, pro rata to their draws. When one need can take no more, the rest goes on over the
/// others. Exact: proportions are rationals, cut to nanos once by largest remainder within the same flow. No name decides; where a tie of a
/// nano is left between needs or grants of equal content, the earlier in the list takes it.
/// </summary>
public static class GrantPlacement
{
    /// <summary>How much each grant pays of each need, in nanos: first index grants, second needs.</summary>
    /// <param name="draws">What each grant pays, not below zero.</param>
    /// <param name="needs">What is to be paid, not below zero.</param>
    /// <param name="mayPay">Whether a grant may pay for a need, by their indexes.</param>
    /// <exception cref="ArgumentException">An amount is below zero.</exception>
    public static Int128[,] Of(IReadOnlyList<Int128> draws, IReadOnlyList<Int128> needs, Func<int, int, bool> mayPay)
    {
        ArgumentNullException.ThrowIfNull(draws);
        ArgumentNullException.ThrowIfNull(needs);
        ArgumentNullException.ThrowIfNull(mayPay);
        if (draws.Concat(needs).Any(n => n < 0))
        {
            throw new ArgumentException("Draws and needs are not below zero.", nameof(draws));
        }

        var allowed = new bool[draws.Count, needs.Count];
        for (var g = 0; g < draws.Count; g++)
        {
            for (var c = 0; c < needs.Count; c++)
            {
                allowed[g, c] = mayPay(g, c);
            }
        }

        var placed = new Int128[draws.Count, needs.Count];
        var left = needs.ToArray();
        var groups = Enumerable.Range(0, draws.Count).Where(g => draws[g] > 0)
            .GroupBy(g => Shares.Sum(Enumerable.Range(0, needs.Count).Where(c => allowed[g, c]).Select(c => needs[c])))
            .OrderBy(g => g.Key).Select(g => g.ToArray()).ToArray();
        for (var i = 0; i < groups.Length; i++)
        {
            var later = groups.Skip(i + 1).SelectMany(g => g).ToArray();
            var filling = new ProportionalFilling(groups[i], later, draws, left, allowed);
            filling.Run();
            var rounded = new FlowRounding(groups[i], later, draws, left, allowed, filling).Run();
            for (var m = 0; m < groups[i].Length; m++)
            {
                for (var c = 0; c < left.Length; c++)
                {
                    placed[groups[i][m], c] = rounded[m, c];
                    left[c] -= rounded[m, c];
                }
            }
        }

        return placed;
    }

    /// <summary>The flow of some grants: source, sink, grants, needs.</summary>
    internal static (FlowNetwork Network, int Source, int Sink) Network(IReadOnlyList<int> grants, Func<int, BigInteger> draw,
        IReadOnlyList<BigInteger> needs, bool[,] allowed)
    {
        var network = new FlowNetwork(2 + grants.Count + needs.Count);
        var more = needs.Aggregate(BigInteger.One, static (sum, n) => sum + n); // Never what limits: cuts are of draws and needs.
        for (var g = 0; g < grants.Count; g++)
        {
            network.Add(0, 2 + g, 0, draw(grants[g]));
            for (var c = 0; c < needs.Count; c++)
            {
                if (allowed[grants[g], c])
                {
                    network.Add(2 + g, 2 + grants.Count + c, 0, more);
                }
            }
        }

        for (var c = 0; c < needs.Count; c++)
        {
            network.Add(2 + grants.Count + c, 1, 0, needs[c]);
        }

        return (network, 0, 1);
    }

    /// <summary>The most that some grants can place.</summary>
    internal static BigInteger Most(IReadOnlyList<int> grants, Func<int, BigInteger> draw, IReadOnlyList<BigInteger> needs, bool[,] allowed)
    {
        var (network, source, sink) = Network(grants, draw, needs, allowed);
        return network.Max(source, sink);
    }
}

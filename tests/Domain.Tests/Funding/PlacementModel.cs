namespace CiCost.Domain.Tests.Funding;

/// <summary>
/// How draws are placed, written from the law and not from the code: the least unapplied rest is that of the smallest cut over all subsets
/// of grants (Hall), and so is every "without raising the unapplied rest". No flow is searched and nothing is rounded.
/// </summary>
internal sealed class PlacementModel
{
    private readonly int _grants;
    private readonly Func<int, int, bool> _mayPay;
    private readonly Fraction[] _draws;
    private readonly Fraction[] _needs;

    private PlacementModel(Fraction[] draws, Fraction[] needs, Func<int, int, bool> mayPay) =>
        (_grants, _draws, _needs, _mayPay) = (draws.Length, [.. draws], [.. needs], mayPay);

    /// <summary>The most that the grants of a set (bits) can place.</summary>
    public static Fraction Most(int set, Fraction[] draws, Fraction[] needs, Func<int, int, bool> mayPay) =>
        Subsets(set).Select(s => Fraction.Sum(Of(set & ~s).Select(g => draws[g]))
            + Fraction.Sum(Adjacent(s, needs.Length, mayPay).Select(c => needs[c]))).Aggregate(Fraction.Min);

    /// <summary>What each grant pays of each need.</summary>
    public static Fraction[,] Place(Fraction[] draws, Fraction[] needs, Func<int, int, bool> mayPay)
    {
        var placed = new Fraction[draws.Length, needs.Length];
        var left = needs.ToArray();
        var groups = Enumerable.Range(0, draws.Length).Where(g => draws[g] > 0)
            .GroupBy(g => Fraction.Sum(Adjacent(1 << g, needs.Length, mayPay).Select(c => needs[c]))).OrderBy(g => g.Key).ToArray();
        for (var i = 0; i < groups.Length; i++)
        {
            var members = groups[i].Sum(g => 1 << g);
            var model = new PlacementModel(draws, left, mayPay);
            model.Fill(members, groups.Skip(i).SelectMany(g => g).Sum(g => 1 << g), placed);
            left = model._needs;
        }

        return placed;
    }

    private void Fill(int members, int all, Fraction[,] placed)
    {
        while (true)
        {
            var steps = new Fraction[_grants, _needs.Length];
            var must = Most(all, _draws, _needs, _mayPay) - Most(members, _draws, _needs, _mayPay);
            foreach (var g in Of(members))
            {
                var room = _needs.Select((_, c) => _mayPay(g, c) && !IsBlocked(all, g, c) && !IsBlocked(members, g, c)
                    ? Room(all & ~members, c, must) : 0).ToArray();
                var whole = Fraction.Sum(room);
                for (var c = 0; c < room.Length && whole > 0; c++)
                {
                    steps[g, c] = _draws[g] * room[c] / whole;
                }
            }

            if (steps.Cast<Fraction>().All(s => s == 0))
            {
                return;
            }

            var reach = Fraction.Min(Reach(members, steps), Reach(all, steps));
            foreach (var g in Of(members))
            {
                for (var c = 0; c < _needs.Length; c++)
                {
                    placed[g, c] += steps[g, c] * reach;
                    _draws[g] -= steps[g, c] * reach;
                    _needs[c] -= steps[g, c] * reach;
                }
            }
        }
    }

    /// <summary>May a grant take nothing of a need, because the others of the set must?</summary>
    private bool IsBlocked(int set, int grant, int need)
    {
        var must = Most(set, _draws, _needs, _mayPay)
            - Fraction.Min(_draws[grant], Fraction.Sum(Adjacent(1 << grant, _needs.Length, _mayPay).Select(c => _needs[c])));
        return _draws[grant] == 0 || Room(set & ~(1 << grant), need, must) <= 0;
    }

    /// <summary>What may be taken of a need so that a set of grants still places what it must.</summary>
    private Fraction Room(int set, int need, Fraction must) =>
        Subsets(set).Where(s => Adjacent(s, _needs.Length, _mayPay).Contains(need)).Select(s => Cut(set, s) - must).Append(_needs[need])
            .Aggregate(Fraction.Min);

    private Fraction Reach(int set, Fraction[,] steps)
    {
        Fraction OfGrant(int g) => Fraction.Sum(Enumerable.Range(0, _needs.Length).Select(c => steps[g, c]));
        Fraction OfNeed(int c) => Fraction.Sum(Enumerable.Range(0, _grants).Select(g => steps[g, c]));
        var (most, all) = (Most(set, _draws, _needs, _mayPay), Fraction.Sum(steps.Cast<Fraction>()));
        var limits = Subsets(set).Select(s => (Slack: Cut(set, s) - most, Speed: Fraction.Sum(Of(set & ~s).Select(OfGrant))
            + Fraction.Sum(Adjacent(s, _needs.Length, _mayPay).Select(OfNeed)) - all));
        return limits.Concat(_needs.Select((n, c) => (n, OfNeed(c)))).Where(l => l.Item2 > 0).Select(l => l.Item1 / l.Item2)
            .Append(1).Aggregate(Fraction.Min);
    }

    private Fraction Cut(int set, int subset) => Fraction.Sum(Of(set & ~subset).Select(g => _draws[g]))
        + Fraction.Sum(Adjacent(subset, _needs.Length, _mayPay).Select(c => _needs[c]));

    private static IEnumerable<int> Of(int set) => Enumerable.Range(0, 31).Where(g => (set >> g & 1) == 1);

    private static IEnumerable<int> Subsets(int set) => Enumerable.Range(0, set + 1).Where(s => (s & ~set) == 0);

    private static int[] Adjacent(int set, int needs, Func<int, int, bool> mayPay) =>
        [.. Enumerable.Range(0, needs).Where(c => Of(set).Any(g => mayPay(g, c)))];
}

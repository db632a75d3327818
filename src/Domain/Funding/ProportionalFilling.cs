using System.Numerics;

namespace CiCost.Domain.Funding;

/// <summary>
/// Places the draws of grants that are alike, in exact proportions: each moves along what it may still take from each need without raising
/// the unapplied rest, at a speed pro rata to its draw, until a need or a group of needs can take no more; then on over what is left. What it
/// may take is what the grants that come later can do without; where grants alike compete, they move until the need is full. All amounts are
/// multiples of 1 / <see cref="Scale"/>.
/// </summary>
internal sealed class ProportionalFilling
{
    private readonly int[] _members;
    private readonly int[] _later;
    private readonly int[] _all;
    private readonly bool[,] _allowed;
    private readonly Dictionary<int, BigInteger> _draws;
    private readonly BigInteger[] _needs;

    public ProportionalFilling(int[] members, int[] later, IReadOnlyList<Int128> draws, IReadOnlyList<Int128> needs, bool[,] allowed)
    {
        (_members, _later, _all, _allowed) = (members, later, [.. members, .. later], allowed);
        _draws = _all.ToDictionary(g => g, g => (BigInteger)draws[g]);
        _needs = [.. needs.Select(n => (BigInteger)n)];
        Placed = new BigInteger[members.Length, needs.Count];
    }

    /// <summary>What the members place, by member and need, in 1 / <see cref="Scale"/> of a nano.</summary>
    public BigInteger[,] Placed { get; }

    /// <summary>The parts that a nano is cut into.</summary>
    public BigInteger Scale { get; private set; } = 1;

    /// <summary>Places all that can be placed.</summary>
    public void Run()
    {
        while (Direction() is { } steps)
        {
            Move(steps, Reach(steps));
        }
    }

    private BigInteger Most(IEnumerable<int> grants, IReadOnlyList<BigInteger> needs) =>
        GrantPlacement.Most([.. grants], g => _draws[g], needs, _allowed);

    /// <summary>The parts of its draw that each member would place on each need, and null when nothing can be placed any more. Scales all
    /// amounts so that the parts are whole.</summary>
    private BigInteger[,]? Direction()
    {
        var (total, own) = (Most(_all, _needs), Most(_members, _needs));
        var room = new BigInteger[_members.Length, _needs.Length];
        var whole = new BigInteger[_members.Length];
        var factor = BigInteger.One;
        for (var m = 0; m < _members.Length; m++)
        {
            var open = Enumerable.Range(0, _needs.Length).Where(c => _allowed[_members[m], c] && _needs[c].Sign > 0).ToArray();
            var most = BigInteger.Min(_draws[_members[m]], open.Aggregate(BigInteger.Zero, (sum, c) => sum + _needs[c]));
            foreach (var c in most.Sign > 0 ? open : [])
            {
                var g = _members[m];
                var isBlocked = Room(_all.Where(other => other != g), c, total - most).Sign <= 0
                    || Room(_members.Where(other => other != g), c, own - most).Sign <= 0;
                room[m, c] = isBlocked ? 0 : Room(_later, c, total - own);
                whole[m] += room[m, c];
            }

            factor = whole[m].Sign > 0 ? factor * whole[m] / BigInteger.GreatestCommonDivisor(factor, whole[m]) : factor;
        }

        if (Array.TrueForAll(whole, w => w.IsZero))
        {
            return null;
        }

        Multiply(factor);
        for (var m = 0; m < _members.Length; m++)
        {
            for (var c = 0; c < _needs.Length && whole[m].Sign > 0; c++)
            {
                room[m, c] *= _draws[_members[m]] / whole[m]; // The draw is a multiple of the factor, and so of the whole.
            }
        }

        return room;
    }

    /// <summary>What may be taken from a need so that some grants can still place what they must.</summary>
    private BigInteger Room(IEnumerable<int> grants, int need, BigInteger must)
    {
        var without = _needs.ToArray();
        without[need] = 0;
        return BigInteger.Min(_needs[need], _needs[need] + Most(grants, without) - must);
    }

    /// <summary>How far the steps can be gone, at most once, so that members and all can still place as much as before: the smallest cut
    /// that would be too small says where it is just enough, until none is too small.</summary>
    private (BigInteger Numerator, BigInteger Denominator) Reach(BigInteger[,] steps)
    {
        var (p, q) = (BigInteger.One, BigInteger.One);
        var ofNeed = Enumerable.Range(0, _needs.Length)
            .Select(c => Enumerable.Range(0, _members.Length).Aggregate(BigInteger.Zero, (sum, m) => sum + steps[m, c])).ToArray();
        var ofGrant = Enumerable.Range(0, _members.Length).ToDictionary(m => _members[m],
            m => Enumerable.Range(0, _needs.Length).Aggregate(BigInteger.Zero, (sum, c) => sum + steps[m, c]));
        var moved = ofGrant.Values.Aggregate(BigInteger.Zero, (sum, n) => sum + n);
        for (var c = 0; c < _needs.Length; c++)
        {
            (p, q) = ofNeed[c] * p > _needs[c] * q ? (_needs[c], ofNeed[c]) : (p, q);
        }

        foreach (var grants in new[] { _members, _all })
        {
            var whole = Most(grants, _needs);
            while (true)
            {
                var (numerator, denominator) = (p, q);
                var (network, source, sink) = GrantPlacement.Network(grants,
                    g => (_draws[g] * denominator) - (numerator * ofGrant.GetValueOrDefault(g)),
                    [.. _needs.Select((n, c) => (n * denominator) - (numerator * ofNeed[c]))], _allowed);
                if (network.Max(source, sink) >= (whole * q) - (p * moved))
                {
                    break;
                }

                var reached = network.Reachable(source);
                var (cut, lost) = (-whole, -moved);
                for (var g = 0; g < grants.Length; g++)
                {
                    cut += reached[2 + g] ? 0 : _draws[grants[g]];
                    lost += reached[2 + g] ? 0 : ofGrant.GetValueOrDefault(grants[g]);
                }

                for (var c = 0; c < _needs.Length; c++)
                {
                    cut += reached[2 + grants.Length + c] ? _needs[c] : 0;
                    lost += reached[2 + grants.Length + c] ? ofNeed[c] : 0;
                }

                (p, q) = (cut, lost);
            }
        }

        return p.Sign > 0 ? (p, q) : throw new InvalidOperationException("A placement that can go on does not go on: a bug.");
    }

    private void Move(BigInteger[,] steps, (BigInteger Numerator, BigInteger Denominator) reach)
    {
        Multiply(reach.Denominator);
        for (var m = 0; m < _members.Length; m++)
        {
            for (var c = 0; c < _needs.Length; c++)
            {
                var step = steps[m, c] * reach.Numerator;
                Placed[m, c] += step;
                _draws[_members[m]] -= step;
                _needs[c] -= step;
            }
        }

        Reduce();
    }

    private void Multiply(BigInteger factor) => Change(n => n * factor);

    private void Reduce()
    {
        var divisor = Scale;
        Change(n =>
        {
            divisor = BigInteger.GreatestCommonDivisor(divisor, n);
            return n;
        });
        Change(n => n / divisor);
    }

    private void Change(Func<BigInteger, BigInteger> change)
    {
        Scale = change(Scale);
        foreach (var g in _all)
        {
            _draws[g] = change(_draws[g]);
        }

        for (var c = 0; c < _needs.Length; c++)
        {
            _needs[c] = change(_needs[c]);
            for (var m = 0; m < _members.Length; m++)
            {
                Placed[m, c] = change(Placed[m, c]);
            }
        }
    }
}

namespace CiCost.Domain.Funding;

/// <summary>Amounts by funder.</summary>
internal sealed class FunderAmounts
{
    private readonly Dictionary<Funder, Int128> _nanos = [];

    /// <summary>The sum.</summary>
    public Int128 Total => Shares.Sum(_nanos.Values);

    /// <summary>The funders with an amount, the larger first; between equal ones the order of their keys.</summary>
    public IReadOnlyList<(Funder Funder, Int128 Nanos)> Parts =>
    [
        .. _nanos.Where(n => n.Value != 0).OrderByDescending(n => n.Value).ThenBy(n => n.Key.Key, StringComparer.Ordinal)
            .Select(n => (n.Key, n.Value)),
    ];

    /// <summary>The amount of a funder.</summary>
    public Int128 this[Funder funder] => _nanos.GetValueOrDefault(funder);

    /// <summary>Adds an amount; below zero takes it out.</summary>
    public void Add(Funder funder, Int128 nanos) => _nanos[funder] = _nanos.GetValueOrDefault(funder) + nanos;

    /// <summary>An amount cut in the proportion of the funders.</summary>
    public IReadOnlyList<(Funder Funder, Int128 Nanos)> Cut(Int128 amount)
    {
        var parts = Parts;
        var shares = Shares.Of(amount, [.. parts.Select(p => p.Nanos)]);
        return [.. parts.Select((p, i) => (p.Funder, shares[i])).Where(p => p.Item2 != 0)];
    }

    /// <summary>
    /// How a refund divides (accounting.md, 10, by the observed mix): first the grants whose reversals were observed, then the money of the
    /// payers, and what neither explains is taken from the grants that are left, whose draws are then free for something else.
    /// </summary>
    /// <param name="amount">At most the total.</param>
    /// <param name="observed">Reversals by grant; what explains the refund is taken out.</param>
    public IReadOnlyList<(Funder Funder, Int128 Nanos)> Divide(Int128 amount, FunderAmounts observed)
    {
        FunderAmounts taken = new(), seen = new(), cash = new(), rest = new();
        foreach (var (funder, nanos) in Parts)
        {
            (funder.GrantId is null ? cash : seen).Add(funder, funder.GrantId is null ? nanos : Int128.Min(nanos, observed[funder]));
        }

        void Take(FunderAmounts from)
        {
            foreach (var (funder, nanos) in from.Cut(Int128.Min(amount - taken.Total, from.Total)))
            {
                taken.Add(funder, nanos);
                observed.Add(funder, from == seen ? -nanos : 0);
            }
        }

        Take(seen);
        Take(cash);
        foreach (var (funder, nanos) in Parts.Where(p => p.Funder.GrantId is not null))
        {
            rest.Add(funder, nanos - taken[funder]);
        }

        Take(rest);
        return taken.Parts;
    }
}

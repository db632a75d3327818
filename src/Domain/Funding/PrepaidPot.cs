namespace CiCost.Domain.Funding;

/// <summary>A use that a commitment covers.</summary>
/// <param name="Account">The position of its payer month.</param>
/// <param name="PayerAccount">That account; null for an unknown one.</param>
/// <param name="Key">The cell.</param>
/// <param name="Owner">Who pays when nothing was paid ahead.</param>
/// <param name="Nanos">How much.</param>
internal sealed record CoveredUse(int Account, string? PayerAccount, string Key, Funder Owner, Int128 Nanos);

/// <summary>
/// What is paid ahead for one commitment, by funder (accounting.md, 10): purchases add their mix, use takes it out in proportion, a refund
/// takes out first what is unused, then what has expired, then it reverses what was given when it was used.
/// </summary>
internal sealed class PrepaidPot(string currency, string commitment, string account)
{
    private readonly FunderAmounts _unused = new();
    private readonly FunderAmounts _expired = new();
    private readonly List<Entry> _used = [];
    private readonly List<Entry> _missing = [];

    public string Commitment => commitment;

    public string Account => account;

    public Int128 UnusedNanos => _unused.Total;

    public Int128 UsedNanos => Shares.Sum(_used.Select(u => u.Nanos));

    /// <summary>Below zero: what was used or given back without a known purchase.</summary>
    public Int128 MissingNanos => -Shares.Sum(_missing.Select(m => m.Nanos));

    /// <summary>What a refund could take out of a funder's money: unused, expired, used.</summary>
    public Int128 Held(Funder funder) =>
        _unused[funder] + _expired[funder] + Shares.Sum(_used.Where(u => u.Funder == funder).Select(u => u.Nanos));

    public void Open(IReadOnlyList<(Funder Funder, Int128 Nanos)> parts, MonthBook book) => Fill(parts, PrepaidChange.Opening, book);

    public void Buy(IReadOnlyList<(Funder Funder, Int128 Nanos)> parts, MonthBook book) => Fill(parts, PrepaidChange.Purchase, book);

    /// <summary>Takes out the use of a month in proportion; beyond the balance the owners pay, and what is missing is remembered.</summary>
    public void Use(IReadOnlyList<CoveredUse> uses, MonthBook book)
    {
        var net = Shares.Sum(uses.Select(u => u.Nanos));
        if (net < 0)
        {
            PutBack(uses, net, book);
            return;
        }

        var covered = Int128.Min(net, UnusedNanos);
        var shares = net == 0 ? [.. _unused.Parts.Select(p => (p.Funder, Weight: p.Nanos, Nanos: (Int128)0))]
            : _unused.Cut(covered).Select(p => (p.Funder, Weight: p.Nanos, p.Nanos)).ToArray();
        Spread(uses, shares, net == 0 ? UnusedNanos : net, (use, funder, nanos) => _used.Add(new Entry(book.MonthIndex, use, funder, nanos)), book);
        foreach (var (funder, _, nanos) in shares)
        {
            _unused.Add(funder, -nanos);
        }
    }

    /// <summary>Takes a refund out, and returns what it takes of each funder.</summary>
    public FunderAmounts Refund(Int128 amount, FunderAmounts observed, Funder owner, MonthBook book)
    {
        var taken = new FunderAmounts();
        void Take(IReadOnlyList<(Funder Funder, Int128 Nanos)> parts, Action<Funder, Int128> from)
        {
            foreach (var (funder, nanos) in parts)
            {
                from(funder, nanos);
                taken.Add(funder, nanos);
                amount -= nanos;
            }
        }

        Take(_unused.Divide(Int128.Min(amount, UnusedNanos), observed), (funder, nanos) =>
        {
            _unused.Add(funder, -nanos);
            Move(PrepaidChange.Refunded, funder, nanos, book);
        });
        Take(_expired.Divide(Int128.Min(amount, _expired.Total), observed), (funder, nanos) =>
        {
            _expired.Add(funder, -nanos);
            Move(PrepaidChange.Expired, funder, -nanos, book);
            Move(PrepaidChange.Refunded, funder, nanos, book);
        });
        var used = new FunderAmounts();
        _used.ForEach(u => used.Add(u.Funder, u.Nanos));
        Take(used.Divide(Int128.Min(amount, used.Total), observed), (funder, nanos) =>
        {
            Reverse(_used, u => u.Funder == funder, nanos, (entry, part) => book.Settle(currency, entry, [(funder, -part), (Funder.Nobody, part)]));
            Move(PrepaidChange.RefundedBeyond, funder, nanos, book);
        });
        Take([.. observed.Cut(Int128.Min(amount, observed.Total))], (funder, nanos) => Owe(funder, nanos, book));
        Take(amount == 0 ? [] : [(owner, amount)], (funder, nanos) => Owe(funder, nanos, book));
        return taken;
    }

    /// <summary>The commitment has ended: what is left is expired.</summary>
    public void Expire(MonthBook book)
    {
        foreach (var (funder, nanos) in _unused.Parts)
        {
            _unused.Add(funder, -nanos);
            _expired.Add(funder, nanos);
            Move(PrepaidChange.Expired, funder, nanos, book);
        }
    }

    /// <summary>A purchase first settles what was used before it, then it is there for later use.</summary>
    private void Fill(IReadOnlyList<(Funder Funder, Int128 Nanos)> parts, PrepaidChange change, MonthBook book)
    {
        var mix = new FunderAmounts();
        foreach (var (funder, nanos) in parts)
        {
            mix.Add(funder, nanos);
            _unused.Add(funder, nanos);
            Move(change, funder, nanos, book);
        }

        var open = Int128.Max(0, Shares.Sum(_missing.Where(m => m.Use is not null).Select(m => m.Nanos)));
        foreach (var (funder, nanos) in mix.Cut(Int128.Min(open, mix.Total)))
        {
            _unused.Add(funder, -nanos);
            Move(PrepaidChange.Applied, funder, nanos, book);
            Reverse(_missing, m => m.Use is not null, nanos, (entry, part) =>
            {
                _used.Add(entry with { Funder = funder, Nanos = part });
                Move(PrepaidChange.Applied, entry.Funder, -part, book);
                book.Settle(currency, entry, [(entry.Funder, -part), (funder, part)]);
            });
        }
    }

    /// <summary>More use was taken back than there was: it returns to where it came from, and beyond that it is the owners'.</summary>
    private void PutBack(IReadOnlyList<CoveredUse> uses, Int128 net, MonthBook book)
    {
        FunderAmounts missing = new(), used = new();
        _missing.Where(m => m.Use is not null).ToList().ForEach(m => missing.Add(m.Funder, m.Nanos));
        _used.ForEach(u => used.Add(u.Funder, u.Nanos));
        var ofMissing = missing.Cut(Int128.Min(-net, missing.Total));
        var ofUsed = used.Cut(Int128.Min(-net - Shares.Sum(ofMissing.Select(p => p.Nanos)), used.Total));
        foreach (var (funder, nanos) in ofMissing)
        {
            Reverse(_missing, m => m.Use is not null && m.Funder == funder, nanos, static (_, _) => { });
        }

        foreach (var (funder, nanos) in ofUsed)
        {
            Reverse(_used, u => u.Funder == funder, nanos, static (_, _) => { });
            _unused.Add(funder, nanos);
        }

        var sums = new FunderAmounts();
        foreach (var (funder, nanos) in ofMissing.Concat(ofUsed))
        {
            sums.Add(funder, -nanos);
        }

        Spread(uses, [.. sums.Parts.Select(p => (p.Funder, p.Nanos, p.Nanos))], net, static (_, _, _) => { }, book);
    }

    /// <summary>Cuts uses into parts of funders; what they leave is the owners'.</summary>
    private void Spread(IReadOnlyList<CoveredUse> uses, IReadOnlyList<(Funder Funder, Int128 Weight, Int128 Nanos)> shares, Int128 whole,
        Action<CoveredUse, Funder, Int128> note, MonthBook book)
    {
        var left = uses.Select(u => u.Nanos).ToArray();
        foreach (var (funder, weight, nanos) in shares)
        {
            var parts = Shares.Of(nanos, left, weight, whole);
            for (var i = 0; i < left.Length; i++)
            {
                left[i] -= parts[i];
                book.Pay(uses[i], funder, parts[i]);
                note(uses[i], funder, parts[i]);
            }

            Move(PrepaidChange.Applied, funder, nanos, book);
            whole -= weight;
        }

        for (var i = 0; i < left.Length; i++)
        {
            book.Pay(uses[i], uses[i].Owner, left[i]);
            Move(PrepaidChange.Applied, uses[i].Owner, left[i], book);
        }

        foreach (var owner in Enumerable.Range(0, left.Length).GroupBy(i => uses[i].Owner))
        {
            var rest = Shares.Sum(owner.Select(i => left[i]));
            if (rest < 0)
            {
                _unused.Add(owner.Key, -rest);
            }
            else
            {
                _missing.AddRange(owner.Select(i => new Entry(book.MonthIndex, uses[i], owner.Key, left[i])));
            }
        }

        _used.RemoveAll(static u => u.Nanos == 0);
        _missing.RemoveAll(static m => m.Nanos == 0);
    }

    private void Owe(Funder funder, Int128 nanos, MonthBook book)
    {
        _missing.Add(new Entry(book.MonthIndex, null, funder, nanos));
        Move(PrepaidChange.Refunded, funder, nanos, book);
    }

    private static void Reverse(List<Entry> entries, Predicate<Entry> ofThese, Int128 nanos, Action<Entry, Int128> part)
    {
        var open = Enumerable.Range(0, entries.Count).Where(i => ofThese(entries[i])).ToArray();
        var shares = Shares.Of(nanos, [.. open.Select(i => entries[i].Nanos)]);
        for (var i = 0; i < open.Length; i++)
        {
            var entry = entries[open[i]];
            entries[open[i]] = entry with { Nanos = entry.Nanos - shares[i] };
            if (shares[i] != 0)
            {
                part(entry, shares[i]);
            }
        }

        entries.RemoveAll(static e => e.Nanos == 0);
    }

    private void Move(PrepaidChange change, Funder funder, Int128 nanos, MonthBook book)
    {
        if (nanos != 0)
        {
            book.Movements.Add(new PrepaidMovement(currency, commitment, account, change, funder, nanos));
        }
    }

    /// <summary>A part of a use, with the month and funder of it.</summary>
    internal sealed record Entry(int MonthIndex, CoveredUse? Use, Funder Funder, Int128 Nanos);
}

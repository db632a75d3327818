namespace CiCost.Domain.Funding;

/// <summary>
/// Decides who pays for what was consumed (accounting.md, 3, 6, 10 and 17), once: the observed draws of the grants, placed together; what
/// commitments paid ahead, in the mix of the balance left; the account's owner. A charge month is funded for all accounts at once, and the
/// months in their order, because purchases fund later use. Nothing depends on names or on the order of cells, accounts and draws.
/// </summary>
public sealed class FundingStep(IReadOnlyDictionary<string, FundingGrant> grants, PrepaidTerms? terms = null)
{
    private readonly PrepaidTerms _terms = terms ?? PrepaidTerms.None;
    private readonly SortedDictionary<(string Currency, string Commitment), PrepaidPot> _pots = new(ByName);
    private readonly Dictionary<(string? Account, string Currency, string Grant), Int128> _unapplied = [];
    private readonly HashSet<OpeningBalance> _opened = [];

    /// <summary>What was used or given back of commitments without a known purchase, by currency and commitment, below zero: an opening
    /// balance is missing.</summary>
    public IReadOnlyDictionary<(string Currency, string Commitment), Int128> NegativeBalances =>
        _pots.Where(p => p.Value.MissingNanos < 0).ToDictionary(p => p.Key, p => p.Value.MissingNanos);

    /// <summary>What was paid ahead and not used yet, by currency and commitment, less what is missing.</summary>
    public IReadOnlyDictionary<(string Currency, string Commitment), Int128> PrepaidBalances =>
        _pots.ToDictionary(p => p.Key, p => p.Value.UnusedNanos + p.Value.MissingNanos);

    private static Comparer<(string Currency, string Commitment)> ByName { get; } = Comparer<(string Currency, string Commitment)>.Create(
        static (a, b) => string.CompareOrdinal(a.Currency, b.Currency) is var order and not 0 ? order
            : string.CompareOrdinal(a.Commitment, b.Commitment));

    /// <summary>Funds a charge month.</summary>
    /// <param name="monthIndex">The month, later than the one before.</param>
    /// <param name="accounts">Every payer account and currency with lines in it, once.</param>
    /// <exception cref="ArgumentException">A draw names a grant that is not known.</exception>
    public MonthFunding Fund(int monthIndex, IReadOnlyList<PayerMonth> accounts)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        var book = new MonthBook(monthIndex, accounts);
        foreach (var opening in _terms.Openings.Where(o => o.MonthIndex <= monthIndex && _opened.Add(o)))
        {
            Pot(opening.Currency, opening.CommitmentId, opening.PayerAccount).Open(opening.Parts, book);
        }

        var refunds = new RefundPlan(accounts, _pots);
        var uses = Uses(accounts);
        foreach (var (key, of) in uses.Where(u => refunds.Commitments.Contains(u.Key)))
        {
            Pot(key.Currency, key.Commitment, of).Use(of, book);
        }

        var taken = refunds.Run(accounts, Owner, id => GrantOf(id).Funder, Pot, book);
        List<FundedMonth> funded = [];
        var purchases = accounts.Select((a, i) => Pay(i, a, taken[i], refunds.PurchasesOf(i), book)).ToArray();
        foreach (var (key, of) in uses.Where(u => !refunds.Commitments.Contains(u.Key)))
        {
            Pot(key.Currency, key.Commitment, of).Use(of, book);
        }

        foreach (var (key, pot) in _pots.Where(p => _terms.LastMonths.TryGetValue(p.Key.Commitment, out var last) && last <= monthIndex))
        {
            pot.Expire(book);
        }

        funded.AddRange(accounts.Select((_, i) => new FundedMonth(book.PartsOf(i), purchases[i].Purchases, purchases[i].Unapplied)));
        return new MonthFunding(funded, book.Movements, book.Settlements);
    }

    private static Funder Owner(PayerMonth month) =>
        month.PayerAccount is null || month.Owner is null ? Funder.Nobody : new Funder(month.Owner, month.OwnerKind);

    private static SortedDictionary<(string Currency, string Commitment), List<CoveredUse>> Uses(IReadOnlyList<PayerMonth> accounts)
    {
        var uses = new SortedDictionary<(string Currency, string Commitment), List<CoveredUse>>(ByName);
        var all = accounts.SelectMany((a, i) => a.Cells.Where(c => c.PrepaidBy is not null).Select(c => (Account: a, Index: i, Cell: c)))
            .OrderByDescending(u => u.Cell.ConsumptionNanos).ThenBy(u => u.Account.PayerAccount, StringComparer.Ordinal)
            .ThenBy(u => u.Cell.Key, StringComparer.Ordinal);
        foreach (var (account, index, cell) in all)
        {
            var key = (account.Currency, cell.PrepaidBy!);
            if (!uses.TryGetValue(key, out var of))
            {
                uses.Add(key, of = []);
            }

            of.Add(new CoveredUse(index, account.PayerAccount, cell.Key, Owner(account), cell.ConsumptionNanos));
        }

        return uses;
    }

    private PrepaidPot Pot(string currency, string commitment, List<CoveredUse> uses) =>
        Pot(currency, commitment, uses.Select(u => u.PayerAccount).Min(StringComparer.Ordinal) ?? Funder.Nobody.Organisation);

    private PrepaidPot Pot(string currency, string commitment, string account)
    {
        if (!_pots.TryGetValue((currency, commitment), out var pot))
        {
            _pots.Add((currency, commitment), pot = new PrepaidPot(currency, commitment, account));
        }

        return pot;
    }

    /// <summary>Pays what an account consumes and buys now. What refunds took of a grant is free for it again: its net draw already has
    /// the reversal.</summary>
    private (List<PaidAhead> Purchases, List<GrantDraw> Unapplied) Pay(
        int index, PayerMonth month, FunderAmounts taken, IReadOnlyList<Purchase> bought, MonthBook book)
    {
        FunderAmounts net = new();
        foreach (var draw in month.Draws)
        {
            net.Add(GrantOf(draw.GrantId).Funder, draw.Nanos);
        }

        foreach (var (funder, nanos) in taken.Parts.Where(p => p.Funder.GrantId is not null))
        {
            net.Add(GrantOf(funder.GrantId!).Funder, nanos);
        }

        List<GrantDraw> unapplied = [];
        List<(FundingGrant, Int128)> draws = [];
        foreach (var (funder, nanos) in net.Parts)
        {
            // A reversal takes out first what was unapplied.
            var key = (month.PayerAccount, month.Currency, funder.GrantId!);
            var before = nanos < 0 ? Int128.Min(-nanos, Int128.Max(0, _unapplied.GetValueOrDefault(key))) : 0;
            if (before != 0)
            {
                unapplied.Add(new GrantDraw(funder.GrantId!, -before));
            }

            if (nanos + before != 0)
            {
                draws.Add((GrantOf(funder.GrantId!), nanos + before));
            }
        }

        var needs = month.Cells.Where(c => c.PrepaidBy is null)
            .Select(c => new AccountFlow.Need(c.Key, false, c.Component, c.ConsumptionNanos))
            .Concat(bought.Select(p => new AccountFlow.Need(p.CommitmentId, true, null, p.Nanos))).ToList();
        var flow = new AccountFlow(draws, needs, Owner(month));
        List<PaidAhead> purchases = [];
        flow.Run((need, funder, nanos) =>
        {
            if (nanos != 0 && need.IsPaidAhead)
            {
                purchases.Add(new PaidAhead(need.Key, funder, nanos));
            }
            else if (!need.IsPaidAhead)
            {
                book.Pay(index, need.Key, funder, nanos);
            }
        });
        foreach (var of in purchases.GroupBy(p => p.CommitmentId))
        {
            Pot(month.Currency, of.Key, month.PayerAccount ?? Funder.Nobody.Organisation).Buy([.. of.Select(p => (p.Funder, p.Nanos))], book);
        }

        unapplied.AddRange(flow.Unapplied);
        foreach (var rest in unapplied)
        {
            var key = (month.PayerAccount, month.Currency, rest.GrantId);
            _unapplied[key] = _unapplied.GetValueOrDefault(key) + rest.Nanos;
        }

        return ([.. purchases.OrderBy(p => p.CommitmentId, StringComparer.Ordinal).ThenBy(p => p.Funder.Key, StringComparer.Ordinal)],
            [.. unapplied.GroupBy(u => u.GrantId).Select(g => new GrantDraw(g.Key, Shares.Sum(g.Select(u => u.Nanos))))
                .OrderBy(u => u.GrantId, StringComparer.Ordinal)]);
    }

    private FundingGrant GrantOf(string id) => grants.TryGetValue(id, out var grant)
        ? grant
        : throw new ArgumentException($"There is no grant '{id}'.", nameof(id));
}

using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;

namespace CiCost.Accounting.Funding;

/// <summary>Writes down the funding of months, for the asked ones in full and for those before as opening balances.</summary>
internal sealed class FundingLog(PayerMonthBuilder builder, Dictionary<string, FundingGrant> grants, int firstAsked)
{
    private readonly List<(bool IsAsked, PrepaidMovement Movement)> _movements = [];
    private readonly SortedDictionary<string, GrantPosition> _positions = new(StringComparer.Ordinal);

    public List<FundedCell> Cells { get; } = [];

    public List<FundingEntry> PaidAhead { get; } = [];

    public List<FundingEntry> Purchases { get; } = [];

    public List<FundingEntry> Expired { get; } = [];

    public List<FundingEntry> Unapplied { get; } = [];

    public List<FundingEntry> Draws { get; } = [];

    public List<SettledUse> Settlements { get; } = [];

    public List<GrantPosition> Grants { get; } = [];

    public void Add(int month, IReadOnlyList<PayerMonth> accounts, MonthFunding funded)
    {
        var isAsked = month >= firstAsked;
        _movements.AddRange(funded.Movements.Select(m => (isAsked, m)));
        MoveGrants(month, accounts, funded);
        if (!isAsked)
        {
            return;
        }

        Grants.AddRange(_positions.Values);
        List<FundedCell> cells = [];
        for (var i = 0; i < accounts.Count; i++)
        {
            var (account, of) = (accounts[i], funded.Accounts[i]);
            cells.AddRange(of.Parts.Select(p => builder.Cell(p.CellKey, month, account.Currency, p.Funder, p.Nanos)));
            FundingEntry Entry(string subject, Funder funder, Int128 nanos) => new(month, NameOf(account.PayerAccount), account.Currency,
                subject, funder, nanos);
            Purchases.AddRange(of.Purchases.Select(p => Entry(p.CommitmentId, p.Funder, p.Nanos)));
            Unapplied.AddRange(of.UnappliedCredits.Select(u => Entry(u.GrantId, grants[u.GrantId].Funder, u.Nanos)));
            Draws.AddRange(account.Draws.GroupBy(d => d.GrantId)
                .Select(g => Entry(g.Key, grants[g.Key].Funder, g.Aggregate((Int128)0, (sum, d) => sum + d.Nanos))));
        }

        cells.AddRange(funded.Settlements.Select(s => builder.Cell(s.CellKey, month, s.Currency, s.Funder, s.Nanos)));
        Cells.AddRange(cells.GroupBy(c => c.Key, StringComparer.Ordinal)
            .Select(same => same.First() with { Nanos = same.Aggregate((Int128)0, (sum, c) => sum + c.Nanos) }));
        Settlements.AddRange(funded.Settlements.GroupBy(s => (s.UsedMonthIndex, s.PayerAccount, s.Currency, s.Funder))
            .Select(g => new SettledUse(month, g.Key.UsedMonthIndex, NameOf(g.Key.PayerAccount), g.Key.Currency, g.Key.Funder,
                g.Aggregate((Int128)0, (sum, s) => sum + s.Nanos))));
        PaidAhead.AddRange(Entries(month, funded.Movements.Where(m => m.Change != PrepaidChange.Opening), m => m.BalanceNanos));
        Expired.AddRange(Entries(month, funded.Movements.Where(m => m.Change == PrepaidChange.Expired), m => m.Nanos));
    }

    /// <summary>The roll-forward over the asked months.</summary>
    public IReadOnlyList<PrepaidRollForward> RollForward() =>
    [
        .. _movements.GroupBy(m => (m.Movement.PayerAccount, m.Movement.Currency, m.Movement.CommitmentId))
            .OrderBy(g => g.Key.PayerAccount, StringComparer.Ordinal).ThenBy(g => g.Key.Currency, StringComparer.Ordinal)
            .ThenBy(g => g.Key.CommitmentId, StringComparer.Ordinal)
            .Select(g =>
            {
                Int128 Of(PrepaidChange change) =>
                    g.Where(m => m.IsAsked && m.Movement.Change == change).Aggregate((Int128)0, (sum, m) => sum + m.Movement.Nanos);
                var opening = g.Where(m => !m.IsAsked).Aggregate((Int128)0, (sum, m) => sum + m.Movement.BalanceNanos);
                var closing = g.Aggregate((Int128)0, (sum, m) => sum + m.Movement.BalanceNanos);
                return (Moves: g.Any(m => m.IsAsked), Row: new PrepaidRollForward(g.Key.PayerAccount, g.Key.Currency, g.Key.CommitmentId,
                    opening + Of(PrepaidChange.Opening), Of(PrepaidChange.Purchase), Of(PrepaidChange.Applied), Of(PrepaidChange.Refunded),
                    Of(PrepaidChange.Expired), closing, Of(PrepaidChange.RefundedBeyond)));
            })
            .Where(r => r.Moves || r.Row.ClosingNanos != 0).Select(r => r.Row),
    ];

    private static string NameOf(string? account) => account ?? AttributionResult.Unattributed;

    private static IEnumerable<FundingEntry> Entries(int month, IEnumerable<PrepaidMovement> movements, Func<PrepaidMovement, Int128> nanos) =>
        movements.GroupBy(m => (m.PayerAccount, m.Currency, m.CommitmentId, m.Funder))
            .Select(g => new FundingEntry(month, g.Key.PayerAccount, g.Key.Currency, g.Key.CommitmentId, g.Key.Funder,
                g.Aggregate((Int128)0, (sum, m) => sum + nanos(m))))
            .Where(e => e.Nanos != 0)
            .OrderBy(e => e.PayerAccount, StringComparer.Ordinal).ThenBy(e => e.Subject, StringComparer.Ordinal)
            .ThenBy(e => e.Funder.Key, StringComparer.Ordinal);

    private void MoveGrants(int month, IReadOnlyList<PayerMonth> accounts, MonthFunding funded)
    {
        foreach (var (key, position) in _positions.ToArray())
        {
            _positions[key] = position with { ChargeMonthIndex = month };
        }

        void Move(string currency, string? grant, Func<GrantPosition, GrantPosition> change)
        {
            if (grant is not null)
            {
                var key = $"{currency}\u001f{grant}";
                _positions[key] = change(_positions.GetValueOrDefault(key) ?? new GrantPosition(month, currency, grant, 0, 0, 0, 0, 0, 0));
            }
        }

        for (var i = 0; i < accounts.Count; i++)
        {
            var currency = accounts[i].Currency;
            foreach (var draw in accounts[i].Draws)
            {
                Move(currency, draw.GrantId, p => p with { DrawnNanos = p.DrawnNanos + draw.Nanos });
            }

            foreach (var part in funded.Accounts[i].Parts)
            {
                Move(currency, part.Funder.GrantId, p => p with { GivenNanos = p.GivenNanos + part.Nanos });
            }

            foreach (var rest in funded.Accounts[i].UnappliedCredits)
            {
                Move(currency, rest.GrantId, p => p with { UnappliedNanos = p.UnappliedNanos + rest.Nanos });
            }
        }

        foreach (var settled in funded.Settlements)
        {
            Move(settled.Currency, settled.Funder.GrantId, p => p with { GivenNanos = p.GivenNanos + settled.Nanos });
        }

        foreach (var movement in funded.Movements)
        {
            Move(movement.Currency, movement.Funder.GrantId, p => p with
            {
                OpeningNanos = p.OpeningNanos + (movement.Change == PrepaidChange.Opening ? movement.Nanos : 0),
                PrepaidNanos = p.PrepaidNanos + movement.BalanceNanos,
                ExpiredNanos = p.ExpiredNanos + (movement.Change == PrepaidChange.Expired ? movement.Nanos : 0),
            });
        }
    }
}

namespace CiCost.Domain.Funding;

/// <summary>Where the funding of a month is written down while it is worked out.</summary>
internal sealed class MonthBook(int monthIndex, IReadOnlyList<PayerMonth> accounts)
{
    private readonly Dictionary<(string Cell, Funder Funder), Int128>[] _parts =
        [.. accounts.Select(_ => new Dictionary<(string Cell, Funder Funder), Int128>())];

    public int MonthIndex => monthIndex;

    public List<PrepaidMovement> Movements { get; } = [];

    public List<Settlement> Settlements { get; } = [];

    /// <summary>The parts of an account's cells, in the order of their keys.</summary>
    public IReadOnlyList<FundedPart> PartsOf(int account) =>
    [
        .. _parts[account].Where(p => p.Value != 0).Select(p => new FundedPart(p.Key.Cell, p.Key.Funder, p.Value))
            .OrderBy(p => p.CellKey, StringComparer.Ordinal).ThenBy(p => p.Funder.Key, StringComparer.Ordinal),
    ];

    public void Pay(CoveredUse use, Funder funder, Int128 nanos) => Pay(use.Account, use.Key, funder, nanos);

    public void Pay(int account, string cellKey, Funder funder, Int128 nanos) =>
        _parts[account][(cellKey, funder)] = _parts[account].GetValueOrDefault((cellKey, funder)) + nanos;

    public void Settle(string currency, PrepaidPot.Entry entry, (Funder Funder, Int128 Nanos)[] changes)
    {
        if (entry.Use is not { } use || changes.All(c => c.Funder == changes[0].Funder))
        {
            return;
        }

        Settlements.AddRange(changes.Select(c => new Settlement(use.PayerAccount, currency, use.Key, entry.MonthIndex, c.Funder, c.Nanos)));
    }
}

using System.Runtime.InteropServices;
using CiCost.Domain.Lines;
using CiCost.Ledger.Sqlite;

namespace CiCost.Ledger.Booking;

/// <summary>The four costs of a delivery by charge day and currency, rounding lines included.</summary>
internal sealed class DayCosts
{
    private readonly Dictionary<(int ChargeDay, string Currency), WideCosts> _sums = [];

    /// <summary>The sums in order of day and currency.</summary>
    public IEnumerable<(int ChargeDay, string Currency, WideCosts Costs)> All =>
        _sums.OrderBy(s => s.Key.ChargeDay).ThenBy(s => s.Key.Currency, StringComparer.Ordinal)
            .Select(s => (s.Key.ChargeDay, s.Key.Currency, s.Value));

    /// <summary>Adds a group of the rollup.</summary>
    public void Add(string currency, RollupGroup group)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, (group.ChargeDay, currency), out _);
        sum += new WideCosts(group.BilledNanos, group.EffectiveNanos, group.ListNanos, group.ContractedNanos);
    }
}

using System.Runtime.InteropServices;
using CiCost.Domain.Lines;

namespace CiCost.Ledger.Booking;

/// <summary>The four costs of a delivery by charge day and currency, rounding lines included.</summary>
internal sealed class DayCosts
{
    private readonly Dictionary<(int ChargeDay, string Currency), Sum> _sums = [];

    /// <summary>The sums in order of day and currency.</summary>
    public IEnumerable<(int ChargeDay, string Currency, Sum Costs)> All =>
        _sums.OrderBy(s => s.Key.ChargeDay).ThenBy(s => s.Key.Currency, StringComparer.Ordinal)
            .Select(s => (s.Key.ChargeDay, s.Key.Currency, s.Value));

    /// <summary>Adds a group of the rollup.</summary>
    /// <exception cref="OverflowException">A day's cost leaves 64 bits of nanos.</exception>
    public void Add(string currency, RollupGroup group)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, (group.ChargeDay, currency), out _);
        checked
        {
            sum = new Sum(
                sum.BilledNanos + group.BilledNanos,
                sum.EffectiveNanos + group.EffectiveNanos,
                sum.ListNanos + group.ListNanos,
                sum.ContractedNanos + group.ContractedNanos);
        }
    }

    /// <summary>Four costs in nanos.</summary>
    internal readonly record struct Sum(long BilledNanos, long EffectiveNanos, long ListNanos, long ContractedNanos);
}

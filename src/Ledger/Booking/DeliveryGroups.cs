using CiCost.Domain.Lines;

namespace CiCost.Ledger.Booking;

/// <summary>The groups of a delivery under the ledger's ids, rounding lines among them, and what they add up to by day.</summary>
internal static class DeliveryGroups
{
    /// <summary>Makes them.</summary>
    /// <param name="encoded">The delivery.</param>
    /// <param name="rounding">Its rounding lines.</param>
    /// <param name="setIds">The ledger's id for each ordinal of a dimension set.</param>
    /// <param name="currencies">The currency of each.</param>
    /// <param name="resolve">The id of a rounding line's set.</param>
    /// <param name="lines">Takes the rounding lines; null when nobody wants lines.</param>
    public static (List<(RollupGroup Group, long DimensionSetId)> Groups, DayCosts Days) Of(
        EncodedDelivery encoded,
        IReadOnlyList<RoundingLine> rounding,
        IReadOnlyList<long> setIds,
        IReadOnlyList<string> currencies,
        Func<DimensionSet, long> resolve,
        LineWriter? lines)
    {
        List<(RollupGroup Group, long DimensionSetId)> groups = new(encoded.Groups.Count + rounding.Count);
        DayCosts days = new();
        foreach (var group in encoded.Groups)
        {
            groups.Add((group, setIds[group.DimensionSet]));
            days.Add(currencies[group.DimensionSet], group);
        }

        var rowNumber = RoundingLines.FirstRowNumber;
        foreach (var line in rounding.Where(l => !l.IsZero))
        {
            var id = resolve(line.Set);
            lines?.WriteLine(rowNumber++, id, line.Row);
            var group = new RollupGroup(-1, line.Row.ChargeDay, line.Row.BillingMonthIndex);
            group.Add(line.Row);
            groups.Add((group, id));
            days.Add(line.Currency.Code, group);
        }

        return (groups, days);
    }
}
